"""Where requests may go: set by administrators for all, by owners for their project; every run obeys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hat.engine.targets import Policy, Targets
from hat.web.audit.models import Entry
from hat.web.projects.models import TargetRules
from hat.web.projects.services.targets import own_services, rules_of, targets_of
from hat.web.runs.execution import execute
from hat.web.runs.models import CaseRun
from hat.web.up import is_own
from tests.web.people import Asker, get
from tests.web.shop import ShopServer


@pytest.fixture
def error_of(project: Any, start: Callable[..., Any], make_case: Callable[..., Any]) -> Callable[[str], str]:
    """The error of a run that asks for a URL; empty when it got there."""

    def error_of(url: str) -> str:
        run = start(cases=[make_case("one", steps=[get(url)]).pk])
        execute(run.pk)
        row = CaseRun.objects.get(run=run)
        return str(row.reason) if row.outcome == "error" else ""

    return error_of


def _port(shop: ShopServer) -> int:
    return int(shop.url.rpartition(":")[2])


def test_without_a_decision_this_machine_may_be_reached(project: Any) -> None:
    assert rules_of(None).private
    assert targets_of(project).refusal("h", "127.0.0.1", 80) is None
    assert targets_of(project).refusal("h", "169.254.169.254", 80)


def test_an_administrator_decides_for_everybody(
    root: Asker, project: Any, shop: ShopServer, error_of: Callable[[str], str]
) -> None:
    before = error_of(f"{shop.url}/users")
    answer = root.put("/targets", {"private": False, "allow": ["*.example.org"], "deny": []})
    after = error_of(f"{shop.url}/users")

    assert answer.json() == {"private": False, "allow": ["*.example.org"], "deny": [], "decided": True}
    assert root.get("/targets").json() == answer.json()
    assert before == ""
    assert "refused by the outbound policy: 127.0.0.1:" in after


def test_an_owner_may_be_stricter_but_never_laxer(
    alice: Asker, root: Asker, project: Any, shop: ShopServer, error_of: Callable[[str], str]
) -> None:
    path = f"/projects/{project.pk}/targets"
    alice.put(path, {"deny": [f"127.0.0.1:{_port(shop)}"]})
    denied = error_of(f"{shop.url}/users")
    root.put("/targets", {"private": False})
    alice.put(path, {"private": True, "allow": ["127.0.0.0/8", "*"]})
    still = error_of(f"{shop.url}/users")

    assert f"the rules of the project: 127.0.0.1:{_port(shop)} is denied by the rule" in denied
    assert "is an address of this machine or a private network" in still


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"deny": ["10.0.0.0/99"]}, "deny[0]"),
        ({"allow": ["ok.example.org", "http://x/"]}, "allow[1]"),
        ({"allow": ["host:99999"]}, "allow[0]"),
    ],
)
def test_a_rule_that_is_none_is_refused_at_its_place(
    root: Asker, project: Any, body: dict[str, Any], path: str
) -> None:
    answer = root.put("/targets", {"private": True, **body})

    assert answer.status_code == 422
    assert [one["path"] for one in answer.json()["errors"]] == [path]
    assert not TargetRules.objects.exists()


def test_a_change_is_in_the_audit_log(root: Asker, project: Any) -> None:
    root.put("/targets", {"private": True, "deny": ["10.0.0.5"]})

    entry = Entry.objects.get(noun="targetrules")
    assert (entry.action, entry.object_name) == ("change", "targets of the installation")
    assert "10.0.0.5" in entry.changed


@pytest.mark.parametrize(
    ("host", "port", "broker", "own"),
    [
        ("127.0.0.1", "5433", "redis://localhost/0", [5433, 6379]),
        ("localhost", "5432", "amqp://user:word@127.0.0.1//", [5432, 5672]),
        ("", "", "rediss://localhost:7000/1", [7000]),
        ("/run/postgresql", "5432", "", []),
    ],
)
def test_database_and_broker_are_nobodys_target(host: str, port: str, broker: str, own: list[int]) -> None:
    targets = Targets([Policy(allow=("*", "127.0.0.0/8"))], own_services(host, port, broker))

    for number in (5432, 5433, 5672, 6379, 7000, 8080):
        refusal = targets.refusal("x", "127.0.0.1", number)
        said = f"127.0.0.1:{number} is a service of HAT itself"
        assert refusal == ((said, "") if number in own else None)


@pytest.mark.parametrize("private", [True, False])
def test_the_first_run_of_a_server_asks(db: None, settings: Any, private: bool) -> None:
    settings.HAT_PRIVATE_TARGETS = None
    body = {"username": "root", "password": "correct horse battery", "private_targets": private}
    guest = Asker()
    assert guest.get("/session").json()["setup_asks_targets"] is True

    answer = guest.post("/setup", body)

    assert answer.status_code == 201, answer.json()
    assert answer.json()["setup_asks_targets"] is False
    assert rules_of(None).private is private
    assert Entry.objects.filter(noun="targetrules").count() == 1


@pytest.mark.parametrize(
    ("host", "own"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("hat.example", False)],
)
def test_one_machine_is_one_that_nobody_else_comes_in_at(host: str, own: bool) -> None:
    assert is_own(host) is own


@pytest.mark.parametrize("name", ["HAT_HTTPS", "HAT_TRUSTED_PROXIES", "HAT_ALLOWED_HOSTS"])
def test_behind_a_proxy_one_machine_is_a_server(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "1")

    assert not is_own("127.0.0.1")


def test_a_server_refuses_private_targets_until_somebody_decides(
    settings: Any, root: Asker, project: Any, shop: ShopServer, error_of: Callable[[str], str]
) -> None:
    settings.HAT_PRIVATE_TARGETS = None
    before = root.get("/targets").json()
    refused = error_of(f"{shop.url}/users")

    root.put("/targets", {"private": True})

    assert (before["private"], before["decided"]) == (False, False)
    assert "is an address of this machine or a private network" in refused
    assert root.get("/targets").json()["decided"] is True
    assert error_of(f"{shop.url}/users") == ""


def test_the_refusal_says_where_it_is_decided(settings: Any, project: Any) -> None:
    settings.HAT_PRIVATE_TARGETS = None
    _, hint = targets_of(project).refusal("h", "10.1.2.3", 80) or ("", "")
    settings.HAT_PRIVATE_TARGETS = False
    _, decided = targets_of(project).refusal("h", "10.1.2.3", 80) or ("", "")

    assert "an administrator does so under System" in hint
    assert decided == "add '10.1.2.3' to the allowed targets to permit it"


def test_nobody_permits_private_targets_by_silence(root: Asker, project: Any) -> None:
    assert root.put("/targets", {"deny": ["10.0.0.5"]}).status_code == 422
