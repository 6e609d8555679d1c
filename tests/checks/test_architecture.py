"""The map of the house is current: the tree in docs/architecture.md is the one of the modules."""

from __future__ import annotations

from pathlib import Path

from tests.checks.sources import ROOT
from tools.tree import PAGE, tree, with_tree


def test_the_tree_in_the_docs_is_the_tree_of_the_package() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert page == with_tree(page, tree(ROOT / "hat")), "hint: python3 start.py generate"


def test_a_tree_shows_each_module_with_its_first_line(tmp_path: Path) -> None:
    package = tmp_path / "house"
    (package / "engine").mkdir(parents=True)
    (package / "__init__.py").write_text('"""A house."""')
    (package / "case.py").write_text('"""What a test says.\n\nMore of it.\n"""')
    (package / "engine/__init__.py").write_text('"""Runs."""')
    (package / "engine/step.py").write_text('"""One step."""')

    drawing = tree(package)

    assert [line.split() for line in drawing.splitlines()] == [
        ["house/", "A", "house."],
        ["├─", "case.py", "What", "a", "test", "says."],
        ["└─", "engine/", "Runs."],
        ["└─", "step.py", "One", "step."],
    ]


def test_a_changed_tree_is_noticed() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert page != with_tree(page, "hat/    another tree\n")
