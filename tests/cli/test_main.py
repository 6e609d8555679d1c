"""The entry: version, help, faults of our own, the doors to the platform."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hat.cli.exit import Exit
from hat.cli.main import Guard
from tests.cli.terminal import hat

SLOW = """\
dialect: hat
config: {name: A slow answer, base_url: $api}
teststeps:
- name: Wait
  request: {method: GET, url: /api/slow?ms=5000}
"""


@pytest.mark.parametrize("word", ["--version", "-V", "version"])
def test_it_says_its_version(word: str) -> None:
    finished = hat(word)

    assert finished.code == 0
    assert finished.out.startswith("hat ")


def test_help_names_every_command_and_the_exit_codes() -> None:
    finished = hat("--help")

    assert finished.code == 0
    for word in ("run", "check", "convert", "hat up", "hat demo", "130 interrupted"):
        assert word in finished.out


def test_a_fault_of_our_own_is_shown_whole_and_exits_with_3(capsys: pytest.CaptureFixture[str]) -> None:
    guard = Guard()
    with guard:
        raise RuntimeError("the wires are crossed")

    shown = capsys.readouterr().err
    assert guard.code == Exit.INTERNAL
    assert "Traceback" in shown
    assert "internal error: the wires are crossed" in shown


def test_only_what_a_command_needs_is_imported() -> None:
    code = "import sys; from hat.cli.main import main; main(['--version']); print(*sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert not {"argparse", "pycurl", "msgspec", "yaml", "django", "hat.engine"} & set(out.split())


def test_a_run_imports_nothing_of_the_platform_and_no_markup_parser() -> None:
    code = "import sys, hat.cli.run; print(*sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert not {"django", "ninja", "pydantic", "lxml", "cssselect", "jmespath", "hat.web"} & set(out.split())


def test_a_plain_case_needs_neither_pyyaml_nor_asyncio(tmp_path: Path) -> None:
    (tmp_path / "plain.yml").write_text(
        "config: {name: plain}\nteststeps:\n- {name: get, request: {method: GET, url: 'http://127.0.0.1:9/'}}\n"
    )
    code = "import sys; from hat.cli.main import main; main(['check', 'plain.yml']); print(*sys.modules)"
    command = [sys.executable, "-c", code]
    out = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    assert {"pycurl", "msgspec"} <= set(out.split())
    spared = {
        "asyncio",
        "ctypes",
        "dataclasses",
        "hat.engine.sandbox.host",
        "hashlib",
        "inspect",
        "logging",
        "shutil",
        "ssl",
        "subprocess",
        "yaml",
    }
    assert not spared & set(out.split())


def test_the_commands_of_the_platform_are_handed_on() -> None:
    command = [sys.executable, "-m", "hat", "worker", "--help"]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)

    assert finished.returncode == 0
    assert "worker" in finished.stdout


def test_ctrl_c_stops_cleanly_and_writes_what_was_done(api: str, tmp_path: Path) -> None:
    (tmp_path / "slow.yml").write_text(SLOW)
    (tmp_path / "never.yml").write_text(SLOW)
    options = ["--var", f"api={api}", "--concurrency", "1", "--json", "o.json", "--junit", "o.xml"]
    command = [sys.executable, "-u", "-m", "hat", "run", "slow.yml", "never.yml", *options]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=tmp_path, **pipes) as process:  # type: ignore[call-overload]
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)

    assert process.returncode == Exit.INTERRUPTED
    assert "Ctrl-C again to end at once" in err
    assert "Traceback" not in err
    assert json.loads((tmp_path / "o.json").read_text())["cancelled"] is True
    assert (tmp_path / "o.xml").read_text().endswith("</testsuites>\n")


def test_a_second_ctrl_c_stops_at_once(api: str, tmp_path: Path) -> None:
    (tmp_path / "slow.yml").write_text(SLOW)
    command = [sys.executable, "-u", "-m", "hat", "run", "slow.yml", "--var", f"api={api}"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=tmp_path, **pipes) as process:  # type: ignore[call-overload]
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.stderr.readline()
        process.stderr.readline()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)

    assert process.returncode in (Exit.INTERRUPTED, -signal.SIGINT)  # the latter while Python itself ends


def test_a_terminal_without_chinese_characters_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(SLOW.replace("$api", "http://127.0.0.1:9").replace("Wait", "等待"))
    command = [sys.executable, "-m", "hat", "run", "a.yml"]
    env = {**os.environ, "PYTHONIOENCODING": "ascii", "HAT_LANG": "zh"}
    finished = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)

    assert finished.returncode == Exit.FAILED
    assert "Traceback" not in finished.stderr
    assert finished.stdout.splitlines()[2].startswith("! a.yml: A slow answer")


def test_a_closed_pipe_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(SLOW.replace("$api", "http://127.0.0.1:9"))
    for number in range(20):
        (tmp_path / f"b{number}.yml").write_text((tmp_path / "a.yml").read_text())
    line = f"{sys.executable} -u -m hat run . | head -1"
    finished = subprocess.run(["sh", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert finished.stdout.startswith("Running 21 cases")
    assert "Traceback" not in finished.stderr


def test_a_pipe_that_closes_before_the_last_line_is_no_fault() -> None:
    line = f"{sys.executable} -m hat --version | true"
    finished = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)

    assert finished.stderr == ""


def test_the_end_of_the_program_waits_for_what_is_to_be_done_at_the_end() -> None:
    code = "import atexit; from hat.cli.main import program; atexit.register(print, 'over'); program()"
    command = [sys.executable, "-c", code, "--version"]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert out.splitlines()[1] == "over"
