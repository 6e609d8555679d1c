"""Read the plain kind of YAML that most cases are written in, line by line; all else is left to PyYAML.

It knows block mappings and lists, plain keys, and behind them on the same line a plain scalar, a quoted one
without escapes, or a flow collection of such. It never guesses: a value is what PyYAML gives, or UNUSUAL.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from sys import intern
from typing import Any, Final

from hat.number import read_yaml_number

UNUSUAL: Final[Any] = object()  # the text holds something that only PyYAML reads

_LINE: Final = re.compile(
    r"^( *)((?:- +)*)(?:([\w$][^\s:#'\"\[\]{},&*!|>%@`?]{0,200}):(?: +|$))?(.*)$", re.MULTILINE
)
_DASH: Final = re.compile(r"- +")
_PLAIN: Final = re.compile(r"[\w/$.+(=<]|-\w|[^\x00-\x7f]")  # how a scalar begins that nothing marks
_QUOTED: Final = re.compile(r"\"[^\"\\]*+\"\Z|'[^']*+'\Z")
_WORD: Final = (
    r"[\[\]{},]|:(?= )|\"[^\"\\]*+\"|'[^']*+'"
    r"|(?:[A-Za-z0-9_/$.+(~]|-[0-9]|[^\x00-\x7f])[^,\[\]{}:#\"'?&*!|>%@`\\]*+"
)
_FLOW_WORDS: Final = re.compile(f"({_WORD}) *+")
_FLOW: Final = re.compile(f"(?:(?:{_WORD}) *+)++\\Z")
_MARKS: Final = frozenset("[]{},:")
_INT: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\Z")
_FLOAT: Final = re.compile(r"-?[0-9]{1,17}\.[0-9]{1,17}\Z")
_MAYBE_NO_TEXT: Final = frozenset("-+0123456789.=<~")  # numbers, dates, nothing, and the merge key begin so
_LONGEST: Final = 200_000
_DEEPEST: Final = 100
_SHORT: Final = 64

_YES: Final = ("yes", "true", "on")
_NO: Final = ("no", "false", "off")
_WORDS: Final[dict[str, Any]] = {"null": None, "Null": None, "NULL": None} | {
    spelled: word in _YES for word in _YES + _NO for spelled in (word, word.title(), word.upper())
}


class _UnusualError(Exception):
    """Raised where the text is more than this reader knows."""


def read_lines(text: str) -> Any:
    """The value of a text in plain YAML, or UNUSUAL."""
    if len(text) > _LONGEST or not text.replace("\n", "").isprintable():
        return UNUSUAL
    try:
        return _Reader().read(text)
    except _UnusualError:
        return UNUSUAL


class _Reader:
    """The collections that are open at a line, outermost first, each with the column of its entries."""

    def __init__(self) -> None:
        self.columns = [-1]
        self.open: list[Any] = [[]]
        self.key: Any = None
        self.waits = True  # the newest entry of the innermost collection has no value yet

    def read(self, text: str) -> Any:
        """The value of the text."""
        root, columns, open_ = self.open[0], self.columns, self.open
        for indent, dashes, key, rest in _LINE.findall(text):
            column = len(indent)
            if dashes:
                column = self.dash(column, dashes)
            if key:
                if self.waits or columns[-1] != column or open_[-1].__class__ is not dict:
                    self.enter(column, dict)
                self.key = _key(key)
                self.waits = True
            if rest and rest[0] != "#":
                if not key and not dashes:
                    raise _UnusualError
                value = rest.rstrip(" ")
                if value:
                    self.fill(_flow(value) if value[0] in "[{" else _scalar(value))
        if self.waits:
            self.fill(None)
        if len(root) != 1 or not isinstance(root[0], (dict, list)):
            raise _UnusualError
        return root[0]

    def dash(self, column: int, dashes: str) -> int:
        """Begin the entries of a line's dashes; the column of what follows them."""
        for dash in _DASH.findall(dashes):
            self.enter(column, list)
            column += len(dash)
        return column

    def enter(self, column: int, kind: type) -> None:
        """Begin an entry at a column, in the collection that is open there or in a new one."""
        columns, open_ = self.columns, self.open
        if self.waits:
            above = columns[-1]
            if column > above or (column == above and kind is list and open_[-1].__class__ is dict):
                new = kind()
                self.fill(new)
                columns.append(column)
                open_.append(new)
                if len(columns) > _DEEPEST:
                    raise _UnusualError
                self.waits = True
                return
            self.fill(None)
        while columns[-1] > column:
            columns.pop()
            open_.pop()
        if kind is dict and open_[-1].__class__ is list and columns[-2:] == [column, column]:
            columns.pop()
            open_.pop()
        if columns[-1] != column or open_[-1].__class__ is not kind:
            raise _UnusualError
        self.waits = True

    def fill(self, value: Any) -> None:
        """Give the newest entry its value."""
        innermost = self.open[-1]
        if innermost.__class__ is dict:
            if self.key in innermost:
                raise _UnusualError  # a key twice is told with its line
            innermost[self.key] = value
        else:
            innermost.append(value)
        self.waits = False


