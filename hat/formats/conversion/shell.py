"""The words of a command line, as the shells that browsers copy commands for would split it."""

from __future__ import annotations

import re
from collections.abc import Iterator

_PIECE = re.compile(
    r"""\$'(?P<ansi>(?:\\.|[^'\\])*)'   # $'it\'s' of bash
      | '(?P<single>[^']*)'
      | "(?P<double>(?:\\.|[^"\\])*)"
      | \\(?P<escaped>.)
      | (?P<end>;|\|\|?|&&?|\n)         # the next command
      | (?P<blank>[^\S\n]+)
      | (?P<plain>[^\s'"\\;|&]+|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ANSI = re.compile(r"\\(?:x([\da-fA-F]{1,2})|u([\da-fA-F]{1,4})|U([\da-fA-F]{1,8})|(.))", re.DOTALL)
_LETTERS = {
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "e": "\x1b",
    "0": "\0",
}
_CARETS = re.compile(r'\^(?=[\r\n"])')


def commands(text: str) -> Iterator[list[str]]:
    """The words of each command, one list for each; line ends behind a backslash or a caret join lines."""
    words: list[str] = []
    word: str | None = None
    for match in _PIECE.finditer(_joined(text)):
        kind = match.lastgroup
        if kind not in ("end", "blank"):
            word = (word or "") + _meaning(kind or "", match[kind or 0])
            continue
        if word is not None:
            words.append(word)
            word = None
        if kind == "end" and words:
            yield words
            words = []
    if word is not None:
        words.append(word)
    if words:
        yield words


def _joined(text: str) -> str:
    """One line for each command; the command line of Windows escapes with a caret."""
    if _CARETS.search(text):
        text = re.sub(r"\^(\r?\n|.)", lambda match: " " if "\n" in match[1] else match[1], text)
    return re.sub(r"[\\`]\r?\n", " ", text)


def _meaning(kind: str, piece: str) -> str:
    if kind == "double":
        return re.sub(r'\\(["\\$`])', r"\1", piece)
    return _ANSI.sub(_ansi, piece) if kind == "ansi" else piece


def _ansi(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    return chr(int(code, 16)) if code else _LETTERS.get(match[4], match[4])
