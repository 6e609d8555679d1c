"""What the pages weigh and how quick they are in a browser.

    python3 start.py bench pages [--steps 5000]

Weighs the built files, opens a single-file report of so many steps from disk and cases of 100 and 500 steps
with 40 headers each from a started platform; needs a Chromium and the built
pages (`python3 start.py prepare`).
"""

from __future__ import annotations

import argparse
import gzip
import re
import statistics
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from running import Platform, started

from hat import reports
from hat.result import (
    CaseResult,
    CheckResult,
    Counts,
    Exchange,
    Outcome,
    Response,
    RunResult,
    SentRequest,
    StepResult,
    Tally,
    Timing,
)
from tools.chromium import find_chromium

ASSETS = Path(__file__).parents[1] / "hat" / "web" / "dist" / "app" / "assets"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
STEPS_OF_A_CASE = 5
PERSON = ("bench", "correct horse battery")
# Each page with what it imports before it runs, the budget in KB.
WEIGHTS = {
    "first page": (("index", "en", "DashboardPage"), 130),
    "editor": (("index", "en", "en-work", "CasePage"), 320),
    "report": (("index", "en", "en-work", "RunPage"), 350),
}
_FRAMES = """box => new Promise(done => {
  const gaps = []
  let last = performance.now(), top = 0
  const step = now => {
    gaps.push(now - last); last = now; top += 90; box.scrollTop = top
    gaps.length < 180 ? requestAnimationFrame(step) : done(gaps.slice(5))
  }
  requestAnimationFrame(step)
})"""
_FILTER = """text => new Promise(done => {
  const box = document.querySelector('input[type=search]')
  const begun = performance.now()
  box.value = text
  box.dispatchEvent(new Event('input'))
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)))
})"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--steps", type=int, default=5000)
    steps = parser.parse_args().steps
    _weigh()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory(prefix="hat-bench-") as folder:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        _report(browser, Path(folder), steps)
        _editor(browser, Path(folder))
        browser.close()


def _weigh() -> None:
    for name, (chunks, budget) in WEIGHTS.items():
        print(f"{name:<44}{_weight(*chunks):8.1f} KB   budget {budget}")
    styles = b"\n".join(path.read_bytes() for path in ASSETS.glob("*.css"))
    print(f"{'style':<44}{len(gzip.compress(styles, 9)) / 1000:8.1f} KB   budget 20")


def _weight(*starts: str) -> float:
    seen: set[str] = set()
    waiting = [next(ASSETS.glob(f"{start}-????????.js")).name for start in starts]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            text = (ASSETS / name).read_text("utf-8")
            waiting += re.findall(r"(?:\bfrom|\bimport)\s*[\"'`]\./([\w.-]+\.js)[\"'`]", text)
    return sum(len(gzip.compress((ASSETS / name).read_bytes(), 9)) for name in seen) / 1000


def _report(browser: Browser, folder: Path, steps: int) -> None:
    path = folder / "report.html"
    reports.write(_result(steps // STEPS_OF_A_CASE), path, "html")
    page = browser.new_page(viewport={"width": 1360, "height": 820})
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    page.goto(path.as_uri())
    page.get_by_role("treeitem").first.wait_for()
    print(f"{f'report of {steps} steps, one file':<44}{path.stat().st_size / 1000:8.0f} KB")
    print(f"{'  opened, processor time of the page':<44}{_busy_ms(session):8.0f} ms")
    page.get_by_role("button", name="All ", exact=False).first.click()
    page.get_by_role("button", name="Unfold all").click()
    times = [page.evaluate(_FILTER, text) for text in ("status:failed", "", "step:3", "ms:>40", "")]
    print(f"{'  filter, worst of five':<44}{max(times):8.0f} ms   target 100")
    gaps = page.get_by_role("tree").first.evaluate(_FRAMES)
    print(f"{'  scrolling, frames a second':<44}{1000 / statistics.mean(gaps):8.0f}      target 45")
    print(f"{'  nodes in the page':<44}{page.locator('*').count():8}      target 1000")
    page.close()


def _editor(browser: Browser, folder: Path) -> None:
    with started(str(folder)) as platform:
        page = browser.new_context(base_url=platform.url, viewport={"width": 1360, "height": 820}).new_page()
        page.goto("/login")
        page.get_by_label("User name").fill(PERSON[0])
        page.get_by_label("Password", exact=True).fill(PERSON[1])
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Dashboard").wait_for()
        project = platform.ask("POST", "/projects", {"name": "Large"})["id"]
        for steps in (100, 500):
            case = _large_case(platform, project, steps)
            busy = statistics.median(_open(page, case) for _ in range(3))
            print(f"{f'case of {steps} steps x 40 headers, opened':<44}{busy:8.0f} ms   target 1000")
            print(f"{'  a step further by key':<44}{_step_on(page):8.0f} ms")
            print(f"{'  nodes in the page':<44}{page.locator('*').count():8}")


def _open(page: Page, case: str) -> float:
    """Processor time of the page until the steps in sight and the first one are in it, in milliseconds."""
    page.goto("/projects")
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    before = _busy_ms(session)
    page.goto(case)
    page.get_by_text("Step 0", exact=True).wait_for()
    page.get_by_role("textbox", name="URL").wait_for()
    return _busy_ms(session) - before


def _step_on(page: Page) -> float:
    """Processor time for each of ten steps one goes down by the arrow key, in milliseconds."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    page.locator('[data-step][aria-current="true"]').focus()
    before = _busy_ms(session)
    for number in range(1, 11):
        page.keyboard.press("ArrowDown")
        page.locator('[data-step][aria-current="true"]', has_text=f"Step {number}").wait_for()
    return (_busy_ms(session) - before) / 10


