"""The short version of the fault trials: a few kills of each kind, nothing lost, doubled or stuck."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.plant import plant
from tests.faults.trial import trial
from tests.web.shop import serving


@pytest.mark.parametrize("mode", ["embedded", "redis"])
def test_no_accepted_run_is_lost_doubled_or_stuck_when_parts_are_killed(mode: str, tmp_path: Path) -> None:
    with serving() as shop, plant(mode, tmp_path) as made:
        audit = trial(made, shop, kills=5, seed=7)

    assert audit.is_good, audit.table(mode, 7)
    assert audit.kills.total() == 5
