"""Every command, option and exit code is in docs/cli.md, in both languages."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from hat.cli.exit import Exit
from hat.cli.main import PLATFORM
from hat.cli.options import parser

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ["cli.md", "cli.zh-CN.md"]


def commands() -> dict[str, argparse.ArgumentParser]:
    """The commands by name."""
    (action,) = (action for action in parser()._actions if isinstance(action, argparse._SubParsersAction))
    return dict(action.choices)


OPTIONS = [
    (name, option)
    for name, command in commands().items()
    for action in command._actions
    for option in action.option_strings
]


@pytest.fixture(params=PAGES)
def text(request: pytest.FixtureRequest) -> str:
    """The page in one of its languages."""
    return (DOCS / str(request.param)).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*commands(), *PLATFORM])
def test_a_command_is_documented(text: str, name: str) -> None:
    assert name in text.partition("## hat run")[0]


@pytest.mark.parametrize(("command", "option"), OPTIONS)
def test_an_option_is_documented(text: str, command: str, option: str) -> None:
    assert f"`{option}" in text


@pytest.mark.parametrize("code", list(Exit))
def test_an_exit_code_is_documented(text: str, code: Exit) -> None:
    assert f"| {code.value} | `{code.name}` |" in text
