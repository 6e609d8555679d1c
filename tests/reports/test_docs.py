"""Every field of the result JSON is in docs/result-json.md, in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from hat.reports.json import as_dict
from tests.reports.results import RUN

DOCS = Path(__file__).parents[2] / "docs"
FREE = {"row", "extracted", "exported", "headers", "value", "expected", "actual"}


def fields(value: Any) -> set[str]:
    """The names of all fields of a document, leaving out those a case names itself."""
    if isinstance(value, list):
        return {name for item in value for name in fields(item)}
    if not isinstance(value, dict):
        return set()
    inner = {name for key, item in value.items() if key not in FREE for name in fields(item)}
    return set(value) | inner


@pytest.mark.parametrize("page", ["result-json.md", "result-json.zh-CN.md"])
@pytest.mark.parametrize("name", sorted(fields(as_dict(RUN))))
def test_a_field_is_documented(name: str, page: str) -> None:
    assert name in re.findall(r"`(\w+)`", (DOCS / page).read_text(encoding="utf-8"))
