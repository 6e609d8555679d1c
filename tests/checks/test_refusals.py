"""Every sentence the platform refuses with has a Chinese text, which Chinese pages show in its place."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pydantic import BaseModel, Field, ValidationError

from tests.checks.sources import ROOT

WEB = ROOT / "hat/web"
CATALOGUE = ROOT / "frontend/src/i18n/refusals.zh.json"
# Which argument of a call is a sentence.
CALLS = {
    "RefusedError": 0,
    "conflict": 0,
    "forbidden": 0,
    "missing": 0,
    "invalid": 1,
    "Fault": 1,
    "refuse_unknown": 3,
    "_refused": 1,
}
CALLS |= {"_too_often": 0, "fault_response": 1}
# Names that hold a sentence on its way to such a call, and functions that answer one.
HOLDERS = {"words", "message", "fault", "hint", "sentence"}
ANSWERERS = re.compile(r"_?(path_)?fault(_\w+)?|_full|_words_of_taken")
# What is said on the command line, or to the log alone.
SILENT = {
    "__main__.py",
    "settings.py",
    "folder.py",
    "up.py",
    "process.py",
    "lock.py",
    "database.py",
    "fleet.py",
    "demo.py",
}


@cache
def catalogue() -> dict[str, str]:
    read: dict[str, str] = json.loads(CATALOGUE.read_text("utf-8"))
    return read


def sentences(source: str) -> set[str]:
    """The sentences of one module, what is put into them as `{}`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        for expression, form in _said(node):
            found |= {form.format(text) for text in _texts(expression) if text}
    return found


def _said(node: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        place = CALLS.get(name)
        if place is not None and len(node.args) > place:
            yield node.args[place], "there is no such {}" if name == "missing" else "{}"
        if place is not None:
            yield from ((word.value, "{}") for word in node.keywords if word.arg == "hint")
        if name == "ValueError" and node.args:
            yield node.args[0], "{}"
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name) and target.id in HOLDERS:
                yield node.value, "{}"
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = zip(target.elts, node.value.elts, strict=True)
                yield from ((value, "{}") for name, value in pairs if getattr(name, "id", "") in HOLDERS)
    if isinstance(node, ast.FunctionDef) and ANSWERERS.fullmatch(node.name):
        answers = (part.value for part in ast.walk(node) if isinstance(part, ast.Return))
        yield from ((answer, "{}") for answer in answers if answer is not None)


def _texts(expression: ast.expr) -> Iterator[str]:
    if isinstance(expression, ast.Constant) and isinstance(expression.value, str):
        yield expression.value
    elif isinstance(expression, ast.JoinedStr):
        yield "".join(
            part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else "{}"
            for part in expression.values
        )
    elif isinstance(expression, ast.IfExp):
        yield from _texts(expression.body)
        yield from _texts(expression.orelse)


def modules() -> list[Path]:
    return sorted(
        file for file in WEB.rglob("*.py") if file.name not in SILENT and "migrations" not in file.parts
    )


def translated(text: str) -> bool:
    """Whether the catalogue has the sentence itself, or one of the form that is said."""
    forms = (re.escape(key).replace(r"\{\}", "(.+)") for key in catalogue())
    return text in catalogue() or any(re.fullmatch(form, text) for form in forms)


@pytest.mark.parametrize("file", [str(file.relative_to(ROOT)) for file in modules()])
def test_what_a_module_refuses_with_has_a_chinese_text(file: str) -> None:
    said = sentences((ROOT / file).read_text("utf-8")) - {"{}", "{}{}"}

    assert sorted(said - set(catalogue())) == []


def test_a_new_sentence_without_one_is_found() -> None:
    source = """
def f(x):
    words = "one" if x else f"two {x}"
    raise RefusedError(words, hint="three")
def path_fault(x):
    return f"four {x!r}"
raise missing("five")
"""

    assert sentences(source) == {"one", "two {}", "three", "four {}", "there is no such five"}


def test_the_texts_are_chinese_and_lose_nothing() -> None:
    for english, chinese in catalogue().items():
        count = english.count("{}")
        named = {int(number) for number in re.findall(r"\{(\d)\}", chinese)}
        assert re.search(r"[\u4e00-\u9fff]", chinese), english
        assert named == set(range(count)), english


def test_what_django_says_of_passwords_has_a_chinese_text(settings: object) -> None:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError as Refused

    from hat.web.accounts.models import User

    said: list[str] = []
    for password in ("short", "password", "1234567890", "alice-alice"):
        with pytest.raises(Refused) as refused:
            validate_password(password, User(username="alice-alice", name="alice-alice"))
        said += refused.value.messages

    assert [text for text in said if not translated(text)] == []


def test_what_pydantic_says_has_a_chinese_text() -> None:
    from typing import Any, Literal

    class Shape(BaseModel):
        text: str = Field("", min_length=2, max_length=3)
        number: int = Field(1, ge=1, le=9)
        real: float = 0.5
        flag: bool = False
        word: Literal["a", "b"] = "a"
        items: list[int] = Field([], max_length=2)
        facts: dict[str, Any] = {}

    wrong: list[dict[str, Any]] = [
        {"text": "x"}, {"text": "xxxx"}, {"text": 1}, {"number": 0}, {"number": 10}, {"number": "x"},
        {"number": 1.5}, {"real": "x"}, {"flag": "x"}, {"flag": []}, {"word": "c"}, {"items": 1},
        {"items": [1, 2, 3]}, {"facts": 1},
    ]  # fmt: skip
    said = []
    for fields in wrong:
        with pytest.raises(ValidationError) as refused:
            Shape.model_validate(fields)
        said += [error["msg"][:1].lower() + error["msg"][1:] for error in refused.value.errors()]

    assert [text for text in said if not translated(text)] == []
