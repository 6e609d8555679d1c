"""What each comparator asks, and what is said when the answer is no."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from hat.engine.check import (
    COMPARATORS,
    Raised,
    compile_comparator,
    judge,
    judge_own,
    suggest_comparator,
)
from hat.engine.extract import ExtractError
from hat.result import CheckResult, Outcome

PASSED, FAILED, ERROR = Outcome.PASSED, Outcome.FAILED, Outcome.ERROR


def check(
    comparator: str,
    actual: Any,
    expected: Any,
    dialect: str = "hat",
    expression: str = "body.x",
    message: str = "",
) -> CheckResult:
    compiled = compile_comparator(comparator, dialect)
    assert compiled is not None
    return judge(compiled, actual, expected, expression=expression, dialect=dialect, message=message)


@pytest.mark.parametrize(
    ("comparator", "actual", "expected", "outcome"),
    [
        ("eq", 200, 200, PASSED),
        ("eq", 200, "200", FAILED),
        ("eq", 1, 1.0, PASSED),
        ("eq", True, 1, FAILED),
        ("eq", False, 0, FAILED),
        ("eq", {"a": [True]}, {"a": [1]}, FAILED),
        ("eq", {"a": 1, "b": 2}, {"b": 2, "a": 1.0}, PASSED),
        ("eq", [1, 2], (1, 2), PASSED),
        ("eq", None, None, PASSED),
        ("eq", Decimal("0.10"), 0.1, PASSED),
        ("eq", 9007199254740993, 9007199254740992.0, FAILED),
        ("==", "a", "a", PASSED),
        ("is", "a", "a", PASSED),
        ("ne", 1, True, PASSED),
        ("!=", 1, 1, FAILED),
        ("lt", 1, 2, PASSED),
        ("<", 2, 2, FAILED),
        ("lt", "a", "b", PASSED),
        ("lt", "1", 2, FAILED),
        ("lt", None, 2, FAILED),
        ("lt", True, 2, FAILED),
        ("lt", Decimal("0.1"), 0.2, PASSED),
        ("le", 2, 2, PASSED),
        ("gt", 2, 1, PASSED),
        ("ge", 2, 2, PASSED),
        (">=", 1, 2, FAILED),
        ("str_eq", 200, "200", PASSED),
        ("str_eq", True, "true", PASSED),
        ("str_eq", None, "null", PASSED),
        ("len_eq", [1, 2], 2, PASSED),
        ("count_eq", "abc", 3, PASSED),
        ("length_equal", {"a": 1}, 1, PASSED),
        ("len_eq", 5, 1, FAILED),
        ("len_eq", [1], "1", ERROR),
        ("len_gt", [1], 0, PASSED),
        ("len_ge", [1], 1, PASSED),
        ("len_lt", [1], 2, PASSED),
        ("len_le", [1], 0, FAILED),
        ("contains", "abc", "b", PASSED),
        ("contains", [1, 2], 2, PASSED),
        ("contains", [1], True, FAILED),
        ("contains", {"a": 1}, "a", PASSED),
        ("contains", "abc", 1, FAILED),
        ("contains", 5, 1, FAILED),
        ("not_contains", "abc", "z", PASSED),
        ("not_contains", [1], 1, FAILED),
        ("contained_by", 200, [200, 201], PASSED),
        ("contained_by", "b", "abc", PASSED),
        ("contained_by", 200, 200, ERROR),
        ("one_of", 1, [1, 2], PASSED),
        ("one_of", True, [1, 2], FAILED),
        ("one_of", 1, "1", ERROR),
        ("not_one_of", 3, [1, 2], PASSED),
        ("type_match", 1, "int", PASSED),
        ("type_match", True, "int", FAILED),
        ("type_match", True, "bool", PASSED),
        ("type_match", 1.5, "float", PASSED),
        ("type_match", Decimal("1.5"), "float", PASSED),
        ("type_match", 1, "number", PASSED),
        ("type_match", "a", "text", PASSED),
        ("type_match", [], "array", PASSED),
        ("type_match", {}, "object", PASSED),
        ("type_match", None, "null", PASSED),
        ("type_match", None, None, PASSED),
        ("type_match", 1, "nosuch", ERROR),
        ("type_match", 1, "len", ERROR),
        ("regex_match", "success", "suc", PASSED),
        ("regex_match", "success", "cess", FAILED),
        ("regex_search", "success", "cess", PASSED),
        ("regex_match", 5, "5", FAILED),
        ("regex_match", "a", "(", ERROR),
        ("regex_match", "a", 5, ERROR),
        ("startswith", "success", "suc", PASSED),
        ("startswith", 200, 2, PASSED),
        ("endswith", 3.14, 14, PASSED),
        ("ends_with", "a", "b", FAILED),
        ("approx", 1.0000001, 1, PASSED),
        ("approx", 1.1, 1, FAILED),
        ("approx", 1.1, [1, 0.2], PASSED),
        ("approx", 0.3, [0.1, 0.2], PASSED),
        ("approx", "1", 1, FAILED),
        ("approx", 1, "1", ERROR),
        ("unordered_eq", [3, 1, 2], [1, 2, 3], PASSED),
        ("unordered_eq", [1, 1, 2], [1, 2, 2], FAILED),
        ("unordered_eq", {"a": [{"b": 1}, 2]}, {"a": [2, {"b": 1}]}, PASSED),
        ("unordered_eq", [1], {"a": 1}, FAILED),
        ("unordered_eq", [True, 1, "1"], ["1", 1.0, True], PASSED),
        ("unordered_eq", [True, True], [1, True], FAILED),
        ("unordered_eq", [*range(20_000)], [*range(19_999, -1, -1)], PASSED),
        ("equal_fold", "ABC", "abc", PASSED),
        ("equal_fold", 1, "1", FAILED),
        ("exists", 0, None, PASSED),
        ("exists", None, True, PASSED),
        ("exists", 1, False, FAILED),
        ("not_exists", 1, None, FAILED),
        ("not_exists", 1, False, PASSED),
    ],
)
def test_dialect_hat_judges(comparator: str, actual: Any, expected: Any, outcome: Outcome) -> None:
    assert check(comparator, actual, expected).outcome is outcome


@pytest.mark.parametrize(
    ("comparator", "outcome"), [("exists", FAILED), ("not_exists", PASSED), ("eq", FAILED), ("lt", FAILED)]
)
def test_a_missing_value_is_judged(comparator: str, outcome: Outcome) -> None:
    assert check(comparator, ExtractError("body.x is not in the response"), None).outcome is outcome


def test_a_missing_value_may_be_wanted() -> None:
    assert check("exists", ExtractError("body.x is not in the response"), False).outcome is PASSED


def test_an_expression_that_cannot_be_used_is_an_error_even_for_not_exists() -> None:
    assert check("not_exists", ExtractError("the expression is empty", "error"), None).outcome is ERROR


def test_a_null_of_jmespath_equals_null() -> None:
    problem = ExtractError("a[0] finds nothing", may_be_null=True)

    assert check("eq", problem, None).outcome is PASSED
    assert check("eq", problem, 1).outcome is FAILED
    assert check("gt", problem, 1).message == "a[0] finds nothing"


@pytest.mark.parametrize(
    ("comparator", "actual", "expected", "message"),
    [
        ("eq", 404, 200, "body.x: expected 200, got 404"),
        ("eq", 200, "200", 'body.x: expected "200" (text), got 200 (number)'),
        ("eq", "Bob", "王", 'body.x: expected "王", got "Bob"'),
        ("eq", None, 1, "body.x: expected 1, got null"),
        ("eq", True, 1, "body.x: expected 1, got true"),
        ("ne", 1, 1, "body.x: expected anything but 1, got 1"),
        ("lt", 3, 3, "body.x: expected less than 3, got 3"),
        ("le", 3, 2, "body.x: expected at most 2, got 3"),
        ("gt", 3, 3, "body.x: expected more than 3, got 3"),
        ("ge", 3, 4, "body.x: expected at least 4, got 3"),
        ("gt", "a", 1, 'body.x: expected more than 1, got "a" (text and number have no order)'),
        ("len_eq", [1], 2, "body.x: expected length 2, got length 1: [1]"),
        ("len_eq", 5, 2, "body.x: expected length 2, got 5 (number has no length)"),
        ("len_eq", [1], "2", 'body.x len_eq "2": a length is a number, not "2"'),
        ("contains", [1], 2, "body.x: expected to contain 2, got [1]"),
        ("contained_by", 3, [1, 2], "body.x: expected to be contained in [1, 2], got 3"),
        ("one_of", 3, [1, 2], "body.x: expected one of [1, 2], got 3"),
        ("type_match", 5, "str", "body.x: expected type str, got int 5"),
        ("type_match", None, "str", "body.x: expected type str, got null"),
        ("regex_match", "ab", "b", 'body.x: expected to match from its start "b", got "ab"'),
        (
            "regex_match",
            "ab",
            "(",
            'body.x regex_match "(": missing ), unterminated subpattern at position 0',
        ),
        ("startswith", "ab", "b", 'body.x: expected to start with "b", got "ab"'),
        ("approx", 2, 1, "body.x: expected about 1, got 2"),
        ("exists", 1, False, "body.x: expected no value, got 1"),
        ("not_exists", 1, None, "body.x: expected no value, got 1"),
        ("str_eq", 1, "2", 'body.x: expected as text "2", got "1"'),
    ],
)
def test_a_failure_says_what_was_expected_and_what_came(
    comparator: str, actual: Any, expected: Any, message: str
) -> None:
    assert check(comparator, actual, expected).message == message


def test_the_authors_words_stand_behind_the_fact() -> None:
    assert check("eq", 1, 2, message="retry later").message == "body.x: expected 2, got 1 (retry later)"


def test_a_long_value_is_cut() -> None:
    message = check("eq", "x" * 5000, "y").message

    assert message.endswith("… (5000 characters)")
    assert len(message) < 300


def test_one_difference_of_a_structure_is_one_line() -> None:
    expected = {"items": [{"id": 1, "price": 9.5}, {"id": 2, "price": 21}]}
    actual = {"items": [{"id": 1, "price": 9.5}, {"id": 2, "price": 20}]}

    assert check("eq", actual, expected).message == "body.x.items[1].price: expected 21, got 20"


def test_several_differences_are_one_line_each() -> None:
    message = check("eq", {"a": 1, "c": 3, "d d": 4}, {"a": 2, "b": 2, "d d": 5}).message

    assert message.splitlines() == [
        "body.x: differs in 4 places",
        "  body.x.a: expected 2, got 1",
        "  body.x.b: expected 2, it is missing",
        '  body.x."d d": expected 5, got 4',
        "  body.x.c: not expected, got 3",
    ]


def test_many_differences_are_counted() -> None:
    lines = check("eq", list(range(10)), list(range(20, 30))).message.splitlines()

    assert lines[0] == "body.x: differs in 10 places"
    assert lines[-1] == "  and 5 more"


def test_an_item_more_is_one_difference() -> None:
    assert check("eq", ["a", "new", "b"], ["a", "b"]).message == 'body.x[1]: not expected, got "new"'


def test_a_list_instead_of_an_object_is_shown_whole() -> None:
    assert check("eq", [1], {"a": 1}).message == 'body.x: expected {"a": 1}, got [1]'


@pytest.mark.parametrize(
    ("comparator", "actual", "expected", "outcome"),
    [
        ("eq", True, 1, PASSED),
        ("equals", 200, "200", FAILED),
        ("lt", "success", 3, FAILED),
        ("gt", None, 3, FAILED),
        ("len_eq", [1, 2, 3], "3", FAILED),
        ("len_eq", 200, 3, FAILED),
        ("contains", 200, 2, FAILED),
        ("contains", "success", 2, FAILED),
        ("contained_by", 200, "200", FAILED),
        ("type_match", True, "int", PASSED),
        ("type_match", None, "object", PASSED),
        ("type_match", 1, "nosuch", ERROR),
        ("type_match", 1, 5, ERROR),
        ("type_match", 1, "len", FAILED),
        ("type_match", None, "None", FAILED),
        ("regex_match", "success", "cess", FAILED),
        ("regex_match", 200, "200", FAILED),
        ("regex_match", "a", "(", ERROR),
        ("string_equals", True, "true", FAILED),
        ("string_equals", None, "None", PASSED),
        ("startswith", 200, 2, PASSED),
        ("isinstance", 200, {"a": 1}, FAILED),
    ],
)
def test_httprunner_2_judges(comparator: str, actual: Any, expected: Any, outcome: Outcome) -> None:
    assert check(comparator, actual, expected, "httprunner2").outcome is outcome


@pytest.mark.parametrize("dialect", ["httprunner3", "httprunner4"])
@pytest.mark.parametrize(
    ("comparator", "actual", "expected", "outcome"),
    [
        ("equal", True, 1, PASSED),
        ("lt", "success", 3, ERROR),
        ("gt", None, 3, ERROR),
        ("len_eq", [1, 2, 3], "3", FAILED),
        ("len_eq", [1], 1.0, FAILED),
        ("len_gt", [1], 0.5, PASSED),
        ("len_eq", 200, 3, ERROR),
        ("contains", 200, 2, FAILED),
        ("contains", "success", 2, ERROR),
        ("contains", b"abc", "b", ERROR),
        ("type_match", True, "int", FAILED),
        ("type_match", None, "NoneType", PASSED),
        ("type_match", None, None, PASSED),
        ("type_match", 1, "nosuch", ERROR),
        ("regex_match", 200, "200", FAILED),
    ],
)
def test_httprunner_3_and_4_judge(
    dialect: str, comparator: str, actual: Any, expected: Any, outcome: Outcome
) -> None:
    assert check(comparator, actual, expected, dialect).outcome is outcome


HTTPRUNNER_2 = """
eq equals == is ne not_equals lt less_than le less_than_or_equals gt greater_than ge greater_than_or_equals
str_eq string_equals len_eq length_equals count_eq len_gt count_gt length_greater_than count_greater_than
len_ge count_ge length_greater_than_or_equals count_greater_than_or_equals len_lt count_lt length_less_than
count_less_than len_le count_le length_less_than_or_equals count_less_than_or_equals contains contained_by
type_match regex_match startswith endswith
"""
HTTPRUNNER_34 = """
eq equal equals ne not_equal lt less_than le less_or_equals gt greater_than ge greater_or_equals str_eq
string_equals len_eq length_equal len_gt length_greater_than len_ge length_greater_or_equals len_lt
length_less_than len_le length_less_or_equals contains contained_by type_match regex_match startswith endswith
"""


def test_each_dialect_knows_exactly_its_names() -> None:
    assert set(COMPARATORS["httprunner2"]) == set(HTTPRUNNER_2.split())
    assert set(COMPARATORS["httprunner3"]) == set(HTTPRUNNER_34.split())
    assert set(COMPARATORS["httprunner4"]) == set(HTTPRUNNER_34.split())


def test_dialect_hat_knows_every_name_of_the_others() -> None:
    assert set(HTTPRUNNER_2.split()) | set(HTTPRUNNER_34.split()) <= set(COMPARATORS["hat"])


@pytest.mark.parametrize(
    ("dialect", "name", "canonical"),
    [
        ("httprunner2", "eq", "equals"),
        ("httprunner2", "count_ge", "length_greater_than_or_equals"),
        ("httprunner4", "eq", "equal"),
        ("hat", "equals", "eq"),
        ("hat", "count_ge", "len_ge"),
    ],
)
def test_a_result_names_the_comparator_as_its_dialect_does(dialect: str, name: str, canonical: str) -> None:
    found = compile_comparator(name, dialect)

    assert found is not None
    assert found.name == canonical


def test_an_unknown_name_may_be_a_function_of_the_project() -> None:
    assert compile_comparator("even") is None


@pytest.mark.parametrize(
    ("name", "dialect", "hint"),
    [
        ("equls", "hat", "did you mean 'equals'?"),
        ("EQ", "hat", "did you mean 'eq'?"),
        ("evn", "hat", "did you mean 'even'?"),
        ("is", "httprunner4", "dialect httprunner4 calls it 'equal'"),
        ("one_of", "httprunner4", "dialect hat knows it"),
        ("zzzzzz", "hat", ""),
    ],
)
def test_a_near_miss_gets_a_hint(name: str, dialect: str, hint: str) -> None:
    assert suggest_comparator(name, dialect, ["even"]) == hint


@pytest.mark.parametrize(
    ("answer", "outcome", "message"),
    [
        (True, PASSED, ""),
        (None, PASSED, ""),
        (False, FAILED, "body.x: even(3, true) gave false"),
        (Raised("AssertionError", "odd"), FAILED, "body.x: even(3, true) does not hold: odd"),
        (Raised("AssertionError"), FAILED, "body.x: even(3, true) does not hold"),
        (Raised("TypeError", "no"), FAILED, "body.x: even(3, true) does not hold: no"),
        (Raised("KeyError", "'cmp'"), ERROR, "body.x: even(3, true) raised KeyError: 'cmp'"),
    ],
)
def test_a_function_of_the_project_judges(answer: Any, outcome: Outcome, message: str) -> None:
    result = judge_own("even", 3, True, expression="body.x", answer=answer)

    assert (result.outcome, result.message) == (outcome, message)


def test_httprunner_2_lets_false_pass() -> None:
    assert judge_own("f", 1, 2, expression="x", answer=False, dialect="httprunner2").outcome is PASSED


def test_a_value_that_could_not_be_read_is_not_given_to_a_function() -> None:
    result = judge_own("f", ExtractError("body.x is not there", hint="look again"), 2, expression="body.x")

    assert (result.outcome, result.message) == (FAILED, "body.x is not there; look again")
