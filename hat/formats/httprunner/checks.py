"""Read the lines of `validate`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from sys import intern
from typing import Any

from hat.case import HTTPRUNNER_2, Check
from hat.formats.reading import Reading, kind

_SHARED = (int, bool, type(None))
_HINT = "write `- eq: [status_code, 200]` or `{check: status_code, comparator: eq, expect: 200}`"


def read_checks(reading: Reading, value: Any, path: str) -> tuple[Check, ...]:
    """The checks of a step, in order; disabled ones are left out."""
    if value is None or value == "":
        return ()
    if not isinstance(value, list):
        reading.problem(path, f"expected a list of checks, got {kind(value)}", _HINT)
        return ()
    found = [_read_check(reading, item, f"{path}[{index}]") for index, item in enumerate(value)]
    return tuple([check for check in found if check is not None])


def _read_check(reading: Reading, item: Any, path: str) -> Check | None:
    if not isinstance(item, (dict, Mapping)):
        reading.problem(path, f"expected a check, got {kind(item)}", _HINT)
        return None
    if "check" in item and ("expect" in item or "expected" in item or reading.dialect == "hat"):
        return _read_long(reading, item, path)
    if len(item) != 1:
        reading.problem(path, "a check has one comparator, or check, comparator and expect", _HINT)
        return None
    ((comparator, operands),) = item.items()
    limit = 2 if reading.dialect in HTTPRUNNER_2 else 3
    if not isinstance(operands, list) or not 2 <= len(operands) <= limit:
        if reading.dialect == "hat" and isinstance(operands, list) and len(operands) == 1:
            operands = [operands[0], None]
        else:
            got = f"{len(operands)} values" if isinstance(operands, list) else kind(operands)
            reading.problem(f"{path}.{comparator}", f"expected [actual, expected], got {got}", _HINT)
            return None
    message = operands[2] if len(operands) == 3 else ""
    return _check(reading, operands[0], str(comparator), operands[1], message, path)


def _read_long(reading: Reading, item: Mapping[str, Any], path: str) -> Check | None:
    if item.get("enabled", True) is False:
        return None
    if item["check"] == "" and reading.dialect == "hat":
        return None  # an empty row of the editor
    comparator = item.get("comparator")
    if comparator is None and reading.dialect in ("hat", "httprunner4"):
        comparator = item.get("assert")
    expect = item["expect"] if "expect" in item else item.get("expected")
    message = item.get("message", item.get("msg", ""))
    return _check(reading, item["check"], str(comparator or "eq"), expect, message, path)


def _check(
    reading: Reading, actual: Any, comparator: str, expect: Any, message: Any, path: str
) -> Check | None:
    if reading.dialect in ("httprunner3", "httprunner4") and not isinstance(actual, str):
        reading.problem(path, f"the left side of a check is text here, got {kind(actual)}")
        return None
    if isinstance(actual, str) and isinstance(message, str) and isinstance(expect, _SHARED):
        return _shared(actual, comparator, expect, message, path)
    return Check(actual, comparator, expect, message or "", intern(path))


@lru_cache(maxsize=10_000, typed=True)
def _shared(actual: str, comparator: str, expect: Any, message: str, path: str) -> Check:
    """A check that many cases have at the same place, such as `eq: [status_code, 200]`, made once."""
    return Check(actual, comparator, expect, message, path)
