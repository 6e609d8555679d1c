"""One server for the conformance cases, and fresh copies of their projects."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.conformance.project import FILES, copy_project, projects


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where the server of the conformance cases listens."""
    port = _free_port()
    command = [sys.executable, str(FILES / "mockserver.py"), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith("mock on")
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def folders(address: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A copy of each project that talks to the server."""
    folder = tmp_path_factory.mktemp("conformance")
    return {project: copy_project(project, folder, address) for project in projects()}
