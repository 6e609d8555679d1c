"""Read YAML of every kind by PyYAML, with a constructor that is faster than its own and equal to it."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from functools import lru_cache
from sys import intern
from typing import Any

import yaml
from yaml.constructor import ConstructorError, SafeConstructor
from yaml.nodes import MappingNode, ScalarNode, SequenceNode
from yaml.resolver import Resolver

from hat.error import FormatError
from hat.formats.reading import twice_written
from hat.formats.syntax import yaml_problem
from hat.number import read_yaml_number

MAX_DEPTH = 200
_BEYOND = "exceeded maximum nesting depth"  # newer libyaml looks far ahead, and has a limit of its own
MAX_COLLISIONS = 64  # different keys with the same hash

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_TAG = "tag:yaml.org,2002:"
_SHORT = 64
_PATH_PART = re.compile(r"[^.\[\]]+|\[\d+\]")
_STR, _MAP, _SEQ = _TAG + "str", _TAG + "map", _TAG + "seq"


_RESOLVER: Any = Resolver()


_FIRST_LETTERS: Any = frozenset(_RESOLVER.yaml_implicit_resolvers)  # of texts that may be no text


def _tag(kind: type, text: str, implicit: Any) -> str:
    """The tag of a node that has none written."""
    if kind is not ScalarNode:
        return _MAP if kind is MappingNode else _SEQ
    if not implicit[0] or text[:1] not in _FIRST_LETTERS:
        return _STR
    return _resolve(text) if len(text) < _SHORT else str(_RESOLVER.resolve(kind, text, implicit))


@lru_cache(maxsize=10_000)
def _resolve(text: str) -> str:
    """The tag of a plain text; a suite says 200 and true again and again."""
    return str(_RESOLVER.resolve(ScalarNode, text, (True, False)))


class _Loader(LOADER):  # type: ignore[misc]  # one of two classes, both untyped
    """PyYAML's loader as it composes nodes, without the resolving by place that it has and nobody uses."""

    resolve = staticmethod(_tag)
    descend_resolver = staticmethod(operator.is_)  # called with two values for each node, to no effect
    ascend_resolver = staticmethod(int)  # called with none


class _Unusual(Exception):  # noqa: N818 - not an error, the way out to PyYAML's own constructor
    """Raised at a node that only PyYAML's own constructor knows."""


