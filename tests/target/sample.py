"""The server of the conformance cases, for every test that needs ordinary answers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from socket import socket

PROGRAM = Path(__file__).parents[1] / "conformance" / "files" / "mockserver.py"


@contextmanager
def serve() -> Iterator[str]:
    """Where it listens, as host:port."""
    with closing(socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, str(PROGRAM), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith("mock on")
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()
