"""Every command, option and exit code is in docs/cli.md."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from hat.cli.exit import Exit
from hat.cli.main import PLATFORM
from hat.cli.options import parser

TEXT = (Path(__file__).parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")


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


@pytest.mark.parametrize("name", [*commands(), *PLATFORM])
def test_a_command_is_documented(name: str) -> None:
    assert name in TEXT.partition("## hat run")[0]


@pytest.mark.parametrize(("command", "option"), OPTIONS)
def test_an_option_is_documented(command: str, option: str) -> None:
    assert f"`{option}" in TEXT


@pytest.mark.parametrize("code", list(Exit))
def test_an_exit_code_is_documented(code: Exit) -> None:
    assert f"| {code.value} | `{code.name}` |" in TEXT
