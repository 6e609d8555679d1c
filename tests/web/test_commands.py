"""The small commands of the platform."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import pytest

from tests.web.test_up import TIMEOUT_S, hat


def test_the_openapi_document_is_printed(tmp_path: Path) -> None:
    output, errors = hat("openapi", "--data", str(tmp_path)).communicate(timeout=TIMEOUT_S)

    assert "/api/v1/projects/{pk}/runs" in json.loads(output)["paths"], errors


@pytest.mark.parametrize("command", ["clock", "work"])
def test_a_part_alone_works_until_it_is_told_to_stop(tmp_path: Path, command: str) -> None:
    migrate = hat("migrate", "--data", str(tmp_path))
    _, errors = migrate.communicate(timeout=TIMEOUT_S)
    assert migrate.returncode == 0, errors
    part = hat(command, "--data", str(tmp_path))
    ready = tmp_path / "hat.sqlite3-wal"
    deadline = time.monotonic() + TIMEOUT_S
    while not ready.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)

    part.send_signal(signal.SIGTERM)
    _, errors = part.communicate(timeout=TIMEOUT_S)

    assert (part.returncode, errors) == (0, "")


@pytest.mark.parametrize("arguments", [[], ["fly"], ["up", "--port", "many"]])
def test_a_wrong_command_is_wrong_usage(arguments: list[str]) -> None:
    process = hat(*arguments)

    _, errors = process.communicate(timeout=TIMEOUT_S)

    assert (process.returncode, errors.startswith("usage: hat")) == (2, True)


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    process = hat("up", "--port", "0", "--data", str(tmp_path / "file" / "data"))
    _, errors = process.communicate(timeout=TIMEOUT_S)

    assert process.returncode == 2
    assert "cannot be made" in errors


def test_the_secret_key_is_changed_by_a_command(tmp_path: Path) -> None:
    hat("migrate", "--data", str(tmp_path)).communicate(timeout=TIMEOUT_S)
    first = (tmp_path / "secret.key").read_text() if (tmp_path / "secret.key").exists() else ""

    process = hat("rotate-key", "--data", str(tmp_path))
    output, errors = process.communicate(timeout=TIMEOUT_S)

    assert process.returncode == 0, errors
    assert "0 secrets are stored under the new key" in output + errors
    assert (tmp_path / "secret.key").read_text() != first
    assert not (tmp_path / "secret.key.old").exists()
