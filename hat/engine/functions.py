"""Functions a template may call that come with HAT; the project's own are called through the sandbox."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hat.engine.sandbox.calls import Answer


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a built-in function may look at: the values of .env and the project's folder."""

    env: Mapping[str, str] = field(default_factory=dict)
    root: Path | None = None


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A function of our own; when it `waits`, `answer` gives an awaitable (sleep never blocks)."""

    name: str
    call: Callable[..., Any]
    waits: bool = False

    def answer(
        self, args: Sequence[Any], kwargs: Mapping[str, Any], around: Surroundings
    ) -> Answer | Awaitable[Answer]:
        """Call it; an exception becomes the answer's error."""
        raise NotImplementedError


def built_in(name: str, dialect: str) -> BuiltIn | None:
    """The function of that name in the dialect; the project's own come before it, the sandbox after."""
    raise NotImplementedError
