"""Every sentence of the engine about a failure has a Chinese text: console, report and live page show it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hat.cli.failure import CATALOGUE, chinese
from tests.checks.sources import ROOT

ENGINE = [
    file
    for file in sorted((ROOT / "hat/engine").rglob("*.py"))
    if "box" not in file.parts and file.name not in ("dialect.py", "loop.py", "zygote.py", "nursery.py")
]
SENTENCE = re.compile(r"[a-z'}] ['{a-z$]|^[a-z]+ [a-z]")
# No sentences: formats of dates and headers, names of comparators, code, parts that are put together.
ELSEWHERE = {
    "Bearer {}",
    "Expire date",
    "rendered path",
    "multipart/form-data; boundary={}",
    "user: [ann, bob]",
    "{} for {}",
    "{} {}",
    "{} {}: {}",
    "{} {} {}: {}",
    "{} {}{}",
    "{}{} {}",
    "has {}{}",
    "one of {}",
    "{} entries",
    "needs {}",
    "step '{}' {}",
    "raised {}",
    "does not hold",
    " in {}:{}",
    "{}: expected {}{}, got {}",
    "{}(){} raised {}",
    "is a list of {} item{}",
    "{} {}: more than {} redirects",
    "{} {}: the redirect leads nowhere: {}",
    "{} {}: the response has no status line",
    "{} '{}' is not in the response; {}",
    "{} evaluate to {}",
    "  and {} more",
    " and {} more",
    "a value",
    "no value",
    "method url params data json headers cookies files auth timeout allow_redirects proxies hooks stream "
    "verify cert group",
    "true or false",
}


def catalogue() -> dict[str, str]:
    read: dict[str, str] = json.loads(CATALOGUE.read_text("utf-8"))
    return read


def said(source: str) -> set[str]:
    """The texts of a module that read like sentences, what is put into them as `{}`."""
    tree = ast.parse(source)
    passed_over = {id(part) for part in _passed_over(tree)}
    texts = (_text(node) for node in ast.walk(tree) if id(node) not in passed_over)
    return {text for text in texts if SENTENCE.search(text) and "\n" not in text}


def _passed_over(tree: ast.Module) -> Iterator[ast.AST]:
    """Docstrings, the parts of a text with values in it, and what nobody but a programmer sees."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In):
            yield node.left  # looked for in what others say, as is the key of a table
        if isinstance(node, ast.Dict):
            yield from (key for key in node.keys if key is not None)
        if isinstance(node, ast.JoinedStr):
            yield from (part for part in ast.walk(node) if part is not node)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("RuntimeError", "ConnectionError"):
            yield from ast.walk(node)


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return ""


def known() -> set[str]:
    """The sentences of the catalogue, and the words of comparators, which stand inside some of them."""
    from hat.engine.check import _NAMES

    rows = {cell for row in _NAMES.values() for cell in row}
    return {*catalogue(), *ELSEWHERE, *rows}


@pytest.mark.parametrize("file", ENGINE, ids=lambda file: str(Path(file).relative_to(ROOT / "hat")))
def test_what_the_engine_says_has_a_chinese_text(file: Path) -> None:
    assert sorted(said(file.read_text("utf-8")) - known()) == []


def test_a_new_sentence_is_noticed() -> None:
    assert said("raise RenderError(f'the moon is {phase}')") - known() == {"the moon is {}"}


def test_every_comparator_has_its_words_in_chinese() -> None:
    from hat.engine.check import _NAMES

    asked = {row[0] for key, row in _NAMES.items() if row[0] and key not in ("exists", "not_exists")}

    assert {f"{{}}: expected {words} {{}}, got {{}}" for words in asked} - set(catalogue()) == set()


@pytest.mark.parametrize(("english", "words"), catalogue().items(), ids=lambda text: str(text)[:40])
def test_a_text_has_a_place_for_each_value(english: str, words: str) -> None:
    places = {int(place) for place in re.findall(r"\{(\d)\}", words)}

    assert places == set(range(english.count("{}")))


def messages(value: Any) -> Iterator[str]:
    """What a result says about failures."""
    if isinstance(value, dict):
        yield from (value[key] for key in ("message", "hint") if value.get(key))
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from messages(inner)


GOLDEN = [
    file
    for kind in ("failures", "messages", "network")
    for file in (ROOT / "tests/golden" / kind).glob("*.json")
]


@pytest.mark.parametrize("file", sorted(GOLDEN), ids=lambda file: file.stem)
def test_every_failure_of_the_golden_folder_is_said_in_chinese(file: Path) -> None:
    say = chinese()

    english = [text for text in messages(json.loads(file.read_text("utf-8"))) if say(text) == text]

    assert english == []


def test_values_stay_what_they_are() -> None:
    say = chinese()

    assert say('body.name: expected one of [1], got "no value: it"') == (
        'body.name：应是 [1] 之一，实际是 "no value: it"'
    )
    assert say("variable 'text' is not defined; known here: a, b") == "变量“text”未定义；这里已知：a, b"
