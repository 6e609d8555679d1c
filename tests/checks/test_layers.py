"""What import-linter cannot say: nouns need next to nothing, and few may catch everything."""

from __future__ import annotations

import ast
import sys

import pytest

from tests.checks.sources import modules

NOUNS = ("hat/case.py", "hat/result.py", "hat/event.py", "hat/error.py")
FREE = sys.stdlib_module_names | {"hat", "msgspec"}  # msgspec makes their classes, decision 0021
NOUN_MODULES = {"hat.case", "hat.result", "hat.event", "hat.error"}
EVERY = {"Exception", "BaseException"}
CATCH_ALL = ("hat/engine/", "hat/web/runs/execution.py")  # around user functions, and around a whole run


def foreign_imports(tree: ast.Module) -> list[str]:
    """Find imports of a noun that are neither of the standard library, msgspec nor another noun."""
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
    return [name for name in names if name.partition(".")[0] not in FREE] + [
        name for name in names if name.partition(".")[0] == "hat" and name not in NOUN_MODULES
    ]


def catches_everything(tree: ast.Module) -> list[int]:
    """Find the lines of handlers that catch any exception and do not raise it again."""
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            caught = (
                {one.id for one in ast.walk(node.type) if isinstance(one, ast.Name)} if node.type else EVERY
            )
            broad = caught & EVERY
            if broad and not any(isinstance(inner, ast.Raise) for inner in ast.walk(node)):
                lines.append(node.lineno)
    return lines


def test_the_nouns_stand_on_the_standard_library_and_msgspec() -> None:
    assert {name: foreign_imports(tree) for name, tree in modules(*NOUNS)} == {
        name: [] for name in sorted(NOUNS)
    }


@pytest.mark.parametrize(
    "planted", ["import yaml", "from django.db import models", "from hat.engine import run"]
)
def test_it_notices_a_foreign_import(planted: str) -> None:
    assert foreign_imports(ast.parse(planted))


def test_every_exception_is_caught_in_two_places_only() -> None:
    found = {
        name: catches_everything(tree) for name, tree in modules("hat/") if not name.startswith(CATCH_ALL)
    }

    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize("caught", ["", " Exception", " (ValueError, Exception)", " BaseException as error"])
def test_it_notices_a_catch_all(caught: str) -> None:
    assert catches_everything(ast.parse(f"try:\n  pass\nexcept{caught}:\n  pass"))
