"""The application's page, its headers, and errors of the API in one shape."""

from __future__ import annotations

import logging
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.finders import get_finder
from django.db import OperationalError
from django.test import Client

from tests.web.people import Asker


@pytest.fixture
def built(tmp_path: Path, settings: Any) -> Path:
    """A folder as the build leaves it."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "index.html").write_text("<!doctype html><title>HAT</title>")
    settings.DIST = tmp_path
    return tmp_path


@pytest.mark.parametrize("path", ["/", "/login", "/p/12/cases/3", "/runs/1", "/setup"])
def test_every_page_is_the_application(path: str, built: Path) -> None:
    answer = Client().get(path)

    assert answer.status_code == 200
    assert b"<title>HAT</title>" in answer.content
    assert answer["Cache-Control"] == "no-cache"


def test_without_built_pages_it_says_what_to_do(tmp_path: Path, settings: Any) -> None:
    settings.DIST = tmp_path

    answer = Client().get("/")

    assert answer.status_code == 503
    assert "python3 start.py" in answer.content.decode()


def test_the_policy_allows_no_script_but_our_own(built: Path) -> None:
    answer = Client().get("/")

    policy = answer["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"


def test_the_docs_need_nobody_else(db: None) -> None:
    answer = Client().get("/api/docs")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "https://" not in page.replace("https://django-ninja", "")
    assert "/static/ninja/swagger-ui-bundle.js" in page
    with closing(Client().get("/static/ninja/swagger-ui-bundle.js")) as script:
        assert script.status_code == 200


def test_the_openapi_document_is_served(db: None) -> None:
    document = Client().get("/api/v1/openapi.json").json()

    operations = [item["operationId"] for path in document["paths"].values() for item in path.values()]
    assert len(operations) == len(set(operations))
    assert document["info"]["title"] == "HAT"


def test_every_answer_has_an_id(anonymous: Asker) -> None:
    given = anonymous.client.get("/api/v1/session", headers={"X-Request-Id": "abc-12345678"})
    made = anonymous.client.get("/api/v1/session", headers={"X-Request-Id": "<script>"})

    assert given["X-Request-Id"] == "abc-12345678"
    assert len(made["X-Request-Id"]) == 16


def test_our_own_fault_is_logged_and_shown_by_its_id(
    alice: Asker, project: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError("a canary of a fault")

    monkeypatch.setattr("hat.web.projects.api.cases.listed", broken)

    with caplog.at_level(logging.ERROR):
        answer = alice.get(f"/projects/{project.pk}/cases")

    body = answer.json()
    assert (answer.status_code, body["code"]) == (500, "internal")
    assert body["request_id"] == answer["X-Request-Id"]
    assert "canary" not in answer.content.decode()
    assert "a canary of a fault" in caplog.text


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("database is locked", "the database does not answer; try again in a moment"),
        ("database or disk is full", "the disk is full, nothing can be stored; try again in a moment"),
        (
            'could not extend file "base/5/1": No space left on device',
            "the disk is full, nothing can be stored; try again in a moment",
        ),
    ],
)
def test_a_database_that_does_not_answer_is_503(
    fault: str,
    words: str,
    alice: Asker,
    project: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def away(*_arguments: object) -> None:
        raise OperationalError(fault)

    monkeypatch.setattr("hat.web.projects.api.cases.listed", away)

    answer = alice.get(f"/projects/{project.pk}/cases")

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.json()["error"] == words
    assert fault in caplog.text


def test_a_strange_host_is_refused_in_the_same_shape(db: None) -> None:
    answer = Client().get("/api/v1/session", headers={"Host": "evil.example"})

    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_host")
    assert "HAT_ALLOWED_HOSTS" in answer.json()["error"]


def test_it_is_cached_nowhere(anonymous: Asker) -> None:
    assert "no-store" in anonymous.get("/session")["Cache-Control"]


def test_pages_that_are_built_again_are_served(db: None, tmp_path: Path, settings: Any) -> None:
    """Old pages that are still open ask for files that are gone: that is 404, not our fault."""
    assets = tmp_path / "app" / "assets"
    assets.mkdir(parents=True)
    (assets / "old-12345678.js").write_text("old")
    settings.STATICFILES_DIRS = [tmp_path]
    get_finder.cache_clear()  # type: ignore[attr-defined]
    client = Client()

    first = client.get("/static/app/assets/old-12345678.js")
    (assets / "old-12345678.js").unlink()
    (assets / "new-12345678.js").write_text("new")
    second = [client.get(f"/static/app/assets/{name}-12345678.js") for name in ("old", "new", "other")]
    for answer in (first, *second):
        answer.close()
    get_finder.cache_clear()  # type: ignore[attr-defined]

    assert first.status_code == 200
    assert [answer.status_code for answer in second] == [404, 200, 404]
    assert client.get("/static/../settings.py").status_code in (400, 404)
