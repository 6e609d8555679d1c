"""Numbers with a fraction that remember how they were written, and JSON that writes them so."""

from __future__ import annotations

import json
import operator
import os
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

_MARK: Final = os.urandom(8).hex()  # begins a text that stands for a number; nobody outside can know it
_SIMPLE: Final = frozenset((str, int, bool, float, type(None)))


class Written(float):
    """A float whose own digits say more than Python's: 1.10, 1e2, or more of them than a float holds.

    Who does not ask for its text sees a float, as HttpRunner and a project's functions do.
    """

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> Written:
        """`text` is a number as JSON spells it."""
        number = super().__new__(cls, text)
        number.text = text
        return number


Written.__name__ = "float"  # jmespath goes by the name of a type


def read_number(text: str) -> float:
    """A number with a fraction or an exponent as JSON spells it."""
    value = float(text)
    return value if repr(value) == text else Written(text)


def read_yaml_number(text: str) -> float:
    """A float as YAML 1.1 spells it, remembered as JSON would: no plus, no underscore, no bare point."""
    text = text.replace("_", "").replace("E", "e")
    minus = "-" if text[0] == "-" else ""
    mantissa, mark, exponent = text.lstrip("+-").partition("e")
    whole, point, fraction = mantissa.partition(".")
    after = f".{fraction or 0}" if point else ""
    return read_number(f"{minus}{whole.lstrip('0') or 0}{after}{mark}{exponent}")


def read_json(text: str | bytes, **options: Any) -> Any:
    """The value of a JSON text, as `json.loads` reads it, numbers as they are written."""
    return json.loads(text, parse_float=read_number, **options)


def spell(value: Any) -> str:
    """A value inside a larger text: a number as it was written, everything else as Python has it."""
    return value.text if isinstance(value, Written) else str(value)


def exact(number: float | Decimal) -> float | Decimal:
    """A number that can be compared with any other by the digits a person reads."""
    if isinstance(number, Written):
        return Decimal(number.text)
    return Decimal(repr(number)) if isinstance(number, float) else number


def with_decimals(value: Any) -> Any:
    """A value with a Decimal for each exact number, for libraries that know no number of ours."""
    return _replaced(value, lambda number: number if isinstance(number, Decimal) else Decimal(number.text))


def json_writer(encoder: type[json.JSONEncoder] = json.JSONEncoder, **options: Any) -> Callable[[Any], str]:
    """What writes JSON as `json.dumps` with these options does, but numbers as they were written."""
    encode = encoder(**options).encode

    def write(value: Any) -> str:
        try:
            text = encode(value)
        except (TypeError, ValueError):
            text = "."  # a Decimal, or more than a float holds
        if "." not in text and "e+" not in text and "e-" not in text:
            return text  # without a single float, the usual case
        marked = _replaced(value, _mark)
        text = encode(marked)
        return text if marked is value else _unmarked(text)

    return write


def _unmarked(text: str) -> str:
    before, *numbers = text.split(f'"{_MARK}')
    return before + "".join(number.replace('"', "", 1) for number in numbers)


def _mark(number: Written | Decimal) -> str:
    return _MARK + (number.text if isinstance(number, Written) else str(number))


def _replaced(value: Any, instead: Callable[[Written | Decimal], Any]) -> Any:
    """The value with something else for each exact number; itself when it holds none."""
    kind = value.__class__
    if kind in _SIMPLE:
        return value
    if kind is dict:
        new = {key: one for key, item in value.items() if (one := _replaced(item, instead)) is not item}
        return {**value, **new} if new else value
    if kind is list or kind is tuple:
        items = [_replaced(item, instead) for item in value]
        return value if all(map(operator.is_, items, value)) else items
    if kind is Written or (kind is Decimal and value.is_finite()):
        return instead(value)
    return value
