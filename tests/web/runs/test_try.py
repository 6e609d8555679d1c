"""Trying a document as it stands in the editor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.web.people import Asker, get
from tests.web.shop import ShopServer

STEPS = [get("/a", id="s1"), get("/b", id="s2", enabled=False), get("/c", id="s3")]
DOCUMENT = {"config": {"name": "draft"}, "teststeps": STEPS}


@pytest.mark.parametrize(
    ("choice", "asked"),
    [
        ({}, ["/a", "/c"]),
        ({"step_id": "s3"}, ["/c"]),
        ({"step_id": "s2"}, ["/b"]),
        ({"step_id": "s3", "up_to": True}, ["/a", "/c"]),
        ({"step_id": "s1", "up_to": True}, ["/a"]),
    ],
)
def test_a_case_a_step_or_the_steps_up_to_one_are_tried(
    run_all: Callable[..., Any], shop: ShopServer, choice: Any, asked: list[str]
) -> None:
    run = run_all(document=DOCUMENT, **choice)

    assert (run.kind, run.outcome, shop.asked) == ("try", "passed", asked)


ROUNDS = {
    "id": "s1",
    "name": "rounds",
    "for_each": {"n": [1, 2]},
    "enabled": False,
    "steps": [get("/a$n", id="s2"), get("/b$n", id="s3"), get("/c$n", id="s4")],
}
AROUND = {
    "config": {"name": "draft"},
    "setup": [get("/set", id="u1"), get("/up", id="u2")],
    "teststeps": [get("/first", id="s0"), ROUNDS],
    "teardown": [get("/tear", id="d1"), get("/down", id="d2")],
}


@pytest.mark.parametrize(
    ("choice", "asked"),
    [
        ({"step_id": "s3"}, ["/set", "/up", "/b1", "/b2", "/tear", "/down"]),
        (
            {"step_id": "s3", "up_to": True},
            ["/set", "/up", "/first", "/a1", "/b1", "/a2", "/b2", "/tear", "/down"],
        ),
        ({"step_id": "u2"}, ["/up"]),
        ({"step_id": "u2", "up_to": True}, ["/set", "/up"]),
        ({"step_id": "d2"}, ["/down"]),
        ({"step_id": "d1", "up_to": True}, ["/set", "/up", "/first", "/tear"]),
    ],
)
def test_a_step_of_a_group_of_setup_or_of_teardown_is_tried(
    run_all: Callable[..., Any], shop: ShopServer, choice: Any, asked: list[str]
) -> None:
    run = run_all(document=AROUND, **choice)

    assert (run.outcome, shop.asked) == ("passed", asked)


def test_a_wrong_step_of_a_group_is_named_by_its_place(bob: Asker, project: Any) -> None:
    wrong = {"id": "s4", "name": "x", "request": 3}
    group = {"id": "s2", "name": "group", "steps": [get("/b", id="s3"), wrong]}
    document = {"config": {"name": "draft"}, "teststeps": [get("/a", id="s1"), group]}

    answer = bob.post(f"/projects/{project.pk}/runs", {"document": document, "step_id": "s4"})

    paths = [one["path"] for one in answer.json()["errors"]]
    assert paths == ["teststeps[1].steps[1].request"]


def test_a_try_stays_out_of_lists_and_history(
    run_all: Callable[..., Any], make_case: Callable[..., Any], bob: Asker, project: Any
) -> None:
    case = make_case("saved")
    tried = run_all(document=DOCUMENT, case_id=case.pk)
    kept = run_all(cases=[case.pk])

    listed = bob.get(f"/projects/{project.pk}/runs").json()["items"]
    detail = bob.get(f"/runs/{kept.pk}/cases/{kept.case_runs.get().pk}").json()

    assert [run["id"] for run in listed] == [kept.pk]
    assert [one["run_id"] for one in detail["history"]] == [kept.pk]
    assert tried.case_runs.get().case_id == case.pk


def test_an_unknown_step_is_refused(bob: Asker, project: Any) -> None:
    answer = bob.post(f"/projects/{project.pk}/runs", {"document": DOCUMENT, "step_id": "s9"})

    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "step_id")


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"teststeps": 3}, "teststeps"),
        ({"config": [], "teststeps": [get("/a")]}, "config"),
        ({"config": {}, "teststeps": [1]}, "teststeps[0]"),
        ({"config": {}, "teststeps": [{"name": "x", "request": 3}]}, "teststeps[0].request"),
    ],
)
def test_a_wrong_document_is_refused_at_its_field(bob: Asker, project: Any, document: Any, path: str) -> None:
    answer = bob.post(f"/projects/{project.pk}/runs", {"document": document})

    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, path)


def test_a_wrong_step_is_named_by_its_place_in_the_whole_case(bob: Asker, project: Any) -> None:
    wrong = {"id": "s2", "name": "x", "request": 3}
    document = {"config": {"name": "draft"}, "teststeps": [get("/a", id="s1"), wrong]}

    refused = bob.post(f"/projects/{project.pk}/runs", {"document": document, "step_id": "s2"})
    other = bob.post(f"/projects/{project.pk}/runs", {"document": document, "step_id": "s1"})

    assert refused.json()["errors"][0]["path"] == "teststeps[1].request"
    assert (refused.status_code, other.status_code) == (422, 202)
