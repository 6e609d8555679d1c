"""Start boxes from a warm process, and end them."""

from __future__ import annotations

import atexit
import os
import socket
import sys
import threading
from pathlib import Path
from typing import Final

CROWD: Final = -1  # in place of a wait status: ended because it started too many processes
_ORDER: Final = 9
_PATIENCE_S: Final = 20.0
_PACKAGES: Final = ("hat", "hat.engine", "hat.engine.sandbox")
# The child knows nothing of HAT but the package `box`: the packages above it are empty shells there.
_BOOT: Final = """
import sys, types
for name, folder in zip(sys.argv[2::2], sys.argv[3::2]):
    module = sys.modules[name] = types.ModuleType(name)
    module.__path__ = [folder]
from hat.engine.sandbox.box.zygote import main
main(int(sys.argv[1]))
"""


class Nursery:
    """One warm process and the control socket to it; safe to use from several threads."""

    def __init__(self) -> None:
        import subprocess  # noqa: PLC0415  only runs with functions need it

        ours, theirs = socket.socketpair()
        ours.settimeout(_PATIENCE_S)
        folder = Path(__file__).parent
        shells = [
            str(part)
            for pair in zip(_PACKAGES, (folder.parent.parent, folder.parent, folder), strict=True)
            for part in pair
        ]
        command = [sys.executable, "-I", "-S", "-B", "-X", "utf8", "-c", _BOOT, str(theirs.fileno()), *shells]
        self.owner = os.getpid()
        self._control = ours
        self._last = 0
        self._turn = threading.Lock()
        with theirs:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={},
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._hear()

    @property
    def alive(self) -> bool:
        """Whether boxes can be had from it, in this process."""
        return self.owner == os.getpid() and self._process.poll() is None

    def fork(self) -> tuple[int, socket.socket]:
        """A new box: its number, and the socket to talk with it."""
        ours, theirs = socket.socketpair()
        with self._turn, theirs:
            self._last += 1
            number = self._last
            socket.send_fds(self._control, [b"F" + number.to_bytes(_ORDER - 1, "big")], [theirs.fileno()])
            heard = self._hear()
        if heard[:1] == b"N":
            ours.close()
            error = int.from_bytes(heard[1:], "big")
            raise OSError(error, os.strerror(error))
        return number, ours

    def end(self, number: int, *, ended_itself: bool = False) -> int | None:
        """End a box and what it started; its wait status if that is known."""
        if not self.alive:
            return None
        with self._turn:
            try:
                self._control.sendall((b"W" if ended_itself else b"K") + number.to_bytes(_ORDER - 1, "big"))
                heard = self._hear()
            except OSError:
                return None
        status = int.from_bytes(heard[1:], "big")
        return CROWD if heard[:1] == b"C" else status - 1 if status else None

    def close(self) -> None:
        """End the warm process and every box."""
        self._control.close()
        if self.owner == os.getpid():
            from subprocess import TimeoutExpired  # noqa: PLC0415  loaded when it was started

            try:
                self._process.wait(5)
            except TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _hear(self) -> bytes:
        answer = b""
        while len(answer) < _ORDER:
            try:
                piece = self._control.recv(_ORDER - len(answer))
            except TimeoutError:
                self._process.kill()  # frozen: whoever needs a box next gets a new warm process
                raise
            if not piece:
                raise ConnectionError("the process for project functions ended")
            answer += piece
        return answer


_current: Nursery | None = None
_choice = threading.Lock()


def nursery() -> Nursery:
    """The warm process of this process, started at first need."""
    global _current  # noqa: PLW0603 - one per process is the point
    with _choice:
        if _current is None or not _current.alive:
            if _current is None:
                atexit.register(_close)
            else:
                _current.close()
            _current = Nursery()
        return _current


def _close() -> None:
    if _current is not None:
        _current.close()
