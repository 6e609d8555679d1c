"""Files of a project: listed, uploaded, downloaded, changed, deleted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.web.people import Asker

CSV = b"name,age\nann,7\n"


def send(asker: Asker, project: Any, files: dict[str, bytes], **form: Any) -> Any:
    sent = [SimpleUploadedFile(path, raw) for path, raw in files.items()]
    body = {"files": sent, "paths": list(files), **form}
    return asker.client.post(f"/api/v1/projects/{project.pk}/files", body)


def put(asker: Asker, project: Any, path: str = "users/a.csv", raw: bytes = CSV, **form: Any) -> Any:
    answer = send(asker, project, {path: raw}, **form)
    assert answer.status_code == 201, answer.json()
    return answer.json()["items"][0]


def listed(asker: Asker, project: Any, **query: Any) -> list[str]:
    return [item["path"] for item in asker.get(f"/projects/{project.pk}/files", **query).json()["items"]]


def content(asker: Asker, file: Any) -> Any:
    return asker.client.get(f"/api/v1/files/{file['id']}/content")


def test_they_are_listed_by_path_with_size_and_who(bob: Asker, carol: Asker, project: Any) -> None:
    send(bob, project, {"z.txt": b"", "users/a.csv": CSV})

    items = carol.get(f"/projects/{project.pk}/files").json()["items"]

    assert [(one["path"], one["size"], one["version"]) for one in items] == [
        ("users/a.csv", len(CSV), 1),
        ("z.txt", 0, 1),
    ]
    assert items[0]["updated_by"]["username"] == "bob"


def test_they_are_searched_and_sorted(bob: Asker, project: Any) -> None:
    send(bob, project, {"a.txt": b"long", "b.csv": b"", "c.csv": b"x"})

    assert listed(bob, project, search="csv") == ["b.csv", "c.csv"]
    assert listed(bob, project, sort="-size") == ["a.txt", "c.csv", "b.csv"]


def test_a_download_gives_the_bytes_and_no_type_a_browser_shows(
    bob: Asker, carol: Asker, project: Any
) -> None:
    raw = b"<script>\x00\xff"
    file = put(bob, project, "d/页 面.html", raw)

    answer = content(carol, file)

    assert answer.content == raw
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E9%A1%B5")
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("raw", "text"), [(CSV, CSV.decode()), ("王".encode("gbk"), None), (b"a\0", None), (b"", "")]
)
def test_text_is_shown_only_where_it_is_utf8(raw: bytes, text: str | None, bob: Asker, project: Any) -> None:
    file = put(bob, project, raw=raw)

    assert bob.get(f"/files/{file['id']}").json()["text"] == text


def test_an_upload_over_a_file_asks_first(bob: Asker, project: Any) -> None:
    file = put(bob, project)

    refused = send(bob, project, {"users/a.csv": b"new", "b.csv": b""})
    replaced = put(bob, project, raw=b"new", replace="true")

    assert (refused.status_code, refused.json()["paths"]) == (409, ["users/a.csv"])
    assert listed(bob, project) == ["users/a.csv"]
    assert (replaced["id"], replaced["version"]) == (file["id"], 2)
    assert content(bob, file).content == b"new"


def test_the_same_content_again_is_no_new_version(bob: Asker, project: Any) -> None:
    put(bob, project)

    assert put(bob, project, replace="true")["version"] == 1


def test_text_and_path_are_changed_at_a_version(bob: Asker, project: Any) -> None:
    file = put(bob, project)

    changed = bob.patch(f"/files/{file['id']}", {"version": 1, "text": "name\n王\n", "path": "b/c.csv"})
    stale = bob.patch(f"/files/{file['id']}", {"version": 1, "text": ""})

    assert (changed.json()["path"], changed.json()["text"]) == ("b/c.csv", "name\n王\n")
    assert stale.status_code == 409
    assert stale.json()["current"]["text"] == "name\n王\n"


def test_a_path_that_is_taken_is_refused_at_its_field(bob: Asker, project: Any) -> None:
    file = put(bob, project)
    put(bob, project, "b.csv")

    answer = bob.patch(f"/files/{file['id']}", {"version": 1, "path": "b.csv"})

    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "path")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("../a.csv", "leaves its folder"),
        ("/etc/passwd", "absolute"),
        ("C:/a.csv", "absolute"),
        ("a\\b.csv", "another system"),
        ("debugtalk.py", "page of functions"),
        ("debugtalk.py/a", "page of functions"),
        (".env", "environment"),
        (".git/config", "hidden"),
        ("a" * 401, "longer than 400"),
        ("王" * 90, "255 bytes"),
        ("a/" * 21 + "b", "20 folders"),
        ("users/a.csv/b", "cannot be a folder too"),
        ("users", "a folder with files"),
        ("a\u0007b", "cannot be stored"),
    ],
)
def test_a_wrong_path_is_refused_with_its_reason(path: str, words: str, bob: Asker, project: Any) -> None:
    put(bob, project)

    answer = send(bob, project, {path: b""})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == path
    assert words in answer.json()["errors"][0]["message"]
    assert listed(bob, project) == ["users/a.csv"]


def test_the_limits_of_a_file_and_of_a_project_hold(
    bob: Asker, project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hat.web.projects.services import files

    monkeypatch.setattr(files, "MAX_FILE", 20)
    monkeypatch.setattr(files, "MAX_PROJECT", 30)
    put(bob, project, "a", b"a" * 20)

    large = send(bob, project, {"b": b"b" * 21})
    much = send(bob, project, {"b": b"b" * 11})
    put(bob, project, "a", b"a" * 19, replace="true")
    put(bob, project, "b", b"b" * 11)

    assert "the file is larger than" in large.json()["error"]
    assert "together" in much.json()["error"]


def test_a_deleted_file_comes_back(bob: Asker, project: Any) -> None:
    file = put(bob, project)

    assert bob.delete(f"/files/{file['id']}").status_code == 204
    assert listed(bob, project) == []
    assert bob.get(f"/files/{file['id']}").status_code == 404
    assert bob.post(f"/files/{file['id']}/restore").status_code == 200
    assert content(bob, file).content == CSV


def test_it_does_not_come_back_over_another_one(bob: Asker, project: Any) -> None:
    file = put(bob, project)
    bob.delete(f"/files/{file['id']}")
    put(bob, project, raw=b"other")

    assert bob.post(f"/files/{file['id']}/restore").status_code == 409


def test_nothing_sent_is_refused(bob: Asker, project: Any) -> None:
    answer = bob.client.post(f"/api/v1/projects/{project.pk}/files", {})

    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "files")


def test_equal_bytes_are_kept_once(bob: Asker, project: Any) -> None:
    send(bob, project, {"a": CSV, "b": CSV})

    assert project.contents.count() == 1


def later(project: Any) -> None:
    """As if a day had passed since the bytes of the project lost their last file."""
    project.contents.filter(released_at__isnull=False).update(released_at=timezone.now() - timedelta(days=1))


def test_replaced_bytes_go_when_nobody_needs_them(bob: Asker, project: Any) -> None:
    put(bob, project)
    put(bob, project, raw=b"new", replace="true")
    later(project)
    put(bob, project, "other")

    put(bob, project, "third", raw=b"third")

    assert project.contents.filter(size=len(CSV)).count() == 1  # `other` has them again
    assert project.contents.count() == 3


def test_replaced_bytes_stay_while_an_older_run_waits(bob: Asker, project: Any) -> None:
    from hat.web.runs.models import Run

    put(bob, project)
    run = Run.objects.create(project=project, name="waits", status="queued")
    Run.objects.filter(pk=run.pk).update(created_at=timezone.now() - timedelta(days=2))
    put(bob, project, raw=b"new", replace="true")
    later(project)
    put(bob, project, "b", raw=b"b")
    waiting = project.contents.count()
    Run.objects.filter(pk=run.pk).update(status="finished")

    put(bob, project, "c", raw=b"c")

    assert (waiting, project.contents.count()) == (3, 3)


def test_deleted_files_go_after_some_days(bob: Asker, project: Any) -> None:
    file = put(bob, project)
    bob.delete(f"/files/{file['id']}")
    project.files.update(deleted_at=timezone.now() - timedelta(days=8))

    put(bob, project, "b", raw=b"b")

    assert project.files.count() == 1


def test_every_change_stands_in_the_audit_log(bob: Asker, project: Any) -> None:
    from hat.web.audit.models import Entry

    file = put(bob, project)
    put(bob, project, raw=b"new", replace="true")
    bob.patch(f"/files/{file['id']}", {"version": 2, "path": "b.csv"})
    bob.delete(f"/files/{file['id']}")
    bob.post(f"/files/{file['id']}/restore")

    entries = Entry.objects.filter(noun="file", object_id=file["id"]).order_by("id")
    assert [(entry.action, entry.object_name, entry.user_name) for entry in entries] == [
        ("create", "users/a.csv", "bob"),
        ("change", "users/a.csv", "bob"),
        ("change", "b.csv", "bob"),
        ("delete", "b.csv", "bob"),
        ("restore", "b.csv", "bob"),
    ]
