"""JSONPath ($.items[0].id) as RFC 9535 has it: names, positions, slices, wildcards, descendants, filters."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct

Selector = Callable[[Any, Any], Iterable[Any]]  # (node, root) -> the nodes it selects
Test = Callable[[Any, Any], Any]  # (node, root) -> value
_NOTHING: Any = object()

_WORD = r"""(?x)\s*(?:
        (?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
      | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?P<sign>\.\.|&&|\|\||==|!=|<=|>=|=~|[$@.\[\]()*?:,<>!])
      | (?P<name>[^\W\d][\w-]*)
    )"""
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_LITERALS = {"true": True, "false": False, "null": None}


class PathError(ValueError):
    """Raised when a JSONPath cannot be read; the message says what was expected where."""


class Query(Struct, frozen=True):
    """A compiled path; `is_single` if it can lead to one place only."""

    steps: tuple[Selector, ...]
    is_single: bool

    def find(self, root: Any, start: Any = _NOTHING) -> list[Any]:
        """All values the path leads to, in order."""
        nodes = [root if start is _NOTHING else start]
        for step in self.steps:
            nodes = [found for node in nodes for found in step(node, root)]
        return nodes


def compile_path(text: str) -> Query:
    """A path that begins with $; raises PathError."""
    reader = _Reader(text)
    reader.expect("$")
    query = reader.query()
    if reader.kind:
        raise PathError(f"unexpected {reader.value!r} at column {reader.column}")
    return query


def _child(name: str) -> Selector:
    def select(node: Any, _: Any) -> Iterable[Any]:
        return (node[name],) if isinstance(node, dict) and name in node else ()

    return select


def _position(index: int) -> Selector:
    def select(node: Any, _: Any) -> Iterable[Any]:
        return (node[index],) if isinstance(node, list) and -len(node) <= index < len(node) else ()

    return select


def _slice(start: int | None, stop: int | None, step: int | None) -> Selector:
    def select(node: Any, _: Any) -> Iterable[Any]:
        return node[start:stop:step] if isinstance(node, list) and step != 0 else ()

    return select


def _children(node: Any, _: Any = None) -> Iterable[Any]:
    if isinstance(node, dict):
        return node.values()
    return node if isinstance(node, list) else ()


def _filtered(test: Test) -> Selector:
    def select(node: Any, root: Any) -> Iterable[Any]:
        return (child for child in _children(node) if test(child, root))

    return select


def _deep(selectors: Sequence[Selector]) -> Selector:
    def select(node: Any, root: Any) -> Iterator[Any]:
        waiting = [node]
        while waiting:
            current = waiting.pop()
            for selector in selectors:
                yield from selector(current, root)
            waiting.extend(reversed(list(_children(current))))

    return select


def _any_of(selectors: Sequence[Selector]) -> Selector:
    return lambda node, root: (found for selector in selectors for found in selector(node, root))


def _compare(sign: str, left: Test, right: Test) -> Test:
    def test(node: Any, root: Any) -> bool:
        a, b = left(node, root), right(node, root)
        try:
            return bool(_COMPARE[sign](a, b))
        except TypeError:
            return False

    return test


class _Reader:
    """Reads the tokens of one path from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._end = 0
        self.kind = self.value = ""
        self.column = 0
        self.advance()

    def advance(self) -> str:
        """Go to the next token; returns the text of the one left behind."""
        before = self.value
        self.column = self._end + 1
        if not self._text[self._end :].strip():
            self.kind = self.value = ""
            return before
        found = re.compile(_WORD).match(self._text, self._end)
        if found is None or found.lastgroup is None:
            raise PathError(f"unexpected {self._text[self._end]!r} at column {self._end + 1}")
        self.kind, self.value, self._end = found.lastgroup, found[found.lastgroup], found.end()
        return before

    def accept(self, sign: str) -> bool:
        if self.kind == "sign" and self.value == sign:
            self.advance()
            return True
        return False

    def expect(self, sign: str) -> None:
        if not self.accept(sign):
            raise PathError(f"expected {sign!r} at column {self.column}")

    def query(self) -> Query:
        steps: list[Selector] = []
        single = True
        while self.kind == "sign" and self.value in (".", "..", "["):
            if self.accept(".."):
                selectors, _ = self._bracket() if self.accept("[") else self._dotted()
                steps.append(_deep(selectors))
                single = False
                continue
            selectors, definite = self._bracket() if self.accept("[") else self._after_dot()
            steps.append(selectors[0] if len(selectors) == 1 else _any_of(selectors))
            single = single and definite
        return Query(tuple(steps), single)

    def _after_dot(self) -> tuple[list[Selector], bool]:
        self.expect(".")
        return self._dotted()

    def _dotted(self) -> tuple[list[Selector], bool]:
        if self.accept("*"):
            return [_children], False
        if self.kind not in ("name", "number"):
            raise PathError(f"expected a name at column {self.column}")
        return [_child(self.advance())], True

    def _bracket(self) -> tuple[list[Selector], bool]:
        selector, single = self._selector()
        selectors = [selector]
        while self.accept(","):
            selectors.append(self._selector()[0])
            single = False
        self.expect("]")
        return selectors, single

    def _selector(self) -> tuple[Selector, bool]:
        if self.accept("*"):
            return _children, False
        if self.accept("?"):
            return _filtered(self._either()), False
        if self.kind == "text":
            return _child(unquote(self.advance())), True
        start = self._integer()
        if not self.accept(":"):
            if start is None:
                raise PathError(f"expected a name, a position, '*' or '?' at column {self.column}")
            return _position(start), True
        stop = self._integer()
        return _slice(start, stop, self._integer() if self.accept(":") else None), False

    def _integer(self) -> int | None:
        if self.kind != "number":
            return None
        try:
            return int(self.advance())
        except ValueError:
            raise PathError(f"expected a whole number before column {self.column}") from None

    def _either(self) -> Test:
        tests = [self._both()]
        while self.accept("||"):
            tests.append(self._both())
        if len(tests) == 1:
            return tests[0]
        return lambda node, root: any(test(node, root) for test in tests)

    def _both(self) -> Test:
        tests = [self._comparison()]
        while self.accept("&&"):
            tests.append(self._comparison())
        if len(tests) == 1:
            return tests[0]
        return lambda node, root: all(test(node, root) for test in tests)

    def _comparison(self) -> Test:
        if self.accept("!"):
            inner = self._comparison()
            return lambda node, root: not inner(node, root)
        if self.accept("("):
            inner = self._either()
            self.expect(")")
            return inner
        left = self._operand()
        if self.value in _COMPARE and self.kind == "sign":
            sign = self.advance()
            return _compare(sign, left, self._operand())
        return lambda node, root: left(node, root) is not _NOTHING

    def _operand(self) -> Test:
        if self.kind == "sign" and self.value in "@$":
            from_root = self.advance() == "$"
            return _value_of(self.query(), from_root)
        if self.kind == "text":
            return _constant(unquote(self.advance()))
        if self.kind == "number":
            text = self.advance()
            return _constant(float(text) if set(text) & set(".eE") else int(text))
        if self.kind == "name" and self.value in _LITERALS:
            return _constant(_LITERALS[self.advance()])
        raise PathError(f"expected a value at column {self.column}")


def _constant(value: Any) -> Test:
    return lambda node, root: value


def _value_of(query: Query, from_root: bool) -> Test:
    def test(node: Any, root: Any) -> Any:
        found = query.find(root, root if from_root else node)
        return found[0] if found else _NOTHING

    return test


def unquote(text: str) -> str:
    """The text between quotes, with backslash escapes taken out."""
    return re.sub(r"\\u([0-9a-fA-F]{4})|\\(.)", _unescape, text[1:-1])


def _unescape(found: re.Match[str]) -> str:
    if found[1]:
        return chr(int(found[1], 16))
    return {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}.get(found[2], found[2])
