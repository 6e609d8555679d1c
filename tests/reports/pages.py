"""A small page to put results into, and what a page holds."""

from __future__ import annotations

import base64
import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from hat.reports import html


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page as the front-end build makes it, small."""
    file = tmp_path / "report.html"
    file.write_text('<html><script id="hat-result">HAT_RESULT_DATA</script></html>')
    monkeypatch.setattr(html, "TEMPLATE", file)
    return file


def inside(document: bytes) -> Any:
    """The result a page holds."""
    found = re.search(rb'id="hat-result">([^<]*)<', document)
    assert found is not None
    return json.loads(gzip.decompress(base64.b64decode(found[1])))
