"""The warm process boxes are forked from; it never sees a project's code."""

from __future__ import annotations

import errno
import gc
import importlib
import os
import select
import signal
import socket
import time
from typing import Final, NoReturn

from hat.engine.sandbox.box import crowd, limits, serve

ORDER: Final = 9
_LOOK_S: Final = 0.1  # between two looks at how many processes there are
_MOMENT_S: Final = 0.5  # between the end of a box's socket and the end of its process

# Loaded once here, so that no box has to.
_WARM: Final = (
    *(
        "base64",
        "collections",
        "copy",
        "csv",
        "datetime",
        "decimal",
        "functools",
        "hashlib",
        "hmac",
        "inspect",
        "io",
    ),
    *(
        "itertools",
        "json",
        "logging",
        "math",
        "random",
        "re",
        "string",
        "time",
        "traceback",
        "urllib.parse",
        "uuid",
    ),
)


def main(control_fd: int) -> NoReturn:
    """Take orders until the other side closes: F(ork) a box, K(ill) or W(ait for) one; each is answered.

    N is the answer where no box could be forked, with the number of the system's error.
    """
    control = socket.socket(fileno=control_fd)
    boxes: dict[int, int] = {}
    crowds: set[int] = set()
    usual = 0
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in _WARM:
        importlib.import_module(name)
    gc.freeze()
    control.sendall(b"R" + bytes(ORDER - 1))
    while True:
        if boxes and not select.select([control], [], [], _LOOK_S)[0]:
            if crowd.population() > usual + crowd.MANY:
                crowds |= _stop_crowds(boxes)
            continue
        order, fds, _, _ = socket.recv_fds(control, ORDER, 1)
        if len(order) < ORDER:
            for pid in boxes.values():
                _kill(pid)
            os._exit(0)
        number = int.from_bytes(order[1:], "big")
        if order[:1] == b"F":
            pid = _fork(control, fds[0])
            if pid < 0:  # the other boxes go on
                control.sendall(b"N" + (-pid).to_bytes(ORDER - 1, "big"))
                continue
            boxes[number] = pid
            usual = max(usual, crowd.population()) if len(boxes) > 1 else crowd.population()
            control.sendall(order)
        else:
            status = _end(boxes.pop(number, 0), _MOMENT_S if order[:1] == b"W" else 0.0)
            control.sendall((b"C" if number in crowds else b"E") + status.to_bytes(ORDER - 1, "big"))


def _stop_crowds(boxes: dict[int, int]) -> set[int]:
    """End the boxes that started too many processes; which they are."""
    found = {number for number, pid in boxes.items() if crowd.is_crowd(pid)}
    for number in found:
        _kill(boxes[number])
    return found


def _fork(control: socket.socket, fd: int) -> int:
    """The number of a new box; below zero the error of a system that has no room for one now."""
    try:
        pid = os.fork()
    except OSError as error:
        pid = -(error.errno or errno.EAGAIN)
    if not pid:
        _live(control, fd)
    os.close(fd)
    return pid


def _live(control: socket.socket, fd: int) -> NoReturn:
    """What the child of a fork does: a new session, no terminal, then the box."""
    control.close()
    limits.own_session()
    limits.die_with_parent()
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    os.close(null)
    serve.run(socket.socket(fileno=fd))


def _end(pid: int, patience_s: float) -> int:
    """Kill what is left of a box and its children; how it ended, as wait status plus one, 0 for unknown."""
    if not pid:
        return 0
    until = time.monotonic() + patience_s
    ended, status = os.waitpid(pid, os.WNOHANG)
    while not ended and time.monotonic() < until:
        time.sleep(0.001)
        ended, status = os.waitpid(pid, os.WNOHANG)
    _kill(pid)
    if ended:
        return status + 1
    os.waitpid(pid, 0)
    return signal.SIGKILL + 1


def _kill(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
