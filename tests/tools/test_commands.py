"""start.py: its commands, its options, and plain sentences instead of tracebacks."""

from __future__ import annotations

import ast
import socket
import subprocess
import sys
from collections.abc import Sequence

import pytest

from tools.commands import COMMANDS, check_port, main, value_of
from tools.console import StartError
from tools.environment import ROOT


def start(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run start.py as a person would."""
    command = [sys.executable, str(ROOT / "start.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_it_lists_its_commands() -> None:
    done = start("help")

    assert done.returncode == 0
    assert all(command.sentence in done.stdout for command in COMMANDS.values())


def test_it_answers_an_unknown_command_in_a_sentence() -> None:
    done = start("dmeo")

    assert done.returncode == 2
    assert done.stderr == "HAT cannot start: there is no command 'dmeo'.\n  hint: python3 start.py help\n"


def test_it_names_a_taken_port_and_the_option_before_it_prepares_anything() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = start("demo", "--port", str(port))

    assert done.returncode == 2
    assert f"port {port} on 127.0.0.1 is taken" in done.stderr
    assert "--port" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("text", ["eighty", "-1", "70000"])
def test_it_refuses_what_is_not_a_port(text: str) -> None:
    with pytest.raises(StartError, match=r"--port: '.+' is not a port"):
        check_port("--port", [f"--port={text}"])


def test_port_zero_is_any_free_port() -> None:
    check_port("--port", ["--port", "0"])


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        (["--port", "1"], "1"),
        (["--port=1"], "1"),
        (["--port", "1", "--port=2"], "2"),
        (["--demo-port", "1"], None),
        (["--port"], None),
        ([], None),
    ],
)
def test_it_finds_the_value_of_an_option(arguments: Sequence[str], value: str | None) -> None:
    assert value_of("--port", arguments) == value


def test_a_command_that_does_not_exist_ends_with_code_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nothing-like-it"]) == 2
    assert "no command" in capsys.readouterr().err


def test_an_old_python_can_read_start_py_far_enough_to_be_told() -> None:
    tree = ast.parse((ROOT / "start.py").read_text(), feature_version=(3, 4))

    modern = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.AsyncFunctionDef)
    assert [node for node in ast.walk(tree) if isinstance(node, modern)] == []
    assert [node.module for node in tree.body if isinstance(node, ast.ImportFrom)] == []
