"""Texts of other tools as texts of HAT: `{{name}}` becomes `$name`, a dollar stays one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

_PLACEHOLDER = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
_USED = re.compile(r"\$\$|\$\{(\w+)\}|\$(\w+)")

# What Postman makes anew for each request, as calls of functions.
DYNAMIC: Final[Mapping[str, str]] = {
    "guid": "uuid()",
    "randomUUID": "uuid()",
    "timestamp": "timestamp()",
    "isoTimestamp": "now()",
    "randomInt": "random_int(0, 1000)",
    "randomAlphaNumeric": "gen_random_string(1)",
    "randomPassword": "gen_random_string(15)",
}
_OTHER = "gen_random_string(10)"


def template(text: str) -> str:
    """A text with `{{name}}` as a text with `$name`; what was a dollar is written twice."""
    pieces: list[str] = []
    end = 0
    for match in _PLACEHOLDER.finditer(text):
        pieces.append(literal(text[end : match.start()]))
        end = match.end()
        pieces.append(_placeholder(match[1], text[end : end + 1]))
    return "".join([*pieces, literal(text[end:])])


def _placeholder(name: str, after: str) -> str:
    if name.startswith("$"):
        return f"${{{DYNAMIC.get(name[1:], _OTHER)}}}"
    known = variable(name)
    return f"${{{known}}}" if re.match(r"\w", after) else f"${known}"


def literal(text: str) -> str:
    """A text that holds no variables, whatever stands in it."""
    return text.replace("$", "$$")


def templates(value: Any) -> Any:
    """A value with all texts in it as templates."""
    if isinstance(value, str):
        return template(value)
    if isinstance(value, Mapping):
        return {template(str(key)): templates(item) for key, item in value.items()}
    return [templates(item) for item in value] if isinstance(value, list) else value


def variable(name: str) -> str:
    """A name as HAT's variables may have it: letters, digits, `_`."""
    known = re.sub(r"\W+", "_", name.strip()).strip("_") or "value"
    return f"_{known}" if known[0].isdigit() else known


def has_placeholder(text: str) -> bool:
    """Whether a text has variables in it."""
    return _PLACEHOLDER.search(text) is not None


def unknown_dynamics(text: str) -> list[str]:
    """The values a text wants made that no function here makes: a random text takes their place."""
    names = (match[1][1:] for match in _PLACEHOLDER.finditer(text) if match[1].startswith("$"))
    return sorted({name for name in names if name not in DYNAMIC})


def names_in(value: Any) -> set[str]:
    """The variables that the texts of a document use."""
    return {
        name for text in _texts(value) for match in _USED.finditer(text) if (name := match[1] or match[2])
    }


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(key)
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
