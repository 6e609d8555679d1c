"""Imported test suites end as `hat run` ends for the suite file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hat import engine, formats
from hat.case import Environment
from tests.web.people import Asker
from tests.web.projects.uploads import upload
from tests.web.shop import ShopServer

CASE = """
- config: {name: ask, variables: {user: nobody, status: 200}, parameters: {user: [never]}}
- test:
    name: ask for $user
    request: {method: GET, url: /status/$status}
    validate: [{eq: [status_code, 200]}]
- test:
    name: greet
    request: {method: GET, url: /users/$user}
    extract: [{id: content.items.0.id}]
    validate: [{eq: [content.code, 0]}, {eq: [$wanted, $user]}]
"""
LATER = """
config: {name: plain, variables: {user: zoe}}
teststeps:
- {name: ask, request: {method: GET, url: /plain/$user}, validate: [{eq: [status_code, 200]}]}
"""
LIST_FORM = """
config: {name: all users, variables: {wanted: ann}}
testcases:
- {name: as ann, testcase: testcases/ask.yml, variables: {user: ann}}
- {name: as bob, testcase: testcases/ask.yml, variables: {user: bob, wanted: ann}}
- {name: gone, testcase: testcases/ask.yml, variables: {user: ann, status: 404}}
- {name: as nobody, testcase: testcases/ask.yml}
- name: of the file $user
  testcase: testcases/ask.yml
  parameters: {user-status: "${P(users/rows.csv)}"}
- {name: crossed $user $n, testcase: testcases/plain.yml, parameters: [{user: [a, b]}, {n: [1, 2]}]}
"""
DICT_FORM = """
testcases:
  first: {testcase: testcases/plain.yml, variables: {user: dict}}
  "a/b: <2>": {testcase: testcases/plain.yml}
"""
FILES: dict[str, str | bytes] = {
    "debugtalk.py": "",
    "testcases/ask.yml": CASE,
    "testcases/plain.yml": LATER,
    "users/rows.csv": "user,status\nann,200\nbob,200\nann,500\n",
    "testsuites/all.yml": LIST_FORM,
    "testsuites/more.yml": DICT_FORM,
}


def run_on_disk(folder: Path, url: str, suite: str) -> list[tuple[str, str, Any]]:
    """Name, outcome and row of each case, as the command line has them."""
    for path, text in FILES.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(str(text), encoding="utf-8")
    loaded = formats.load(folder / suite)
    assert loaded.problems == ()
    result = engine.run_all(loaded.cases, Environment(base_url=url))
    return [(case.name, case.outcome.value, case.row) for case in result.cases]


@pytest.mark.parametrize("told", [("all.yml", "all users", 6), ("more.yml", "more", 2)])
def test_the_platform_and_the_command_line_agree(
    told: tuple[str, str, int],
    bob: Asker,
    project: Any,
    run_all: Any,
    shop: ShopServer,
    tmp_path: Path,
) -> None:
    suite, module, passed = told
    report = upload(bob, project, FILES).json()
    assert report["problems"] == []
    chosen = project.modules.get(name=module)

    run = run_all(modules=[chosen.pk])

    rows = run.case_runs.order_by("seq").values_list("name", "outcome", "row")
    on_disk = run_on_disk(tmp_path, shop.url, f"testsuites/{suite}")
    assert sorted(map(str, rows)) == sorted(map(str, on_disk))
    assert run.passed == passed


def test_an_entry_is_a_case_that_calls(bob: Asker, project: Any) -> None:
    created = {one["name"]: one for one in upload(bob, project, FILES).json()["created"]}

    document = bob.get(f"/cases/{created['as ann']['id']}").json()["document"]

    assert created["as ann"]["module"] == "all users"
    assert document["dialect"] == "httprunner2"
    assert document["config"] == {"name": "as ann", "suite": "all users", "variables": {"wanted": "ann"}}
    (step,) = document["teststeps"]
    assert (step["testcase"], step["variables"]) == (created["ask"]["id"], {"user": "ann"})


def test_a_second_import_and_an_export_double_nothing(bob: Asker, project: Any) -> None:
    from tests.web.projects.test_export import exported
    from tests.web.projects.uploads import upload_zip

    first = upload(bob, project, FILES).json()
    second = upload(bob, project, FILES).json()
    third = upload_zip(bob, project, exported(bob, project.pk)).json()

    assert len(first["created"]) == 10
    assert (second["created"], third["created"], third["problems"]) == ([], [], [])


def test_a_wrong_entry_is_told_at_its_line_of_the_suite(bob: Asker, project: Any) -> None:
    files = {
        **FILES,
        "testsuites/all.yml": LIST_FORM.replace(
            "ask.yml, variables: {user: bob", "no.yml, variables: {user: bob"
        ),
    }

    report = upload(bob, project, files).json()

    (problem,) = report["problems"]
    assert (problem["file"], problem["line"]) == ("testsuites/all.yml", 5)
    assert "no such file: 'testcases/no.yml'" in problem["message"]
    assert len(report["created"]) == 9


def test_an_entry_with_more_steps_is_refused_at_its_suite(bob: Asker, project: Any) -> None:
    created = {one["name"]: one for one in upload(bob, project, FILES).json()["created"]}
    case = bob.get(f"/cases/{created['as ann']['id']}").json()
    document = case["document"]
    document["teststeps"].append({"name": "x", "request": {"method": "GET", "url": "/"}})

    answer = bob.put(f"/cases/{case['id']}", {"version": case["version"], "document": document})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "config.suite"
