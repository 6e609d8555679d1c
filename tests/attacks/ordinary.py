"""Become an ordinary user, then run a module: `python -m tests.attacks.ordinary UID MODULE ...`.

Python or the repository may lie where only root may go. Then this process, in mounts of its own, sees the
closed folder replaced by one that holds nothing but the way there; nothing changes for anybody else.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

_NEW_MOUNTS, _PRIVATE, _DEEP, _BIND = 0x00020000, 1 << 18, 16384, 4096


def closed(path: Path) -> Path | None:
    """The first folder on the way to a path that others may not pass."""
    above = [*reversed(path.parents), path]
    return next((one for one in above if one.is_dir() and not one.stat().st_mode & 0o001), None)


def open_way(paths: list[Path]) -> None:
    """Let others reach these folders, in mounts of this process alone."""
    libc = ctypes.CDLL(None, use_errno=True)
    wanted = [(path, closed(path)) for path in paths]
    if not any(barrier for _, barrier in wanted):
        return
    if libc.unshare(_NEW_MOUNTS) or libc.mount(b"none", b"/", None, _DEEP | _PRIVATE, None):
        raise OSError(ctypes.get_errno(), "no mounts of its own")
    held = {path: os.open(path, os.O_PATH) for path, _ in wanted}
    for closing in {barrier for _, barrier in wanted if barrier}:
        if libc.mount(b"tmpfs", os.fsencode(closing), b"tmpfs", 0, b"mode=755"):
            raise OSError(ctypes.get_errno(), f"{closing} cannot be covered")
    for path, barrier in wanted:
        if barrier:
            path.mkdir(parents=True, exist_ok=True)
            if libc.mount(
                f"/proc/self/fd/{held[path]}".encode(), os.fsencode(path), None, _BIND | _DEEP, None
            ):
                raise OSError(ctypes.get_errno(), f"{path} cannot be shown")


def main() -> None:
    uid, *command = sys.argv[1:]
    open_way(
        [Path(sys.base_prefix).resolve(), Path(sys.prefix).resolve(), Path(__file__).parents[2].resolve()]
    )
    os.setgroups([])
    os.setresgid(int(uid), int(uid), int(uid))
    os.setresuid(int(uid), int(uid), int(uid))
    os.execv(sys.executable, [sys.executable, "-m", *command])


if __name__ == "__main__":
    main()
