"""Text is never evaluated: no eval, exec, pickle or unsafe YAML outside the sandbox, no markup from text."""

from __future__ import annotations

import ast
import re

import pytest

from tests.checks.sources import PRODUCT, ROOT, files, modules

SANDBOX = "hat/engine/sandbox/"
EVALUATORS = {"eval", "exec", "compile", "__import__"}
UNSAFE_MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "jsonpickle"}
UNSAFE_YAML = {"unsafe_load", "unsafe_load_all", "full_load", "full_load_all"}
UNSAFE_LOADERS = {"Loader", "UnsafeLoader", "FullLoader", "CLoader", "CFullLoader", "CUnsafeLoader"}
MARKUP = re.compile(
    r"v-html|\.(inner|outer)HTML\s*=|insertAdjacentHTML|document\.write|\beval\(|new Function\("
)


def evaluations(tree: ast.Module) -> list[str]:
    """Find what turns text or bytes into code."""
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in EVALUATORS:
                found.append(name)
            case ast.Import(names=names):
                found += [alias.name for alias in names if alias.name.partition(".")[0] in UNSAFE_MODULES]
            case ast.ImportFrom(module=str(module), names=names) if (
                module.partition(".")[0] in UNSAFE_MODULES
            ):
                found.append(module)
            case ast.ImportFrom(module="yaml", names=names):
                found += [alias.name for alias in names if alias.name in UNSAFE_YAML | UNSAFE_LOADERS]
            case ast.Attribute(value=ast.Name(id="yaml"), attr=name) if name in UNSAFE_YAML | UNSAFE_LOADERS:
                found.append(f"yaml.{name}")
            case (
                ast.Call(
                    func=ast.Attribute(value=ast.Name(id="yaml"), attr="load" | "load_all" as name)
                ) as call
            ):
                if len(call.args) < 2 and all(keyword.arg != "Loader" for keyword in call.keywords):
                    found.append(f"yaml.{name} without a loader")
            case ast.keyword(arg="shell", value=ast.Constant(value=True)):
                found.append("shell=True")
            case ast.Attribute(value=ast.Name(id="os"), attr="system" | "popen" as name):
                found.append(f"os.{name}")
    return found


def test_no_code_outside_the_sandbox_evaluates_text() -> None:
    found = {name: evaluations(tree) for name, tree in modules(*PRODUCT) if not name.startswith(SANDBOX)}

    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize(
    "planted",
    [
        "eval('1')",
        "exec(text)",
        "import pickle",
        "from marshal import loads",
        "yaml.load(text)",
        "yaml.unsafe_load(text)",
        "yaml.load(text, Loader=yaml.FullLoader)",
        "from yaml import UnsafeLoader",
        "subprocess.run('ls', shell=True)",
        "os.system('ls')",
    ],
)
def test_it_notices_an_evaluation(planted: str) -> None:
    assert evaluations(ast.parse(planted))


@pytest.mark.parametrize("harmless", ["re.compile('a')", "yaml.load(text, Loader=LineLoader)", "import json"])
def test_it_lets_harmless_code_pass(harmless: str) -> None:
    assert evaluations(ast.parse(harmless)) == []


def test_no_page_makes_markup_or_code_from_text() -> None:
    sources = [
        name for name in files() if name.startswith("frontend/src/") and name.endswith((".ts", ".vue"))
    ]

    found = {name: MARKUP.findall((ROOT / name).read_text(encoding="utf-8")) for name in sources}

    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize(
    "planted", ['<p v-html="text">', "node.innerHTML = text", "new Function('a')", "eval(a)"]
)
def test_it_notices_markup_from_text(planted: str) -> None:
    assert MARKUP.search(planted)
