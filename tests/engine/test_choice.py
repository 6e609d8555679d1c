"""Which rows of parameters run."""

from __future__ import annotations

from typing import Any

import pytest

from hat.case import Case
from hat.engine import Options, run_all
from hat.engine.choice import WrongRowsError, read_choice
from hat.formats import read
from hat.result import Outcome
from tests.engine.running import echo

ROWS = [{"user": "ann", "age": 7}, {"user": "bob", "age": 8}, {"user": "cy", "age": True}]
CHOICES = [
    ("", [1, 2, 3]),
    (" , ", [1, 2, 3]),
    ("2", [2]),
    ("2-3", [2, 3]),
    ("3, 1", [1, 3]),
    ("9", []),
    ("user=bob", [2]),
    ("user = bob, age=7", [1, 2]),
    ("age=true", [3]),
    ("name=bob", []),
    ("1，user=cy", [1, 3]),
]


@pytest.mark.parametrize(("text", "taken"), CHOICES, ids=[text for text, _ in CHOICES])
def test_it_takes_rows_by_number_and_by_value(text: str, taken: list[int]) -> None:
    choice = read_choice(text)

    assert [number for number, row in enumerate(ROWS, 1) if choice.takes(number, row)] == taken


@pytest.mark.parametrize("text", ["first", "0", "3-1", "1-", "-", "=ann", "1..3", "1" * 20])
def test_what_is_no_row_is_refused_in_words(text: str) -> None:
    with pytest.raises(
        WrongRowsError, match=r"names no row: write 2, 4-6 or user=ann|rows are counted from 1"
    ):
        read_choice(text)


def case(sample: str, **config: Any) -> Case:
    """A case that says who runs it."""
    return read({"config": {"name": "case", "base_url": sample, **config}, "teststeps": [echo("$user")]})


def test_chosen_rows_keep_their_numbers(sample: str) -> None:
    users = {"user": ["ann", "bob", "cy"]}

    result = run_all([case(sample, parameters=users, times=2)], options=Options(rows=read_choice("2")))

    assert [(one.row, one.row_index) for one in result.cases] == [({"user": "bob"}, 2), ({"user": "bob"}, 3)]


def test_a_case_without_a_chosen_row_is_skipped_and_says_why(sample: str) -> None:
    cases = [case(sample, parameters={"user": ["ann", "bob"]}), case(sample, variables={"user": "me"})]

    result = run_all(cases, options=Options(rows=read_choice("user=cy")))

    assert [one.outcome for one in result.cases] == [Outcome.SKIPPED, Outcome.PASSED]
    assert result.cases[0].skip_reason == "none of its 2 rows is chosen"
    assert result.cases[0].steps == ()
