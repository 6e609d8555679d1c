"""The demo API, started once for these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.demo.api import demo_api


@pytest.fixture(scope="session")
def api() -> Iterator[str]:
    """The address of the demo API."""
    with demo_api() as address:
        yield address
