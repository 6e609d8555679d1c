"""Functions where the system cannot isolate them: refused, until an administrator agrees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hat.engine.sandbox.box.lockdown import LAYERS
from hat.engine.sandbox.layers import KNOWN
from hat.web.audit.models import Entry
from hat.web.runs.crew import Crew
from hat.web.runs.execution import execute
from hat.web.runs.models import CaseRun, Worker
from tests.web.people import Asker
from tests.web.shop import ShopServer

SOURCE = "def key():\n    return 'k'\n"


@pytest.fixture
def reason_of(bob: Asker, project: Any, start: Callable[..., Any], make_case: Callable[..., Any]) -> Any:
    """Why a run of a case with a function ended as it did; empty when it passed."""
    bob.put(f"/projects/{project.pk}/functions", {"source": SOURCE, "version": 0})
    step = {"name": "a", "request": {"method": "GET", "url": "/users"}, "variables": {"k": "${key()}"}}
    case = make_case("one", steps=[step])

    def reason_of() -> str:
        run = start(cases=[case.pk])
        execute(run.pk)
        return str(CaseRun.objects.get(run=run).reason)

    return reason_of


def test_functions_wait_for_an_administrator_where_no_layer_holds(
    root: Asker, reason_of: Callable[[], str], settings: Any
) -> None:
    settings.HAT_SANDBOX_WITHOUT = list(LAYERS)
    before = reason_of()
    answer = root.put("/isolation", {"agreed": True})
    agreed = reason_of()
    root.put("/isolation", {"agreed": False})
    after = reason_of()

    assert answer.json() == root.get("/isolation").json() | {"agreed": True}
    assert "functions of a project cannot be isolated on this system: it has no seccomp" in before
    assert (agreed, after) == ("", before)
    entry = Entry.objects.filter(noun="functionrules").latest("id")
    assert (entry.object_name, "agreed" in entry.changed) == ("functions of the installation", True)


@pytest.mark.parametrize(
    ("without", "isolates", "problems"),
    [((), True, []), (("seccomp",), False, ["isolation"]), (LAYERS, False, ["isolation"])],
)
def test_a_worker_tells_which_layers_hold_where_it_runs(
    root: Asker, settings: Any, without: tuple[str, ...], isolates: bool, problems: list[str]
) -> None:
    settings.HAT_SANDBOX_WITHOUT = list(without)
    crew = Crew("w", slots=1, transport="db")
    crew.show()
    unknown = root.get("/system").json()["workers"][0]
    for _ in range(2):
        crew._show_due = 0
        crew.show()
        assert crew._examined is not None
        crew._examined.join()
    seen = root.get("/system").json()
    crew.leave(0)

    assert (unknown["layers"], unknown["isolates"]) == ([], None)
    [worker] = seen["workers"]
    assert (worker["isolates"], seen["problems"]) == (isolates, problems)
    assert ("seccomp" in worker["layers"]) is isolates
    assert seen["layers"] == list(KNOWN)
    root.put("/isolation", {"agreed": True})
    assert root.get("/system").json()["problems"] == ["no_worker"]
    assert not Worker.objects.exists()


def test_functions_have_the_network_of_requests_when_an_owner_says_so(
    alice: Asker,
    bob: Asker,
    project: Any,
    environment: Any,
    shop: ShopServer,
    start: Callable[..., Any],
    make_case: Callable[..., Any],
) -> None:
    source = (
        "from urllib.request import urlopen\n\n"
        "def ask(url):\n    return urlopen(url, timeout=2).status - 200\n"
    )
    bob.put(f"/projects/{project.pk}/functions", {"source": source, "version": 0})
    case = make_case(
        "one", steps=[{"name": "a", "variables": {"u": f"{shop.url}/users"}, "wait": "${ask($u)}"}]
    )
    path = f"/projects/{project.pk}/functions/rules"

    def reason() -> str:
        run = start(cases=[case.pk])
        execute(run.pk)
        return str(CaseRun.objects.get(run=run).reason)

    closed = reason()
    forbidden = bob.put(path, {"network": True})
    opened = alice.put(path, {"network": True})
    reached = reason()
    alice.put(f"/projects/{project.pk}/targets", {"private": False})
    refused = reason()

    assert (forbidden.status_code, opened.json()["network"]) == (403, True)
    assert "ask() in debugtalk.py:4 raised URLError" in closed
    assert reached == ""
    assert "the rules of the project: 127.0.0.1:" in refused
    assert Entry.objects.filter(noun="functionrules", object_name="functions of Shop").exists()
