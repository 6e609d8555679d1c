from __future__ import annotations

import pytest

from hat.engine.date import unix_time


@pytest.mark.parametrize(
    "text",
    [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun, 06-Nov-1994 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Nov  6 08:49:37 1994 GMT",
        "6 november 1994 8:49:37",
    ],
)
def test_every_form_of_a_date_is_read(text: str) -> None:
    assert unix_time(text) == 784111777


@pytest.mark.parametrize(("year", "seconds"), [("69", 3124224000), ("70", 0)])
def test_two_digits_of_a_year_are_this_century_up_to_69(year: str, seconds: int) -> None:
    assert unix_time(f"01-Jan-{year} 00:00:00") == seconds


@pytest.mark.parametrize("text", ["", "never", "Sun, 06 Foo 1994 08:49:37 GMT", "31 Feb 1994 08:49:37", "0"])
def test_anything_else_is_no_date(text: str) -> None:
    assert unix_time(text) is None
