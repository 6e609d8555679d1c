"""Turn data, json, files and upload of a request into body bytes."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from hat.engine.multipart import Multipart, Part, assemble, upload
from hat.engine.outgoing import TransportError
from hat.engine.sandbox.calls import Handle, OpenedFile
from hat.number import json_writer, spell

_FORM: Final = "application/x-www-form-urlencoded"
_dumps = json.JSONEncoder(allow_nan=False).encode  # of HttpRunner, where a decimal is a float
_write = json_writer(allow_nan=False)

Pairs = list[tuple[str, str]]


def body(
    fields: Mapping[str, Any], headers: Pairs, own: bool, root: Path | None, confined: bool
) -> tuple[bytes | None, str]:
    """The body and the Content-Type it asks for; `data` wins over `json`, files over both."""
    data, value = fields.get("data"), fields.get("json")
    if fields.get("body") is not None:
        kind = next((text for name, text in headers if name.lower() == "content-type"), "")
        if kind.startswith("application/json") or (
            own and not kind and isinstance(fields["body"], (Mapping, list))
        ):
            value = fields["body"]
        else:
            data = fields["body"]
    if fields.get("upload"):
        made = upload(dict(items(fields["upload"], "upload")), root, confined=confined)
        return made.body, made.content_type
    if fields.get("files"):
        made = assemble([*_form_parts(data, own), *_file_parts(fields["files"])])
        return made.body, made.content_type
    if not data and value is not None:
        return _json(value, own), "application/json"
    if not data:
        return None, ""
    return _data(data, headers, own)


def _json(value: Any, own: bool) -> bytes:
    try:
        return (_write(value) if own else _dumps(value)).encode()
    except (TypeError, ValueError) as error:
        name = type(error).__name__ if isinstance(error, TypeError) else "InvalidJSONError"
        raise TransportError("request", f"request.json: {error}", name=name) from None


def _data(data: Any, headers: Pairs, own: bool) -> tuple[bytes, str]:
    if isinstance(data, Multipart):
        return data.body, data.content_type if own else ""
    if isinstance(data, OpenedFile):
        return data.content, ""
    if isinstance(data, Handle):
        raise TransportError("request", f"request.data: {data.text} has no content to send", name="TypeError")
    if isinstance(data, bytes):
        return data, ""
    if isinstance(data, (Mapping, list, tuple)):
        return query(data, own, "data").encode(), _FORM
    return _text(word(data, own), headers, own), ""


def _text(text: str, headers: Pairs, own: bool) -> bytes:
    """Text in the charset its Content-Type names, else UTF-8; HttpRunner knows latin-1 only."""
    if not own:
        try:
            return text.encode("latin-1")
        except UnicodeEncodeError:
            raise TransportError(
                "request", f"request.data: {text[:40]!r} has letters latin-1 lacks", name="UnicodeEncodeError"
            ) from None
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    charset = re.search(r"charset=\"?([\w.:-]+)", kind, re.IGNORECASE)
    try:
        return text.encode(charset[1] if charset else "utf-8")
    except LookupError:
        return text.encode()
    except UnicodeEncodeError as error:
        raise TransportError("request", f"request.data: {error}", name="UnicodeEncodeError") from None


def _form_parts(data: Any, own: bool) -> list[Part]:
    """The fields beside files; a text has no name and cannot be one."""
    if not data:
        return []
    if not isinstance(data, (Mapping, list, tuple)):
        raise TransportError("request", "request.data: text cannot go together with files", name="ValueError")
    parts = []
    for name, value in items(data, "data"):
        for one in value if isinstance(value, (list, tuple, set)) else (value,):
            if one is not None:
                parts.append(Part(str(name), one if isinstance(one, bytes) else word(one, own).encode()))
    return parts


def _file_parts(files: Any) -> list[Part]:
    """Files as requests takes them: content alone, or [name, content, type, headers]."""
    parts = []
    for name, value in items(files, "files"):
        filename, content, kind, extra = None, value, None, {}
        if isinstance(value, (list, tuple)):
            if not 2 <= len(value) <= 4:
                raise TransportError(
                    "request", f"request.files.{name}: expected [name, content, type]", name="ValueError"
                )
            filename, content, kind, extra = (*value, None, None)[:4] if len(value) < 4 else value
        if content is None:
            continue
        if filename is None:
            filename = (
                os.path.basename(content.name)
                if isinstance(content, OpenedFile) and content.name
                else str(name)
            )
        parts.append(
            Part(str(name), _content(content, name), str(filename), kind, tuple((extra or {}).items()))
        )
    return parts


def _content(content: Any, name: Any) -> bytes:
    if isinstance(content, OpenedFile):
        return content.content
    if isinstance(content, bytes):
        return content
    if isinstance(content, str):
        return content.encode()
    raise TransportError(
        "request", f"request.files.{name}: expected content, got {content!r}", name="TypeError"
    )


def query(given: Any, own: bool, field: str = "params") -> str:
    """Names and values as a query or form; a list repeats its name, null is left out."""
    if isinstance(given, bytes):
        return given.decode("latin-1")
    if not isinstance(given, (Mapping, list, tuple)):
        return str(given)
    pairs: list[tuple[str, str | bytes]] = []
    for name, value in items(given, field):
        for one in value if isinstance(value, (list, tuple, set, Mapping)) else (value,):
            if one is not None:
                pairs.extend((word(name, own), part) for part in _parts(one, own))
    return urlencode(pairs)


def _parts(value: Any, own: bool) -> list[str | bytes]:
    """One value as it stands in a query; as urllib has it, a list or object inside a list gives its items."""
    if isinstance(value, bytes):
        return [value]
    if isinstance(value, (Mapping, list, tuple)) and not own:
        return [str(one) for one in value]
    return [word(value, own)]


def items(given: Any, field: str) -> Iterable[tuple[Any, Any]]:
    """Name and value pairs of an object or of a list of pairs."""
    if isinstance(given, Mapping):
        return given.items()
    if isinstance(given, (list, tuple)) and all(
        isinstance(one, (list, tuple)) and len(one) == 2 for one in given
    ):
        return [(one[0], one[1]) for one in given]
    raise TransportError(
        "request", f"request.{field}: expected names with values, got {given!r}", name="ValueError"
    )


def word(value: Any, own: bool) -> str:
    """A scalar as text: `true` in our own dialect, Python's `True` in the others."""
    if own and isinstance(value, bool):
        return "true" if value else "false"
    return spell(value) if own else str(value)
