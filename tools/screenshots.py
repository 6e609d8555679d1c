"""Take the pictures of the documentation, from the demo project: `python -m tools.screenshots`."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

from tools.chromium import find_chromium
from tools.console import say
from tools.environment import ROOT

IMAGES = ROOT / "docs" / "images"
SIZE: ViewportSize = {"width": 1360, "height": 820}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
CASE = "differs deep inside"  # the demo case whose report has something to explain
_SPEAK = """language => fetch('/api/v1/me', {
  method: 'PATCH',
  headers: {
    'Content-Type': 'application/json',
    'X-CSRFToken': /csrftoken=([^;]*)/.exec(document.cookie)[1],
  },
  body: JSON.stringify({ language, theme: 'light' }),
})"""


@dataclass(frozen=True)
class Words:
    """What the pictures press, in the language of the page."""

    send: str
    run: str
    expected: str


LANGUAGES = {
    "en": Words("Send", "Run", "Expected"),
    "zh": Words("发送", "运行", "期望"),
}


def main() -> int:
    """Start the demo on free ports, take each picture, stop the demo."""
    with tempfile.TemporaryDirectory(prefix="hat-pictures-") as folder:
        options = ["--data", folder, "--port", "0", "--demo-port", "0"]
        command = [sys.executable, "-m", "hat.web", "demo", *options]
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
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        site = sign_in.partition("/demo/")[0]
        context = browser.new_context(base_url=site, viewport=SIZE, locale="en-GB", reduced_motion="reduce")
        page = context.new_page()
        page.goto(sign_in)
        page.get_by_role("treeitem", name=re.compile(CASE)).wait_for()
        for language, words in LANGUAGES.items():
            page.evaluate(_SPEAK, language)
            for name, scene in SCENES.items():
                scene(page, words)
                page.mouse.move(0, 0)
                _save(page, IMAGES / language / f"{name}.png")
        shutil.copy(IMAGES / "en" / "report.png", IMAGES / "report.png")
        browser.close()


def _report(page: Page, words: Words) -> None:
    page.goto("/runs/1")
    page.get_by_role("treeitem", name=re.compile(CASE)).click()
    page.get_by_role("tabpanel").get_by_text(words.expected).first.wait_for()


def _cases(page: Page, _: Words) -> None:
    page.goto("/p/1/cases")
    page.get_by_role("link", name=re.compile("Log in")).wait_for()


def _editor(page: Page, words: Words) -> None:
    _cases(page, words)
    page.get_by_role("link", name=re.compile("Log in")).click()
    page.get_by_role("button", name=words.send, exact=True).click()
    page.locator(".json-value").nth(1).wait_for()


def _value(page: Page, words: Words) -> None:
    _editor(page, words)
    page.locator(".json-value").nth(1).click()
    page.get_by_role("menu").wait_for()


def _run_dialog(page: Page, words: Words) -> None:
    _editor(page, words)
    page.get_by_role("button", name=words.run, exact=True).click()
    page.get_by_role("dialog").wait_for()


def _dashboard(page: Page, _: Words) -> None:
    page.goto("/")
    page.wait_for_load_state("networkidle")


def _shortcuts(page: Page, words: Words) -> None:
    _report(page, words)
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()


SCENES: dict[str, Callable[[Page, Words], None]] = {
    "dashboard": _dashboard,
    "cases": _cases,
    "editor": _editor,
    "value": _value,
    "run-dialog": _run_dialog,
    "report": _report,
    "shortcuts": _shortcuts,
}


def _save(page: Page, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path)
    say(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} KB")


if __name__ == "__main__":
    raise SystemExit(main())
