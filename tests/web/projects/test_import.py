"""Importing files of HttpRunner and of HAT."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.people import Asker
from tests.web.projects.uploads import FOLDER, LOGIN, PAY, upload, upload_zip, zipped


@pytest.mark.parametrize("top", ["", "shop/"])
def test_a_zipped_folder_becomes_modules_and_cases(top: str, bob: Asker, project: Any) -> None:
    files: dict[str, str | bytes] = {top + path: text for path, text in FOLDER.items()}

    report = upload_zip(bob, project, zipped(files)).json()

    assert report["problems"] == []
    assert (report["functions"], report["environment"]) == (True, True)
    assert {(case["name"], case["module"]) for case in report["created"]} == {
        ("Log in", "users"),
        ("Pay", "orders"),
        ("Old layout", "testcases"),
    }


def test_files_of_a_folder_do_the_same(bob: Asker, project: Any) -> None:
    report = upload(bob, project, {**FOLDER}).json()

    assert len(report["created"]) == 3
    assert report["problems"] == []


def test_calls_go_by_id(bob: Asker, project: Any) -> None:
    created = upload(bob, project, {**FOLDER}).json()["created"]
    ids = {case["name"]: case["id"] for case in created}

    pay = bob.get(f"/cases/{ids['Pay']}").json()

    assert pay["document"]["teststeps"][0]["testcase"] == ids["Log in"]
    assert bob.get(f"/cases/{ids['Log in']}").json()["used_by"][0]["id"] == ids["Pay"]


def test_the_dialect_is_kept_and_an_api_file_goes_into_its_step(bob: Asker, project: Any) -> None:
    created = upload(bob, project, {**FOLDER}).json()["created"]
    old = next(case["id"] for case in created if case["name"] == "Old layout")

    document = bob.get(f"/cases/{old}").json()["document"]

    assert document["dialect"] == "httprunner2"
    step = document["teststeps"][0]
    assert step["name"] == "read"
    assert step["request"] == {"method": "GET", "url": "/read"}
    assert step["validate"] == [{"eq": ["status_code", 200]}, {"eq": ["content.code", 0]}]


def test_names_that_sound_secret_become_secrets(bob: Asker, project: Any) -> None:
    upload(bob, project, {**FOLDER})

    answer = bob.get(f"/projects/{project.pk}/environments")

    (environment,) = answer.json()["items"]
    assert (environment["variables"], environment["secrets"]) == ({"USERNAME": "ann"}, {"PASSWORD": True})
    assert "canary-77" not in answer.content.decode()


def test_a_second_import_updates_and_keeps_step_ids(bob: Asker, project: Any) -> None:
    created = upload(bob, project, {**FOLDER}).json()["created"]
    login = next(case["id"] for case in created if case["name"] == "Log in")
    before = bob.get(f"/cases/{login}").json()

    changed = {**FOLDER, "testcases/users/login.yml": LOGIN.replace("200", "201")}
    report = upload(bob, project, changed).json()

    after = bob.get(f"/cases/{login}").json()
    assert report["created"] == []
    assert len(report["updated"]) == 3
    assert after["version"] == 2
    assert after["document"]["teststeps"][0]["id"] == before["document"]["teststeps"][0]["id"]
    assert after["document"]["teststeps"][0]["validate"] == [{"eq": ["status_code", 201]}]


def test_each_unusable_file_is_one_problem_and_the_others_come_in(bob: Asker, project: Any) -> None:
    """Bug of the original: one bad row aborted the whole batch."""
    files = {
        **FOLDER,
        "testcases/broken.yml": "config:\n  name: [x\n",
        "testcases/wrong.yml": LOGIN.replace("- eq: [status_code, 200]", "- eq: 200\n  - eq: 201"),
        "testcases/missing.yml": PAY.replace("users/login", "users/none"),
        "testcases/calls_wrong.yml": PAY.replace("users/login", "wrong"),
        "testcases/words.yml": "just words",
        "notes.md": "not a case",
    }

    report = upload(bob, project, files).json()

    problems = {problem["file"]: problem for problem in report["problems"]}
    assert len(report["created"]) == 3
    assert len(problems) == len(report["problems"]) == 5
    assert problems["testcases/broken.yml"]["line"] == 3
    assert problems["testcases/wrong.yml"]["line"] == 11
    assert problems["testcases/wrong.yml"]["path"] == "teststeps[0].validate[0].eq"
    assert "no such file" in problems["testcases/missing.yml"]["message"]
    assert "could not be imported" in problems["testcases/calls_wrong.yml"]["message"]


def test_a_circle_of_files_is_a_problem(bob: Asker, project: Any) -> None:
    first = PAY.replace("testcases/users/login.yml", "b.yml")
    second = PAY.replace("testcases/users/login.yml", "a.yml")

    report = upload(bob, project, {"a.yml": first, "b.yml": second}).json()

    assert report["created"] == []
    assert "calls itself: a.yml -> b.yml -> a.yml" in str(report["problems"])


def test_cases_alone_can_be_imported_into_a_module(bob: Asker, project: Any, module: Any) -> None:
    report = upload(bob, project, {"login.yml": LOGIN}, module_id=module.pk).json()

    assert report["created"][0]["module"] == "Users"


def test_a_reference_is_found_when_only_the_folder_of_cases_came(bob: Asker, project: Any) -> None:
    report = upload(bob, project, {"users/login.yml": LOGIN, "orders/pay.yml": PAY}).json()

    assert len(report["created"]) == 2


def test_json_and_chinese_bytes_are_read(bob: Asker, project: Any) -> None:
    case = '{"config": {"name": "登录"}, "teststeps": []}'

    report = upload(
        bob, project, {"a.json": case, "b.yml": LOGIN.replace("Log in", "支付").encode("gb18030")}
    )

    assert {one["name"] for one in report.json()["created"]} == {"登录", "支付"}


def test_a_syntax_error_in_functions_is_told_and_kept(bob: Asker, project: Any) -> None:
    report = upload(bob, project, {"debugtalk.py": "x = 1\ndef (:\n", "a.yml": LOGIN}).json()

    assert [(one["file"], one["line"]) for one in report["problems"]] == [("debugtalk.py", 2)]
    assert bob.get(f"/projects/{project.pk}/functions").json()["source"].startswith("x = 1")


def test_what_no_database_can_hold_is_told(bob: Asker, project: Any) -> None:
    files: dict[str, str | bytes] = {
        "debugtalk.py": b"x = '\0'\n",
        "a.json": '{"config": {"name": "Log\\u0000 in"}, "teststeps": []}',
    }

    report = upload(bob, project, files).json()

    assert [case["name"] for case in report["created"]] == ["Log in"]
    assert [one["file"] for one in report["problems"]] == ["debugtalk.py"]


def test_nothing_sent_is_refused(bob: Asker, project: Any) -> None:
    answer = bob.client.post(f"/api/v1/projects/{project.pk}/import", {})

    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "files")


def test_other_files_are_kept_where_the_cases_look_for_them(bob: Asker, project: Any) -> None:
    others: dict[str, str | bytes] = {
        "shop/users/accounts.csv": "name\nann\n",
        "shop/pictures/a.png": b"\x89PNG\x00",
        "shop/bodies/order.json": '{"lines": [1, 2]}',
        "shop/lib/words.py": "def shout(): ...\n",
        "shop/.git/config": "hidden",
    }
    files = {**{f"shop/{path}": text for path, text in FOLDER.items()}, **others}

    report = upload_zip(bob, project, zipped(files)).json()

    assert report["problems"] == []
    assert sorted(report["files"]) == [
        "bodies/order.json",
        "lib/words.py",
        "pictures/a.png",
        "users/accounts.csv",
    ]
    items = bob.get(f"/projects/{project.pk}/files").json()["items"]
    assert [one["path"] for one in items] == sorted(report["files"])


def test_a_second_import_replaces_files_that_changed(bob: Asker, project: Any) -> None:
    upload(bob, project, {**FOLDER, "a.csv": "x\n1\n", "b.csv": "x\n1\n"})

    upload(bob, project, {**FOLDER, "a.csv": "x\n2\n", "b.csv": "x\n1\n"})

    items = bob.get(f"/projects/{project.pk}/files").json()["items"]
    assert [(one["path"], one["version"]) for one in items] == [("a.csv", 2), ("b.csv", 1)]


def test_a_file_over_the_limit_of_the_project_is_a_problem(
    bob: Asker, project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hat.web.projects.services.files.MAX_PROJECT", 10)

    report = upload(bob, project, {**FOLDER, "a.csv": "x\n1\n", "b.csv": "x\n1\n12345678"}).json()

    assert len(report["created"]) == 3
    assert report["files"] == ["a.csv"]
    assert [one["file"] for one in report["problems"]] == ["b.csv"]
    assert "together" in report["problems"][0]["message"]


def test_a_second_import_keeps_the_rows_of_variables(bob: Asker, project: Any) -> None:
    upload(bob, project, {".env": "HOST=one\n"})
    environment = project.environments.get(name="imported")
    rows = [{"name": "mine", "value": 1, "enabled": False}, {"name": "HOST", "value": "one"}]
    bob.patch(f"/environments/{environment.pk}", {"variables": rows})

    upload(bob, project, {".env": "HOST=two\nPORT=80\n"})

    environment.refresh_from_db()
    assert environment.variables == [
        {"name": "mine", "value": 1, "enabled": False},
        {"name": "HOST", "value": "two"},
        {"name": "PORT", "value": "80"},
    ]
