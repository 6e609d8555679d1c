"""A clock of processes under trial that can be put forward and back, while all others keep their time."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("clock.c")


class Clock:
    """Seconds in a file, which a preloaded library adds to the time of day; needs a C compiler."""

    def __init__(self, folder: Path, name: str) -> None:
        self._file = folder / f"{name}.clock"
        self._library = folder / "clock.so"
        compiler = shutil.which("cc")
        self.can_move = compiler is not None
        if compiler and not self._library.exists():
            command = [compiler, "-shared", "-fPIC", "-O2", "-o", str(self._library), str(SOURCE)]
            subprocess.run(command, check=True)
        self.put(0)
        self._file.chmod(0o644)

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs in its environment to live by this clock."""
        if not self.can_move:
            return {}
        return {"LD_PRELOAD": str(self._library), "FAULTS_CLOCK": str(self._file)}

    def put(self, seconds: int) -> None:
        """So far from the true time, at once, in every process that lives by this clock."""
        # In place: the file is mapped into memory.
        with os.fdopen(os.open(self._file, os.O_WRONLY | os.O_CREAT, 0o644), "wb") as file:
            file.write(struct.pack("q", seconds))
