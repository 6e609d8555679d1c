"""Turn a case with parameters into rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from hat.case import HTTPRUNNER_2
from hat.engine.calls import Caller
from hat.engine.dialect import Dialect
from hat.engine.template import RenderError, compile_value

Row = dict[str, Any]
MAX_ROWS = 100_000


async def rows_of(
    parameters: Any, dialect: Dialect, caller: Caller, variables: Mapping[str, Any], path: str
) -> list[Row | None]:
    """The rows a case runs with, the last parameter fastest; one None when it has no parameters."""
    if not parameters:
        return [None]
    columns = []
    for names, values in _pairs(parameters, path):
        at = f"{path}.{names}"
        side_by_side = _is_zip(names, values) if dialect.name == "hat" else ""
        read = _zipped if side_by_side else _column
        columns.append(await read(side_by_side or str(names), values, dialect, caller, variables, at))
    total = 1
    for column in columns:
        total *= len(column)
    if total > MAX_ROWS:
        raise RenderError(f"parameters make {total:,} rows, at most {MAX_ROWS:,} run", path)
    rows: list[Row | None] = []
    for parts in product(*columns):
        row: Row = {}
        for part in parts:
            row.update(part)
        rows.append(row)
    return rows


def names_of(parameters: Any) -> list[str]:
    """The variables a row gives."""
    parts = parameters if isinstance(parameters, list) else [parameters]
    pairs = [pair for part in parts if isinstance(part, Mapping) for pair in part.items()]
    keys = [key for names, values in pairs for key in (_is_zip(names, values) or str(names)).split("-")]
    return [key.strip() for key in keys]


def _is_zip(names: Any, values: Any) -> str:
    """The names whose lists are walked side by side: those of `zip`, or of a mapping for several names."""
    if not isinstance(values, Mapping) or not values:
        return ""
    keys = [str(key) for key in values]
    if names == "zip":
        return "-".join(keys)
    wanted = [name.strip() for name in str(names).split("-")]
    return str(names) if len(wanted) > 1 and sorted(wanted) == sorted(keys) else ""


async def _zipped(
    names: str, values: Any, dialect: Dialect, caller: Caller, variables: Mapping[str, Any], path: str
) -> list[Row]:
    """Rows of several lists side by side; all are of one length."""
    columns = [
        await _column(str(name), column, dialect, caller, variables, f"{path}.{name}")
        for name, column in values.items()
    ]
    sizes = {len(column) for column in columns}
    if len(sizes) > 1:
        told = ", ".join(f"{name} {len(column)}" for name, column in zip(values, columns, strict=True))
        raise RenderError(f"lists side by side are of one length, got {told}", path)
    rows: list[Row] = []
    for parts in zip(*columns, strict=True):
        row: Row = {}
        for part in parts:
            row.update(part)
        rows.append(row)
    return rows


def _pairs(parameters: Any, path: str) -> list[tuple[Any, Any]]:
    if isinstance(parameters, Mapping):
        return list(parameters.items())
    if isinstance(parameters, Sequence) and not isinstance(parameters, str):
        pairs: list[tuple[Any, Any]] = []
        for item in parameters:
            if not isinstance(item, Mapping):
                raise RenderError("parameters are names with their values", path, hint="user: [ann, bob]")
            pairs.extend(item.items())
        return pairs
    raise RenderError("parameters are names with their values", path, hint="user: [ann, bob]")


async def _column(
    names: str, values: Any, dialect: Dialect, caller: Caller, variables: Mapping[str, Any], path: str
) -> list[Row]:
    """The part of a row that one line of `parameters` gives, for each of its values."""
    keys = [key.strip() for key in names.split("-")]
    given = values
    if isinstance(values, str):
        given = await caller.render(compile_value(values, dialect.syntax, path), variables)
    elif isinstance(values, Mapping) and dialect.name == "hat" and "values" in values:
        given = values["values"]
    if isinstance(given, (str, bytes, Mapping)) or not isinstance(given, Sequence):
        shown = f"{given!r} for {values}" if isinstance(values, str) else repr(given)
        raise RenderError(f"parameters '{names}' are no list, got {shown}", path)
    if given is values and dialect.name != "hat":
        return [_cut(item, keys, names, dialect, path) for item in given]
    return [part_of(keys, item, names, dialect, path) for item in given]


def _cut(item: Any, keys: list[str], names: str, dialect: Dialect, path: str) -> Row:
    """A row as HttpRunner takes it from a list in the file: what is too much or too little is passed over."""
    if isinstance(item, Mapping):
        return part_of(keys, item, names, dialect, path)
    return dict(zip(keys, item if isinstance(item, (list, tuple)) else [item], strict=False))


def part_of(keys: list[str], item: Any, names: str, dialect: Dialect, path: str) -> Row:
    if isinstance(item, Mapping):
        missing = [key for key in keys if key not in item]
        if missing:
            hint = f"it has: {', '.join(map(str, item))}"
            raise RenderError(f"a row of parameters '{names}' has no '{missing[0]}'", path, hint=hint)
        return {key: item[key] for key in keys}
    if isinstance(item, (list, tuple)) and (len(keys) > 1 or len(item) == 1):
        if len(item) != len(keys) and dialect.name not in HTTPRUNNER_2:
            told = f"a row of parameters '{names}' has {len(item)} values, expected {len(keys)}"
            raise RenderError(told, path)
        return dict(zip(keys, item, strict=False))
    if len(keys) > 1:
        raise RenderError(f"a row of parameters '{names}' has 1 value, got {item!r}", path)
    return {keys[0]: item}
