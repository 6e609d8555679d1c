"""The built pages keep within their budgets, and name no other host."""

from __future__ import annotations

import gzip
import os
import re
from pathlib import Path

import pytest

from tests.checks.sources import ROOT

APP = ROOT / "hat/web/dist/app"
REPORT = ROOT / "hat/reports/dist/report.html"
IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*["']\./([\w.-]+\.js)["']""")
ADDRESS = re.compile(r"(?:https?:)?//([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.IGNORECASE)
# XML namespaces, and what libraries write into licences and messages: nothing is fetched from there.
KNOWN = {
    "www.w3.org",
    "vuejs.org",
    "tailwindcss.com",
    "reka-ui.com",
    "github.com",
    "codemirror.net",
    "www.apache.org",
}

pytestmark = pytest.mark.skipif(
    bool(os.environ.get("HAT_SKIP_FRONTEND")), reason="HAT_SKIP_FRONTEND is set, so the pages are not built"
)


def hosts_in(text: str) -> set[str]:
    """Find hosts a text names, but for known names and those reserved for tests (RFC 2606)."""
    return {host for host in ADDRESS.findall(text) if not host.endswith((".test", ".invalid"))} - KNOWN


def page(name: str) -> set[Path]:
    """Find the scripts of the application that a page needs: its own, and what they import at once."""
    entries = re.findall(r"/static/app/(?:assets/)?([\w.-]+\.js)", (APP / "index.html").read_text())
    own = [path.name for path in (APP / "assets").glob(f"{name}-*.js")]
    assert own, f"there is no {name}"
    return closure({*entries, *own, *(path.name for path in (APP / "assets").glob("en-*.js"))})


def closure(names: set[str]) -> set[Path]:
    """Follow the static imports of built scripts."""
    found: set[Path] = set()
    while names:
        name = names.pop()
        path = APP / "assets" / name if (APP / "assets" / name).is_file() else APP / name
        if path not in found:
            found.add(path)
            names |= set(IMPORT.findall(path.read_text(encoding="utf-8")))
    return found


def kilobytes(paths: set[Path]) -> float:
    """Weigh files as they travel, compressed."""
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths) / 1000


@pytest.mark.parametrize(("name", "budget"), [("ProjectsPage", 130), ("CasePage", 320), ("RunPage", 350)])
def test_a_page_keeps_within_its_budget(name: str, budget: int) -> None:
    assert kilobytes(page(name)) <= budget


def test_the_styles_keep_within_their_budget() -> None:
    assert 1 < kilobytes(set((APP / "assets").glob("*.css"))) <= 20


def test_the_report_is_one_file_within_its_budget() -> None:
    text = REPORT.read_text(encoding="utf-8")

    assert kilobytes({REPORT}) <= 350
    assert re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=[\"'](?!data:)[^\"']+", text) == []


def test_no_built_file_names_another_host() -> None:
    texts = [path for path in APP.rglob("*") if path.suffix in {".js", ".css", ".html", ".svg"}]

    hosts = {path.name: hosts_in(path.read_text(encoding="utf-8")) for path in [*texts, REPORT]}

    assert {name: found for name, found in hosts.items() if found} == {}


@pytest.mark.parametrize(
    "text", ['fetch("https://cdn.example.com/x.js")', "url(//fonts.example.com/a.woff2)"]
)
def test_it_notices_another_host(text: str) -> None:
    assert hosts_in(text)
