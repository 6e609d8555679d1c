"""Check values against JSON Schemas, inline or in files of the project; none comes from the network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec

from hat.engine import path
from hat.engine.comparator import UnusableError
from hat.engine.multipart import find_file
from hat.engine.shown import show
from hat.number import read_number, with_decimals

_HOME = "hat:///"  # where the files of a project are, for references between them
_KEPT = 256
_BACKTRACKS = 100_000  # of a pattern: it gives up instead of running for hours
_EXACT = msgspec.json.Decoder(float_hook=read_number)
_compiled: dict[bytes, Callable[[Any], Any]] = {}


def problems(
    actual: Any, schema: Any, expression: str, root: Path | None = None, *, confined: bool = False
) -> list[str]:
    """What in a value does not match a schema or the file it names; UnusableError when that is no schema."""
    if isinstance(schema, str):
        schema, at = _read(schema, root, confined), schema
    else:
        at = ""
    find = _compile(schema, at, root, confined)
    try:
        return [_place(expression, found) for found in find(with_decimals(actual))]
    except ValueError as problem:
        raise UnusableError(f"the value cannot be compared with a schema: {problem}") from None


def _place(expression: str, found: Any) -> str:
    keys = path.join(tuple(found.instance_path))
    where = expression + (keys if keys.startswith("[") or not keys else f".{keys}")
    return f"{where}: {found.message}"


def _read(file: str, root: Path | None, confined: bool) -> Any:
    found = find_file(file, root, confined=confined)
    if found is None:
        raise UnusableError(f"there is no schema file '{file}' in the project folder")
    try:
        return _EXACT.decode(found.read_bytes())
    except (OSError, ValueError, RecursionError) as problem:
        raise UnusableError(f"'{file}' is no JSON: {problem}") from None


def _compile(schema: Any, at: str, root: Path | None, confined: bool) -> Any:
    """The function that lists problems, kept unless the schema refers to other files."""
    import jsonschema_rs  # noqa: PLC0415  most runs check no schema

    if not isinstance(schema, (dict, bool)):
        raise UnusableError(f"a schema is a mapping or the name of a file, not {show(schema)}")
    schema = with_decimals(schema)
    try:
        key = msgspec.json.encode(schema)
    except (TypeError, ValueError, RecursionError) as problem:
        raise UnusableError(f"this is no JSON Schema: {problem}") from None
    if key in _compiled:
        return _compiled[key]
    refused: list[str] = []
    asked: list[str] = []

    def retrieve(uri: str) -> Any:
        asked.append(uri)
        if not uri.startswith(_HOME):
            refused.append(f"'{uri}' is not fetched, references lead to files of the project")
            raise ValueError(refused[-1])
        try:
            return _read(unquote(urlsplit(uri).path).lstrip("/"), root, confined)
        except UnusableError as problem:
            refused.append(str(problem))
            raise

    try:
        options = jsonschema_rs.FancyRegexOptions(backtrack_limit=_BACKTRACKS)
        validator = jsonschema_rs.validator_for(
            schema, retriever=retrieve, base_uri=_HOME + at, pattern_options=options
        )
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as problem:
        fact = refused[0] if refused else getattr(problem, "message", str(problem))
        raise UnusableError(f"this is no JSON Schema: {fact}") from None
    if not asked:
        if len(_compiled) >= _KEPT:
            _compiled.clear()
        _compiled[key] = validator.iter_errors
    return validator.iter_errors
