"""Every comparator and every expression is in docs/comparators.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hat.engine.check import COMPARATORS
from hat.engine.extract import PREFIXES, WORDS, extract_problem
from hat.engine.reader import PHASES, TIMES

TEXT = (Path(__file__).parents[2] / "docs" / "comparators.md").read_text(encoding="utf-8")
CODE = re.compile(r"(?<!`)`([^`]+)`(?!`)")
OURS = TEXT.partition("## Comparators of dialect hat")[2].partition("## ")[0]
ROWS = {
    cells[1].strip(" `"): set(CODE.findall(cells[2]))
    for cells in (line.split("|") for line in OURS.splitlines() if line.startswith("| `"))
}


def documented() -> set[str]:
    """Every code word of the page."""
    return {code for line in TEXT.splitlines() for code in CODE.findall(line)}


@pytest.mark.parametrize("key", sorted({row.key for row in COMPARATORS["hat"].values()}))
def test_a_comparator_is_documented_with_all_its_names(key: str) -> None:
    names = {name for name, comparator in COMPARATORS["hat"].items() if comparator.key == key}

    assert ROWS[key] == names - {key}


@pytest.mark.parametrize("dialect", ["httprunner3", "httprunner4"])
def test_the_names_of_httprunner_are_documented(dialect: str) -> None:
    words = {word for code in documented() for word in code.split()}

    assert set(COMPARATORS[dialect]) <= words


@pytest.mark.parametrize("word", [*WORDS, *PREFIXES])
def test_what_an_expression_may_begin_with_is_documented(word: str) -> None:
    assert any(re.match(rf"{word}\b", code) for code in documented())


@pytest.mark.parametrize(
    "expression", [*(f"timing_ms.{name}" for name in PHASES), *(f"elapsed.{name}" for name in TIMES)]
)
def test_every_length_of_time_is_documented(expression: str) -> None:
    assert expression in documented()
    assert extract_problem(expression) == ""
