"""Turn YAML text into values, faster than PyYAML's own constructor and equal to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml
from yaml.constructor import ConstructorError, SafeConstructor

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_TAG = "tag:yaml.org,2002:"
_STR, _MAP, _SEQ = _TAG + "str", _TAG + "map", _TAG + "seq"


class _Unusual(Exception):  # noqa: N818 - not an error, the way out to PyYAML's own constructor
    """Raised at a node that only PyYAML's own constructor knows."""


def construct(text: str) -> Any:
    """The value of a YAML text; raises what PyYAML raises."""
    loader = LOADER(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        try:
            return _Builder().build(node)
        except _Unusual:
            return loader.construct_document(node)
    finally:
        loader.dispose()


def _made(make: Callable[[Any], Any], node: Any) -> Any:
    """The value of a scalar; what looks like a date or number and is none is told at its line."""
    try:
        return make(node)
    except (ValueError, OverflowError) as error:
        words = f"'{node.value}' cannot be read ({error}); put it in quotes if it is text"
        raise ConstructorError(None, None, words, node.start_mark) from None


class _Builder:
    """Builds plain mappings, lists and scalars; an anchor is built once."""

    def __init__(self) -> None:
        self._done: dict[int, Any] = {}
        self._scalars = SafeConstructor()
        self._kinds: dict[str, Callable[[Any], Any]] = {
            _STR: lambda node: node.value,
            _TAG + "int": self._scalars.construct_yaml_int,
            _TAG + "float": self._scalars.construct_yaml_float,
            _TAG + "bool": self._scalars.construct_yaml_bool,
            _TAG + "null": lambda _: None,
            _TAG + "timestamp": self._scalars.construct_yaml_timestamp,
        }

    def build(self, node: Any) -> Any:
        """The value of a node."""
        tag = node.tag
        if isinstance(node, yaml.ScalarNode):
            make = self._kinds.get(tag)
            if make is None:
                raise _Unusual
            return node.value if tag == _STR else _made(make, node)
        if id(node) in self._done:
            return self._done[id(node)]
        if tag == _MAP and isinstance(node, yaml.MappingNode):
            value: dict[Any, Any] = {}
            self._done[id(node)] = value
            self._fill(value, node)
            return value
        if tag == _SEQ and isinstance(node, yaml.SequenceNode):
            items: list[Any] = []
            self._done[id(node)] = items
            items.extend([self.build(child) for child in node.value])
            return items
        raise _Unusual

    def _fill(self, value: Any, node: Any) -> None:
        for key, child in node.value:
            if key.tag != _STR and (key.tag not in self._kinds):
                raise _Unusual  # merge keys, keys that are mappings
            value[self.build(key)] = self.build(child)
