"""Turn YAML 1.1 and JSON text into values, and find the line of a path when somebody asks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from hat.error import FormatError
from hat.formats.lines import UNUSUAL, read_lines
from hat.formats.reading import twice_written
from hat.number import read_json

MAX_BYTES = 10 * 1024 * 1024
MAX_DEPTH = 200
MAX_VALUES = 1_000_000


_ALIAS = re.compile(r"(?:^|[\s\[,{:-])\*\w")


def decode(raw: bytes, file: str) -> str:
    """The text of a file: UTF-8, UTF-16 with a mark, else GB18030."""
    if len(raw) > MAX_BYTES:
        size = len(raw) / 1024 / 1024
        limit = MAX_BYTES // 1024 // 1024
        raise FormatError(
            f"file of {size:.1f} MB is over the limit of {limit} MB",
            file=file,
            hint="split it into several files",
        )
    marked = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
    codecs = ["utf-16"] if marked else ["utf-8-sig", "gb18030"]
    for codec in codecs:
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    raise FormatError("text is neither UTF-8 nor GB18030", file=file, hint="save the file as UTF-8")


def load_text(
    text: str, file: str = "", *, is_json: bool = False, repeated: list[FormatError] | None = None
) -> Any:
    """The value of a YAML or JSON text; FormatError with file and line when it has none.

    `repeated` gets a warning for each key that a mapping has twice.
    """
    try:
        value = _load_json(text, file, repeated) if is_json else _load_yaml(text, file, repeated)
    except RecursionError:
        raise FormatError(
            "values are nested too deeply", file=file, hint=f"at most {MAX_DEPTH} levels"
        ) from None
    if is_json or ("*" in text and _ALIAS.search(text)):
        _measure(value, file)
    return value


def _load_json(text: str, file: str, repeated: list[FormatError] | None) -> Any:
    twice: list[str] = []

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            names = [name for name, _ in pairs]
            twice.extend(name for name in made if names.count(name) > 1)
        return made

    try:
        value = read_json(text, object_pairs_hook=mapping)
        if repeated is not None:
            repeated.extend(twice_written(name, file, None) for name in twice)
        return value
    except json.JSONDecodeError as error:
        from hat.formats.syntax import json_problem  # noqa: PLC0415  costs 2 ms at start-up

        raise json_problem(error, file) from None


def _load_yaml(text: str, file: str, repeated: list[FormatError] | None) -> Any:
    value = read_lines(text)
    if value is not UNUSUAL:
        return value
    from hat.formats import construct  # noqa: PLC0415  PyYAML costs 10 ms at start-up

    return construct.load(text, file, repeated)


def _measure(value: Any, file: str) -> None:
    """Refuse values that anchors blow up, and circles: count what a full walk would see."""
    sizes: dict[int, int] = {}
    open_: set[int] = set()
    stack: list[tuple[Any, bool]] = [(value, False)]
    while stack:
        item, done = stack.pop()
        if not isinstance(item, (dict, list)):
            continue
        key = id(item)
        children = list(item.values()) if isinstance(item, dict) else item
        if done:
            open_.discard(key)
            sizes[key] = 1 + sum(sizes.get(id(child), 1) for child in children)
            if sizes[key] > MAX_VALUES:
                raise FormatError(f"anchors make more than {MAX_VALUES:,} values", file=file)
        elif key in open_:
            raise FormatError("an anchor contains itself", file=file)
        elif key not in sizes:
            if len(open_) > MAX_DEPTH:
                raise FormatError(
                    "values are nested too deeply", file=file, hint=f"at most {MAX_DEPTH} levels"
                )
            open_.add(key)
            stack.append((item, True))
            stack.extend((child, False) for child in children)


def locator(text: str) -> Callable[[str], int | None]:
    """A function from a path such as `teststeps[0].request.url` to its line; it parses the text once."""
    root: list[Any] = []

    def locate(path: str) -> int | None:
        from hat.formats import construct  # noqa: PLC0415  as above

        if not root:
            root.append(construct.compose(text))
        return construct.line_of(root[0], path)

    return locate
