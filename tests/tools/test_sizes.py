"""The sizes script measures what the style guide names, and refuses what is past its last column."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tools.sizes import (
    ARGUMENTS,
    LENGTH,
    LINES,
    METHODS,
    NESTING,
    SIBLINGS,
    Limit,
    excesses,
    figures,
    measure,
    table,
)

DEEP = "def deep():\n" + "".join(f"{'  ' * depth}if x:\n" for depth in range(1, 6)) + "  " * 6 + "pass\n"
ELIF = "def flat():\n  if a:\n    pass\n" + "  elif b:\n    pass\n" * 9
LONG = "def long():\n" + "  pass\n" * 61
MANY = "def many(a, b, c, d, e, f, g, h): ...\n"
WIDE = "class Wide:\n" + "".join(f"  def m{number}(self): ...\n" for number in range(16))
LINKED = "".join(f"from hat.engine.m{number} import x\n" for number in range(16))


@pytest.mark.parametrize(
    ("limit", "text"),
    [(NESTING, DEEP), (LENGTH, LONG), (ARGUMENTS, MANY), (METHODS, WIDE), (SIBLINGS, LINKED)],
    ids=lambda value: value.what if isinstance(value, Limit) else "",
)
def test_it_refuses_what_is_past_the_last_column(limit: Limit, text: str) -> None:
    found = measure("hat/engine/step.py", ast.parse(text))

    assert [figure.limit for figure in found if figure.size > figure.limit.stop] == [limit]
    assert len(excesses(found)) == 1


@pytest.mark.parametrize(
    "text", [ELIF, "def f(self, a, b, c, d, e, f, g): ...", "class A:\n  def _hidden(self): ..."]
)
def test_it_lets_what_is_within_pass(text: str) -> None:
    assert excesses(measure("hat/engine/step.py", ast.parse(text))) == []


def test_it_counts_the_lines_of_python_and_pages(tmp_path: Path) -> None:
    (tmp_path / "hat").mkdir()
    (tmp_path / "hat/case.py").write_text('"""A case."""\n' * 501)
    (tmp_path / "frontend/src").mkdir(parents=True)
    (tmp_path / "frontend/src/App.vue").write_text("<p>\n" * 501)

    assert [text.partition(":")[0] for text in excesses(figures(tmp_path))] == [
        "hat/case.py",
        "frontend/src/App.vue",
    ]


def test_a_table_of_data_may_be_long(tmp_path: Path) -> None:
    (tmp_path / "hat").mkdir()
    (tmp_path / "hat/charsets.py").write_text("# sizes: a table of names\n" + "x = 1\n" * 501)

    assert excesses(figures(tmp_path)) == []


def test_it_shows_median_and_largest() -> None:
    rows = table(measure("hat/engine/step.py", ast.parse(MANY + LONG))).splitlines()

    assert any(row.split()[:2] == ["function,", "lines"] and "62" in row for row in rows)
    assert LINES.what in rows[1]
