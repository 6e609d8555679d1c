"""No file of the project names the machine it was written on, or the host of a package index."""

from __future__ import annotations

import re

import pytest

from tests.checks.sources import ROOT, files

# Written in pieces, so that this file is not its own finding.
FOLDERS = ("/wor" + "k/", "/roo" + "t/", "/tm" + "p/", "/hom" + "e/", "/User" + "s/", r"C:\\User" + "s")
HOSTS = (
    r"pypi\." + "org",
    r"python[h]osted\.org",
    r"registry\." + r"npmjs",
    "npm" + "mirror",
    r"mirrors?\." + r"(aliyun|tencent|huawei|ustc|tuna|cloud)",
    r"deb\." + r"debian\.org",
)
TRACE = re.compile("|".join([*(rf"(?<![\w.$}}]){folder}" for folder in FOLDERS), *HOSTS]))


def traces(text: str) -> list[str]:
    """Find paths of a machine and hosts of package indexes."""
    return [match.group() for match in TRACE.finditer(text)]


def test_no_file_names_a_machine_or_an_index_host() -> None:
    found = {}
    for name in files():
        content = (ROOT / name).read_bytes()
        if b"\0" not in content:
            found[name] = traces(content.decode("utf-8", errors="replace"))

    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize(
    "planted",
    ["/wor" + "k/main/x", "see /roo" + "t/.cache", "open('/tm" + "p/x')", "https://pypi" + ".org/simple"],
)
def test_it_notices_a_trace(planted: str) -> None:
    assert traces(planted)


@pytest.mark.parametrize(
    "harmless", ["import os", "~/.local/share/hat", "/api/v1/" + "work/1", "the PyPI wheel"]
)
def test_it_lets_other_text_pass(harmless: str) -> None:
    assert traces(harmless) == []
