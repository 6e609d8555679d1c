"""Exporting a project, and importing what was exported."""

from __future__ import annotations

import io
import zipfile
from types import SimpleNamespace
from typing import Any

from tests.web.people import Asker, call, get
from tests.web.projects.uploads import FOLDER, upload, upload_zip


def exported(asker: Asker, project_id: int) -> bytes:
    answer: Any = asker.client.get(f"/api/v1/projects/{project_id}/export")
    assert answer["Content-Type"] == "application/zip"
    return b"".join(answer.streaming_content)


def files(raw: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_names_become_safe_paths(bob: Asker, carol: Asker, project: Any, make_case: Any) -> None:
    for name in ("Log in", "Log in", "LOG IN", "a/b\\..<script>", "..."):
        make_case(name)

    found = files(exported(carol, project.pk))

    assert sorted(found) == [
        "testcases/Users/LOG IN-3.yml",
        "testcases/Users/Log in-2.yml",
        "testcases/Users/Log in.yml",
        "testcases/Users/a_b_.._script.yml",
        "testcases/Users/case.yml",
    ]


def test_secrets_stay_at_home(bob: Asker, project: Any) -> None:
    body = {"name": "test", "variables": {"user": "ann"}, "secrets": {"password": "canary-55"}}
    bob.post(f"/projects/{project.pk}/environments", body)

    raw = exported(bob, project.pk)

    assert files(raw)[".env"] == "password=\nuser=\n"
    assert b"canary-55" not in raw


def test_what_goes_out_comes_in_again(bob: Asker, project: Any) -> None:
    upload(bob, project, {**FOLDER, "users/a.csv": "name\nann\n", "b.csv": "name\nann\n"})
    second = bob.post("/projects", {"name": "Second"}).json()["id"]

    report = upload_zip(bob, SimpleNamespace(pk=second), exported(bob, project.pk)).json()

    assert report["problems"] == []
    assert sorted(case["name"] for case in report["created"]) == ["Log in", "Old layout", "Pay"]
    first = files(exported(bob, project.pk))
    assert first.pop(".env") == "PASSWORD=\nUSERNAME=\n"
    assert first["users/a.csv"] == first["b.csv"] == "name\nann\n"
    assert files(exported(bob, second)) == first


def test_calls_are_written_as_paths(bob: Asker, project: Any, make_case: Any) -> None:
    login = make_case("Log in", steps=[get("/login")])
    make_case("Pay", steps=[call(login)])

    found = files(exported(bob, project.pk))

    assert "testcase: testcases/Users/Log in.yml" in found["testcases/Users/Pay.yml"]


def test_tags_go_out_and_come_in(bob: Asker, project: Any, make_case: Any) -> None:
    make_case("Log in", tags=["smoke", "auth"])
    second = bob.post("/projects", {"name": "Second"}).json()["id"]

    found = exported(bob, project.pk)
    upload_zip(bob, SimpleNamespace(pk=second), found)

    (row,) = bob.get(f"/projects/{second}/cases").json()["items"]
    assert row["tags"] == ["smoke", "auth"]


def test_an_empty_project_is_an_empty_zip(bob: Asker, project: Any) -> None:
    assert files(exported(bob, project.pk)) == {}


def test_a_choice_goes_out_with_what_it_calls(bob: Asker, project: Any, make_case: Any) -> None:
    token = make_case("Token", steps=[get("/token")])
    login = make_case("Log in", steps=[call(token)])
    pay = make_case("Pay", steps=[call(login)])
    make_case("Other")

    answer = bob.get(f"/projects/{project.pk}/export", cases=[pay.pk])

    found = files(b"".join(answer.streaming_content))
    assert sorted(found) == [f"testcases/Users/{name}.yml" for name in ("Log in", "Pay", "Token")]


def test_a_choice_of_another_project_is_refused(bob: Asker, project: Any) -> None:
    assert bob.get(f"/projects/{project.pk}/export", cases=[999_999]).status_code == 422
