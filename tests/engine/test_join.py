"""base_url in front of a url."""

from __future__ import annotations

import pytest

from hat.engine.dialect import DIALECT
from hat.engine.join import join
from hat.engine.template import RenderError

ROWS = [
    ("httprunner2", "http://a/b/", "/c", "http://a/b/c"),
    ("httprunner2", "http://a/b", "c", "http://a/b/c"),
    ("httprunner2", "http://a", "HTTP://x/y", "HTTP://x/y"),
    ("httprunner2", "http://a", "//x/y", "http://a/x/y"),
    ("httprunner2", "http://a", "", "http://a/"),
    ("hat", "http://a/b", "", "http://a/b"),
    ("hat", "http://a/b/", "c?d=1", "http://a/b/c?d=1"),
    ("hat", "http://a", "ftp://x/y", "ftp://x/y"),
    ("hat", "", "ftp://x/y", "ftp://x/y"),
    ("httprunner2", "", "ftp://x/y", "ftp://x/y"),
    ("httprunner2", "http://a", "ftp://x/y", "http://a/ftp://x/y"),
    ("httprunner4", "http://a/b?q=1", "c?d=1#e", "http://a/b/c?d=1#e"),
    ("httprunner4", "http://a", "//x/y", "//x/y"),
    ("httprunner4", "http://a", "ftp://x/y", "ftp://x/y"),
]


@pytest.mark.parametrize(("dialect", "base", "url", "whole"), ROWS, ids=lambda value: str(value) or "empty")
def test_a_url_is_joined(dialect: str, base: str, url: str, whole: str) -> None:
    assert join(base, url, DIALECT[dialect], "path") == whole


@pytest.mark.parametrize("dialect", list(DIALECT))
def test_a_relative_url_needs_a_base(dialect: str) -> None:
    with pytest.raises(RenderError, match="there is no base_url"):
        join("", "/c", DIALECT[dialect], "path")
