"""Texts with variables and calls, in the way of each dialect."""

from __future__ import annotations

from typing import Any

import pytest

from hat.engine.dialect import DIALECT
from hat.engine.template import RenderError, compile_value, literal

VARIABLES: dict[str, Any] = {
    "i": 5, "s": "str", "b": True, "n": None, "l": [1, "two"], "名": "x", "braces": "{not} {0}", "5": "digit",
}  # fmt: skip

SAME = [
    ("a variable alone keeps its type", "$i", 5),
    ("in braces too", "${l}", [1, "two"]),
    ("inside a text it is text", "x${i}y", "x5y"),
    ("null and booleans as Python writes them", "<$n>$b", "<None>True"),
    ("two variables are text", "$i$s", "5str"),
    ("a name ends where word characters end", "$i.5/$s-$b!", "5.5/str-True!"),
    ("two dollars are one", "a$$b", "a$b"),
    ("an escape before a variable", "$$$i", "$5"),
    ("a dollar at the end", "100$", "100$"),
    ("braces are safe", "{}$i{x}", "{}5{x}"),
    ("braces of a value are safe", "$braces|$i", "{not} {0}|5"),
    ("other scripts are word characters", "${名}", "x") ,
    ("a list", ["$i", {"k$i": "$s"}], [5, {"k5": "str"}]),
    ("numbers stay", {"a": 1.5, "b": None}, {"a": 1.5, "b": None}),
]  # fmt: skip
DIFFERENT = [
    ("httprunner2", "a text is plain when its first dollar is", "US$ $i", "US$ $i"),
    ("httprunner4", "a plain dollar stops nothing", "US$ $i", "US$ 5"),
    ("hat", "a plain dollar stops nothing", "US$ $i", "US$ 5"),
    ("httprunner2", "escapes of a plain text", "cost $$5 and $i", "cost $5 and $i"),
    ("httprunner4", "a digit begins no name", "costs $5", "costs $5"),
    ("hat", "a digit begins no name", "costs $5", "costs $5"),
    ("httprunner2", "a digit begins a name", "$5", "digit"),
    ("httprunner2", "blanks around a template go", "  $i ", 5),
    ("httprunner2", "blanks of a plain text stay", "  x ", "  x "),
    ("httprunner4", "blanks around every text go", " x\t", "x"),
    ("httprunner4", "newlines stay", "$s\n", "str\n"),
    ("hat", "blanks stay", "  $i ", "  5 "),
    ("hat", "a letter of any script begins a name", "用户 $名", "用户 x"),
    ("httprunner4", "a letter of another script begins no name", "用户 $名", "用户 $名"),
]


@pytest.mark.parametrize("dialect", ["httprunner2", "httprunner3", "httprunner4", "hat"])
@pytest.mark.parametrize(("text", "value"), [row[1:] for row in SAME], ids=[row[0] for row in SAME])
def test_every_dialect_renders(dialect: str, text: Any, value: Any) -> None:
    if text == "${名}" and dialect in ("httprunner3", "httprunner4"):
        value = text  # names begin with a letter of ASCII there

    template = compile_value(text, DIALECT[dialect].syntax)

    assert template.build(VARIABLES, ()) == value


@pytest.mark.parametrize(
    ("dialect", "text", "value"),
    [(row[0], row[2], row[3]) for row in DIFFERENT],
    ids=[f"{row[0]}-{row[1]}" for row in DIFFERENT],
)
def test_a_dialect_renders(dialect: str, text: Any, value: Any) -> None:
    assert compile_value(text, DIALECT[dialect].syntax).build(VARIABLES, ()) == value


CALLS = [
    ("none", "${f()}", [], {}),
    ("literals", "${f(1, 2.5, -3, True, None, 0x10)}", [1, 2.5, -3, True, None, 16], {}),
    ("words", "${f(abc, a-b, two words, 2020-01-02, 01, true)}",
     ["abc", "a-b", "two words", "2020-01-02", "01", "true"], {}),
    ("variables keep their type", "${f($l, pre$s)}", [[1, "two"], "prestr"], {}),
    ("names", "${f(1, k=$i, z=abc)}", [1], {"k": 5, "z": "abc"}),
    ("two empty ones", "${f(,)}", ["", ""], {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "args", "kwargs"), [row[1:] for row in CALLS], ids=[row[0] for row in CALLS]
)
def test_a_call_has_arguments(text: str, args: list[Any], kwargs: dict[str, Any]) -> None:
    (site,) = compile_value(text, DIALECT["httprunner2"].syntax).calls

    assert site.arguments(VARIABLES) == (args, kwargs)


@pytest.mark.parametrize("text", ['${f("a")}', "${f([1])}", "${f(a:b)}", "${f(a+b)}", "${f(${i})}", "$f(1)"])
def test_what_is_no_call_has_none(text: str) -> None:
    template = compile_value(text, DIALECT["hat"].syntax)

    assert template.calls == ()


def test_an_answer_takes_the_place_of_its_call() -> None:
    template = compile_value({"a": "x${f(1)}", "b": "${g()}"}, DIALECT["hat"].syntax)

    assert template.build({}, ["one", [2]]) == {"a": "xone", "b": [2]}


def test_what_holds_no_variable_is_rendered_once() -> None:
    value = {"a": [1, "two"], "b": {"c": None}}

    template = compile_value(value, DIALECT["hat"].syntax)

    assert template.constant
    assert template.value is value


def test_an_unknown_variable_is_told_with_its_path_and_what_is_known() -> None:
    template = compile_value({"headers": {"token": "$token"}}, DIALECT["hat"].syntax, "teststeps[1].request")

    with pytest.raises(RenderError) as caught:
        template.build({"base": 1, "request": {}}, ())

    assert caught.value.message == "variable 'token' is not defined"
    assert caught.value.path == "teststeps[1].request.headers.token"
    assert caught.value.hint == "known here: base"


def test_an_argument_with_two_equal_signs_is_a_problem() -> None:
    template = compile_value("${f(a=b=c)}", DIALECT["hat"].syntax, "here")

    assert template.problems == (("argument 'a=b=c' of f() has more than one '='", "here"),)
    with pytest.raises(RenderError):
        template.calls[0].arguments({})


@pytest.mark.parametrize(
    ("text", "value"), [("5", 5), ("'5'", "5"), ("[1]", [1]), ("a b", "a b"), ("(" * 300, "(" * 300)]
)
def test_a_text_is_read_as_the_literal_it_is(text: str, value: Any) -> None:
    assert literal(text) == value


def test_a_call_beside_a_key_with_a_variable_is_one_call() -> None:
    template = compile_value({"a": "${f()}", "$s": "${g()}"}, DIALECT["hat"].syntax)

    assert [site.name for site in template.calls] == ["f", "g"]
    assert template.build(VARIABLES, [1, 2]) == {"a": 1, "str": 2}
