"""Replies whose numbers were chosen so that a dict of them is slow to build."""

from __future__ import annotations

import pytest

from hat.engine.sandbox.wire import LostError, answers

M = 2**61 - 1  # numbers that differ by it have the same hash


def test_numbers_with_one_hash_are_refused() -> None:
    pairs = [[number * M, 0] for number in range(60_000)]

    with pytest.raises(LostError):
        answers({"answers": [{"value": {"$": "dict", "v": pairs}}]}, 1)


def test_honest_numbers_come_through() -> None:
    pairs = [[number, 0] for number in range(-5_000, 5_000)]

    [answer] = answers({"answers": [{"value": {"$": "dict", "v": pairs}}]}, 1)

    assert len(answer.value) == 10_000
