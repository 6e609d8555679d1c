"""The short version of the fault trials: some of each kind, nothing lost, doubled or stuck."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.faults.plant import plant
from tests.faults.target import target
from tests.faults.trial import trial

FAULTS = {
    "embedded": ("worker", "disk full", "web", "supervisor", "database locked", "everything", "clock jumped"),
    "redis": ("worker frozen", "database cut off", "database", "broker", "broker emptied", "whole worker"),
}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("mode", FAULTS)
def test_no_accepted_run_is_lost_doubled_or_stuck_when_parts_break(mode: str) -> None:
    # Not in the folder of pytest, which the user that PostgreSQL runs as cannot enter.
    with (
        tempfile.TemporaryDirectory(prefix="hat-faults-") as folder,
        target() as asked,
        plant(mode, Path(folder)) as made,
    ):
        possible = [name for name in FAULTS[mode] if name in {*made.kills, *made.troubles}]
        audit = trial(made, asked, kills=0, seed=7, only=possible)

    assert audit.is_good, audit.table(mode)
    assert audit.kills.total() + audit.troubles.total() == len(possible)