def _busy_ms(session: Any) -> float:
    metrics = {entry["name"]: entry["value"] for entry in session.send("Performance.getMetrics")["metrics"]}
    return float(metrics["TaskDuration"]) * 1000


def _large_case(platform: Platform, project: int, count: int) -> str:
    headers = {f"X-Header-{number}": f"value {number} of $token" for number in range(40)}
    steps = [
        {"name": f"Step {number}", "request": {"method": "GET", "url": f"/{number}", "headers": headers}}
        for number in range(count)
    ]
    name = f"Steps {count}"
    module = platform.ask("POST", f"/projects/{project}/modules", {"name": name})["id"]
    document = {"config": {"name": name}, "teststeps": steps}
    body = {"module_id": module, "name": name, "document": document}
    case = platform.ask("POST", f"/projects/{project}/cases", body)["id"]
    return f"/p/{project}/cases/{case}?tab=headers"


def _result(cases: int) -> RunResult:
    return RunResult(
        outcome=Outcome.FAILED,
        counts=Counts(Tally(passed=cases - cases // 20, failed=cases // 20), Tally(), Tally()),
        started_at=datetime.now(UTC),
        elapsed_ms=cases * 50.0,
        environment="bench",
        name=f"{cases} cases",
        cases=tuple(_case(number) for number in range(cases)),
    )


def _case(number: int) -> CaseResult:
    is_red = number % 20 == 0
    steps = tuple(
        _step(number, at, is_red=is_red and at == STEPS_OF_A_CASE - 1) for at in range(STEPS_OF_A_CASE)
    )
    return CaseResult(
        name=f"Case {number}",
        outcome=Outcome.FAILED if is_red else Outcome.PASSED,
        index=number,
        key=str(number),
        module=f"Module {number % 12}",
        steps=steps,
        elapsed_ms=sum(step.elapsed_ms for step in steps),
    )


def _step(number: int, at: int, *, is_red: bool) -> StepResult:
    status = 500 if is_red else 200
    message = f"status_code: expected 200, got {status}" if is_red else ""
    outcome = Outcome.FAILED if is_red else Outcome.PASSED
    body = f'{{"id": {number}, "name": "item {number}", "step": {at}}}'.encode()
    headers = (("Content-Type", "application/json"),)
    exchange = Exchange(
        SentRequest("GET", f"http://127.0.0.1/items/{number}", (("Accept", "*/*"),)),
        Response(status, "OK", headers, body, len(body), "utf-8", "1.1"),
        Timing(0.1, 0.2, 0.0, 3.2, 4.1),
    )
    return StepResult(
        name=f"Step {at} of {number}",
        outcome=outcome,
        elapsed_ms=4.0 + number % 50,
        exchanges=(exchange,),
        checks=(CheckResult("status_code", "eq", 200, status, outcome, message),),
    )


if __name__ == "__main__":
    main()
