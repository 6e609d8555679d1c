"""One box: load the project's functions, then answer calls until the other side is gone."""

from __future__ import annotations

import builtins
import os
import sys
import types
from collections.abc import Callable
from typing import Any, Final, NoReturn

from hat.engine.sandbox.box import facts, frames, limits, lockdown, network, project, script, standins, tree
from hat.engine.sandbox.box.values import TAG, pack, unpack

MAX_PRINTED: Final = 64 * 1024
_MAX_KEPT: Final = 10_000
_END: Final = 70


class Printed:
    """Takes the place of stdout and stderr; keeps what was written, up to a limit."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._size = 0

    def write(self, text: str) -> int:
        room = MAX_PRINTED - self._size
        if room > 0:
            self._pieces.append(text[:room] if len(text) > room else text)
        self._size += len(text)
        return len(text)

    def flush(self) -> None:
        """Nothing waits to be written."""

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        return 1

    def take(self) -> str:
        """What was written since the last time."""
        if not self._size:
            return ""
        text = "".join(self._pieces)
        if self._size > MAX_PRINTED:
            text += f"\n... ({self._size - MAX_PRINTED} characters more)"
        self._pieces, self._size = [], 0
        return text


class Box:
    """The functions of one project and the values that only live here."""

    def __init__(self, root: str, max_reply: int) -> None:
        self.root = root
        self.max_reply = max_reply
        self.functions: dict[str, types.FunctionType] = {}
        self.printed = Printed()
        self._kept: dict[int, Any] = {}
        self._last = 0

    def load(self) -> dict[str, Any]:
        """Import debugtalk.py; what it offers, or why it cannot be imported."""
        sys.stdout = sys.stderr = self.printed
        try:
            self.functions = project.load(self.root)
        except BaseException as error:  # noqa: BLE001 - the project's code may raise anything
            return {"error": project.described_error(error, self.root), "printed": self.printed.take()}
        return {"functions": project.described(self.functions, self.root), "printed": self.printed.take()}

    def answer(self, message: dict[str, Any]) -> dict[str, Any]:
        """The reply to one frame: all its calls in order, or the content of a kept value."""
        if "read" in message:
            return {"id": message["id"], "content": self._content(message["read"])}
        return {"id": message["id"], "answers": [self._call(*call) for call in message["calls"]]}

    def _call(self, name: str, args: list[Any], kwargs: dict[str, Any], mutable: bool) -> dict[str, Any]:
        function = self.functions.get(name) or _OURS.get(name) or _python_function(name)
        if function is None:
            return {"error": {"type": "NotFound", "message": f"function {name!r} is not defined"}}
        try:
            given = [unpack(one, self._unpack) for one in args]
            named = {key: unpack(one, self._unpack) for key, one in kwargs.items()}
            reply: dict[str, Any] = {"value": pack(function(*given, **named), self._pack)}
            if mutable:
                reply["changed"] = [pack(one, self._pack) for one in (*given, *named.values())]
        except BaseException as error:  # noqa: BLE001 - the project's code may raise anything
            reply = {"error": project.described_error(error, self.root)}
        printed = self.printed.take()
        if printed:
            reply["printed"] = printed
        return reply

    def _pack(self, value: Any) -> dict[str, Any]:
        if isinstance(value, facts.HookResponse):
            return {TAG: "response", "v": pack(facts.touched(value), self._pack)}
        self._last += 1
        self._kept[self._last] = value
        if len(self._kept) > _MAX_KEPT:
            del self._kept[next(iter(self._kept))]
        return {TAG: "handle", "v": [self._last, type(value).__name__, _text(value)]}

    def _unpack(self, tagged: dict[str, Any]) -> Any:
        if tagged[TAG] == "response":
            return facts.HookResponse(unpack(tagged["v"], self._unpack))
        return self._kept[tagged["v"]]

    def _content(self, number: int) -> Any:
        """Name, bytes and type of something that can be read, None for anything else."""
        value = self._kept.get(number)
        try:
            raw = _read(value)
        except Exception:  # noqa: BLE001 - the project's object may do anything
            return None
        name = getattr(value, "name", "")
        kind = getattr(value, "content_type", "")
        if raw is None:
            return None
        return [str(name) if isinstance(name, str) else "", pack(raw, self._pack), str(kind or "")]


# asked here and not outside: debugtalk.py may write os.environ, and scripts are code
_OURS: dict[str, Callable[..., Any]] = {
    "ENV": standins.get_os_environ,
    "environ": standins.get_os_environ,
    "validate_script": script.complaint,
}


def _read(value: Any) -> bytes | None:
    read: Callable[[], Any] | None = getattr(value, "to_string", None) or getattr(value, "read", None)
    if read is None:
        return None
    raw = read()
    return raw if isinstance(raw, bytes) else str(raw).encode()


def _text(value: Any) -> str:
    try:
        return repr(value)[:200]
    except Exception:  # noqa: BLE001 - a user's __repr__ may do anything
        return ""


def _python_function(name: str) -> Callable[..., Any] | None:
    found = getattr(builtins, name, None)
    return found if callable(found) and not name.startswith("_") else None


def run(sock: Any) -> NoReturn:
    """The whole life of a box; the first frame says what it is for."""
    order, fds = frames.read_first(sock)
    root = os.path.realpath(order["root"])
    limits.set_limits(order["limits"])
    os.environ.clear()
    os.environ.update(order["env"])
    try:
        os.chdir(root)
    except OSError:
        os.chdir("/")
    packages = order["packages"]
    sys.path.extend([*order["path"], *([packages] if packages else [])])
    for name in [name for name in sys.modules if name == "hat" or name.startswith("hat.")]:
        del sys.modules[name]
    standins.install(order["dialect"])
    if fds:
        network.install(fds[0])
    layers: list[str] = []
    if order["level"] == "strict":
        try:
            layers, root, packages = lockdown.lock(
                root, order["packages"], order["without"], agreed=order["agreed"], network=bool(fds)
            )
        except OSError as error:
            kind = "NoTree" if isinstance(error, tree.TreeError) else "Refused"
            frames.write(sock, {"error": {"type": kind, "message": str(error)}})
            os._exit(0)
        sys.path = [packages if one == order["packages"] else one for one in sys.path]
    box = Box(root, order["max_reply"])
    frames.write(sock, box.load() | {"layers": layers})
    while True:
        try:
            message = frames.read(sock)
        except (EOFError, OSError):
            os._exit(0)
        _reply(sock, box, message)


def _reply(sock: Any, box: Box, message: dict[str, Any]) -> None:
    reply = box.answer(message)
    try:
        data = frames.packed(reply)
    except (ValueError, TypeError, RecursionError, MemoryError):
        data = b""
    if not data or len(data) > box.max_reply:
        error = {"type": "TooLarge", "message": f"the function's result is larger than {box.max_reply} bytes"}
        data = frames.packed(
            {"id": message["id"], "answers": [{"error": error} for _ in message.get("calls", [])]}
        )
    sock.sendall(data)
