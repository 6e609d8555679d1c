"""Cases share what is compiled of equal texts and checks, and only that."""

from __future__ import annotations

from hat.case import Check
from hat.engine.dialect import DIALECT
from hat.engine.plan import compile_check
from hat.engine.template import compile_value

HAT = DIALECT["hat"]


def test_a_check_of_a_number_is_not_taken_for_that_of_a_boolean() -> None:
    plans = [
        compile_check(Check("body.n", "eq", expected, "", "validate[0]"), HAT) for expected in (1, True, "1")
    ]

    assert [(type(plan.source.expect), type(plan.expect.value)) for plan in plans] == [
        (int, int),
        (bool, bool),
        (str, str),
    ]


def test_equal_checks_at_equal_places_are_compiled_once() -> None:
    first, second, third = (
        compile_check(Check("status_code", "eq", 200, "", place), HAT) for place in ("a", "a", "b")
    )

    assert first is second
    assert third.source.place == "b"


def test_a_check_with_words_of_its_author_keeps_them() -> None:
    plans = [compile_check(Check("body.n", "eq", 1, words, "validate[0]"), HAT) for words in ("", "why")]

    assert [plan.message.value for plan in plans] == ["", "why"]


def test_a_text_names_the_place_it_stands_at() -> None:
    templates = [compile_value({"token": "Bearer $token"}, HAT.syntax, path) for path in ("one", "two")]

    assert [template.names for template in templates] == [
        (("token", f"{path}.token"),) for path in ("one", "two")
    ]


def test_calls_in_texts_of_one_value_keep_their_order() -> None:
    template = compile_value(["${first()}", "$name", "${second()}", "${first()}"], HAT.syntax)

    assert [site.name for site in template.calls] == ["first", "second", "first"]
    assert template.build({"name": "ann"}, [1, 2, 3]) == [1, "ann", 2, 3]
