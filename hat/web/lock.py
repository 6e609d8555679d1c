"""The lock that lets one HAT at a time work in a data folder, and locks of single files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO

from hat.error import UsageError


class FolderLock:
    """Held for the life of a process; the system lets go of it whatever way the process ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Lock the folder, or raise UsageError with the words its holder left in the lock file."""
        file = (self._folder / "hat.lock").open("a+", encoding="utf-8")
        if not lock_file(file):
            file.seek(0)
            holder = file.read().strip()
            file.close()
            note = f" ({holder})" if holder else ""
            raise UsageError(
                f"the data folder '{self._folder}' is in use by another HAT{note}",
                hint="stop that one first, or give another folder with --data",
            )
        self._file = file

    def say(self, note: str) -> None:
        """Leave a note (process, address) for the next one who tries."""
        if self._file is not None:
            self._file.truncate(0)
            self._file.write(note)
            self._file.flush()

    def release(self) -> None:
        if self._file is not None:
            self._file.truncate(0)
            self._file.close()
            self._file = None


if sys.platform == "win32":
    import msvcrt

    def lock_file(file: IO[str]) -> bool:
        """Whether the lock of an open file is ours now; it ends with the file."""
        # A byte far behind the note, because a locked byte cannot be read by others on Windows.
        file.seek(1 << 20)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def lock_file(file: IO[str]) -> bool:
        """Whether the lock of an open file is ours now; it ends with the file."""
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
