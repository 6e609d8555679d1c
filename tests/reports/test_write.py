"""write(result, path): the format by the name of the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hat.error import UsageError
from hat.reports import render, write
from tests.reports.results import RUN


@pytest.mark.parametrize(
    ("name", "start"), [("a/b/out.json", b'{"schema":1'), ("out.XML", b"<?xml"), ("out.xml", b"<?xml")]
)
def test_the_suffix_picks_the_format(tmp_path: Path, name: str, start: bytes) -> None:
    write(RUN, tmp_path / name)

    assert (tmp_path / name).read_bytes().startswith(start)


def test_a_named_format_wins_over_the_suffix(tmp_path: Path) -> None:
    write(RUN, str(tmp_path / "out.txt"), "json")

    assert json.loads((tmp_path / "out.txt").read_text()) == json.loads(render(RUN, "json"))


def test_an_unknown_suffix_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"known: \.json, \.xml, \.html"):
        write(RUN, tmp_path / "out.pdf")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(UsageError, match=r"file/out\.json: "):
        write(RUN, tmp_path / "file" / "out.json")
