"""The servers the golden cases ask, started once for these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.golden.render import serving


@pytest.fixture(scope="session")
def places() -> Iterator[dict[str, str]]:
    """Their addresses by the name of a variable."""
    with serving() as places:
        yield places
