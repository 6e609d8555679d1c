"""The glossary and the code use the same words."""

from __future__ import annotations

import ast
import re

import pytest

from tests.checks.sources import ROOT, files, modules

ROW = re.compile(
    r"^\| \*\*(?P<words>.+?) \| (?P<meaning>.+?) \| (?P<code>.+?) \| (?P<zh>.+?) \| (?P<unused>.+?) \|$"
)


def rows() -> list[dict[str, str]]:
    """Read the rows of the glossary."""
    lines = (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines()
    return [match.groupdict() for line in lines if (match := ROW.match(line))]


def code_words() -> set[str]:
    """Collect what the column "in code" promises for now."""
    return {word for row in rows() for word in re.findall(r"(?<!later: )`([\w.]+)`", row["code"])}


def unused_names() -> set[str]:
    """Collect the words the glossary avoids, as class names: `test case` is TestCase."""
    words = [word.strip() for row in rows() for word in row["unused"].split(",")]
    return {word.title().replace(" ", "") for word in words} - {"–"}


def names_in(tree: ast.Module) -> set[str]:
    """Collect what a module names; members of classes also as Class.NAME."""
    names = set()
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name, body=body):
                names.add(name)
                targets = [part.targets[0] for part in body if isinstance(part, ast.Assign)]
                names |= {f"{name}.{target.id}" for target in targets if isinstance(target, ast.Name)}
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.add(name)
            case ast.arg(arg=name) | ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
    return names


def avoided_classes(tree: ast.Module) -> list[str]:
    """Find classes named with a word the glossary avoids, also as Row, Model or Result of it."""
    classes = [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    return [name for name in classes if re.sub(r"(Row|Model|Result|Error)$", "", name) in unused_names()]


def test_the_glossary_has_every_word_of_the_vocabulary() -> None:
    assert len(rows()) > 20


def test_every_name_of_the_glossary_is_in_the_code() -> None:
    names = {name for _, tree in modules("hat/") for name in names_in(tree)}
    names |= {
        part.removesuffix(".py") for name in files() if name.startswith("hat/") for part in name.split("/")
    }

    assert code_words() - names == set()


def test_no_class_has_a_name_the_glossary_avoids() -> None:
    found = {name: avoided_classes(tree) for name, tree in modules("hat/", "demo/", "tools/")}

    assert {name: classes for name, classes in found.items() if classes} == {}


@pytest.mark.parametrize("name", ["TestCase", "Scenario", "Assertion", "EnvInfo", "JobRow", "Validator"])
def test_it_notices_an_avoided_name(name: str) -> None:
    assert avoided_classes(ast.parse(f"class {name}: ...")) == [name]
