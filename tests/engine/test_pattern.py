"""Regular expressions of cases: what they find is what Python finds, and they never go on for ever."""

from __future__ import annotations

import re

import pytest

from hat.engine import pattern as module
from hat.engine.comparator import hat_regex_match
from hat.engine.extract import compile_extract
from hat.engine.pattern import SlowPatternError, pattern
from hat.engine.reader import ExtractError
from tests.engine.answers import answer

ENDLESS = "(a+)+$"


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (r'"id": (\d+)', '{"id": 42}'),
        (r"(?i)token=(\w+)", "TOKEN=abc"),
        (r"(?P<year>\d{4})-(\d\d)", "on 2026-11-22"),
        (r"/users/{id}/{e}", "/users/{id}/{e}"),
        (r"/users/\{d}", "/users/{d}"),
        (r"\\{s}", r"\{s}"),
        (r"a{2,3}", "caaaat"),
        ("\\N{em dash}(.)", "a\N{EM DASH}b"),
        (r"[{i}]+", "x{i}"),
        (r"nothing", "here"),
        (r"^b$", "a\nb"),
    ],
)
def test_it_finds_what_python_finds(expression: str, text: str) -> None:
    wanted, found = re.search(expression, text), pattern(expression).search(text)

    assert (found and (found[0], found.groups())) == (wanted and (wanted[0], wanted.groups()))


def test_what_is_no_expression_is_refused_in_the_words_of_python() -> None:
    with pytest.raises(re.error, match="unterminated subpattern"):
        pattern("(")


def test_a_search_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LIMIT_S", 0.05)

    with pytest.raises(SlowPatternError, match=r"takes longer than 0\.05 s"):
        hat_regex_match("a" * 5000 + "!", ENDLESS)
    with pytest.raises(ExtractError, match=r"regex:.* takes longer than 0\.05 s"):
        compile_extract(f"regex:{ENDLESS}", "hat")(answer("a" * 5000 + "!"))


SLOW_XPATH = "count(//*[count(//*[count(//*)>0])>0])"
MANY = "<div>" + "<p>a</p>" * 300 + "</div>"


def test_an_xpath_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LIMIT_S", 0.05)
    monkeypatch.setattr(module, "PATIENCE", module.Patience())
    read = compile_extract(f"xpath:{SLOW_XPATH}", "hat")

    for _ in range(module._MOST_LEFT):
        with pytest.raises(ExtractError, match=r"takes longer than 0\.05 s"):
            read(answer(MANY))
    with pytest.raises(ExtractError, match="still under way"):
        read(answer(MANY))
    for thread in module._left:
        thread.join()


def test_many_slow_ones_get_less_time_each() -> None:
    patience = module.Patience()

    first = patience.granted()
    patience.note(first)

    assert (first, patience.granted()) == (module.LIMIT_S, module.SHORT_S)
    assert patience.owes is True


def test_quick_ones_cost_nothing() -> None:
    patience = module.Patience()

    for _ in range(1000):
        patience.note(0.01)

    assert (patience.granted(), patience.owes) == (module.LIMIT_S, False)
