"""What an alert says, before it is written in the format of its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its lines."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """Plain text in parts, each of one line; `facts` is the same for programs."""

    title: str
    lines: tuple[str, ...]
    sections: tuple[Section, ...] = ()
    link: str = ""
    link_text: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The whole as plain text under its title."""
        parts = [
            list(self.lines),
            *([one.title, *(f"- {line}" for line in one.lines)] for one in self.sections),
        ]
        if self.link:
            parts.append([f"{self.link_text}: {self.link}"])
        return "\n\n".join("\n".join(part) for part in parts)


def one_line(text: str, longest: int = LONGEST) -> str:
    """A text as part of a line: no breaks, not endless."""
    plain = " ".join(text.split())
    return plain if len(plain) <= longest else f"{plain[: longest - 1]}…"


def fitted(message: Message, write: Callable[[Message], str], most: int) -> str:
    """The message as it is written, without as many lines of its sections as are too many bytes."""
    while len((text := write(message)).encode()) > most and any(one.lines for one in message.sections):
        longest = max(message.sections, key=lambda one: len(one.lines))
        shorter = tuple(
            replace(one, lines=one.lines[:-1]) if one is longest else one for one in message.sections
        )
        message = replace(message, sections=shorter)
    return text
