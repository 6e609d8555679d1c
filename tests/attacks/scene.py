"""What attacks are after: secrets of a platform, a victim, services; and what became of them."""

from __future__ import annotations

import contextlib
import ctypes
import os
import secrets
import socket
import sqlite3
import struct
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

ENVIRONMENT = "HAT_TRIAL_SECRET"
_KEPT = "the platform's own words"


class Scene:
    """Things of a platform around one trial, all of them made for it."""

    def __init__(self, folder: Path) -> None:
        self.canary = f"CANARY_{secrets.token_hex(8)}"
        self.memory = f"MEMCANARY_{secrets.token_hex(8)}"
        self.argument = f"ARGCANARY_{secrets.token_hex(8)}"
        self.abstract = f"hat-trial-{secrets.token_hex(8)}"
        self.environment = os.environ.get(ENVIRONMENT, "")
        self.knocks = 0
        self.folder = folder
        self._over = threading.Event()
        for name in ("platform", "other", "code"):
            (folder / name).mkdir()
        self.db = self._file("platform/hat.db", self.canary)
        self.other = self._file("other/cases.yml", self.canary)
        self.writable = self._file("platform/writable.db", _KEPT)
        self.marker = folder / "marker"
        self.left = Path(f"{os.sep}tmp", "hat-attack-left-behind")
        with contextlib.closing(sqlite3.connect(folder / "platform" / "own.sqlite")) as base:
            base.execute("create table s (x)")
            base.execute("insert into s values (?)", [self.canary])
            base.commit()
        self._memory = ctypes.create_string_buffer(self.memory.encode())
        self._open = os.open(self.db, os.O_RDONLY)
        os.set_inheritable(self._open, True)
        self._sockets = self._services()
        self.victim = self._start_victim()

    def _file(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o600)
        return path

    def _start_victim(self) -> subprocess.Popen[bytes]:
        code = "import time; time.sleep(3600)"
        return subprocess.Popen([sys.executable, "-c", code, self.argument], start_new_session=True)

    def _services(self) -> dict[str, socket.socket]:
        found = {
            "port": socket.create_server(("127.0.0.1", 0)),
            "allowed": socket.create_server(("127.0.0.1", 0)),
            "udp": socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
            "unix": socket.socket(socket.AF_UNIX),
            "abstract": socket.socket(socket.AF_UNIX),
        }
        found["udp"].bind(("127.0.0.1", 0))
        found["unix"].bind(str(self.folder / "unix"))
        found["abstract"].bind(f"\0{self.abstract}")
        for name, service in found.items():
            if name != "udp":
                service.listen(16)
            service.settimeout(0.05)
            threading.Thread(target=self._serve, args=[service, name], daemon=True).start()
        return found

    def _serve(self, service: socket.socket, name: str) -> None:
        while not self._over.is_set():
            with contextlib.suppress(OSError):
                if name == "udp":
                    service.recv(99)
                    self.knocks += 1
                    continue
                visitor, _ = service.accept()
                if name == "allowed":
                    _cut(visitor)
                    continue
                self.knocks += 1
                with visitor:
                    visitor.sendall(b"NETCANARY")

    def told(self, scratch: str | None) -> dict[str, Any]:
        """What an attack may know: the `ctx` of its call."""
        return {
            "db": str(self.db),
            "other": str(self.other),
            "scratch": scratch,
            "ppid": os.getpid(),
            "canary_name": "CANARY",
            "db_sqlite": str(self.folder / "platform" / "own.sqlite"),
            "db_w": str(self.writable),
            "marker": str(self.marker),
            "code_dir": str(self.folder / "code"),
            "victim": self.victim.pid,
            "mem_addr": ctypes.addressof(self._memory),
            "host": "127.0.0.1",
            "port": self._sockets["port"].getsockname()[1],
            "allowed": self._sockets["allowed"].getsockname()[1],
            "udp": self._sockets["udp"].getsockname()[1],
            "unix": str(self.folder / "unix"),
            "abstract": self.abstract,
            "repository": str(Path(__file__).parent.parent.parent),
            "host_left": str(self.left),
        }

    def damage(self) -> str:
        """What is not as it was, as the word of the evidence; mended again for the next attack."""
        found = ""
        if self.victim.poll() is not None:
            found, self.victim = "victim", self._start_victim()
        if self.marker.exists():
            found = "marker"
            self.marker.unlink()
        if self.left.exists():
            found = "left"
            self.left.unlink()
        if list((self.folder / "code").iterdir()):
            found = "codewrite"
            for file in (self.folder / "code").iterdir():
                file.unlink()
        if not self.writable.exists() or self.writable.read_text() != _KEPT:
            found = "dbwrite"
            self._file("platform/writable.db", _KEPT)
        if self.writable.stat().st_mode & 0o777 != 0o600:
            found = "dbmode"
            self.writable.chmod(0o600)
        if self.knocks:
            found, self.knocks = "knock", 0
        return found

    def canaries(self, text: str) -> str:
        """Which secret a text holds, as the word of the evidence."""
        secrets_ = {
            "canary": self.canary,
            "memcanary": self.memory,
            "argcanary": self.argument,
            "envcanary": self.environment,
        }
        return next((word for word, secret in secrets_.items() if secret and secret in text), "")

    def close(self) -> None:
        """End what was started."""
        self._over.set()
        self.victim.kill()
        self.victim.wait()
        for service in self._sockets.values():
            service.close()
        os.close(self._open)


def _cut(visitor: socket.socket) -> None:
    """End a connection by a reset, which leaves the other side's socket free to connect anew."""
    with visitor:
        visitor.settimeout(0.1)
        with contextlib.suppress(TimeoutError):
            visitor.recv(1)
        visitor.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
