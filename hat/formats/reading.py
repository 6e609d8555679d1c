"""What every reader shares: where it reads, what it found wrong, and the forms a mapping may have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from hat.case import Case, Need
from hat.error import FormatError

Resolve = Callable[["Reading", Any, str], "Case | None"]

ResolveNeed = Callable[["Reading", Any, str], "Need | None"]

_LOCATED = 1000  # problems of a file that get a line; nobody reads more
_ROW_KEYS = {"name", "value", "enabled", "description", "type", "secret", "id"}


class Reading(Struct):
    """One document being read: its dialect, its place, and the problems found so far."""

    dialect: str
    file: str = ""
    root: str = ""
    env: Mapping[str, str] = {}
    locate: Callable[[str], int | None] | None = None
    call: Resolve | None = None
    api: Callable[[Reading, Any, str], Mapping[str, Any] | None] | None = None
    need: ResolveNeed | None = None
    problems: list[FormatError] = []
    warnings: list[FormatError] = []  # what can run, and is hardly meant so
    inherited: bool = False  # whether called documents are read in the dialect of their caller

    def problem(self, path: str, message: str, hint: str = "") -> None:
        """Note a problem and go on, so that all of them are told at once."""
        line = self.locate(path) if self.locate and len(self.problems) < _LOCATED else None
        self.problems.append(FormatError(message, file=self.file, line=line, path=path, hint=hint))

    def warn(self, path: str, message: str, hint: str = "") -> None:
        """Note what is hardly meant so."""
        line = self.locate(path) if self.locate else None
        self.warnings.append(
            FormatError(message, file=self.file, line=line, path=path, hint=hint, level="warning")
        )

    def elsewhere(self, file: str, locate: Callable[[str], int | None] | None) -> Reading:
        """The same reading in another file."""
        return replace(self, file=file, locate=locate)


def twice_written(key: Any, file: str, line: int | None) -> FormatError:
    """The warning about a key that a mapping has twice."""
    hint = "the last one counts"
    return FormatError(f"'{key}' is written twice", file=file, line=line, hint=hint, level="warning")


def kind(value: Any) -> str:
    """What a value is, in words of the format."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    names: tuple[tuple[type, str], ...] = (
        (str, "text"),
        (int, "a number"),
        (float, "a number"),
        (dict, "a mapping"),
    )
    return next(
        (name for type_, name in names if isinstance(value, type_)), "a list" if _is_list(value) else "a date"
    )


def _is_list(value: Any) -> bool:
    return isinstance(value, (list, tuple))


def is_row(item: Any) -> bool:
    """Whether an item of a list is a row of the platform: name, value, enabled, description."""
    return isinstance(item, Mapping) and "name" in item and "value" in item and set(item) <= _ROW_KEYS


def read_pairs(reading: Reading, value: Any, path: str) -> Iterator[tuple[Any, Any]]:
    """The pairs of a mapping, a list of one-key mappings, or a list of rows; disabled rows are left out."""
    if value is None or value == "":
        return
    if isinstance(value, (dict, Mapping)):
        yield from value.items()
        return
    if not _is_list(value):
        reading.problem(path, f"expected a mapping, got {kind(value)}")
        return
    for index, item in enumerate(value):
        if is_row(item):
            if not isinstance(item["name"], (str, int)):
                reading.problem(f"{path}[{index}].name", f"a name is text, got {kind(item['name'])}")
            elif item.get("enabled", True) and item["name"] != "":
                yield item["name"], item["value"]
        elif isinstance(item, Mapping):
            yield from item.items()
        else:
            reading.problem(f"{path}[{index}]", f"expected name: value, got {kind(item)}")


def read_mapping(reading: Reading, value: Any, path: str) -> dict[Any, Any]:
    """A mapping in any of its forms; of one name written twice the last counts."""
    if value.__class__ is dict:
        return dict(value)
    return dict(read_pairs(reading, value, path))


def shared(mapping: dict[Any, Any]) -> dict[Any, Any]:
    """An equal mapping of texts that was read before: thousands of cases send the same headers."""
    for key, item in mapping.items():
        if key.__class__ is not str or item.__class__ is not str:
            return mapping
    return _made(tuple(mapping.items()))


@lru_cache(maxsize=4096)
def _made(pairs: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return dict(pairs)


def read_multi(reading: Reading, value: Any, path: str) -> dict[Any, Any]:
    """A mapping whose repeated rows (`params`, form fields) become a list under their name."""
    if not (_is_list(value) and any(is_row(item) for item in value)):
        return read_mapping(reading, value, path)
    found: dict[Any, Any] = {}
    for name, item in read_pairs(reading, value, path):
        if name in found:
            before = found[name]
            found[name] = [*before, item] if isinstance(before, list) else [before, item]
        else:
            found[name] = item
    return found


def read_parameters(reading: Reading, value: Any, path: str) -> Any:
    """Parameters: names with their values, as a mapping, a list of mappings, or rows."""
    if value in (None, "", [], {}):
        return None
    if not isinstance(value, (Mapping, list)):
        reading.problem(path, f"expected names with their values, got {kind(value)}", "user: [ann, bob]")
        return None
    if isinstance(value, list) and all(is_row(item) for item in value):
        return read_mapping(reading, value, path) or None
    return value


def read_list(reading: Reading, value: Any, path: str) -> list[Any]:
    """A list; nothing is an empty one, a single value a list of one."""
    if value is None or value == "":
        return []
    if _is_list(value):
        return list(value)
    if isinstance(value, str):
        return [value]
    reading.problem(path, f"expected a list, got {kind(value)}")
    return []


def read_names(reading: Reading, value: Any, path: str) -> tuple[str, ...]:
    """A list of names; the keys count where a mapping stands."""
    names: list[str] = []
    for index, item in enumerate(read_list(reading, value, path)):
        if isinstance(item, str):
            names.append(item)
        elif isinstance(item, Mapping):
            names.extend(str(key) for key in item)
        else:
            reading.problem(f"{path}[{index}]", f"expected a name, got {kind(item)}")
    return tuple(names)
