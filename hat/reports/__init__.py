"""RESULT -> DOCUMENT: write a result in a format, picked by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any

import msgspec

from hat.error import UsageError
from hat.reports import json
from hat.result import RunResult

__all__ = ["FORMATS", "assemble", "render", "write"]

_BY_SUFFIX = {".json": "json", ".xml": "junit", ".html": "html", ".htm": "html"}
FORMATS = ("json", "junit", "html")


def write(result: RunResult, path: Path | str, format: str | None = None) -> None:  # noqa: A002
    """Write a run to a file, in the format of its suffix unless one is named; folders are made."""
    target = Path(path)
    name = format or _BY_SUFFIX.get(target.suffix.lower())
    if name not in FORMATS:
        known = ", ".join(_BY_SUFFIX)
        raise UsageError(
            f"no report format for {str(path)!r}", hint=f"known: {known}, or name one of {', '.join(FORMATS)}"
        )
    if name == "html":
        from hat.reports import html  # noqa: PLC0415  few runs need it

        html.template()  # before anything is written
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            _write(result, file, name)
    except OSError as problem:
        raise UsageError(f"{path}: {problem.strerror}") from problem


def _write(result: RunResult, file: IO[bytes], name: str) -> None:
    if name == "json":
        json.write(result, file)
    else:
        file.write(render(result, name))


def render(result: RunResult, name: str) -> bytes:
    """A run as the bytes of one document."""
    if name == "json":
        return json.encode(result)
    return assemble(json.head(result), map(json.encode, result.cases), name)


def assemble(head: Mapping[str, Any], cases: Iterable[bytes], name: str) -> bytes:
    """The bytes of a JUnit or HTML document, of a run without its cases and of these, encoded."""
    if name == "junit":
        from hat.reports import junit  # noqa: PLC0415  few runs need it

        return junit.render({**head, "cases": list(map(msgspec.json.decode, cases))}).encode()
    from hat.reports import html  # noqa: PLC0415  few runs need it

    return html.page(html.run_of(head), cases)
