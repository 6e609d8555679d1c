"""Every comparator and every expression is in docs/comparators.md, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hat.engine.check import COMPARATORS
from hat.engine.extract import PREFIXES, WORDS, extract_problem
from hat.engine.reader import PHASES, TIMES

DOCS = Path(__file__).parents[2] / "docs"
TEXTS = {
    title: (DOCS / page).read_text(encoding="utf-8")
    for page, title in (
        ("comparators.md", "## Comparators of dialect hat"),
        ("comparators.zh-CN.md", "## hat 方言的比较器"),
    )
}
CODE = re.compile(r"(?<!`)`([^`]+)`(?!`)")


def rows(title: str) -> dict[str, set[str]]:
    """The comparators of dialect hat with their other names, as the page has them below that title."""
    ours = TEXTS[title].partition(title)[2].partition("## ")[0]
    lines = (line.split("|") for line in ours.splitlines() if line.startswith("| `"))
    return {cells[1].strip(" `"): set(CODE.findall(cells[2])) for cells in lines}


def documented(title: str) -> set[str]:
    """Every code word of the page."""
    return {code for line in TEXTS[title].splitlines() for code in CODE.findall(line)}


@pytest.fixture(params=TEXTS)
def title(request: pytest.FixtureRequest) -> str:
    """The page in one of its languages, by the title above its comparators."""
    return str(request.param)


@pytest.mark.parametrize("key", sorted({row.key for row in COMPARATORS["hat"].values()}))
def test_a_comparator_is_documented_with_all_its_names(title: str, key: str) -> None:
    names = {name for name, comparator in COMPARATORS["hat"].items() if comparator.key == key}

    assert rows(title)[key] == names - {key}


@pytest.mark.parametrize("dialect", ["httprunner3", "httprunner4"])
def test_the_names_of_httprunner_are_documented(title: str, dialect: str) -> None:
    words = {word for code in documented(title) for word in code.split()}

    assert set(COMPARATORS[dialect]) <= words


@pytest.mark.parametrize("word", [*WORDS, *PREFIXES])
def test_what_an_expression_may_begin_with_is_documented(title: str, word: str) -> None:
    assert any(re.match(rf"{word}\b", code) for code in documented(title))


@pytest.mark.parametrize(
    "expression", [*(f"timing_ms.{name}" for name in PHASES), *(f"elapsed.{name}" for name in TIMES)]
)
def test_every_length_of_time_is_documented(title: str, expression: str) -> None:
    assert expression in documented(title)
    assert extract_problem(expression) is None
