"""Lock the box before a project's code is seen: own tree, capabilities, Landlock, seccomp."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Collection
from typing import Final, NamedTuple

from hat.engine.sandbox.box import landlock, seccomp, tree

# What a trial may leave out, as if the system did not have it.
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


def lock(
    root: str,
    packages: str,
    without: Collection[str] = (),
    *,
    agreed: bool = False,
    network: bool = False,
) -> Locked:
    """Every layer this system offers; OSError when that is not enough and nobody agreed to it."""
    layers: list[str] = []
    if sys.platform == "linux":
        layers, root, packages = _lock(root, packages, without, network=network)
    if not agreed and (why := lacking(layers)):
        raise OSError(why)
    return Locked(layers, root, packages)


def lacking(layers: Collection[str]) -> str:
    """What is not held off by these layers, in words; empty when they are enough."""
    if "seccomp" not in layers:
        return "it has no seccomp, which keeps code from the network and from other processes"
    if "landlock" not in layers and "tree" not in layers:
        return "it has neither Landlock nor namespaces, which keep code from other files"
    if "no-capabilities" not in layers or "no-new-privileges" not in layers:
        return "privileges cannot be given up for good"
    return ""


def _lock(root: str, packages: str, without: Collection[str], *, network: bool) -> Locked:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    layers: list[str] = []
    if "namespaces" not in without:
        layers += tree.separate(libc, with_files="tree" not in without)
    if layers and "tree" not in without and tree.enter(libc, root, packages, network=network):
        layers.append("tree")
        root, packages = tree.PROJECT, tree.PACKAGES if packages else ""
        os.chdir(root)
    if "capabilities" not in without:
        layers += _drop_capabilities(libc)
    if "landlock" not in without:
        layers += _shut_files(libc, _readable(root, packages, layers, network=network))
    if "seccomp" not in without:
        layers += _shut_calls(libc, network=network)
    return Locked(layers, root, packages)


def _readable(root: str, packages: str, layers: Collection[str], *, network: bool) -> list[str]:
    """What may be read: all of the tree it has of its own, or those places of the machine."""
    if "tree" in layers:
        return ["/"]
    return [root, packages, *tree.python().values(), *tree.shared(network=network).values()]


def _shut_files(libc: ctypes.CDLL, readable: list[str]) -> list[str]:
    scratch = [tree.SCRATCH] if readable == ["/"] else []
    try:
        return landlock.lock(libc, readable, ["/dev/null"], scratch)
    except OSError:
        return []


def _shut_calls(libc: ctypes.CDLL, *, network: bool) -> list[str]:
    try:
        return seccomp.lock(libc, network=network)
    except OSError:
        return []


def _drop_capabilities(libc: ctypes.CDLL) -> list[str]:
    """What makes root more than others, gone for good; and nothing that is started gets more."""
    layers = []
    for number in range(_LAST_CAPABILITY + 1):
        libc.prctl(_DROP_BOUND, number, 0, 0, 0)
    header = _Header(_CAPABILITY_VERSION, 0)
    nothing = (ctypes.c_uint32 * 6)()
    if not libc.capset(ctypes.byref(header), ctypes.byref(nothing)):
        layers.append("no-capabilities")
    libc.prctl(_DUMPABLE, 0, 0, 0, 0)
    if not libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        layers.append("no-new-privileges")
    return layers
