"""Simple paths such as body.items[0].id: read them, walk them, and tell how far one leads."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

Key = str | int

_PART = re.compile(
    r"""\.?(?:
        \[(?P<index>-?\d+)\]
      | \[?"(?P<quoted>(?:[^"\\]|\\.)*)"\]?
      | \['(?P<single>(?:[^'\\]|\\.)*)'\]
      | (?P<name>[\w-]+)
    )""",
    re.VERBOSE,
)
_PLAIN = re.compile(r"[^\W\d][\w-]*\Z")
_SHOWN = 12


class LostError(Exception):
    """A walk ended early: `depth` keys were found, `value` is what the last of them led to."""

    def __init__(self, depth: int, value: Any) -> None:
        super().__init__(depth)
        self.depth = depth
        self.value = value


def parse(text: str) -> tuple[Key, ...] | None:
    """The keys of a simple path, or None if the text is no simple path. `.0` is a text key that also finds
    position 0 of a list, `[0]` finds a position only."""
    keys: list[Key] = []
    at = 0
    while at < len(text):
        found = _PART.match(text, at)
        if found is None or (at > 0 and text[at] not in ".["):
            return None
        if at == 0 and text[0] in ".[":
            return None
        keys.append(_key(found))
        at = found.end()
    return tuple(keys) or None


def _key(found: re.Match[str]) -> Key:
    if found["index"] is not None:
        return int(found["index"])
    quoted = found["quoted"] if found["quoted"] is not None else found["single"]
    return re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else found["name"]


def walk(value: Any, keys: Sequence[Key]) -> Any:
    """What the keys lead to; raises LostError where they end early."""
    for depth, key in enumerate(keys):
        try:
            if isinstance(value, (dict, Mapping)):
                value = value[key]
            elif isinstance(value, list):
                value = value[int(key)]
            else:
                raise LostError(depth, value)
        except (KeyError, IndexError, ValueError):
            raise LostError(depth, value) from None
    return value


def join(keys: Sequence[Key]) -> str:
    """The keys as a person would write the path."""
    text = ""
    for key in keys:
        if isinstance(key, int):
            text += f"[{key}]"
        elif _PLAIN.match(key) or key.lstrip("-").isdigit():
            text += f".{key}" if text else key
        else:
            escaped = key.replace("\\", "\\\\").replace('"', '\\"')
            text += f'."{escaped}"' if text else f'"{escaped}"'
    return text


def explain(keys: Sequence[Key], lost: LostError) -> tuple[str, str]:
    """Why a walk ended, as (fact, hint): the nearest path that exists, what is there, a near miss."""
    nearest = join(keys[: lost.depth])
    fact = f"{join(keys)} is not in the response; {nearest} {describe(lost.value)}"
    missing = keys[lost.depth]
    if isinstance(lost.value, Mapping):
        from difflib import get_close_matches  # noqa: PLC0415  only failures ask

        near = get_close_matches(str(missing), [str(name) for name in lost.value], 1)
        if near:
            return fact, f"did you mean '{join([*keys[: lost.depth], near[0]])}'?"
    return fact, ""


def describe(value: Any) -> str:
    """What stands at the nearest path, in words: "has id, name" or "is a list of 3 items"."""
    if isinstance(value, Mapping):
        names = [str(name) for name in list(value)[:_SHOWN]]
        more = f" and {len(value) - _SHOWN} more" if len(value) > _SHOWN else ""
        return f"has {', '.join(names)}{more}" if names else "is an empty object"
    if isinstance(value, list):
        return (
            f"is a list of {len(value)} item{'' if len(value) == 1 else 's'}" if value else "is an empty list"
        )
    if value is None:
        return "is null"
    if isinstance(value, bool):
        return "is true" if value else "is false"
    if isinstance(value, (str, bytes)):
        return "is text" if value else "is an empty text"
    return f"is the number {value}"
