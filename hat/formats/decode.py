"""Turn YAML 1.1 and JSON text into values, and find the line of a path when somebody asks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import yaml

from hat.error import FormatError
from hat.formats.construct import LOADER, construct

MAX_BYTES = 10 * 1024 * 1024
MAX_DEPTH = 200
MAX_VALUES = 1_000_000


_ALIAS = re.compile(r"(?:^|[\s\[,{:-])\*\w")
_PATH_PART = re.compile(r"[^.\[\]]+|\[\d+\]")


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


def load_text(text: str, file: str = "", *, is_json: bool = False) -> Any:
    """The value of a YAML or JSON text; FormatError with file and line when it has none."""
    try:
        value = _load_json(text, file) if is_json else _load_yaml(text, file)
    except RecursionError:
        raise FormatError(
            "values are nested too deeply", file=file, hint=f"at most {MAX_DEPTH} levels"
        ) from None
    if is_json or ("*" in text and _ALIAS.search(text)):
        _measure(value, file)
    return value


def _load_json(text: str, file: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        message = f"not valid JSON: {error.msg[0].lower()}{error.msg[1:]}"
        raise FormatError(message, file=file, line=error.lineno) from None


def _load_yaml(text: str, file: str) -> Any:
    if _may_be_deep(text):
        _refuse_depth(text, file)
    try:
        return construct(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise FormatError(_sentence(error), file=file, line=mark.line + 1 if mark else None) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        message = f"character {error.character!r} is not allowed in YAML"
        raise FormatError(message, file=file, line=line) from None
    except (yaml.YAMLError, ValueError, TypeError, OverflowError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise FormatError(f"not valid YAML: {first}", file=file) from None


def _sentence(error: yaml.MarkedYAMLError) -> str:
    parts = [part for part in (error.context, error.problem) if part]
    return "not valid YAML: " + ", ".join(parts)


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
                line = event.start_mark.line + 1 if event.start_mark else None
                hint = f"at most {MAX_DEPTH} levels"
                raise FormatError("values are nested too deeply", file=file, line=line, hint=hint)
    except yaml.YAMLError:
        return


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
    root: list[yaml.Node | None] = []

    def locate(path: str) -> int | None:
        if not root:
            try:
                root.append(yaml.compose(text, Loader=LOADER))
            except (yaml.YAMLError, RecursionError):
                root.append(None)
        node = root[0]
        if node is None:
            return None
        line: int = node.start_mark.line + 1
        for part in _PATH_PART.findall(path):
            found = _child(node, part)
            if found is None:
                break
            node, line = found
        return line

    return locate


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
