"""A case as YAML and back."""

from __future__ import annotations

from typing import Any

from tests.web.people import Asker

DOCUMENT = {
    "schema": 1,
    "dialect": "hat",
    "config": {"name": "登录", "variables": {"b": 1, "a": "x"}},
    "teststeps": [
        {
            "id": "s1",
            "name": "Log in",
            "request": {"method": "POST", "url": "/login", "json": {"user": "ann", "n": 1.5}},
            "validate": [{"eq": ["status_code", 200]}],
        },
        {"id": "s2", "name": "Pay", "testcase": 12},
    ],
}


def test_there_and_back_is_the_same(carol: Asker) -> None:
    text = carol.post("/yaml/dump", {"document": DOCUMENT}).json()["text"]

    assert carol.post("/yaml/parse", {"text": text}).json()["document"] == DOCUMENT
    assert "登录" in text
    assert "eq: [status_code, 200]" in text


def test_a_mistake_is_told_with_its_line(carol: Asker) -> None:
    answer = carol.post("/yaml/parse", {"text": "config:\n  name: x\nteststeps: [\n"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["line"] >= 3


def test_text_that_is_no_case_is_refused(carol: Asker) -> None:
    for text in ("", "- 1", "just words", "!!python/object/apply:os.system ['true']", "a: &a [*a]"):
        answer = carol.post("/yaml/parse", {"text": text})
        assert answer.status_code == 422, text


def test_dates_become_text(carol: Asker) -> None:
    text = "config: {name: x, variables: {day: 2024-01-02}}\nteststeps: []\n"

    document: Any = carol.post("/yaml/parse", {"text": text}).json()["document"]

    assert document["config"]["variables"] == {"day": "2024-01-02"}


def test_a_document_that_is_none_is_refused(carol: Asker) -> None:
    answer = carol.post("/yaml/dump", {"document": {"teststeps": "x"}})

    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "teststeps")
