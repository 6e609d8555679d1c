"""start.py dev: a change of the code starts the platform anew, and nothing is left behind."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.commands import main
from tools.dev import Server, sources, watch


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server([sys.executable, "-c", "import time; time.sleep(60)"], folder=tmp_path)
    yield server
    server.stop()


def test_a_change_of_the_code_starts_the_platform_anew(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = tmp_path / "hat"
    code.mkdir()
    first = server.pid
    looks = iter([False, False, True])

    def until() -> bool:
        if not sources(code):
            (code / "fresh.py").write_text("A = 1\n")
        return next(looks)

    watch(server, until=until, code=code)

    assert server.pid != first
    assert not server.ended
    assert capsys.readouterr().out == "Changed: hat/fresh.py; starting anew\n"


def test_what_stays_as_it_is_starts_nothing(server: Server, tmp_path: Path) -> None:
    first = server.pid
    looks = iter([False, True])

    watch(server, until=lambda: next(looks), code=tmp_path)

    assert server.pid == first


def test_any_free_port_is_refused_because_vite_must_know_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tools.commands.prepare", lambda **_: None)

    assert main(["dev", "--port", "0"]) == 2
    assert "Vite must know the port" in capsys.readouterr().err
