"""Reading single values of a large JSON body: the same as reading the whole of it."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from hat.engine import path
from hat.engine.extract import ExtractError, compile_extract
from hat.engine.response import ResponseView
from hat.engine.skim import WORTHWHILE, Skimmed
from hat.number import spell
from tests.engine.answers import SAMPLE, answer

FILLER = "x" * WORTHWHILE
LARGE = {**SAMPLE, "filler": [{"text": FILLER, "price": 1.5}, None, True, [[]], {}]}


def large(text: str) -> str:
    """A JSON object of these members that is worth skimming."""
    return f'{{{text}, "filler": "{FILLER}"}}'


def read(expression: str, view: ResponseView) -> Any:
    """The value, or the sentence that says why there is none."""
    try:
        return compile_extract(expression)(view)
    except ExtractError as problem:
        return problem.kind, problem.message, problem.hint


@pytest.mark.parametrize(
    "expression",
    [
        "body.code",
        "body.none",
        "body.flag",
        "body.pi",
        "body.data",
        "body.data.name",
        "body.data.items[0].id",
        "body.data.items[-1].price",
        "body.data.items.1",
        'body.data."dotted.key"',
        "body.data.0",
        "body.data.empty",
        "body.filler[4]",
        "body.missing",
        "body.data.nam",
        "body.data.items[2]",
        "body.data.items.first",
        "body.code.deeper",
        "body.none.deeper",
        "body[0]",
        "body.filler[3][0][0]",
    ],
)
def test_each_path_leads_to_the_same_as_in_the_whole_body(expression: str) -> None:
    whole = answer(LARGE)
    assert whole.body == LARGE

    assert read(expression, answer(LARGE)) == read(expression, whole)


@pytest.mark.parametrize(
    "body",
    [
        large('"a": 1, "a": 2'),
        large('"a": 0.12345678901234567890123'),
        large('"a": 123456789012345678901234567890'),
        large('"a": "\\u738b"'),
        large('"\\u0061": 1'),
        large('"a": 1, "b": NaN'),
        large('"a": NaN'),
        large('"a": 1, "b": 1e999'),
        large('"a": 1e999'),
        large('"a": 1, "b": "\\ud800"'),
        large('"a": "\\ud800"'),
        large('"a": 1, "b": [1,]'),
        large('"a": 1') + "x",
        large('"a": "王"'),
        large('"a": "王 \\\\"').encode("gb18030"),
        b"\xef\xbb\xbf" + large('"a": 1').encode(),
        large('"a": 1').encode("utf-16"),
        b'{"a": 1, "b": "' + b"\xff" * WORTHWHILE + b'"}',
        '{"a": 1, "b": ' + "[" * 100_000 + "]" * 100_000 + "}",
        f'["{FILLER}"]',
        f'"{FILLER}"',
        FILLER,
    ],
)
def test_each_kind_of_body_is_read_as_a_whole_one_is(body: str | bytes) -> None:
    whole = answer(body)
    assert whole.body is not None

    assert repr(read("body.a", answer(body))) == repr(read("body.a", whole))  # NaN is not NaN


def test_a_long_decimal_keeps_every_digit() -> None:
    view = answer(large('"a": 0.12345678901234567890123'))

    assert spell(compile_extract("body.a")(view)) == "0.12345678901234567890123"


def test_what_stands_beside_is_not_decoded() -> None:
    decoded: list[str] = []

    def note(text: str) -> float:
        decoded.append(text)
        return float(text)

    decoder = msgspec.json.Decoder(float_hook=note)
    skimmed = Skimmed(json.dumps(LARGE).encode(), decoder)

    assert skimmed.value(("data", "items", 0, "price")) == 9.5
    assert decoded == ["9.5"]


def test_a_value_is_decoded_once() -> None:
    skimmed = Skimmed(json.dumps(LARGE).encode(), msgspec.json.Decoder())

    assert skimmed.value(("data",)) is skimmed.value(("data",))


def test_a_path_that_ends_early_is_lost() -> None:
    skimmed = Skimmed(json.dumps(LARGE).encode(), msgspec.json.Decoder())

    with pytest.raises(path.LostError):
        skimmed.value(("data", "nothing"))


def test_what_a_hook_put_in_place_of_the_body_is_read() -> None:
    view = answer(LARGE)
    view.replace("body", {"code": 7})

    assert compile_extract("body.code")(view) == 7
