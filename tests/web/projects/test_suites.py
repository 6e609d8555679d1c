"""Suites: ordered choices of cases, by hand, by import, as files, and in runs and schedules."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from tests.web.people import Asker, call, get
from tests.web.projects.test_export import files
from tests.web.projects.uploads import upload, upload_zip

Make = Callable[..., Any]

SUITE = """
config: {name: Nightly, variables: {host: h}}
testcases:
- {name: second, testcase: testcases/b.yml, variables: {x: 1}}
- {name: first, testcase: testcases/a.yml, parameters: {user: [ann, bob]}}
"""


def case_file(name: str) -> str:
    return f"config: {{name: {name}}}\nteststeps:\n- {{name: s, request: {{method: GET, url: /{name}}}}}\n"


FOLDER: dict[str, str | bytes] = {
    "debugtalk.py": "",
    "testcases/a.yml": case_file("a"),
    "testcases/b.yml": case_file("b"),
    "testsuites/nightly.yml": SUITE,
}


@pytest.fixture
def cases(make_case: Make) -> list[Any]:
    return [make_case(f"Case {number}") for number in range(4)]


def make(asker: Asker, project: Any, name: str, cases: list[Any]) -> Any:
    body = {"name": name, "cases": [case.pk for case in cases]}
    return asker.post(f"/projects/{project.pk}/suites", body)


def names(suite: Any) -> list[str]:
    return [case["name"] for case in suite["cases"]]


def exported(asker: Asker, project_id: int, **query: Any) -> bytes:
    return b"".join(asker.get(f"/projects/{project_id}/export", **query).streaming_content)


def test_a_suite_keeps_the_order_chosen(bob: Asker, cases: list[Any], project: Any) -> None:
    suite = make(bob, project, "Smoke", [cases[2], cases[0], cases[3]]).json()

    assert names(suite) == ["Case 2", "Case 0", "Case 3"]
    (row,) = bob.get(f"/projects/{project.pk}/suites").json()["items"]
    assert (row["name"], row["count"], row["gone"]) == ("Smoke", 3, 0)


def test_a_suite_is_changed_at_the_version_seen(bob: Asker, cases: list[Any], project: Any) -> None:
    suite = make(bob, project, "Smoke", cases[:2]).json()
    body = {"version": 1, "name": "Quick", "cases": [cases[1].pk, cases[0].pk]}

    saved = bob.patch(f"/suites/{suite['id']}", body)

    assert (saved.json()["name"], names(saved.json())) == ("Quick", ["Case 1", "Case 0"])
    assert bob.patch(f"/suites/{suite['id']}", body).status_code == 409


def test_a_case_of_another_project_is_refused_at_its_place(
    bob: Asker, project: Any, cases: list[Any]
) -> None:
    other = bob.post("/projects", {"name": "Other"}).json()["id"]
    answer = bob.post(f"/projects/{other}/suites", {"name": "Smoke", "cases": [cases[0].pk]})

    assert answer.json()["errors"][0]["path"] == "cases[0]"


def test_two_suites_of_one_name_are_refused(bob: Asker, project: Any, cases: list[Any]) -> None:
    make(bob, project, "Smoke", cases)

    assert make(bob, project, "Smoke", cases).json()["errors"][0]["path"] == "name"


def test_a_deleted_case_is_counted_and_comes_back_at_its_place(
    bob: Asker, cases: list[Any], project: Any
) -> None:
    suite = make(bob, project, "Smoke", cases).json()
    bob.delete(f"/cases/{cases[1].pk}")

    found = bob.get(f"/suites/{suite['id']}").json()
    assert (names(found), found["gone"]) == (["Case 0", "Case 2", "Case 3"], 1)

    bob.post(f"/cases/{cases[1].pk}/restore")
    assert names(bob.get(f"/suites/{suite['id']}").json())[1] == "Case 1"


def test_a_deleted_suite_comes_back(bob: Asker, cases: list[Any], project: Any) -> None:
    suite = make(bob, project, "Smoke", cases).json()
    bob.delete(f"/suites/{suite['id']}")
    assert bob.get(f"/projects/{project.pk}/suites").json()["total"] == 0

    assert names(bob.post(f"/suites/{suite['id']}/restore").json())[0] == "Case 0"


def test_a_run_takes_the_cases_in_the_order_of_the_suite(bob: Asker, cases: list[Any], project: Any) -> None:
    from hat.web.runs.models import Run
    from hat.web.runs.snapshot import Snapshot

    suite = make(bob, project, "Smoke", [cases[3], cases[1]]).json()
    run = bob.post(f"/projects/{project.pk}/runs", {"suites": [suite["id"]], "cases": [cases[0].pk]}).json()

    snapshot = Snapshot.unpack(Run.objects.get(pk=run["id"]).snapshot.packed)
    assert [case.name for case in snapshot.cases] == ["Case 3", "Case 1", "Case 0"]


@pytest.mark.parametrize("ids", [[999_999], []])
def test_a_run_of_no_suite_is_refused(ids: list[int], bob: Asker, project: Any, cases: list[Any]) -> None:
    assert bob.post(f"/projects/{project.pk}/runs", {"suites": ids}).status_code == 422


def test_a_schedule_runs_a_suite_as_it_is_then(bob: Asker, cases: list[Any], project: Any) -> None:
    suite = make(bob, project, "Smoke", cases[:2]).json()
    body = {"name": "Nightly", "cron": "@daily", "suites": [suite["id"]]}
    schedule = bob.post(f"/projects/{project.pk}/schedules", body).json()
    bob.patch(f"/suites/{suite['id']}", {"version": 1, "cases": [cases[3].pk]})

    run = bob.post(f"/schedules/{schedule['id']}/run").json()

    assert [one["name"] for one in schedule["suites"]] == ["Smoke"]
    assert run["total"] == 1


def test_an_import_makes_the_suite_in_the_order_of_its_file(bob: Asker, project: Any) -> None:
    report = upload(bob, project, FOLDER).json()
    upload(bob, project, FOLDER)

    (row,) = bob.get(f"/projects/{project.pk}/suites").json()["items"]
    assert [one["name"] for one in report["suites"]] == ["Nightly"]
    assert names(bob.get(f"/suites/{row['id']}").json()) == ["second", "first"]


def test_entries_go_out_inside_their_suite(bob: Asker, project: Any) -> None:
    upload(bob, project, FOLDER)

    found = files(exported(bob, project.pk))

    assert sorted(found) == ["testcases/a.yml", "testcases/b.yml", "testsuites/nightly.yml"]
    second = bob.post("/projects", {"name": "Second"}).json()["id"]
    report = upload_zip(bob, SimpleNamespace(pk=second), exported(bob, project.pk)).json()
    assert (report["problems"], [one["name"] for one in report["suites"]]) == ([], ["Nightly"])
    assert files(exported(bob, second)) == found


def test_a_suite_of_plain_cases_comes_back_as_these_cases(bob: Asker, project: Any, make_case: Make) -> None:
    login = make_case("Log in", steps=[get("/login")])
    make(bob, project, "Smoke", [make_case("Pay", steps=[call(login)]), login])

    second = bob.post("/projects", {"name": "Second"}).json()["id"]
    report = upload_zip(bob, SimpleNamespace(pk=second), exported(bob, project.pk)).json()

    assert (report["problems"], len(report["created"])) == ([], 2)
    (row,) = bob.get(f"/projects/{second}/suites").json()["items"]
    assert names(bob.get(f"/suites/{row['id']}").json()) == ["Pay", "Log in"]


def test_an_entry_that_is_tagged_keeps_a_file_of_its_own(bob: Asker, project: Any) -> None:
    created = {one["name"]: one["id"] for one in upload(bob, project, FOLDER).json()["created"]}
    body = {"ids": [created["second"]], "action": "tag", "tags": ["slow"]}
    bob.post(f"/projects/{project.pk}/cases/batch", body)

    found = files(exported(bob, project.pk))
    assert "testsuites/nightly/second.yml" in found
    report = upload_zip(bob, project, exported(bob, project.pk)).json()
    assert (report["problems"], report["created"]) == ([], [])


def test_one_suite_goes_out_with_what_it_needs(bob: Asker, project: Any, cases: list[Any]) -> None:
    suite = make(bob, project, "Smoke", cases[:1]).json()

    found = files(exported(bob, project.pk, suites=[suite["id"]]))

    assert sorted(found) == ["testcases/Users/Case 0.yml", "testsuites/Smoke.yml"]


def test_an_entry_may_name_an_api_file(bob: Asker, project: Any) -> None:
    api = "name: ping\nrequest: {method: GET, url: /ping}\nvalidate: [{eq: [status_code, 200]}]\n"
    suite = "config: {name: Apis}\ntestcases:\n- {name: ping it, testcase: api/ping.yml}\n"
    report = upload(bob, project, {"debugtalk.py": "", "api/ping.yml": api, "testsuites/s.yml": suite}).json()

    assert report["problems"] == []
    (created,) = report["created"]
    (step,) = bob.get(f"/cases/{created['id']}").json()["document"]["teststeps"]
    assert (step["name"], step["request"]["url"]) == ("ping it", "/ping")


def test_a_suite_comes_back_only_when_its_name_is_free(bob: Asker, cases: list[Any], project: Any) -> None:
    first = make(bob, project, "Smoke", cases[:1]).json()["id"]
    bob.delete(f"/suites/{first}")
    make(bob, project, "Smoke", cases[1:])

    assert bob.post(f"/suites/{first}/restore").status_code == 422
