"""Case files in a folder, the project around them, and .env."""

from __future__ import annotations

from pathlib import Path

import pytest

from hat.error import FormatError, UsageError
from hat.formats.files import find_files, find_root, read_dotenv


def test_the_case_files_of_a_folder_come_in_order(tmp_path: Path) -> None:
    for name in ("b.yml", "a.YAML", "sub/c.json", "sub/readme.txt", ".git/d.yml", "node_modules/e.yml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")

    assert [path.name for path in find_files(tmp_path)] == ["a.YAML", "b.yml", "c.json"]


def test_a_missing_path_is_a_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file or folder"):
        list(find_files(tmp_path / "none"))


def test_the_root_is_the_nearest_folder_with_functions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "debugtalk.py").write_text("")
    monkeypatch.chdir(tmp_path / "a")

    assert find_root(tmp_path / "a" / "b" / "x.yml") == tmp_path


def test_without_functions_the_root_is_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert find_root(tmp_path / "x.yml") == tmp_path


def test_dotenv_is_read(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text('# note\nA=1\n\nB = two words \nC:3\nD=a=b\nE=\nF="q"\nG: x:y\n')

    assert read_dotenv(path) == {
        "A": "1",
        "B": "two words",
        "C": "3",
        "D": "a=b",
        "E": "",
        "F": '"q"',
        "G": "x:y",
    }


@pytest.mark.parametrize("text", ["A=1\n\nB=2", "# note\nA=1"], ids=["blank", "comment"])
def test_httprunner_2_refuses_blank_lines_and_comments(tmp_path: Path, text: str) -> None:
    path = tmp_path / ".env"
    path.write_text(text)

    with pytest.raises(FormatError, match="line is not NAME=value"):
        read_dotenv(path, strict=True)
