"""Read what decides whether and how often a step of dialect hat runs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from hat.case import ForEach, Retry, While
from hat.formats.auth import read_auth
from hat.formats.httprunner.words import examine_words
from hat.formats.reading import Reading, kind, read_parameters

MOST_ROUNDS = 10_000
FLOW = frozenset(
    "if skipIf skipUnless while max_iterations retry parameters for_each continue always auth".split()  # noqa: SIM905
)
_CONDITIONS = ("if", "skipIf", "skipUnless", "while")
_LOOPS = ("parameters", "for_each", "while")
_CHECK_HINT = "write a variable, or a check such as {eq: [$state, done]}"


def read_flow(reading: Reading, raw: Mapping[str, Any], path: str) -> dict[str, Any]:
    """The fields of a Step that say when and how often it runs, and with whose credentials."""
    for word in _CONDITIONS:
        if word in raw:
            _read_condition(reading, raw[word], f"{path}.{word}")
    found = {
        "retry": _read_retry(reading, raw.get("retry"), f"{path}.retry"),
        "parameters": read_parameters(reading, raw.get("parameters"), f"{path}.parameters"),
        "for_each": _read_for_each(reading, raw.get("for_each"), f"{path}.for_each"),
        "loop": _read_while(reading, raw, path),
        "goes_on": raw.get("continue", False) is True,
        "always": raw.get("always", False) is True,
        "condition": None if raw.get("if") == "" else raw.get("if"),
        "auth": read_auth(reading, raw.get("auth"), f"{path}.auth"),
    }
    looping = [
        word for word in ("parameters", "for_each", "while") if raw.get(word) not in (None, "", [], {})
    ]
    if len(looping) > 1:
        hint = "put one of them at a group: a step with `steps`"
        reading.problem(path, f"'{looping[0]}' and '{looping[1]}' cannot stand at one step", hint)
    return found


def _read_condition(reading: Reading, value: Any, path: str) -> None:
    """Note what is wrong with a condition: a value, or a check with one comparator."""
    if isinstance(value, Mapping):
        operands = next(iter(value.values()), None)
        if len(value) != 1 or not isinstance(operands, list) or len(operands) != 2:
            reading.problem(path, "a check in a condition is {comparator: [actual, expected]}", _CHECK_HINT)
    elif isinstance(value, list):
        reading.problem(path, "expected one condition, got a list", _CHECK_HINT)


def _read_retry(reading: Reading, value: Any, path: str) -> Retry | None:
    if value in (None, "", False):
        return None
    if not isinstance(value, Mapping):
        reading.problem(path, f"expected until, interval and timeout, got {kind(value)}")
        return None
    examine_words(reading, value, "retry", path)
    until = value.get("until")
    if until not in (None, "") and not isinstance(until, Mapping):
        hint = "until: {eq: [body.state, done]}"
        reading.problem(f"{path}.until", f"expected a check, got {kind(until)}", hint)
    elif isinstance(until, Mapping):
        _read_condition(reading, until, f"{path}.until")
    seconds = {}
    for key, default in (("interval", 1.0), ("timeout", 30.0)):
        given = value.get(key, default)
        seconds[key] = default
        if isinstance(given, bool) or not isinstance(given, (int, float)) or not 0 <= given < math.inf:
            reading.problem(f"{path}.{key}", f"expected seconds, got {kind(given)}")
        else:
            seconds[key] = float(given)
    return Retry(until or None, seconds["interval"], seconds["timeout"])


def _read_for_each(reading: Reading, value: Any, path: str) -> ForEach | None:
    """`{user: $users}`; a list or a text alone is walked as `item`."""
    if value in (None, "", {}):
        return None
    if isinstance(value, Mapping):
        if len(value) == 1:
            ((names, items),) = value.items()
            return ForEach(str(names), items)
        hint = "`parameters` multiplies several lists; names joined by - take an item apart"
        reading.problem(path, f"expected one name with its list, got {len(value)} names", hint)
        return None
    if isinstance(value, (list, str)):
        return ForEach("item", value)
    reading.problem(path, f"expected a name with its list, got {kind(value)}", "for_each: {user: $users}")
    return None


def _read_while(reading: Reading, raw: Mapping[str, Any], path: str) -> While | None:
    most = raw.get("max_iterations")
    if raw.get("while") in (None, ""):
        if most not in (None, ""):
            reading.problem(f"{path}.max_iterations", "max_iterations is the cap of a 'while', there is none")
        return None
    if most in (None, ""):
        return While(raw["while"])
    if isinstance(most, bool) or not isinstance(most, int) or not 1 <= most <= MOST_ROUNDS:
        got = most if isinstance(most, int) else kind(most)
        reading.problem(f"{path}.max_iterations", f"expected a number from 1 to {MOST_ROUNDS}, got {got}")
        return While(raw["while"])
    return While(raw["while"], most)
