"""Links between the documents of the project lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.checks.sources import ROOT, files

LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")


def dead_links(document: Path) -> list[str]:
    """Find relative links of a document that lead to no file or folder."""
    targets = [
        match["target"].partition("#")[0] for match in LINK.finditer(document.read_text(encoding="utf-8"))
    ]
    local = [
        target for target in targets if target and "://" not in target and not target.startswith("mailto:")
    ]
    return [target for target in local if not (document.parent / target).exists()]


@pytest.mark.parametrize(
    "name", [name for name in files() if name.endswith(".md") and "/" not in name.removeprefix("docs/")]
)
def test_every_link_leads_somewhere(name: str) -> None:
    assert dead_links(ROOT / name) == []


def test_it_notices_a_dead_link(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(
        "[one](page.md#top), [two](none.md), ![three](images/no.png), [four](https://x.y)"
    )

    assert dead_links(tmp_path / "page.md") == ["none.md", "images/no.png"]