@lru_cache(maxsize=4096)
def _scalar(text: str) -> Any:
    """A plain or quoted scalar of a block; a suite says 200 and true again and again."""
    if _PLAIN.match(text):
        text = text.partition(" #")[0].rstrip(" ")
        if ": " in text or text[-1] == ":":
            raise _UnusualError
        return _plain(text)
    if not _QUOTED.match(text):
        raise _UnusualError
    return intern(text[1:-1]) if len(text) < _SHORT else text[1:-1]


@lru_cache(maxsize=4096)
def _key(text: str) -> str:
    key = _plain(text)
    if not isinstance(key, str):
        raise _UnusualError
    return intern(key)


def _plain(text: str) -> Any:
    """A scalar that nothing marks: text, unless it is spelled like something else."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _MAYBE_NO_TEXT:
        return intern(text) if len(text) < _SHORT else text
    if _INT.match(text):
        return int(text)
    if _FLOAT.match(text):
        return read_yaml_number(text)
    from hat.formats import construct  # noqa: PLC0415  PyYAML costs 10 ms at start-up

    try:
        return construct.plain(text)
    except ValueError:
        raise _UnusualError from None


def _flow(text: str) -> Any:
    """A collection on one line; a comma behind its last item, and items without a value, are unusual."""
    if text.count("[") + text.count("{") > _DEEPEST or not _FLOW.match(text):
        raise _UnusualError
    words = iter(_FLOW_WORDS.findall(text))
    value = _collection(next(words), words)
    if next(words, ""):
        raise _UnusualError
    return value


def _collection(opening: str, words: Iterator[str]) -> Any:
    """The collection that a bracket opens, up to the one that closes it."""
    is_list = opening == "["
    items: list[Any] = []
    pairs: dict[str, Any] = {}
    for word in words:
        if word in _MARKS:
            if word in "]}" and not items and not pairs and (word == "]") == is_list:
                return items if is_list else pairs
            if not (is_list and word in "[{"):
                raise _UnusualError
        if is_list:
            items.append(_collection(word, words) if word in "[{" else _item(word))
        else:
            key = _item(word)
            if not isinstance(key, str) or key in pairs or next(words, "") != ":":
                raise _UnusualError
            value = next(words, ",")
            if value in "]},:":
                raise _UnusualError
            pairs[key] = _collection(value, words) if value in "[{" else _item(value)
        behind = next(words, "")
        if behind == ("]" if is_list else "}"):
            return items if is_list else pairs
        if behind != ",":
            break
    raise _UnusualError


@lru_cache(maxsize=4096)
def _item(word: str) -> Any:
    """A plain or quoted scalar inside a flow collection."""
    return word[1:-1] if word[0] in "\"'" else _plain(word.rstrip(" "))
