"""Modules."""

from __future__ import annotations

from typing import Any

from tests.web.people import Asker


def names(asker: Asker, project: Any) -> list[str]:
    return [item["name"] for item in asker.get(f"/projects/{project.pk}/modules").json()["items"]]


def test_they_are_listed_in_their_order_with_their_cases(bob: Asker, project: Any, make_case: Any) -> None:
    make_case("Log in")
    bob.post(f"/projects/{project.pk}/modules", {"name": "Orders"})

    items = bob.get(f"/projects/{project.pk}/modules").json()["items"]

    assert [(item["name"], item["case_count"]) for item in items] == [("Users", 1), ("Orders", 0)]


def test_one_can_be_moved_to_the_front(bob: Asker, project: Any, module: Any) -> None:
    orders = bob.post(f"/projects/{project.pk}/modules", {"name": "Orders"}).json()

    assert bob.patch(f"/modules/{orders['id']}", {"position": 0}).json()["position"] == 0

    assert names(bob, project) == ["Orders", "Users"]


def test_renaming_keeps_its_cases(bob: Asker, project: Any, make_case: Any) -> None:
    case = make_case("Log in")

    bob.patch(f"/modules/{case.module_id}", {"name": "People"})

    assert bob.get(f"/cases/{case.pk}").json()["module"]["name"] == "People"


def test_a_second_one_of_the_same_name_is_refused(bob: Asker, project: Any, module: Any) -> None:
    assert bob.post(f"/projects/{project.pk}/modules", {"name": "Users"}).status_code == 422


def test_deleting_takes_its_cases_and_restoring_brings_exactly_these_back(
    bob: Asker, project: Any, make_case: Any
) -> None:
    kept, thrown_before = make_case("Kept"), make_case("Thrown before")
    bob.delete(f"/cases/{thrown_before.pk}")

    bob.delete(f"/modules/{kept.module_id}")
    assert bob.get(f"/projects/{project.pk}/cases").json()["total"] == 0

    assert bob.post(f"/modules/{kept.module_id}/restore").json()["case_count"] == 1
    assert bob.get(f"/cases/{kept.pk}").status_code == 200
    assert bob.get(f"/cases/{thrown_before.pk}").status_code == 404
