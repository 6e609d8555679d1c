"""Cases that call cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.people import Asker, call, get

Make = Callable[..., Any]


def save(asker: Asker, case: Any, *steps: dict[str, Any]) -> Any:
    version = asker.get(f"/cases/{case.pk}").json()["version"]
    document = {**case.document, "teststeps": list(steps)}
    return asker.put(f"/cases/{case.pk}", {"version": version, "document": document})


def test_both_ends_are_shown(bob: Asker, make_case: Make) -> None:
    login = make_case("Log in")
    pay = make_case("Pay", steps=[call(login), get("/pay")])

    assert bob.get(f"/cases/{pay.pk}").json()["references"] == {
        str(login.pk): {"id": login.pk, "name": "Log in", "module": "Users"}
    }
    used_by = bob.get(f"/cases/{login.pk}").json()["used_by"]
    assert used_by == [{"id": pay.pk, "name": "Pay", "project_id": pay.project_id}]


def test_a_removed_call_is_no_longer_shown(bob: Asker, make_case: Make) -> None:
    login = make_case("Log in")
    pay = make_case("Pay", steps=[call(login)])

    save(bob, pay, get("/pay"))

    assert bob.get(f"/cases/{login.pk}").json()["used_by"] == []


def test_a_circle_is_refused_at_its_step(bob: Asker, make_case: Make) -> None:
    first = make_case("First")
    second = make_case("Second", steps=[call(first)])
    third = make_case("Third", steps=[call(second)])

    answer = save(bob, first, get("/"), call(third))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "teststeps[1].testcase"
    assert save(bob, first, call(first)).status_code == 422


def test_an_unknown_case_is_refused_at_its_step(bob: Asker, make_case: Make) -> None:
    case = make_case("Pay")

    for wrong in (999_999, "testcases/login.yml", True, 2**70):
        answer = save(bob, case, {"name": "x", "testcase": wrong})
        assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "teststeps[0].testcase")


def test_a_case_of_a_strange_project_is_as_good_as_none(bob: Asker, make_case: Make, charlie: Asker) -> None:
    other = charlie.post("/projects", {"name": "Other"}).json()["id"]
    module = charlie.post(f"/projects/{other}/modules", {"name": "M"}).json()["id"]
    hidden = charlie.post(f"/projects/{other}/cases", {"module_id": module, "name": "Hidden"}).json()["id"]

    answer = save(bob, make_case("Pay"), {"name": "x", "testcase": hidden})

    assert answer.json()["errors"][0]["message"] == f"there is no case {hidden}"


def test_a_case_of_another_project_one_may_read_can_be_called(
    bob: Asker, make_case: Make, charlie: Asker
) -> None:
    other = charlie.post("/projects", {"name": "Other"}).json()["id"]
    module = charlie.post(f"/projects/{other}/modules", {"name": "M"}).json()["id"]
    shared = charlie.post(f"/projects/{other}/cases", {"module_id": module, "name": "Shared"}).json()["id"]
    charlie.post(f"/projects/{other}/members", {"username": "bob", "role": "reader"})

    assert save(bob, make_case("Pay"), {"name": "x", "testcase": shared}).status_code == 200


def test_a_deleted_include_stays_in_its_callers(bob: Asker, make_case: Make) -> None:
    """Bug of the original: a deleted include made the case vanish from the run."""
    login = make_case("Log in")
    pay = make_case("Pay", steps=[call(login), get("/pay")])

    bob.delete(f"/cases/{login.pk}")

    shown = bob.get(f"/cases/{pay.pk}").json()
    assert shown["document"]["teststeps"][0]["testcase"] == login.pk
    assert shown["references"] == {}
    assert save(bob, pay, *shown["document"]["teststeps"], get("/more")).status_code == 200
    assert bob.post(f"/cases/{pay.pk}/copy", {}).status_code == 201


def test_a_name_may_change_without_breaking_calls(bob: Asker, make_case: Make) -> None:
    login = make_case("Log in")
    pay = make_case("Pay", steps=[call(login)])

    bob.put(f"/cases/{login.pk}", {"version": 1, "document": login.document, "name": "Sign in"})

    assert bob.get(f"/cases/{pay.pk}").json()["references"][str(login.pk)]["name"] == "Sign in"
