"""Colours and signs of a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TextIO

from hat.result import Outcome

_CODES = {"green": "32", "red": "31", "yellow": "33", "grey": "90", "bold": "1"}
_COLOURS = {
    Outcome.PASSED: "green",
    Outcome.FAILED: "red",
    Outcome.ERROR: "yellow",
    Outcome.SKIPPED: "grey",
}
_SIGNS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.ERROR: "!", Outcome.SKIPPED: "-"}
_PLAIN_SIGNS = {Outcome.PASSED: "+", Outcome.FAILED: "x", Outcome.ERROR: "!", Outcome.SKIPPED: "-"}


class Paint:
    """Colours texts where the output is a terminal that wants them, and picks signs it can show."""

    def __init__(self, stream: TextIO, env: Mapping[str, str]) -> None:
        terminal = stream.isatty() and env.get("TERM") != "dumb"
        self.coloured = not env.get("NO_COLOR") and (terminal or bool(env.get("FORCE_COLOR")))
        self._signs = _SIGNS if can_write("✓✗", stream) else _PLAIN_SIGNS

    def __call__(self, text: str, colour: str) -> str:
        return f"\x1b[{_CODES[colour]}m{text}\x1b[0m" if self.coloured and text else text

    def sign(self, outcome: Outcome) -> str:
        """The sign of an outcome in its colour."""
        return self(self._signs[outcome], _COLOURS[outcome])

    def outcome(self, text: str, outcome: Outcome) -> str:
        """A text in the colour of an outcome."""
        return self(text, _COLOURS[outcome])


def can_write(text: str, stream: TextIO) -> bool:
    """Whether a stream's encoding has all characters of a text."""
    try:
        text.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
