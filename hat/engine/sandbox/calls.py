"""What is asked of the sandbox child and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct


class Function(Struct, frozen=True):
    """A function of the project as a page or an error shows it."""

    name: str
    arguments: str = ""
    doc: str = ""
    line: int = 0
    file: str = ""


class Call(Struct, frozen=True):
    """One call by name; `mutable` asks for the arguments as they are after it (hooks change `$request`)."""

    name: str
    args: Sequence[Any] = ()
    kwargs: Mapping[str, Any] = {}
    mutable: bool = False


class CallError(Struct, frozen=True):
    """Why a call gave no value; `type` is the exception's name, `file` and `line` where user code raised it.

    Types of our own: `NotFound` (no such function), `Timeout`, `Lost` (the child died), `TooLarge`.
    """

    type: str
    message: str
    line: int = 0
    file: str = ""
    is_assertion: bool = False
    is_type_error: bool = False

    def sentence(self, name: str) -> str:
        """The error as a report says it: sign() in debugtalk.py:12 raised ValueError: key is empty."""
        if self.type in ("NotFound", "Timeout", "Lost", "TooLarge"):
            return self.message
        where = f" in {self.file}:{self.line}" if self.file else ""
        return f"{name}(){where} raised {self.type}" + (f": {self.message}" if self.message else "")


class Answer(Struct, frozen=True):
    """What one call gave; `changed` holds all arguments after a mutable call, keywords last."""

    value: Any = None
    error: CallError | None = None
    changed: tuple[Any, ...] | None = None
    printed: str = ""


class Handle(Struct, frozen=True):
    """A value that only lives in the child (an open file, an instance); pass it back as an argument."""

    id: int
    type: str
    text: str = ""


class OpenedFile(Struct, frozen=True):
    """What a file-like handle holds, for a request body: see `Sandbox.read`."""

    name: str
    content: bytes
    content_type: str = ""


class ResponseFacts(Struct, frozen=True):
    """The `$response` of a hook: attributes going in; coming back, those the function touched or added."""

    fields: Mapping[str, Any]
