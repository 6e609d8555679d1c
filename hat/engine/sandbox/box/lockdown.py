"""Lock the box before a project's code is seen: own tree, capabilities, Landlock, seccomp."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Collection
from typing import Final, NamedTuple

from hat.engine.sandbox.box import landlock, seccomp, tree

# What a trial of the layers may leave out, to see that the others hold and that its attacks are real.
LAYERS: Final = ("namespaces", "tree", "capabilities", "landlock", "seccomp")

_NO_NEW_PRIVILEGES: Final = 38
_DROP_BOUND: Final = 24
_DUMPABLE: Final = 4
_LAST_CAPABILITY: Final = 63
_CAPABILITY_VERSION: Final = 0x20080522


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class Locked(NamedTuple):
    """The layers that hold now, and where the project and its packages are from here on."""

    layers: list[str]
    root: str
    packages: str


def lock(root: str, packages: str, without: Collection[str] = ()) -> Locked:
    """Every layer this system offers; OSError when one is missing that must not be."""
    if sys.platform != "linux":
        raise OSError("this system has neither Landlock nor seccomp")
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    layers: list[str] = []
    if "namespaces" not in without:
        layers += tree.separate(libc, with_files="tree" not in without)
    if layers and "tree" not in without and tree.enter(libc, root, packages):
        layers.append("tree")
        root, packages = tree.PROJECT, tree.PACKAGES if packages else ""
        os.chdir(root)
    if "capabilities" not in without:
        layers += _drop_capabilities(libc)
    layers += _shut_files(libc, root, packages, layers, without)
    return Locked(layers + ([] if "seccomp" in without else seccomp.lock(libc)), root, packages)


def _shut_files(
    libc: ctypes.CDLL, root: str, packages: str, layers: Collection[str], without: Collection[str]
) -> list[str]:
    """Landlock, which only a box with a tree of its own can do without."""
    if "landlock" in without:
        return []
    has_tree = "tree" in layers
    readable = ["/"] if has_tree else [root, packages, *tree.python().values(), *tree.shared().values()]
    try:
        return landlock.lock(libc, readable, ["/dev/null"], [tree.SCRATCH] if has_tree else [])
    except OSError:
        if has_tree:
            return []
        raise


def _drop_capabilities(libc: ctypes.CDLL) -> list[str]:
    """What makes root more than others, gone for good; and nothing that is started gets more."""
    for number in range(_LAST_CAPABILITY + 1):
        libc.prctl(_DROP_BOUND, number, 0, 0, 0)
    header = _Header(_CAPABILITY_VERSION, 0)
    nothing = (ctypes.c_uint32 * 6)()
    if libc.capset(ctypes.byref(header), ctypes.byref(nothing)):
        raise OSError(ctypes.get_errno(), "capabilities cannot be dropped")
    libc.prctl(_DUMPABLE, 0, 0, 0, 0)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no_new_privs cannot be set")
    return ["no-capabilities", "no-new-privileges"]
