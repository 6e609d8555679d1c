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

from msgspec import Struct

from hat.number import read_yaml_number

UNUSUAL: Final[Any] = object()  # the text holds something that only PyYAML reads

_LINE: Final = re.compile(r"( *)((?:- +)*)(?:([\w$][^\s:#'\"\[\]{},&*!|>%@`?]{0,200}):(?: +|$))?(.*)")
_DASH: Final = re.compile(r"- +")
_PLAIN: Final = re.compile(r"[\w/$.+(=<]|-\w|[^\x00-\x7f]")  # how a scalar begins that nothing marks
_QUOTED: Final = re.compile(r"\"[^\"\\]*+\"\Z|'[^']*+'\Z")
_WORD: Final = (
    r"[\[\]{},]|:(?= )|\"[^\"\\]*+\"|'[^']*+'"
    r"|(?:[A-Za-z0-9_/$.+(~]|-[0-9]|[^\x00-\x7f])[^,\[\]{}:#\"'?&*!|>%@`\\]*+"
)
_FLOW_WORDS: Final = re.compile(f"({_WORD}) *+")
_FLOW: Final = re.compile(f"(?:(?:{_WORD}) *+)++\\Z")
_COLLECTIONS: Final = (list, dict)
_MARKS: Final = frozenset("[]{},:")
_INT: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\Z")
_FLOAT: Final = re.compile(r"-?[0-9]{1,17}\.[0-9]{1,17}\Z")
_MAYBE_NO_TEXT: Final = frozenset("-+0123456789.=<~")  # numbers, dates, nothing, and the merge key begin so
_LONGEST: Final = 200_000
_DEEPEST: Final = 100
_SHORT: Final = 64
_KEPT: Final = 200  # characters of a line that is kept
_NO_VALUE: Final[Any] = object()

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
        return _read(text)
    except _UnusualError:
        return UNUSUAL


class _Line(Struct, frozen=True):
    """The entries that begin in a line, with their columns and, in mappings, keys; the value behind them."""

    entries: tuple[tuple[int, type, str | None], ...] = ()
    value: Any = _NO_VALUE


@lru_cache(maxsize=1024)
def _line(text: str) -> _Line:
    """Take a line apart; a suite has `validate:` and `method: GET` again and again."""
    indent, dashes, key, rest = _LINE.findall(text)[0]
    column = len(indent)
    entries: list[tuple[int, type, str | None]] = []
    for dash in _DASH.findall(dashes):
        entries.append((column, list, None))
        column += len(dash)
    if key:
        entries.append((column, dict, _key(key)))
    value = rest.rstrip(" ") if rest[:1] != "#" else ""
    if not value:
        return _Line(tuple(entries))
    if not entries:
        raise _UnusualError
    return _Line(tuple(entries), _flow(value) if value[0] in "[{" else _scalar(value))


def _copy(value: Any) -> Any:
    """A collection of its own for each that reads it."""
    if value.__class__ is list:
        return [_copy(item) if item.__class__ in _COLLECTIONS else item for item in value]
    return {key: _copy(item) if item.__class__ in _COLLECTIONS else item for key, item in value.items()}


def _read(text: str) -> Any:
    """The value of a text. The collections open at a line are kept outermost first, with their columns."""
    innermost: Any = []
    open_, columns = [innermost], [-1]
    name: str | None = None
    waits = True  # the newest entry of the innermost collection has no value yet
    for each in text.split("\n"):
        line = _line(each) if len(each) < _KEPT else _line.__wrapped__(each)
        for column, kind, key in line.entries:
            above = columns[-1]
            if waits and (
                column > above or (column == above and kind is list and innermost.__class__ is dict)
            ):
                begun = kind()
                _put(innermost, name, begun)
                innermost = begun
                open_.append(begun)
                columns.append(column)
                if len(columns) > _DEEPEST:
                    raise _UnusualError
            else:
                if waits:
                    _put(innermost, name, None)
                if column != above or innermost.__class__ is not kind:
                    innermost = _leave(open_, columns, column, kind)
            name, waits = key, True
        if line.value is not _NO_VALUE:
            _put(innermost, name, _copy(line.value) if line.value.__class__ in _COLLECTIONS else line.value)
            waits = False
    if waits:
        _put(innermost, name, None)
    root = open_[0]
    if len(root) != 1 or root[0].__class__ not in _COLLECTIONS:
        raise _UnusualError
    return root[0]


def _put(collection: Any, name: str | None, value: Any) -> None:
    """Give the newest entry of a collection its value."""
    if collection.__class__ is dict:
        if name in collection:
            raise _UnusualError  # a key twice is told with its line
        collection[name] = value
    else:
        collection.append(value)


def _leave(open_: list[Any], columns: list[int], column: int, kind: type) -> Any:
    """Close what an entry at a column does not stand in; the collection that it continues."""
    while columns[-1] > column:
        columns.pop()
        open_.pop()
    if kind is dict and open_[-1].__class__ is list and columns[-2:] == [column, column]:
        columns.pop()
        open_.pop()
    if columns[-1] != column or open_[-1].__class__ is not kind:
        raise _UnusualError
    return open_[-1]


def _scalar(text: str) -> Any:
    """A plain or quoted scalar of a block."""
    if _PLAIN.match(text):
        text = text.partition(" #")[0].rstrip(" ")
        if ": " in text or text[-1] == ":":
            raise _UnusualError
        return _plain(text)
    if not _QUOTED.match(text):
        raise _UnusualError
    return intern(text[1:-1]) if len(text) < _SHORT else text[1:-1]


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
