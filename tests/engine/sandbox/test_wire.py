from __future__ import annotations

import json
from typing import Any

import pytest

from hat.engine.sandbox.wire import LostError, _containers, _parsed

MOST = 4 << 20  # what a platform takes


def frame(value: Any) -> bytes:
    body = json.dumps(value, separators=(",", ":")).encode()
    return len(body).to_bytes(4, "big") + body


@pytest.mark.parametrize("one", [{}, [], {"a": 1}, [[]]], ids=str)
def test_a_reply_of_more_lists_and_objects_than_fit_into_memory_is_refused(one: Any) -> None:
    room = len(json.dumps(one, separators=(",", ":"))) + 1

    with pytest.raises(LostError, match="too much"):
        _parsed(frame([one] * (MOST // room - 1)), MOST)


@pytest.mark.parametrize(
    "value",
    ["{[" * 1_900_000, ["\\{" * 300_000, '"[' * 300_000], [{"id": n} for n in range(200_000)]],
    ids=len,
)
def test_a_large_reply_of_texts_or_of_ordinary_rows_is_taken(value: Any) -> None:
    assert _parsed(frame(value), MOST) == value


def test_texts_without_an_end_are_looked_at_once() -> None:
    assert _containers("{" * 70_000 + '"' + '\\"' * 2_000_000) == 70_000
    assert _containers("[" * 70_000 + '"' + "\\" * 2_000_001) == 70_000
