"""Tests use real parts: less than one mocking word in ten tests."""

from __future__ import annotations

import ast

from tests.checks.sources import modules

BUDGET = 0.1
MOCKING = {"mock", "Mock", "MagicMock", "AsyncMock", "patch", "mocker"}


def mocking_words(tree: ast.Module) -> int:
    """Count the names of mocking tools in a test module."""
    count = 0
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) if name in MOCKING:
                count += 1
            case ast.Attribute(attr=name) if name in MOCKING - {"patch"}:
                count += 1
            case ast.Attribute(value=ast.Name(id="monkeypatch"), attr="setattr" | "setitem"):
                count += 1
    return count


def tests_in(tree: ast.Module) -> int:
    """Count the test functions of a module."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return sum(function.name.startswith("test_") for function in functions)


def test_mocking_stays_within_its_budget() -> None:
    trees = [tree for _, tree in modules("tests/")]

    assert sum(map(mocking_words, trees)) < BUDGET * sum(map(tests_in, trees))


def test_it_counts_mocking_words_and_tests() -> None:
    tree = ast.parse("def test_a(mocker):\n  with patch('a'):\n    monkeypatch.setattr(x, 'y', MagicMock())")

    assert (mocking_words(tree), tests_in(tree)) == (4, 1)
