"""Lock the box before a project's code is seen: namespaces, capabilities, Landlock, seccomp."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Sequence
from typing import Final

from hat.engine.sandbox.box import landlock, seccomp

_NO_NEW_PRIVILEGES: Final = 38
_DROP_BOUND: Final = 24
_DUMPABLE: Final = 4
_LAST_CAPABILITY: Final = 63
_NEW_USER, _NEW_NET, _NEW_IPC, _NEW_UTS = 0x10000000, 0x40000000, 0x08000000, 0x04000000
_CAPABILITY_VERSION: Final = 0x20080522
_SHARED: Final = ("/usr/share/zoneinfo", "/etc/localtime", "/dev/urandom")
_LIBRARIES: Final = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib")


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


def lock(root: str, packages: Sequence[str]) -> list[str]:
    """Every layer this system offers; OSError when one is missing that must not be."""
    if sys.platform != "linux":
        raise OSError("this system has neither Landlock nor seccomp")
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    layers = _own_namespaces(libc)
    layers += _drop_capabilities(libc)
    libc.prctl(_DUMPABLE, 0, 0, 0, 0)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no_new_privs cannot be set")
    layers.append("no-new-privileges")
    python = [os.path.dirname(os.__file__), os.path.join(sys.base_prefix, "lib")]
    layers += landlock.lock(libc, [root, *packages, *python, *_LIBRARIES, *_SHARED], ["/dev/null"])
    return layers + seccomp.lock(libc)


def _own_namespaces(libc: ctypes.CDLL) -> list[str]:
    """A network, host name and message queues of its own where the system lets us; a bonus, not a need."""
    for user in (0, _NEW_USER):
        if libc.unshare(user | _NEW_NET | _NEW_IPC | _NEW_UTS) == 0:
            return ["namespaces"]
    return []


def _drop_capabilities(libc: ctypes.CDLL) -> list[str]:
    """What makes root more than others, gone for good."""
    for number in range(_LAST_CAPABILITY + 1):
        libc.prctl(_DROP_BOUND, number, 0, 0, 0)
    header = _Header(_CAPABILITY_VERSION, 0)
    nothing = (ctypes.c_uint32 * 6)()
    if libc.capset(ctypes.byref(header), ctypes.byref(nothing)):
        raise OSError(ctypes.get_errno(), "capabilities cannot be dropped")
    return ["no-capabilities"]
