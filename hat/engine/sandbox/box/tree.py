"""A file tree of the box's own: the host's files are not there, but for what Python and the project need."""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Final

PROJECT: Final = "/project"
PACKAGES: Final = "/packages"
SCRATCH: Final = "/tmp"  # noqa: S108 - the one in the box's own tree
OLD: Final = "/old"

_SHARED: Final = (
    "/usr/share/zoneinfo",
    "/etc/localtime",
    "/etc/ld.so.cache",
    "/dev/null",
    "/dev/zero",
    "/dev/urandom",
)
_CERTIFICATES: Final = (
    "/etc/ssl/certs",
    "/etc/ssl/cert.pem",
    "/etc/pki/tls",
    "/etc/pki/ca-trust/extracted",
    "/usr/lib/ssl",
    "/usr/share/ca-certificates",
    "/usr/local/share/ca-certificates",
)
_LIBRARIES: Final = ("/usr/lib64", "/usr/local/lib", "/lib64")
_EVERY_LIBRARY: Final = ("/usr/lib", "/lib")
_BASES: Final = ("/tmp", "/var/tmp", "/run", "/mnt")  # noqa: S108 - only a name to mount at
_NEW_USER, _NEW_MOUNTS = 0x10000000, 0x00020000
_OTHERS: Final = 0x40000000 | 0x08000000 | 0x04000000  # network, message queues, host name
_NO_SUID, _NO_DEVICES, _NO_PROGRAMS, _BIND, _DEEP, _PRIVATE = 2, 4, 8, 4096, 16384, 1 << 18
_DETACH: Final = 2
_RECURSIVE: Final = 0x8000
_SET_ATTRIBUTES: Final = 442
_PIVOT: Final = {"x86_64": 155, "aarch64": 41}


class TreeError(OSError):
    """Raised when the system refused half-way: the box is of no use, one without a tree may be."""


class _Attributes(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("on", "off", "propagation", "namespace")]


def separate(libc: ctypes.CDLL, *, with_files: bool = True) -> list[str]:
    """Namespaces of the box's own where the system lets us: network, queues, host name, and mounts."""
    user, group = os.geteuid(), os.getegid()
    wanted = _OTHERS | (_NEW_MOUNTS if with_files else 0)
    if libc.unshare(wanted) == 0:
        return ["namespaces"]
    if libc.unshare(wanted | _NEW_USER):
        return []
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        try:
            with open(f"/proc/self/{name}", "w") as file:
                file.write(line)
        except OSError:
            break
    return ["namespaces"]


def enter(libc: ctypes.CDLL, root: str, packages: str, *, network: bool = False) -> bool:
    """Make the tree and live in it; False when the system does not let us, TreeError when half-way."""
    shown = {PROJECT: root, PACKAGES: packages} | python() | shared(network=network)
    base = next((one for one in _BASES if os.path.isdir(one)), "/")
    if libc.mount(b"none", b"/", None, _DEEP | _PRIVATE, None):
        return False
    if not _room(libc, base, b"size=1m,nr_inodes=1k,mode=755", 0):
        return False
    try:
        _move(libc, base)
        for place, source in shown.items():
            _show(libc, place, OLD + source)
        _finish(libc)
    except OSError as error:
        raise TreeError(error.errno, f"no file tree of its own: {error}") from None
    return True


def python() -> dict[str, str]:
    """What Python needs, by its place in the tree: its modules, and the libraries some of them load."""
    machine = getattr(sys.implementation, "_multiarch", "")
    own = [f"{folder}/{machine}" for folder in _EVERY_LIBRARY if machine]
    libraries = [one for one in own if os.path.isdir(one)] or list(_EVERY_LIBRARY)
    wanted = [os.path.join(sys.base_prefix, "lib"), os.path.dirname(os.__file__), *libraries, *_LIBRARIES]
    found: dict[str, str] = {}
    for place in wanted:
        source = os.path.realpath(place)
        if os.path.isdir(source) and not any(place == one or place.startswith(f"{one}/") for one in found):
            found[place] = source
    return found


def shared(*, network: bool = False) -> dict[str, str]:
    """Single files and folders any program may count on; with a network, the certificates to trust."""
    places = (*_SHARED, *_CERTIFICATES) if network else _SHARED
    return {place: os.path.realpath(place) for place in places if os.path.exists(place)}


def _room(libc: ctypes.CDLL, place: str, options: bytes, flags: int) -> bool:
    """A file system in memory at a place."""
    return not libc.mount(b"tmpfs", place.encode(), b"tmpfs", _NO_SUID | _NO_DEVICES | flags, options)


def _move(libc: ctypes.CDLL, base: str) -> None:
    """Make the empty tree the root; the host's one hangs in OLD for now."""
    os.chdir(base)
    os.mkdir(base + OLD, 0o700)
    if libc.syscall(_PIVOT[os.uname().machine], base.encode(), (base + OLD).encode()):
        raise OSError(ctypes.get_errno(), "its root cannot be moved")
    os.chdir("/")


def _show(libc: ctypes.CDLL, place: str, source: str) -> None:
    """A folder or file of the host at a place of the tree."""
    if source == OLD:
        return
    if os.path.isdir(source):
        os.makedirs(place, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        os.close(os.open(place, os.O_CREAT | os.O_WRONLY, 0o600))
    if libc.mount(source.encode(), place.encode(), None, _BIND | _DEEP, None):
        raise OSError(ctypes.get_errno(), f"{place} cannot be shown")


def _finish(libc: ctypes.CDLL) -> None:
    """Leave the host's tree for good, make everything read-only, add a small folder to write in."""
    if libc.umount2(OLD.encode(), _DETACH):
        raise OSError(ctypes.get_errno(), "the old tree cannot be left")
    os.rmdir(OLD)
    os.mkdir(SCRATCH)
    _restrict(libc)
    if not _room(libc, SCRATCH, b"size=16m,nr_inodes=1k,mode=700", _NO_PROGRAMS):
        raise OSError(ctypes.get_errno(), "no folder to write in")


def _restrict(libc: ctypes.CDLL) -> None:
    attributes = _Attributes(on=1 | _NO_SUID)
    size = ctypes.c_size_t(ctypes.sizeof(attributes))
    if libc.syscall(_SET_ATTRIBUTES, -100, b"/", ctypes.c_uint(_RECURSIVE), ctypes.byref(attributes), size):
        raise OSError(ctypes.get_errno(), "it cannot be made read-only")
