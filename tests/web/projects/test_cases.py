"""Making and saving cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.people import Asker, call, get


def test_a_new_case_gets_step_ids_and_a_first_revision(bob: Asker, project: Any, module: Any) -> None:
    document = {"config": {"name": "x"}, "teststeps": [get("/a"), get("/b", id="mine")]}

    answer = bob.post(
        f"/projects/{project.pk}/cases", {"module_id": module.pk, "name": "Log in", "document": document}
    )

    case = answer.json()
    assert answer.status_code == 201, case
    first, second = case["document"]["teststeps"]
    assert first["id"].startswith("s")
    assert second["id"] == "mine"
    assert case["document"]["config"]["name"] == "Log in"
    assert bob.get(f"/cases/{case['id']}/revisions").json()["items"][0]["version"] == 1


def test_saving_grows_the_version(bob: Asker, make_case: Callable[..., Any]) -> None:
    case = make_case("Log in")

    answer = bob.put(f"/cases/{case.pk}", {"version": 1, "document": case.document, "name": "Sign in"}).json()

    assert (answer["version"], answer["name"]) == (2, "Sign in")
    assert answer["document"]["config"]["name"] == "Sign in"


def test_a_stale_version_is_refused_with_the_current_case(bob: Asker, make_case: Callable[..., Any]) -> None:
    case = make_case("Log in")
    bob.put(f"/cases/{case.pk}", {"version": 1, "document": case.document, "name": "Faster"})

    answer = bob.put(f"/cases/{case.pk}", {"version": 1, "document": case.document, "name": "Slower"})

    assert answer.status_code == 409
    assert answer.json()["current"]["name"] == "Faster"


def test_a_circle_is_refused_at_its_step(bob: Asker, make_case: Callable[..., Any]) -> None:
    first = make_case("First")
    second = make_case("Second", steps=[call(first)])
    document = {**first.document, "teststeps": [get("/"), call(second)]}

    answer = bob.put(f"/cases/{first.pk}", {"version": 1, "document": document})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "teststeps[1].testcase"
