"""Run the lines of a `validate_script` (HttpRunner 2.5) as the body of a function."""

from __future__ import annotations

from typing import Any

_NAME = "validate_script"


def complaint(lines: list[str], variables: dict[str, Any]) -> str:
    """What does not hold, with the line that says so; empty when everything does."""
    source = f"def {_NAME}():\n" + "\n".join(f"    {line}" for line in lines) + "\n"
    try:
        exec(compile(source, _NAME, "exec"), variables)
        variables[_NAME]()
    except SyntaxError as error:
        return _told(lines, (error.lineno or 1) - 1, f"cannot be read: {error.msg}")
    except Exception as error:  # noqa: BLE001 - the script's code may raise anything
        return _told(lines, _line(error), _what(error))
    return ""


def _line(error: BaseException) -> int:
    """The line of the script, counted from one, where an exception passed last."""
    found, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == _NAME:
            found = trace.tb_lineno - 1
        trace = trace.tb_next
    return found


def _what(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - a user's __str__ may do anything
        text = ""
    return f"raised {type(error).__name__}" + (f": {text}" if text else "")


def _told(lines: list[str], number: int, what: str) -> str:
    number = min(max(number, 1), len(lines))
    return f"line {number} ({lines[number - 1].strip()}) {what}"
