"""What `hat run` prints and writes for the golden cases, with what changes from run to run made equal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.cli.terminal import hat
from tests.demo.api import demo_api
from tests.target.refusing import refusing

HERE = Path(__file__).parent
CASES = sorted(path for path in HERE.glob("*/*.yml"))
SUFFIXES = (".txt", ".json", ".xml", ".err")
MORE = {
    "explained": ("--explain", "--env", "staging"),
    "limits": ("--max-body", "1"),
}  # options of the cases in a folder
LONGEST = 2_000  # letters of a text that are kept
_NORMAL = (
    (re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1:PORT"),
    (re.compile(r"\b\d+(?:\.\d+)? ms\b"), "N ms"),
    (re.compile(r"(?<!within )\b\d+\.\d s$", re.MULTILINE), "N ms"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z"), "2026-01-01T00:00:00.000Z"),
    (re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"), "Thu, 01 Jan 2026 00:00:00 GMT"),
    (re.compile(r"^(Slowest:\n)(?: +\S.*\n)+", re.MULTILINE), r"\1  …\n"),
    (re.compile(r'("Content-Length": "|"size": )\d{5,}'), r"\g<1>99999"),  # gzip packs as its version does
    (re.compile(r' time="[\d.]+"'), ' time="0"'),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\b"), "2026-01-01T00:00:00"),
)


def outputs(case: Path, places: Mapping[str, str]) -> dict[str, str]:
    """The console text, the messages, the result JSON and the JUnit file of a case, by suffix."""
    with TemporaryDirectory() as folder:
        target, junit = Path(folder, "result.json"), Path(folder, "result.xml")
        options: tuple[str | Path, ...] = (
            "--concurrency",
            "1",
            "--json",
            target,
            "--junit",
            junit,
        )
        written = case.read_text(encoding="utf-8")
        used = [name for name in places if name == "api" or f"${name}" in written]
        options += tuple(part for name in used for part in ("--var", f"{name}={places[name]}"))
        options += MORE.get(case.parent.name, ())
        finished = hat("run", case.name, *options, folder=case.parent)
        result = json.loads(target.read_text(encoding="utf-8"))
        suites = junit.read_text(encoding="utf-8")
    text = json.dumps(_still(result), ensure_ascii=False, indent=2)
    error = finished.err.replace(f"Written: {target}\nWritten: {junit}\n", "")
    console = f"{finished.out}exit code {finished.code}\n"
    shown = {".txt": console, ".json": f"{text}\n", ".xml": suites, ".err": error}
    return {suffix: normal(text) for suffix, text in shown.items() if text}


@contextmanager
def serving() -> Iterator[dict[str, str]]:
    """The variables of the golden cases: addresses of the demo API and of servers that refuse."""
    with TemporaryDirectory() as folder, demo_api() as api, refusing(Path(folder)) as places:
        yield {"api": api, **places}


def normal(text: str) -> str:
    """A text without ports, times and dates."""
    for pattern, replacement in _NORMAL:
        text = pattern.sub(replacement, text)
    return text


def _still(value: Any) -> Any:
    """A result without lengths of time and without what nobody reads to its end."""
    if isinstance(value, str) and len(value) > LONGEST:
        return f"{value[:40]}… ({len(value):,} letters)"
    if isinstance(value, list):
        return [_still(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "first_byte" in value:
        return dict.fromkeys(value, 0)
    return {key: 0 if key == "elapsed_ms" else _still(item) for key, item in value.items()}


def expected(case: Path) -> dict[str, str]:
    """What is kept beside a case, by suffix."""
    files = (case.with_suffix(suffix) for suffix in SUFFIXES)
    return {file.suffix: file.read_text(encoding="utf-8") for file in files if file.is_file()}


def keep(case: Path, shown: dict[str, str]) -> None:
    """Make what is shown now what is expected."""
    for suffix in SUFFIXES:
        file = case.with_suffix(suffix)
        if suffix in shown:
            file.write_text(shown[suffix], encoding="utf-8")
        else:
            file.unlink(missing_ok=True)
