"""Names say what a thing is: no leftover words in modules and classes, and one line on top of each module."""

from __future__ import annotations

import ast
import re
from pathlib import PurePosixPath

import pytest

from tests.checks.sources import PRODUCT, modules

FORBIDDEN = {
    "util",
    "utils",
    "helper",
    "helpers",
    "common",
    "misc",
    "base",
    "manager",
    "handler",
    "info",
    "data",
}
FORBIDDEN |= {"object", "objects", "managers", "handlers"}


def words(name: str) -> set[str]:
    """Split `snake_case` and `CamelCase` into lower-case words."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)}


def module_faults(name: str, tree: ast.Module) -> list[str]:
    """Say what is wrong with the name and the docstring of a module, and the names of its classes."""
    faults = []
    path = PurePosixPath(name)
    for part in path.with_suffix("").parts:
        if words(part) & FORBIDDEN:
            faults.append(f"{name}: a noun is missing, '{part}' is none")
    docstring = ast.get_docstring(tree) or ""
    first, _, rest = docstring.partition("\n")
    if not first or not first[0].isprintable() or (rest and not rest.startswith("\n")):
        faults.append(f"{name}: the first line of the module must say what the file is for")
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and (words(node.name) & FORBIDDEN or node.name.startswith("Test")):
            faults.append(f"{name}:{node.lineno}: class {node.name}")
    return faults


def test_modules_and_classes_have_names_that_mean_something() -> None:
    faults = [fault for name, tree in modules(*PRODUCT) for fault in module_faults(name, tree)]

    assert faults == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hat/utils.py", '"""What it is for."""'),
        ("hat/web/case_info.py", '"""What it is for."""'),
        ("hat/case.py", "x = 1"),
        ("hat/case.py", '"""What it is for\nand more."""'),
        ("hat/case.py", '"""What it is for."""\nclass CaseManager: ...'),
        ("hat/case.py", '"""What it is for."""\nclass TestCase: ...'),
    ],
)
def test_it_notices_a_name_that_says_nothing(name: str, text: str) -> None:
    assert module_faults(name, ast.parse(text))


def test_it_lets_database_and_information_pass() -> None:
    assert (
        module_faults("hat/web/database.py", ast.parse('"""What it is for."""\nclass Information: ...')) == []
    )
