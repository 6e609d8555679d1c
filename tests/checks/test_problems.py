"""Every sentence about a file or case that cannot be used has a Chinese text; pages and console show it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.checks.sources import ROOT
from tests.checks.test_failures import catalogue as failures
from tests.checks.test_refusals import _texts, catalogue

# Which arguments of a call are sentences: message and hint.
CALLS = {
    **dict.fromkeys(("problem", "warn", "note"), (1, 2)),
    "FormatError": (0,),
    "Unknown": (1, 3),
    "Shape": (0,),
    "Words": (0, 1),
}
HOLDERS = re.compile(r"message|hint|fact|told|_?[A-Z_]*HINT")
FILES = [
    *sorted((ROOT / "hat/formats").rglob("*.py")),
    *sorted((ROOT / "hat/web/projects/transfer").rglob("*.py")),
    ROOT / "hat/engine/names.py",
]
# Not shown on pages, or made of other sentences and names alone.
ELSEWHERE = {"{}", "{}: {}", "{}{}", "not valid JSON: {}{}", "one of {}", "testcases.{}", "testcases[{}]"}
ELSEWHERE |= {"bearer:TOKEN, basic:USER:PASSWORD, digest:USER:PASSWORD, none, or {type: ...}"}


def problems() -> dict[str, str]:
    """The Chinese texts of sentences, by the sentences."""
    read: dict[str, str] = json.loads((ROOT / "hat/cli/problems.zh.json").read_text("utf-8"))
    return read


def said(source: str) -> set[str]:
    """The sentences of one module, what is put into them as `{}`."""
    tree = ast.walk(ast.parse(source))
    return {text for node in tree for expression in _sentences(node) for text in _texts(expression) if text}


def _sentences(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name in CALLS:
            yield from (node.args[place] for place in CALLS[name] if len(node.args) > place)
            yield from (word.value for word in node.keywords if word.arg == "hint")
    if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple) and len(node.value.elts) == 3:
        yield from node.value.elts[1:]
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    if isinstance(target, ast.Name) and HOLDERS.fullmatch(target.id):
        value = getattr(node, "value", None)
        yield from () if value is None else (value,)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(Path(file).relative_to(ROOT / "hat")))
def test_what_is_wrong_with_a_file_has_a_chinese_text(file: Path) -> None:
    known = {*problems(), *failures(), *ELSEWHERE}
    if "web" in file.parts:
        known |= {*catalogue()}  # refusals, which no console says

    assert sorted(said(file.read_text("utf-8")) - known) == []


def test_a_new_sentence_without_one_is_found() -> None:
    source = """
_HINT: Final = "zero"
message = "one" if x else f"two {x}"
reading.problem(path, "three", hint="four")
yield path, f"five {x}", ""
"""

    assert said(source) == {"zero", "one", "two {}", "three", "four", "five {}"}


def test_the_texts_lose_nothing() -> None:
    for english, chinese in problems().items():
        named = {int(number) for number in re.findall(r"\{(\d)\}", chinese)}
        assert named == set(range(english.count("{}"))), english
