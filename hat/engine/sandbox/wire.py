"""The line to a box: frames out, frames in, and replies taken apart without trust."""

from __future__ import annotations

import json
import math
import re
import select
import socket
from collections.abc import Mapping, Sequence
from typing import Any, Final, NoReturn

from hat.engine.sandbox.box.values import TAG, pack, unpack
from hat.engine.sandbox.calls import Answer, Call, CallError, Function, Handle, OpenedFile, ResponseFacts
from hat.engine.waiting import receive, send_all, timeout
from hat.error import FunctionsError

_HEAD: Final = 4
_IN_PLACE_S: Final = 0.0003
_SELECT_LIMIT: Final = 1024
_LARGE: Final = 1 << 20  # bytes of a reply whose lists and objects are counted
_ROOM: Final = 16  # bytes of the largest reply for each of them
_MANY: Final = _LARGE // _ROOM  # as many are never too many, even where some stand in texts
_TEXT: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)  # one without an end is not looked at twice
_OPENED: Final = re.compile(r"[\[{]")
_MAX_PRINTED: Final = 128 * 1024
_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode


class LostError(Exception):
    """Raised when a box is gone or talks nonsense; `why` is empty when only its end can tell."""

    def __init__(self, why: str = "") -> None:
        super().__init__(why)
        self.why = why


class TreeRefusedError(Exception):
    """Raised when this system refused half-way to give a box a file tree of its own; one without may work."""


class Line:
    """The socket to one box: one question at a time, each with one reply."""

    def __init__(self, sock: socket.socket, max_reply: int) -> None:
        sock.setblocking(False)
        self._sock = sock
        self._max_reply = max_reply
        self._number = 0

    async def start(self, order: Mapping[str, Any], limit_s: float, fds: Sequence[int] = ()) -> Any:
        """Send what the box is for, with descriptors; its reply says what the project offers."""
        async with timeout(limit_s):
            await self._send(order, fds)
            return await self._receive(b"")

    async def ask(self, message: dict[str, Any], limit_s: float) -> Any:
        """Send a message and wait for its reply: a moment in place, then through the loop."""
        self._number += 1
        message["id"] = self._number
        await self._send(message)
        begun = self._wait_in_place()
        reply = _parsed(begun, self._max_reply) if begun else None
        if reply is None:
            async with timeout(limit_s):
                reply = await self._receive(begun)
        if not isinstance(reply, dict) or reply.get("id") != self._number:
            raise LostError("the process answered what nobody asked")
        return reply

    def close(self) -> None:
        """Hang up; the box ends itself then."""
        self._sock.close()

    async def _send(self, message: Mapping[str, Any], fds: Sequence[int] = ()) -> None:
        body = _encode(message).encode()
        frame = len(body).to_bytes(_HEAD, "big") + body
        try:
            sent = socket.send_fds(self._sock, [frame], fds) if fds else self._sock.send(frame)
        except BlockingIOError:
            sent = 0
        except OSError:
            raise LostError from None
        if sent < len(frame):
            try:
                await send_all(self._sock, frame[sent:])
            except OSError:
                raise LostError from None

    def _wait_in_place(self) -> bytes:
        """What comes within a moment, without a round through the loop."""
        number = self._sock.fileno()
        if number >= _SELECT_LIMIT:
            return b""
        ready, _, _ = select.select([number], [], [], _IN_PLACE_S)
        if not ready:
            return b""
        try:
            begun = self._sock.recv(1 << 18)
        except OSError:
            raise LostError from None
        if not begun:
            raise LostError
        return begun

    async def _receive(self, begun: bytes) -> Any:
        pieces = bytearray(begun)
        while True:
            reply = _parsed(pieces, self._max_reply)
            if reply is not None:
                return reply
            try:
                piece = await receive(self._sock, 1 << 18)
            except OSError:
                raise LostError from None
            if not piece:
                raise LostError
            pieces += piece


def _parsed(frame: bytes | bytearray, limit: int) -> Any:
    """The message of a frame; None while some of it is missing."""
    if len(frame) < _HEAD:
        return None
    length = int.from_bytes(frame[:_HEAD], "big")
    if length > limit:
        raise LostError("the process answered with too much")
    if len(frame) < _HEAD + length:
        return None
    if len(frame) > _HEAD + length:
        raise LostError("the process answered what nobody asked")
    try:
        text = frame[_HEAD:].decode("ascii")
        if length > _LARGE and _containers(text) > limit // _ROOM:
            raise LostError("the process answered with too much")
        message = _decode(text)
    except (ValueError, RecursionError):
        raise LostError("the process answered nonsense") from None
    if "\\ud" in text or "\\u0000" in text or "\\uD" in text:
        message = _clean(message)
    return message


