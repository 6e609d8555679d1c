"""One change of many cases: what it would do, doing it, and undoing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.web.people import Asker, get

Make = Callable[..., Any]

FIND: dict[str, Any] = {"kind": "replace", "find": "api.old.test", "replacement": "api.new.test"}


def step(host: str = "api.old.test") -> dict[str, Any]:
    """A step that names the host in every part of a case."""
    return {
        "name": f"Ask {host}",
        "request": {
            "method": "POST",
            "url": f"https://{host}/users",
            "headers": {"Origin": f"https://{host}", "X-Keep": "1"},
            "json": {"callback": [f"https://{host}/done"], "count": 3},
        },
        "variables": {"host": host},
        "extract": {"found": f"regex:{host}"},
        "validate": [{"eq": ["body.host", host]}],
        "setup_hooks": [f"${{log({host})}}"],
    }


@pytest.fixture
def cases(make_case: Make) -> list[Any]:
    return [make_case(f"Case {number}", steps=[step()]) for number in range(4)]


def look(asker: Asker, project: Any, change: Any, **chosen: Any) -> Any:
    return asker.post(
        f"/projects/{project.pk}/edits/preview", {"change": change, **(chosen or {"all": True})}
    )


def do(asker: Asker, project: Any, change: Any, preview: Any, **places: Any) -> Any:
    picks = [{"id": one["id"], "version": one["version"], **places} for one in preview["cases"]]
    return asker.post(f"/projects/{project.pk}/edits", {"change": change, "cases": picks})


def document(case: Any) -> Any:
    case.refresh_from_db()
    return case.document


def first(case: Any) -> Any:
    return document(case)["teststeps"][0]


def test_the_preview_says_every_place_with_what_stands_around_it(
    bob: Asker, cases: list[Any], project: Any
) -> None:
    found = look(bob, project, FIND, cases=[cases[0].pk]).json()["cases"][0]

    assert [(place["part"], place["path"]) for place in found["places"]] == [
        ("names", "name"),
        ("urls", "request.url"),
        ("headers", "request.headers.Origin"),
        ("bodies", "request.json.callback[0]"),
        ("variables", "variables.host"),
        ("checks", "extract.found"),
        ("checks", "validate[0].eq[1]"),
        ("rest", "setup_hooks[0]"),
    ]
    url = found["places"][1]
    assert (url["head"], url["old"], url["new"], url["tail"]) == (
        "https://",
        "api.old.test",
        "api.new.test",
        "/users",
    )


@pytest.mark.parametrize(
    ("part", "paths"),
    [
        ("urls", ["request.url"]),
        ("headers", ["request.headers.Origin"]),
        ("bodies", ["request.json.callback[0]"]),
        ("variables", ["variables.host"]),
        ("names", ["name"]),
    ],
)
def test_only_the_chosen_parts_are_searched(
    part: str, paths: list[str], bob: Asker, cases: list[Any], project: Any
) -> None:
    found = look(bob, project, {**FIND, "parts": [part]}, cases=[cases[0].pk]).json()["cases"][0]

    assert [place["path"] for place in found["places"]] == paths


def test_all_chosen_cases_change_and_one_action_brings_all_back(
    bob: Asker, cases: list[Any], project: Any
) -> None:
    before = [document(case) for case in cases]
    done = do(bob, project, FIND, look(bob, project, FIND).json()).json()

    assert done["changed"] == [case.pk for case in cases]
    assert all("api.old.test" not in str(document(case)) for case in cases)
    assert first(cases[0])["request"]["json"]["count"] == 3

    undone = bob.post(f"/edits/{done['id']}/undo").json()

    assert undone["changed"] == [case.pk for case in cases]
    assert [document(case) for case in cases] == before
    assert [case.version for case in cases] == [3, 3, 3, 3]
    notes = bob.get(f"/cases/{cases[0].pk}/revisions").json()["items"]
    assert [row["note"] for row in notes] == [f"edit {done['id']} undone", f"edit {done['id']}", ""]


def test_of_two_who_undo_at_once_the_second_finds_nothing_left(
    bob: Asker, cases: list[Any], project: Any
) -> None:
    from hat.web.projects.models import Edit
    from hat.web.projects.services.edits import undo

    do(bob, project, FIND, look(bob, project, FIND).json())
    read_before = Edit.objects.get()
    undo(bob.user, Edit.objects.get())

    again = undo(bob.user, read_before)

    assert (again.changed, again.skipped, again.edit.cases) == ([], [], [])


def test_an_unticked_place_stays(bob: Asker, cases: list[Any], project: Any) -> None:
    preview = look(bob, project, FIND, cases=[cases[0].pk]).json()
    do(bob, project, FIND, preview, places=["/teststeps/0/request/url"])

    assert first(cases[0])["request"]["url"] == "https://api.new.test/users"
    assert first(cases[0])["variables"] == {"host": "api.old.test"}


def test_a_case_saved_meanwhile_is_left_alone_and_named(bob: Asker, cases: list[Any], project: Any) -> None:
    preview = look(bob, project, FIND).json()
    body = {"version": 1, "document": document(cases[1]), "note": "faster"}
    assert bob.put(f"/cases/{cases[1].pk}", body).status_code == 200

    done = do(bob, project, FIND, preview).json()

    assert [case["id"] for case in done["skipped"]] == [cases[1].pk]
    assert "changed meanwhile by bob" in done["skipped"][0]["reason"]
    assert len(done["changed"]) == 3


def test_undo_keeps_what_somebody_saved_since(bob: Asker, cases: list[Any], project: Any) -> None:
    done = do(bob, project, FIND, look(bob, project, FIND).json()).json()
    body = {"version": 2, "document": document(cases[1])}
    bob.put(f"/cases/{cases[1].pk}", body)

    undone = bob.post(f"/edits/{done['id']}/undo").json()

    assert [case["id"] for case in undone["skipped"]] == [cases[1].pk]
    assert "api.new.test" in str(document(cases[1]))
    assert "api.old.test" in str(document(cases[0]))


def test_a_name_is_replaced_in_the_list_too(bob: Asker, cases: list[Any], project: Any) -> None:
    change = {"kind": "replace", "find": r"^Case (\d)$", "replacement": r"Test \1", "regex": True}
    do(bob, project, change, look(bob, project, change).json())

    names = [row["name"] for row in bob.get(f"/projects/{project.pk}/cases").json()["items"]]
    assert names == ["Test 0", "Test 1", "Test 2", "Test 3"]


def test_the_name_of_a_header_changes_at_its_place(bob: Asker, cases: list[Any], project: Any) -> None:
    change = {"kind": "replace", "find": "origin", "replacement": "Referer", "match_case": False}
    do(bob, project, change, look(bob, project, change).json())

    assert list(first(cases[0])["request"]["headers"]) == ["Referer", "X-Keep"]


def test_two_entries_never_become_one(bob: Asker, cases: list[Any], project: Any) -> None:
    change = {"kind": "replace", "find": "Origin", "replacement": "X-Keep"}
    preview = look(bob, project, change).json()
    done = do(bob, project, change, preview).json()

    assert preview["cases"][0]["problem"] == "there would be two entries 'X-Keep'"
    assert (done["changed"], len(done["skipped"])) == ([], 4)


def test_the_words_of_the_format_are_not_texts(bob: Asker, cases: list[Any], project: Any) -> None:
    change = {"kind": "replace", "find": "eq", "replacement": "ne"}

    assert look(bob, project, change).json()["cases"] == []


def test_rows_keep_their_columns(bob: Asker, make_case: Make, project: Any) -> None:
    rows = [{"name": "name", "value": "a name", "enabled": False}]
    case = make_case("Rows", steps=[get("/x") | {"variables": rows}])
    change = {"kind": "replace", "find": "name", "replacement": "word", "parts": ["variables"]}
    do(bob, project, change, look(bob, project, change).json())

    assert first(case)["variables"] == [{"name": "word", "value": "a word", "enabled": False}]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({**FIND, "find": ""}, "change.replace.find"),
        ({**FIND, "find": "(", "regex": True}, "change.find"),
        ({**FIND, "find": "api", "replacement": r"\9", "regex": True}, "change.replacement"),
        ({**FIND, "parts": ["teeth"]}, "change.replace.parts[0]"),
        ({"kind": "paint"}, "change"),
    ],
)
def test_what_cannot_be_searched_is_refused_at_its_field(
    change: dict[str, Any], path: str, bob: Asker, cases: list[Any], project: Any
) -> None:
    answer = look(bob, project, change)

    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, path)


def test_an_expression_that_never_ends_is_given_up(
    bob: Asker, make_case: Make, project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hat.web.projects.edits.pattern.SECONDS", 0.2)
    make_case("Slow", steps=[get("a" * 5000 + "!")])
    change = {"kind": "replace", "find": "(a|a|aa)+$", "replacement": "", "regex": True, "parts": ["urls"]}

    answer = look(bob, project, change)

    assert (answer.status_code, answer.json()["errors"][0]["message"][:22]) == (422, "the search takes longe")


def test_a_replacement_cannot_fill_the_memory(bob: Asker, make_case: Make, project: Any) -> None:
    make_case("Long", steps=[get("a" * 1500)])
    change = {"kind": "replace", "find": "a", "replacement": "b" * 20_000}

    assert look(bob, project, change).json()["errors"][0]["path"] == "change.replacement"


def test_a_header_is_added_to_every_request(bob: Asker, cases: list[Any], project: Any) -> None:
    change = {"kind": "header", "name": "X-Trace", "value": "${uuid()}"}
    do(bob, project, change, look(bob, project, change).json())

    assert first(cases[0])["request"]["headers"]["X-Trace"] == "${uuid()}"
    assert look(bob, project, change).json()["cases"] == []


@pytest.mark.parametrize(("overwrite", "value"), [(False, "1"), (True, "2")])
def test_a_header_that_is_there_is_replaced_only_when_asked(
    overwrite: bool, value: str, bob: Asker, cases: list[Any], project: Any
) -> None:
    change = {"kind": "header", "name": "x-keep", "value": "2", "overwrite": overwrite}
    preview = look(bob, project, change).json()
    if preview["cases"]:
        do(bob, project, change, preview)

    headers = {name.lower(): text for name, text in first(cases[0])["request"]["headers"].items()}
    assert headers["x-keep"] == value


def test_steps_in_groups_and_beside_the_case_change_too(bob: Asker, make_case: Make, project: Any) -> None:
    group = {"name": "all", "for_each": {"item": "${[1, 2]}"}, "steps": [get("/old/a")]}
    case = make_case("Groups", steps=[group])
    body = {"version": 1, "document": {**document(case), "teardown": [get("/old/b")]}}
    assert bob.put(f"/cases/{case.pk}", body).status_code == 200
    rename = {"kind": "replace", "find": "/old/", "replacement": "/new/"}
    header = {"kind": "header", "name": "X-Trace", "value": "1"}
    for change in (rename, header):
        do(bob, project, change, look(bob, project, change).json())

    inner, after = first(case)["steps"][0]["request"], document(case)["teardown"][0]["request"]
    assert (inner["url"], inner["headers"]) == ("/new/a", {"X-Trace": "1"})
    assert (after["url"], after["headers"]) == ("/new/b", {"X-Trace": "1"})


def test_a_check_is_added_once(bob: Asker, cases: list[Any], project: Any) -> None:
    change = {"kind": "check", "expression": "status_code", "comparator": "lt", "expected": 400}
    do(bob, project, change, look(bob, project, change).json())

    assert first(cases[0])["validate"][1] == {"lt": ["status_code", 400]}
    assert look(bob, project, change).json()["cases"] == []


def test_a_case_that_would_be_broken_is_told_before_and_left_out(
    bob: Asker, make_case: Make, project: Any
) -> None:
    make_case("Long", steps=[get(f"/x{number}") for number in range(120)])
    change = {"kind": "replace", "find": "x", "replacement": "y" * 20_000, "parts": ["urls"]}
    preview = look(bob, project, change).json()
    done = do(bob, project, change, preview).json()

    assert preview["cases"][0]["problem"] == "the document is larger than 2 MB"
    assert done["skipped"][0]["reason"] == "the document is larger than 2 MB"


def test_a_module_is_chosen_as_a_whole(bob: Asker, cases: list[Any], project: Any, module: Any) -> None:
    assert len(look(bob, project, FIND, modules=[module.pk]).json()["cases"]) == 4


def test_cases_of_another_project_are_not_touched(bob: Asker, cases: list[Any], project: Any) -> None:
    other = bob.post("/projects", {"name": "Other"}).json()["id"]
    preview = look(bob, project, FIND).json()
    picks = [{"id": one["id"], "version": one["version"]} for one in preview["cases"]]

    done = bob.post(f"/projects/{other}/edits", {"change": FIND, "cases": picks}).json()

    assert done["changed"] == []
    assert "api.old.test" in str(document(cases[0]))


def test_the_list_of_edits_says_what_can_be_undone(bob: Asker, cases: list[Any], project: Any) -> None:
    done = do(bob, project, FIND, look(bob, project, FIND).json()).json()

    (row,) = bob.get(f"/projects/{project.pk}/edits").json()["items"]
    assert (row["id"], row["count"], row["change"]["find"], row["by"]["username"]) == (
        done["id"],
        4,
        "api.old.test",
        "bob",
    )
