"""Our side of the sandbox: start the child, send it calls, take its answers, end it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Self

from hat.engine.sandbox.calls import Answer, Call, Function, Handle, OpenedFile

Level = Literal["limits", "strict"]


class Sandbox:
    """One child process with a project's functions; one per run."""

    functions: Mapping[str, Function]
    layers: tuple[str, ...]

    @classmethod
    async def start(cls, root: Path, env: Mapping[str, str], level: Level = "limits") -> Self:
        """Fork the child and import root/debugtalk.py; raises FunctionsError when it cannot be loaded."""
        raise NotImplementedError

    async def call(self, calls: Sequence[Call], timeout_s: float = 5.0) -> list[Answer]:
        """Carry out the calls in order, in one frame; errors are values in the answers."""
        raise NotImplementedError

    async def read(self, handle: Handle) -> OpenedFile:
        """The content of a file-like value that lives in the child; raises TransportError if it has none."""
        raise NotImplementedError

    async def fill(self, value: Any) -> Any:
        """The value with every file-like handle in it replaced by its OpenedFile, for encode.prepare."""
        raise NotImplementedError

    async def close(self) -> None:
        """End the child."""
        raise NotImplementedError
