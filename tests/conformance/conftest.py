"""One server for the conformance cases, and fresh copies of their projects."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.project import copy_project, projects
from tests.target.sample import serve


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where the server of the conformance cases listens."""
    with serve() as address:
        yield address


@pytest.fixture(scope="session")
def folders(address: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A copy of each project that talks to the server."""
    folder = tmp_path_factory.mktemp("conformance")
    return {project: copy_project(project, folder, address) for project in projects()}
