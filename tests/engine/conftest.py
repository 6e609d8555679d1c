"""A server with ordinary answers for tests that run whole cases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.target.sample import serve


@pytest.fixture(scope="session")
def sample() -> Iterator[str]:
    """The base URL of the sample server."""
    with serve() as address:
        yield f"http://{address}"
