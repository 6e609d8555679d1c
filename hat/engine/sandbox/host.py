"""Our side of the sandbox: start the child, send it calls, take its answers, end it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Self

from hat.engine.loop import CancelledError
from hat.engine.sandbox.broker import Broker
from hat.engine.sandbox.calls import Answer, Call, CallError, Function, Handle, OpenedFile
from hat.engine.sandbox.nursery import CROWD, Nursery, nursery
from hat.engine.sandbox.terms import Level, Terms
from hat.engine.sandbox.wire import (
    Line,
    LostError,
    TreeRefusedError,
    answers,
    content,
    loaded,
    packed_calls,
)
from hat.engine.waiting import Lock, in_thread
from hat.error import FunctionsError
from hat.result import Connection

CALL_S: Final = MappingProxyType({"limits": 60.0, "strict": 5.0})
_LOAD_S: Final = MappingProxyType({"limits": 60.0, "strict": 10.0})
_MAX_REPLY: Final = MappingProxyType({"limits": 64 << 20, "strict": 4 << 20})
_LIMITS: Final = MappingProxyType(
    {
        "limits": {"memory": 4 << 30, "cpu": 600, "core": 0},
        "strict": {"memory": 512 << 20, "cpu": 30, "file": 8 << 20, "files": 64, "processes": 64, "core": 0},
    }
)


_refused_trees: Final[set[str]] = set()  # "tree" once this system refused one half-way


class Sandbox:
    """One child process with a project's functions; one per run."""

    functions: Mapping[str, Function]
    layers: tuple[str, ...]

    def __init__(
        self, root: Path, env: Mapping[str, str], terms: Terms | None = None, *, dialect: str = "hat"
    ) -> None:
        terms = terms or Terms()
        self.functions = {}
        self.layers = ("process", "limits", "time")
        self._order = order(root, env, terms, dialect)
        self._level: Level = terms.level
        self._network = terms.network if terms.level == "strict" and sys.platform == "linux" else None
        self._broker: Broker | None = None
        self._turn = Lock()
        self._line: Line | None = None
        self._home: Nursery | None = None
        self._box = 0
        self._closed = False

    @classmethod
    async def start(
        cls, root: Path, env: Mapping[str, str], terms: Terms | None = None, *, dialect: str = "hat"
    ) -> Self:
        """Fork the child and import root/debugtalk.py; raises FunctionsError when it cannot be loaded."""
        sandbox = cls(root, env, terms, dialect=dialect)
        await sandbox._spawn()
        return sandbox

    async def call(self, calls: Sequence[Call], timeout_s: float | None = None) -> list[Answer]:
        """Carry out the calls in order, in one frame; errors are values in the answers."""
        limit = timeout_s if timeout_s is not None else CALL_S[self._level]
        async with self._turn:
            try:
                message = packed_calls(calls)
            except (ValueError, TypeError, RecursionError) as error:
                return [Answer(error=CallError("TypeError", f"an argument cannot be passed: {error}"))] * len(
                    calls
                )
            try:
                return answers(await self._ask(message, limit), len(calls))
            except TimeoutError:
                self._end()
                message_ = f"{_names(calls)} ran longer than {limit:g} s and was stopped"
                return [Answer(error=CallError("Timeout", message_))] * len(calls)
            except LostError as lost:
                return [Answer(error=CallError("Lost", f"{_names(calls)}: {self._obituary(lost)}"))] * len(
                    calls
                )
            except FunctionsError as error:
                return [Answer(error=CallError("Lost", str(error)))] * len(calls)
            except CancelledError:
                self._end()
                raise

    def take_connections(self) -> list[Connection]:
        """What the functions connected to, or wanted to, since the last time."""
        return self._broker.take_told() if self._broker else []

    async def read(self, handle: Handle) -> OpenedFile:
        """The content of a file-like value that lives in the child; raises ValueError if it has none."""
        async with self._turn:
            try:
                found = content(await self._ask({"read": handle.id}, CALL_S[self._level]))
            except (TimeoutError, LostError, FunctionsError):
                self._end()
                found = None
        if found is None:
            raise ValueError(f"{handle.text or handle.type} cannot be sent: it has no content to read")
        return found

    async def fill(self, value: Any) -> Any:
        """The value with every file-like handle in it replaced by its OpenedFile, for encode.prepare."""
        return await self._filled(value) if _holds_handle(value) else value

    async def _filled(self, value: Any) -> Any:
        if isinstance(value, Handle):
            try:
                return await self.read(value)
            except ValueError:
                return value
        if isinstance(value, dict):
            return {name: await self._filled(one) for name, one in value.items()}
        if isinstance(value, list):
            return [await self._filled(one) for one in value]
        if isinstance(value, tuple):
            return tuple([await self._filled(one) for one in value])
        return value

    async def close(self) -> None:
        """End the child."""
        self._closed = True
        self._end()

    async def _ask(self, message: dict[str, Any], limit: float) -> Any:
        if self._line is None:
            await self._spawn()
        if self._line is None:
            raise LostError("the run is over")
        return await self._line.ask(message, limit)

    async def _spawn(self) -> None:
        """A fresh box with the project's functions in it."""
        if self._closed:
            return
        if not hasattr(os, "fork"):
            raise FunctionsError("functions of a project need a system with fork: Linux, macOS or WSL")
        try:
            self._home = await in_thread(nursery)
            self._box, sock = self._home.fork()
        except OSError as error:
            raise FunctionsError(f"no process for the project's functions can be started: {error}") from None
        self._line = Line(sock, _MAX_REPLY[self._level])
        try:
            given = {**self._order, "without": [*self._order["without"], *_refused_trees]}
            reply = await self._start(self._line, given)
            self.functions, layers = loaded(reply)
            self.layers = ("process", "limits", "time", *layers)
        except TimeoutError:
            self._end()
            limit = _LOAD_S[self._level]
            raise FunctionsError(
                f"it was still being loaded after {limit:g} s", place="debugtalk.py"
            ) from None
        except LostError as lost:
            raise FunctionsError(self._obituary(lost), place="debugtalk.py") from None
        except TreeRefusedError:
            self._end()
            _refused_trees.add("tree")
            await self._spawn()
        except (FunctionsError, CancelledError):
            self._end()
            raise

    async def _start(self, line: Line, given: Mapping[str, Any]) -> Any:
        """Tell the box what it is for; one with a network gets the line to its broker, too."""
        if self._network is None:
            return await line.start(given, _LOAD_S[self._level])
        self._broker = Broker(self._network)
        theirs = self._broker.theirs.detach()
        try:
            waiting = line.start(given, _LOAD_S[self._level], [theirs])
            self._broker.begin()
            return await waiting
        finally:
            os.close(theirs)

    def _end(self, *, ended_itself: bool = False) -> int | None:
        if self._line is None or self._home is None:
            return None
        self._line.close()
        self._line = None
        if self._broker is not None:
            self._broker.end()
        return self._home.end(self._box, ended_itself=ended_itself)

    def _obituary(self, lost: LostError) -> str:
        """Why the child is gone, in words."""
        status = self._end(ended_itself=not lost.why)
        if lost.why:
            return lost.why
        if status is None:
            return "the process ended"
        if status == CROWD:
            return "it started more than 256 processes and was stopped"
        if os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            if number == signal.SIGXCPU:
                return "the process used up its processor time"
            return f"the process was ended by {signal.Signals(number).name}"
        return f"the process ended itself with exit code {os.WEXITSTATUS(status)}"


def order(root: Path, env: Mapping[str, str], terms: Terms, dialect: str) -> dict[str, Any]:
    """What a box is told at its start."""
    own_machine = terms.level == "limits"
    return {
        "root": os.path.realpath(root),
        "env": {**os.environ, **env} if own_machine else dict(env),
        "path": [one for one in sys.path if one and os.path.isdir(one)] if own_machine else [],
        "dialect": dialect,
        "level": terms.level,
        "packages": terms.packages,
        "without": list(terms.without),
        "agreed": terms.agreed,
        "limits": _LIMITS[terms.level],
        "max_reply": _MAX_REPLY[terms.level],
    }


def _holds_handle(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_holds_handle(one) for one in value.values())
    if isinstance(value, (list, tuple)):
        return any(_holds_handle(one) for one in value)
    return isinstance(value, Handle)


def _names(calls: Sequence[Call]) -> str:
    names = list(dict.fromkeys(f"{call.name}()" for call in calls))
    return ", ".join(names[:3]) + (" ..." if len(names) > 3 else "")
