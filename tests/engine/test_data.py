"""Rows from files and functions of a project."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hat.engine import run_all
from hat.formats import read
from tests.engine.running import echo


def rows(base: str, root: Path, parameters: Any) -> list[Any]:
    """The rows of the cases that parameters make."""
    document = {
        "config": {"name": "case", "base_url": base, "parameters": parameters},
        "teststeps": [echo(1)],
    }
    return [case.row or case.error for case in run_all([read(document, root=str(root))]).cases]


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("users.json", '[{"user": "安", "n": 12345678901234567890}]'.encode()),
        ("users.json", b"\xef\xbb\xbf" + '[{"user": "安", "n": 12345678901234567890}]'.encode()),
        ("users.json", '[{"user": "安", "n": 12345678901234567890}]'.encode("gb18030")),
    ],
    ids=["UTF-8", "with a mark", "GB18030"],
)
def test_a_json_file_gives_rows(sample: str, tmp_path: Path, name: str, raw: bytes) -> None:
    (tmp_path / name).write_bytes(raw)

    found = rows(sample, tmp_path, {"user-n": f"${{P({name})}}"})

    assert found == [{"user": "安", "n": 12345678901234567890}]


def test_csv_files_and_functions_give_rows(sample: str, tmp_path: Path) -> None:
    (tmp_path / "users.csv").write_bytes("user,age\n安,3\n".encode("gb18030"))
    (tmp_path / "debugtalk.py").write_text("def ages():\n    return [7]\n")

    found = rows(sample, tmp_path, {"zip": {"user": "${P(users.csv)}", "age": "${ages()}"}})

    assert found == [{"user": "安", "age": 7}]


def test_a_json_file_that_is_none_is_told(sample: str, tmp_path: Path) -> None:
    (tmp_path / "users.json").write_text("{")

    (error,) = rows(sample, tmp_path, {"user": "${P(users.json)}"})

    assert "users.json is no JSON" in error.message
