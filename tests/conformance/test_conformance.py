"""The files of HttpRunner 2, 3 and 4 end here as they end there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conformance.comparison import differences
from tests.conformance.project import Entry, carry_out, entries

ROOT = Path(__file__).parents[2]


def deviations() -> set[tuple[str, str]]:
    """The (engine, case) pairs of the table in docs/compatibility.md."""
    found: set[tuple[str, str]] = set()
    for line in (ROOT / "docs" / "compatibility.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| own-") and len(cells) == 5:
            found.update((engine, cells[0]) for engine in cells[1].split())
    return found


ENTRIES = list(entries())
DEVIATIONS = deviations()


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.engine}-{entry.id}")
def test_a_file_ends_as_in_httprunner(
    entry: Entry, address: str, folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folders[entry.project]
    monkeypatch.chdir(folder)
    expected = json.loads(json.dumps(entry.expected).replace("127.0.0.1:5000", address))

    run, problems = carry_out(entry, address)

    if entry.engine == "hr25":
        expected["$failed first"] = True  # 2.5.9 ran them in order, and lists these first

    found = differences(expected, run, problems, is_folder=(folder / entry.path).is_dir())
    if (entry.engine, entry.id) in DEVIATIONS:
        assert found, "it is equal now: take its row out of docs/compatibility.md"
    else:
        assert found == []
    assert [case.error for case in run.cases if case.error and case.error.kind == "internal"] == []


def test_every_deviation_names_a_case() -> None:
    known = {(entry.engine, entry.id) for entry in ENTRIES}

    assert known >= DEVIATIONS
