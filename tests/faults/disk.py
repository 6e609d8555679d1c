"""A small disk of its own for the data under trial, which can be filled to the last byte."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SIZE_MB = 1024
BLOCK = 1 << 20


class Disk:
    """A folder; where we may mount, a file system in memory of a fixed size."""

    def __init__(self, folder: Path, *, is_small: bool) -> None:
        self.folder = folder
        self.can_be_filled = is_small
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """Take all the space that is left."""
        with suppress(OSError), self._ballast.open("ab", buffering=0) as file:
            while True:
                free = os.statvfs(self.folder)
                left = free.f_bavail * free.f_frsize
                if left == 0:
                    break
                os.posix_fallocate(file.fileno(), file.seek(0, os.SEEK_END), min(left, 64 * BLOCK))

    def free(self) -> None:
        """Give the space back."""
        self._ballast.unlink(missing_ok=True)


@contextmanager
def disk(folder: Path) -> Iterator[Disk]:
    """A disk at that folder, gone afterwards."""
    folder.mkdir(exist_ok=True)
    options = f"size={SIZE_MB}m,mode=0777"
    command = ["mount", "-t", "tmpfs", "-o", options, "hat-faults", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, check=False) if os.geteuid() == 0 else None
        is_small = done is not None and done.returncode == 0
    except FileNotFoundError:
        is_small = False
    try:
        yield Disk(folder, is_small=is_small)
    finally:
        if is_small:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
