"""ANOTHER TOOL'S FILE -> CASES: cURL commands, HAR, Postman collections and environments, OpenAPI."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any

from hat.formats.conversion import curl, har, openapi, postman
from hat.formats.conversion.conversion import Conversion
from hat.formats.decode import load_text

__all__ = ["SUFFIXES", "Conversion", "convert_text", "convert_value", "read_text"]

SUFFIXES = (".har", ".curl", ".sh", ".txt")  # beside those of YAML and JSON

_READERS: tuple[tuple[Callable[[Any], bool], Callable[[Mapping[str, Any], str, str], Conversion]], ...] = (
    (postman.recognise, postman.convert),
    (har.recognise, har.convert),
    (openapi.recognise, openapi.convert),
)


def convert_value(value: Any, file: str) -> Conversion | None:
    """What a decoded YAML or JSON file of another tool becomes; None where it is of none that HAT knows."""
    for recognise, convert in _READERS:
        if recognise(value):
            return convert(value, file, _name_of(file))
    return None


def read_text(text: str, file: str) -> Conversion | None:
    """What a text of another tool becomes, whichever it is of; None where it is of none that HAT knows."""
    if found := convert_text(text, file):
        return found
    is_json = file.lower().endswith((".json", ".har")) or text.lstrip()[:1] == "{"
    return convert_value(load_text(text, file, is_json=is_json), file)


def convert_text(text: str, file: str) -> Conversion | None:
    """What a text with cURL commands becomes; None where it holds none."""
    return curl.convert(text, file, _name_of(file)) if curl.recognise(text) else None


def _name_of(file: str) -> str:
    """A file's name without its endings: shop.postman_collection.json is about the shop."""
    return PurePath(file).name.partition(".")[0] or "imported"
