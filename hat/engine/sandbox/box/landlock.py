"""Landlock (Linux 5.13 and newer): from here on this process reads and writes only what it is given."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from typing import Final

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION: Final = 1
_PATH_BENEATH: Final = 1
_WRITE_FILE: Final = 1 << 1
_READ_FILE: Final = 1 << 2
_READ: Final = 1 << 0 | _READ_FILE | 1 << 3
_SCRATCH: Final = (
    _READ | _WRITE_FILE | 1 << 4 | 1 << 5 | 1 << 7 | 1 << 8 | 1 << 13 | 1 << 14
)  # remove, make, rename, cut
_OF_A_FILE: Final = 1 << 0 | _WRITE_FILE | _READ_FILE | 1 << 14
_ALL_FS: Final = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
_ALL_FS_NEW: Final = (1 << 16) - 1
_TCP: Final = 3
_SCOPED: Final = 3


class _Ruleset(ctypes.Structure):
    _fields_ = [("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64)]


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def version(libc: ctypes.CDLL) -> int:
    """What the kernel offers; 0 for nothing."""
    return max(0, int(libc.syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION))))


def lock(
    libc: ctypes.CDLL, readable: Iterable[str], writable: Iterable[str], scratch: Iterable[str] = ()
) -> list[str]:
    """Shut everything but these; in a scratch folder files may be made. OSError when it cannot be done."""
    abi = version(libc)
    if not abi:
        raise OSError("the kernel has no Landlock")
    ruleset = _Ruleset(_ALL_FS.get(abi, _ALL_FS_NEW), _TCP if abi >= 4 else 0, _SCOPED if abi >= 6 else 0)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    fd = libc.syscall(_CREATE, ctypes.byref(ruleset), ctypes.c_size_t(size), ctypes.c_uint32(0))
    if fd < 0:
        raise OSError(ctypes.get_errno(), "no Landlock ruleset")
    for path in readable:
        _allow(libc, fd, path, _READ & ruleset.fs)
    for path in writable:
        _allow(libc, fd, path, _READ_FILE | _WRITE_FILE)
    for path in scratch:
        _allow(libc, fd, path, _SCRATCH & ruleset.fs)
    if libc.syscall(_RESTRICT, ctypes.c_int(fd), ctypes.c_uint32(0)):
        raise OSError(ctypes.get_errno(), "Landlock cannot be switched on")
    os.close(fd)
    return ["landlock", *(["landlock-tcp"] if abi >= 4 else []), *(["landlock-scope"] if abi >= 6 else [])]


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, access: int) -> None:
    """Allow a folder and all below it, or one file; a path that is not there needs no rule."""
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    if not os.path.isdir(path):
        access &= _OF_A_FILE
    rule = _Beneath(access, parent)
    if libc.syscall(
        _ADD, ctypes.c_int(ruleset), ctypes.c_int(_PATH_BENEATH), ctypes.byref(rule), ctypes.c_uint32(0)
    ):
        raise OSError(ctypes.get_errno(), f"no Landlock rule for {path}")
    os.close(parent)