def _containers(text: str) -> int:
    """How many lists and objects a text of JSON holds: each takes far more room in memory than in it."""
    found = text.count("{") + text.count("[")
    return found if found < _MANY else len(_OPENED.findall(_TEXT.sub("", text)))


def _finite(text: str) -> float | str:
    value = float(text)
    return value if math.isfinite(value) else text


def _refuse(text: str) -> NoReturn:
    raise ValueError(text)


_decode: Final = json.JSONDecoder(parse_float=_finite, parse_constant=_refuse).decode


def _clean(value: Any) -> Any:
    """Text no database or page chokes on: no lone surrogates, no NUL."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "\ufffd")
    if isinstance(value, list):
        return [_clean(one) for one in value]
    if isinstance(value, dict):
        return {_clean(name): _clean(one) for name, one in value.items()}
    return value


def packed_calls(calls: Sequence[Call]) -> dict[str, Any]:
    """The message that asks for these calls."""
    return {
        "calls": [
            [
                call.name,
                [pack(one, _pack) for one in call.args],
                {name: pack(one, _pack) for name, one in call.kwargs.items()},
                call.mutable,
            ]
            for call in calls
        ]
    }


def _pack(value: Any) -> Any:
    if isinstance(value, Handle):
        return {TAG: "handle", "v": value.id}
    if isinstance(value, ResponseFacts):
        return {TAG: "response", "v": pack(dict(value.fields), _pack)}
    if isinstance(value, Mapping):
        return pack(dict(value), _pack)
    return str(value)


def _unpack(tagged: dict[str, Any]) -> Any:
    if tagged[TAG] == "handle":
        number, kind, text = tagged["v"]
        return Handle(int(number), str(kind), str(text))
    if tagged[TAG] == "response":
        return ResponseFacts(unpack(tagged["v"], _unpack))
    raise ValueError(tagged[TAG])


def answers(reply: Any, count: int) -> list[Answer]:
    """The answers of a reply; LostError when it is not made as a box makes it."""
    given = reply.get("answers")
    if not isinstance(given, list) or len(given) != count:
        raise LostError("the process answered nonsense")
    try:
        return [_answer(one) for one in given]
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError):
        raise LostError("the process answered nonsense") from None


def _answer(given: dict[str, Any]) -> Answer:
    printed = str(given.get("printed", ""))[:_MAX_PRINTED]
    if "error" in given:
        return Answer(error=_error(given["error"]), printed=printed)
    changed = given.get("changed")
    return Answer(
        unpack(given["value"], _unpack),
        changed=None if changed is None else tuple(unpack(one, _unpack) for one in changed),
        printed=printed,
    )


def _error(given: dict[str, Any]) -> CallError:
    return CallError(
        type=str(given["type"])[:200],
        message=str(given["message"])[:20_000],
        line=int(given.get("line", 0)),
        file=str(given.get("file", ""))[:1000],
        is_assertion=bool(given.get("assertion")),
        is_type_error=bool(given.get("type_error")),
    )


def content(reply: Any) -> OpenedFile | None:
    """What a kept value holds."""
    try:
        name, raw, kind = reply["content"]
        return OpenedFile(str(name), bytes(unpack(raw, _unpack)), str(kind))
    except (ValueError, TypeError, KeyError):
        return None


def loaded(reply: Any) -> tuple[dict[str, Function], tuple[str, ...]]:
    """The functions a box found and the layers around it; FunctionsError when it cannot be used."""
    try:
        if "error" not in reply:
            functions = {one["name"]: Function(**one) for one in reply["functions"]}
            return functions, tuple(str(one) for one in reply["layers"])
        error = _error(reply["error"])
    except (ValueError, TypeError, KeyError):
        raise LostError("the process answered nonsense") from None
    if error.type == "NoTree":
        raise TreeRefusedError(error.message)
    if error.type == "Refused":
        raise FunctionsError(
            f"functions of a project cannot be isolated on this system: {error.message}",
            hint="an administrator can agree to that under System; HAT_SANDBOX_AGREED=1 does for hat run",
        )
    place = f"{error.file}:{error.line}" if error.file else "debugtalk.py"
    if error.type in ("SyntaxError", "IndentationError", "TabError"):
        raise FunctionsError(error.message, place=place)
    hint = "install it in the environment HAT runs in" if error.type == "ModuleNotFoundError" else ""
    text = f"{error.type}: {error.message}" if error.message else error.type
    raise FunctionsError(f"it cannot be loaded: {text}", place=place, hint=hint)
