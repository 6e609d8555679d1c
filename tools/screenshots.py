"""Take the pictures of the documentation from the demo project: `python -m tools.screenshots`."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

from tools.console import say
from tools.environment import ROOT

IMAGES = ROOT / "docs" / "images"
SIZE: ViewportSize = {"width": 1360, "height": 820}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def main() -> int:
    """Start the demo on free ports, take each picture, stop the demo."""
    with tempfile.TemporaryDirectory(prefix="hat-pictures-") as folder:
        command = [
            sys.executable,
            "-m",
            "hat.web",
            "demo",
            "--data",
            folder,
            "--port",
            "0",
            "--demo-port",
            "0",
        ]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        try:
            _take(_sign_in_address(process))
        finally:
            process.terminate()
            process.wait(timeout=30)
    return 0


def _sign_in_address(process: subprocess.Popen[str]) -> str:
    for line in process.stdout or ():
        if found := re.search(r"http://\S+/demo/sign-in/\S+", line):
            return found[0]
    raise SystemExit("the demo ended before it printed its address")


def _take(sign_in: str) -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        context = browser.new_context(viewport=SIZE, locale="en-GB", reduced_motion="reduce")
        page = context.new_page()
        page.goto(sign_in)
        _report(page)
        browser.close()


def _report(page: Page) -> None:
    page.get_by_role("treeitem", name=re.compile("differs deep inside")).click()
    page.get_by_role("tabpanel").get_by_text("Expected").first.wait_for()
    page.mouse.move(0, 0)
    _save(page, "report.png")


def _save(page: Page, name: str) -> None:
    page.screenshot(path=IMAGES / name)
    say(f"docs/images/{name}: {Path(IMAGES / name).stat().st_size // 1000} KB")


if __name__ == "__main__":
    raise SystemExit(main())
