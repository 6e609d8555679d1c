"""Making, saving, copying, deleting cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.people import Asker, get

Make = Callable[..., Any]


def test_a_new_case_gets_step_ids_and_a_first_revision(bob: Asker, project: Any, module: Any) -> None:
    document = {"config": {"name": "x"}, "teststeps": [get("/a"), get("/b", id="mine")]}
    body = {"module_id": module.pk, "name": "Log in", "document": document}

    answer = bob.post(f"/projects/{project.pk}/cases", body)

    case = answer.json()
    assert answer.status_code == 201, case
    first, second = case["document"]["teststeps"]
    assert first["id"].startswith("s")
    assert second["id"] == "mine"
    assert case["document"]["config"]["name"] == "Log in"
    assert bob.get(f"/cases/{case['id']}/revisions").json()["items"][0]["version"] == 1


def test_step_ids_stay_and_repeated_ones_are_told_apart(bob: Asker, make_case: Make) -> None:
    case = make_case("Log in", steps=[get("/a", id="one"), get("/b", id="one")])

    first, second = case.document["teststeps"]
    answer = bob.put(f"/cases/{case.pk}", {"version": 1, "document": case.document}).json()

    assert first["id"] == "one" != second["id"]
    assert answer["document"]["teststeps"] == case.document["teststeps"]


def test_saving_grows_the_version(bob: Asker, make_case: Make) -> None:
    case = make_case("Log in")

    answer = bob.put(f"/cases/{case.pk}", {"version": 1, "document": case.document, "name": "Sign in"}).json()

    assert (answer["version"], answer["name"]) == (2, "Sign in")
    assert answer["document"]["config"]["name"] == "Sign in"


def test_the_name_inside_the_document_counts_when_no_other_is_given(bob: Asker, make_case: Make) -> None:
    case = make_case("Log in")
    document = {**case.document, "config": {"name": "From YAML"}}

    assert bob.put(f"/cases/{case.pk}", {"version": 1, "document": document}).json()["name"] == "From YAML"


def test_a_stale_version_is_refused_with_the_current_case(bob: Asker, make_case: Make) -> None:
    case = make_case("Log in")
    bob.put(f"/cases/{case.pk}", {"version": 1, "document": case.document, "name": "Faster"})

    answer = bob.put(f"/cases/{case.pk}", {"version": 1, "document": case.document, "name": "Slower"})

    assert answer.status_code == 409
    assert answer.json()["current"]["name"] == "Faster"
    assert answer.json()["current"]["version"] == 2


def test_every_wrong_row_is_told_at_its_path_and_nothing_is_saved(bob: Asker, make_case: Make) -> None:
    """Bug of the original: one bad row aborted everything without saying which."""
    case = make_case("Log in")
    steps = [get("/a", validate=[{"eq": "status_code"}]), get("/b", times="many")]

    answer = bob.put(f"/cases/{case.pk}", {"version": 1, "document": {**case.document, "teststeps": steps}})

    assert answer.status_code == 422
    paths = [fault["path"] for fault in answer.json()["errors"]]
    assert [path.split(".")[0] for path in paths] == ["teststeps[0]", "teststeps[1]"]
    assert bob.get(f"/cases/{case.pk}").json()["version"] == 1


def test_the_document_comes_back_as_it_was_sent(bob: Asker, make_case: Make) -> None:
    case = make_case("Log in")
    body = {"z": 1, "a": [None, True, 2**70, 1.5, "中文 🎩 \u2028"], "m": {"y": 1, "b": 2}}
    step = {
        **get("/a", id="one"),
        "request": {"method": "POST", "url": "/a", "json": body},
        "x-note": {"kept": 1},
    }
    document = {"config": {"name": "Log in", "variables": {"b": 1, "a": 2}}, "teststeps": [step]}

    answer = bob.put(f"/cases/{case.pk}", {"version": 1, "document": document}).json()["document"]

    assert answer["teststeps"] == [step]
    assert list(answer["teststeps"][0]["request"]["json"]) == ["z", "a", "m"]
    assert list(answer["config"]["variables"]) == ["b", "a"]


def test_a_copy_has_its_own_name_inside_too(bob: Asker, make_case: Make) -> None:
    """Bug of the original: a copy kept its old inner name."""
    case = make_case("Log in", tags=["smoke"], priority="P1")

    copy = bob.post(f"/cases/{case.pk}/copy", {"name": "Log in twice"}).json()

    assert copy["document"]["config"]["name"] == copy["name"] == "Log in twice"
    assert (copy["tags"], copy["priority"], copy["version"]) == (["smoke"], "P1", 1)
    assert bob.get(f"/cases/{case.pk}").json()["name"] == "Log in"


def test_a_deleted_case_can_be_restored(bob: Asker, make_case: Make, project: Any) -> None:
    case = make_case("Log in")

    assert bob.delete(f"/cases/{case.pk}").status_code == 204
    assert bob.get(f"/cases/{case.pk}").status_code == 404
    bin_ = bob.get(f"/projects/{project.pk}/cases", deleted="true").json()["items"]
    assert [row["id"] for row in bin_] == [case.pk]

    assert bob.post(f"/cases/{case.pk}/restore").json()["id"] == case.pk


def test_a_case_moves_only_inside_its_project(bob: Asker, make_case: Make, charlie: Asker) -> None:
    case = make_case("Log in")
    other = charlie.post("/projects", {"name": "Other"}).json()["id"]
    foreign = charlie.post(f"/projects/{other}/modules", {"name": "Theirs"}).json()["id"]

    body = {"version": 1, "document": case.document, "module_id": foreign}
    answer = bob.put(f"/cases/{case.pk}", body)

    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "module_id")
    assert bob.post(f"/cases/{case.pk}/copy", {"module_id": foreign}).status_code == 404


def test_each_save_leaves_a_revision(bob: Asker, make_case: Make) -> None:
    case = make_case("Log in")
    bob.put(
        f"/cases/{case.pk}", {"version": 1, "document": case.document, "name": "Sign in", "note": "reworded"}
    )

    revisions = bob.get(f"/cases/{case.pk}/revisions").json()["items"]
    first = bob.get(f"/cases/{case.pk}/revisions/1").json()["document"]

    assert [(one["version"], one["note"], one["by"]["username"]) for one in revisions] == [
        (2, "reworded", "bob"),
        (1, "", "bob"),
    ]
    assert first["config"]["name"] == "Log in"
    assert bob.get(f"/cases/{case.pk}/revisions/9").status_code == 404


def test_tags_and_priority_are_set_together(bob: Asker, make_case: Make, project: Any) -> None:
    case = make_case("Log in", tags=["old"])

    body = {"version": 1, "document": case.document, "tags": ["smoke", "auth"], "priority": "P0"}
    answer = bob.put(f"/cases/{case.pk}", body).json()

    assert (answer["tags"], answer["priority"]) == (["smoke", "auth"], "P0")
    tags = bob.get(f"/projects/{project.pk}/tags").json()["items"]
    assert tags == [{"name": "auth", "count": 1}, {"name": "smoke", "count": 1}]


def test_a_blank_row_is_ignored(bob: Asker, make_case: Make) -> None:
    case = make_case("Log in")
    blank = {"name": "", "value": "", "enabled": True, "description": ""}
    request = {"method": "GET", "url": "/a", "params": [blank], "headers": [blank]}
    step = {"id": "s", "name": "a", "request": request, "variables": [blank], "extract": [blank]}

    document = {**case.document, "teststeps": [step]}
    answer = bob.put(f"/cases/{case.pk}", {"version": 1, "document": document})

    assert answer.status_code == 200, answer.content


def test_a_tag_with_a_comma_is_refused_at_its_place(bob: Asker, make_case: Make) -> None:
    case = make_case("Log in")

    answer = bob.put(f"/cases/{case.pk}", {"version": 1, "document": case.document, "tags": ["a", "b,c"]})

    assert answer.json()["errors"] == [{"path": "tags[1]", "message": "a tag has no comma", "hint": ""}]


def test_a_case_is_handed_to_another_member(
    bob: Asker, make_case: Make, carol: Asker, charlie: Asker
) -> None:
    case = make_case("Log in")

    handed = bob.put(
        f"/cases/{case.pk}", {"version": 1, "document": case.document, "owner_id": carol.user.pk}
    )
    kept = bob.put(f"/cases/{case.pk}", {"version": 2, "document": case.document})
    strange = bob.put(
        f"/cases/{case.pk}", {"version": 3, "document": case.document, "owner_id": charlie.user.pk}
    )

    assert handed.json()["owner"]["username"] == "carol"
    assert kept.json()["owner"]["username"] == "carol"
    assert strange.status_code == 422
    assert strange.json()["errors"][0]["path"] == "owner_id"
