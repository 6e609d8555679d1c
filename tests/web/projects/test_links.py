"""Steps in groups, setup and teardown, and cases that others need, in stored documents."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from hat.formats import dump, parse
from tests.web.people import Asker, call, get
from tests.web.projects.test_export import exported, files
from tests.web.projects.uploads import upload, upload_zip

Make = Callable[..., Any]


def save(asker: Asker, case: Any, config: dict[str, Any] | None = None, **parts: Any) -> Any:
    """Save the case with other parts."""
    version = asker.get(f"/cases/{case.pk}").json()["version"]
    document = {**case.document, **parts, "config": {**case.document["config"], **(config or {})}}
    return asker.put(f"/cases/{case.pk}", {"version": version, "document": document})


def test_every_step_gets_an_id_wherever_it_stands(bob: Asker, make_case: Make) -> None:
    case = make_case("Pay")
    group = {
        "name": "group",
        "for_each": {"a": [1]},
        "steps": [get("/a"), {"name": "in", "steps": [get("/b")]}],
    }

    document = save(bob, case, setup=[get("/before")], teststeps=[group], teardown=[get("/after")]).json()[
        "document"
    ]

    inner = document["teststeps"][0]["steps"]
    ids = [
        document["setup"][0]["id"],
        document["teardown"][0]["id"],
        inner[0]["id"],
        inner[1]["steps"][0]["id"],
    ]
    assert len(set(ids)) == 4
    assert document["teststeps"][0]["for_each"] == {"a": [1]}


def test_a_list_shows_the_first_request_of_all_parts(bob: Asker, make_case: Make) -> None:
    case = make_case("Pay")

    save(bob, case, setup=[get("/before")], teststeps=[{"name": "g", "steps": [get("/a"), get("/b")]}])

    case.refresh_from_db()
    assert (case.step_count, case.url) == (3, "/before")


def test_a_need_is_kept_by_id_whether_named_or_numbered(bob: Asker, make_case: Make) -> None:
    login, case = make_case("Log in"), make_case("Pay")

    by_name = save(bob, case, {"needs": "Log in"}).json()
    by_id = save(bob, case, {"needs": [login.pk]}).json()

    assert by_name["document"]["config"]["needs"] == login.pk
    assert by_id["document"]["config"]["needs"] == [login.pk]
    assert by_id["references"][str(login.pk)]["name"] == "Log in"
    assert bob.get(f"/cases/{login.pk}").json()["used_by"][0]["name"] == "Pay"


@pytest.mark.parametrize("needs", ["Nobody", "Twin", 999_999, [[1]], {"a": 1}])
def test_a_need_that_is_no_case_is_refused_at_its_place(bob: Asker, make_case: Make, needs: Any) -> None:
    case = make_case("Pay")
    make_case("Twin")
    make_case("Twin")

    answer = save(bob, case, {"needs": needs})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"].startswith("config.needs")


def test_a_circle_through_needs_and_groups_is_refused(bob: Asker, make_case: Make) -> None:
    first, second = make_case("First"), make_case("Second")
    save(bob, second, {"needs": first.pk})

    answer = save(bob, first, teststeps=[{"name": "group", "steps": [call(second)]}])

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "teststeps[0].steps[0].testcase"


def test_what_goes_out_comes_in_again(bob: Asker, project: Any, make_case: Make) -> None:
    login, case = make_case("Log in"), make_case("Pay")
    save(
        bob,
        case,
        {"needs": login.pk},
        teststeps=[{"name": "g", "steps": [call(login)]}],
        teardown=[get("/after")],
    )

    raw = exported(bob, project.pk)
    text = files(raw)["testcases/Users/Pay.yml"]
    other = bob.post("/projects", {"name": "Copy"}).json()["id"]
    upload_zip(bob, SimpleNamespace(pk=other), raw)

    assert "needs: testcases/Users/Log in.yml" in text
    cases = {one["name"]: one["id"] for one in bob.get(f"/projects/{other}/cases").json()["items"]}
    document = bob.get(f"/cases/{cases['Pay']}").json()["document"]
    assert document["config"]["needs"] == cases["Log in"]
    assert document["teststeps"][0]["steps"][0]["testcase"] == cases["Log in"]
    assert document["teardown"][0]["request"]["url"] == "/after"


def test_an_imported_need_may_be_a_file_name(bob: Asker, project: Any) -> None:
    head = "dialect: hat\nconfig: {name: %s%s}\nteststeps: [{name: a, request: {url: /}}]\n"
    upload(bob, project, {"p/login.yml": head % ("in", ""), "p/pay.yml": head % ("pay", ", needs: login")})

    cases = {one["name"]: one["id"] for one in bob.get(f"/projects/{project.pk}/cases").json()["items"]}
    assert bob.get(f"/cases/{cases['pay']}").json()["document"]["config"]["needs"] == cases["in"]


def test_yaml_keeps_the_fields_of_the_dialect() -> None:
    document = {
        "dialect": "hat",
        "config": {"name": "Pay", "times": 2, "expires": 60},
        "setup": [get("/before")],
        "teststeps": [
            {
                "name": "g",
                "while": {"ne": ["$a", 1]},
                "max_iterations": 5,
                "steps": [get("/a", **{"if": "$b"})],
            },
            {"name": "f", "function": "${f($a)}", "retry": {"interval": 1, "timeout": 2}, "always": True},
        ],
        "teardown": [get("/after")],
    }

    assert parse(dump(document)) == {"schema": 1, **document}