def load(text: str, file: str, repeated: list[FormatError] | None = None) -> Any:
    """The value of a text; FormatError with file and line when it has none, warnings in `repeated`."""
    if _may_be_deep(text):
        _refuse_depth(text, file)
    try:
        value, twice = construct(text)
        if repeated is not None:
            repeated.extend(twice_written(key, file, line) for key, line in twice)
        return value
    except yaml.MarkedYAMLError as error:
        raise yaml_problem(error, text, file) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        message = f"character {error.character!r} is not allowed in YAML"
        raise FormatError(message, file=file, line=line) from None
    except (yaml.YAMLError, ValueError, TypeError, OverflowError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise FormatError(f"not valid YAML: {first}", file=file) from None


def _may_be_deep(text: str) -> bool:
    """An upper bound that is cheap to compute: brackets opened, or the widest indentation."""
    if len(text) <= MAX_DEPTH:
        return False
    if text.count("[") + text.count("{") > MAX_DEPTH:
        return True
    return any(len(line) - len(line.lstrip(" -?:")) > MAX_DEPTH for line in text.splitlines())


def _refuse_depth(text: str, file: str) -> None:
    """libyaml's composer recurses in C and would take the process with it, its parser does not."""
    depth = 0
    try:
        for event in yaml.parse(text, Loader=LOADER):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > MAX_DEPTH:
                raise _too_deep(file, event.start_mark)
    except yaml.MarkedYAMLError as error:
        if error.problem == _BEYOND:
            raise _too_deep(file, error.problem_mark) from None
    except yaml.YAMLError:
        return


def _too_deep(file: str, mark: Any) -> FormatError:
    line = mark.line + 1 if mark else None
    hint = f"at most {MAX_DEPTH} levels"
    return FormatError("values are nested too deeply", file=file, line=line, hint=hint)


def plain(text: str) -> Any:
    """The value of a scalar that nothing marks; ValueError when it looks like a date and is none."""
    node = ScalarNode(_resolve(text), text)
    make = _MAKE.get(node.tag)
    if make is None and node.tag != _STR:
        raise ValueError(node.tag)
    return text if make is None else make(node)


def compose(text: str) -> Any:
    """The nodes of a text, which know their lines; None when it has none."""
    try:
        return yaml.compose(text, Loader=LOADER)
    except (yaml.YAMLError, RecursionError):
        return None


def line_of(root: Any, path: str) -> int | None:
    """The line of a path such as `teststeps[0].request.url`, as far as it leads."""
    if root is None:
        return None
    node = root
    line: int = node.start_mark.line + 1
    for part in _PATH_PART.findall(path):
        found = _child(node, part)
        if found is None:
            break
        node, line = found
    return line


def _child(node: yaml.Node, part: str) -> tuple[yaml.Node, int] | None:
    if part.startswith("["):
        index = int(part[1:-1])
        if isinstance(node, yaml.SequenceNode) and index < len(node.value):
            child = node.value[index]
            return child, child.start_mark.line + 1
        return None
    if isinstance(node, yaml.MappingNode):
        for key, child in node.value:
            if key.value == part:
                return child, key.start_mark.line + 1
    return None


def construct(text: str) -> tuple[Any, list[tuple[str, int]]]:
    """The value of a YAML text, and its repeated keys with their lines; raises what PyYAML raises."""
    loader: Any = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None, []
        builder = _Builder()
        try:
            return builder.build(node), builder.twice
        except _Unusual:
            _refuse_collisions(_keys_of(node))
            return loader.construct_document(node), builder.twice
    finally:
        loader.dispose()


def _keys_of(root: Any) -> list[Any]:
    """The keys of all mappings of a document, but for those that are text."""
    found, seen, waiting = [], set(), [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen or not isinstance(node, (MappingNode, SequenceNode)):
            continue
        seen.add(id(node))
        if isinstance(node, MappingNode):
            found += [key for key, _ in node.value if key.tag != _STR]
            waiting += [child for _, child in node.value]
        else:
            waiting += node.value
    return found


def _refuse_collisions(keys: list[Any]) -> None:
    """Numbers can be chosen so that a dict compares each with every other: a minute for 30,000 of them."""
    texts: dict[int, set[str]] = {}
    for key in keys:
        make = _MAKE.get(key.tag)
        if make is not None:
            alike = texts.setdefault(hash(_made(make, key)), set())
            alike.add(key.value)
            if len(alike) > MAX_COLLISIONS:
                words = "the numbers of these keys were chosen so that reading them is slow"
                raise ConstructorError(None, None, words, key.start_mark)


def _made(make: Callable[[Any], Any], node: Any) -> Any:
    """The value of a scalar; what looks like a date or number and is none is told at its line."""
    try:
        return make(node)
    except (ValueError, OverflowError) as error:
        words = f"'{node.value}' cannot be read ({error}); put it in quotes if it is text"
        raise ConstructorError(None, None, words, node.start_mark) from None


def _float(node: Any) -> float:
    """A float that keeps its digits; one of base 60, infinite or none at all is PyYAML's."""
    text = node.value
    if ":" in text or text[-1] in "fFnN":
        return float(_SCALARS.construct_yaml_float(node))
    return read_yaml_number(text)


_SCALARS: Any = SafeConstructor()
_MAKE: dict[str, Callable[[Any], Any]] = {
    _TAG + "int": _SCALARS.construct_yaml_int,
    _TAG + "float": _float,
    _TAG + "bool": _SCALARS.construct_yaml_bool,
    _TAG + "null": lambda _: None,
    _TAG + "timestamp": _SCALARS.construct_yaml_timestamp,
}


class _Builder:
    """Builds plain mappings, lists and scalars; an anchor is built once."""

    def __init__(self) -> None:
        self._done: dict[int, Any] = {}
        self.twice: list[tuple[str, int]] = []

    def build(self, node: Any) -> Any:
        """The value of a node."""
        tag = node.tag
        if node.__class__ is ScalarNode:
            if tag != _STR:
                return self._scalar(node, tag)
            text: str = node.value
            return intern(text) if len(text) < _SHORT else text  # thousands of cases say GET
        if id(node) in self._done:
            return self._done[id(node)]
        if tag == _MAP and node.__class__ is MappingNode:
            value: dict[Any, Any] = {}
            self._done[id(node)] = value
            self._fill(value, node)
            return value
        if tag == _SEQ and node.__class__ is SequenceNode:
            items: list[Any] = []
            self._done[id(node)] = items
            items.extend([self.build(child) for child in node.value])
            return items
        raise _Unusual

    def _scalar(self, node: Any, tag: str) -> Any:
        make = _MAKE.get(tag)
        if make is None:
            raise _Unusual
        return _made(make, node)

    def _fill(self, value: Any, node: Any) -> None:
        if len(node.value) > MAX_COLLISIONS:
            _refuse_collisions([key for key, _ in node.value if key.tag != _STR])
        for key, child in node.value:
            if key.tag == _STR:
                if key.value in value:
                    self.twice.append((key.value, key.start_mark.line + 1))
                value[intern(key.value)] = self.build(child)
            elif key.tag in _MAKE:
                value[self.build(key)] = self.build(child)
            else:
                raise _Unusual  # merge keys, keys that are mappings
