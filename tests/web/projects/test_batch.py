"""Actions on many cases, and their order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hat.web.audit.models import Entry
from tests.web.people import Asker

Make = Callable[..., Any]


@pytest.fixture
def cases(make_case: Make) -> list[Any]:
    return [make_case(f"Case {number}") for number in range(5)]


def act(asker: Asker, cases: list[Any], action: str, **fields: Any) -> Any:
    body = {"ids": [case.pk for case in cases], "action": action, **fields}
    return asker.post(f"/projects/{cases[0].project_id}/cases/batch", body)


def listed(asker: Asker, project: Any, **filters: Any) -> list[str]:
    rows = asker.get(f"/projects/{project.pk}/cases", **filters).json()["items"]
    return [row["name"] for row in rows]


def test_the_last_one_counts_too(bob: Asker, cases: list[Any], project: Any) -> None:
    """Bug of the original: a batch dropped its last item."""
    assert act(bob, cases, "tag", tags=["smoke"]).json()["changed"] == [case.pk for case in cases]

    assert len(listed(bob, project, tag="smoke")) == 5


def test_what_is_no_id_is_refused_at_its_place(bob: Asker, cases: list[Any], project: Any) -> None:
    """Bug of the original: a form field was taken for an id."""
    body = {"ids": [cases[0].pk, "csrfmiddlewaretoken"], "action": "delete"}

    answer = bob.post(f"/projects/{project.pk}/cases/batch", body)

    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "ids[1]")
    assert len(listed(bob, project)) == 5


def test_an_unknown_id_changes_nothing(bob: Asker, cases: list[Any], project: Any) -> None:
    body = {"ids": [cases[0].pk, 999_999], "action": "delete"}

    answer = bob.post(f"/projects/{project.pk}/cases/batch", body)

    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "ids[1]")
    assert len(listed(bob, project)) == 5


def test_an_empty_choice_is_refused(bob: Asker, project: Any) -> None:
    answer = bob.post(f"/projects/{project.pk}/cases/batch", {"ids": [], "action": "delete"})

    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "ids")


def test_cases_move_in_the_order_chosen(bob: Asker, cases: list[Any], project: Any) -> None:
    orders = bob.post(f"/projects/{project.pk}/modules", {"name": "Orders"}).json()["id"]

    act(bob, [cases[3], cases[1]], "move", module_id=orders)

    assert listed(bob, project, module=orders) == ["Case 3", "Case 1"]


def test_tags_can_be_taken_away(bob: Asker, cases: list[Any], project: Any) -> None:
    act(bob, cases, "tag", tags=["smoke", "slow"])

    act(bob, cases[:2], "untag", tags=["slow"])

    assert listed(bob, project, tag="slow") == ["Case 2", "Case 3", "Case 4"]
    assert len(listed(bob, project, tag="smoke")) == 5


def test_copies_get_names_of_their_own(bob: Asker, cases: list[Any], project: Any) -> None:
    changed = act(bob, cases[:2], "copy").json()["changed"]

    assert set(changed).isdisjoint(case.pk for case in cases)
    assert listed(bob, project)[5:] == ["Case 0 (copy)", "Case 1 (copy)"]


def test_deleted_ones_come_back(bob: Asker, cases: list[Any], project: Any) -> None:
    act(bob, cases, "delete")
    assert listed(bob, project) == []

    act(bob, cases, "restore")
    assert len(listed(bob, project)) == 5


@pytest.mark.parametrize(("action", "path"), [("move", "module_id"), ("tag", "tags"), ("untag", "tags")])
def test_what_an_action_needs_is_asked_for(action: str, path: str, bob: Asker, cases: list[Any]) -> None:
    assert act(bob, cases, action).json()["errors"][0]["path"] == path


def test_the_order_stays_as_dragged(bob: Asker, cases: list[Any], project: Any, module: Any) -> None:
    """Bug of the original: the order was that of the file system."""
    ids = [case.pk for case in reversed(cases)]

    bob.post(f"/projects/{project.pk}/cases/order", {"module_id": module.pk, "ids": ids})

    assert listed(bob, project) == ["Case 4", "Case 3", "Case 2", "Case 1", "Case 0"]


def test_a_case_can_be_dragged_to_the_front_of_another_module(
    bob: Asker, cases: list[Any], project: Any
) -> None:
    orders = bob.post(f"/projects/{project.pk}/modules", {"name": "Orders"}).json()["id"]
    act(bob, cases[:2], "move", module_id=orders)

    body = {"module_id": orders, "ids": [cases[4].pk]}
    bob.post(f"/projects/{project.pk}/cases/order", body)

    assert listed(bob, project, module=orders) == ["Case 4", "Case 0", "Case 1"]
    told = Entry.objects.filter(action="move").order_by("-pk")[0]
    assert (told.object_name, told.changes) == (
        "Case 4",
        [{"field": "module", "before": "Users", "after": "Orders"}],
    )


def test_ordering_one_page_leaves_the_others_where_they_are(
    bob: Asker, cases: list[Any], project: Any, module: Any
) -> None:
    ids = [cases[3].pk, cases[2].pk]

    bob.post(f"/projects/{project.pk}/cases/order", {"module_id": module.pk, "ids": ids})

    assert listed(bob, project) == ["Case 0", "Case 1", "Case 3", "Case 2", "Case 4"]
