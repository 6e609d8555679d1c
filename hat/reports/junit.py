"""The result as JUnit XML, for CI servers; valid against the schemas of Ant and Jenkins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

_ILLEGAL = {code: f"\\x{code:02x}" for code in (*range(32), 0xFFFE, 0xFFFF) if chr(code) not in "\t\n\r"}
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_QUOTES = _MARKUP | str.maketrans({'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})
_ELEMENTS = {"failed": "failure", "error": "error"}


def render(document: Mapping[str, Any]) -> str:
    """A run in the shape of the result JSON as a JUnit file: a suite for each module or file."""
    suites: dict[str, list[Mapping[str, Any]]] = {}
    for case in document["cases"]:
        suites.setdefault(case["module"] or case["file"] or "cases", []).append(case)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>"]
    for number, (name, cases) in enumerate(suites.items()):
        lines.extend(_suite(number, name, cases, document))
    lines.append("</testsuites>\n")
    return "\n".join(lines)


def _suite(
    number: int, name: str, cases: list[Mapping[str, Any]], document: Mapping[str, Any]
) -> Iterator[str]:
    outcomes = [case["outcome"] for case in cases]
    started_at = datetime.fromisoformat(document["started_at"]).replace(tzinfo=None)
    attributes = {
        "id": number,
        "name": name,
        "package": "hat",
        "hostname": "localhost",
        "timestamp": started_at.isoformat(timespec="seconds"),
        "tests": len(cases),
        "failures": outcomes.count("failed"),
        "errors": outcomes.count("error"),
        "skipped": outcomes.count("skipped"),
        "time": _seconds(sum(case["elapsed_ms"] for case in cases)),
    }
    yield f"  <testsuite{_attributes(attributes)}>"
    flaky = [case for case in cases if case["outcome"] == "passed" and case.get("attempts", 1) > 1]
    properties = {"environment": document["environment"], "flaky": len(flaky)}
    if shown := {key: value for key, value in properties.items() if value}:
        yield "    <properties>"
        for key, value in shown.items():
            yield f"      <property{_attributes({'name': key, 'value': value})}/>"
        yield "    </properties>"
    else:
        yield "    <properties/>"
    for case in cases:
        yield from _case(case, name)
    # The schemas know no flaky case; every reader shows what a suite printed.
    said = "\n".join(line for case in flaky for line in _attempts(case))
    yield f"    <system-out>{_text(said)}</system-out>" if said else "    <system-out/>"
    yield "    <system-err/>"
    yield "  </testsuite>"


def _case(case: Mapping[str, Any], suite: str) -> Iterator[str]:
    attributes = {
        "name": case_title(case),
        "classname": _class_name(case["file"] or suite),
        "time": _seconds(case["elapsed_ms"]),
    }
    head = f"    <testcase{_attributes(attributes)}"
    if case["outcome"] == "passed":
        yield f"{head}/>"
        return
    yield f"{head}>"
    if case["outcome"] == "skipped":
        of_steps = (step["skip_reason"] for step in case["steps"] if step["skip_reason"])
        reason = case.get("skip_reason") or next(of_steps, "")
        yield f"      <skipped{_attributes({'message': reason}) if reason else ''}/>"
    else:
        problems = list(case_problems(case))
        element = _ELEMENTS[case["outcome"]]
        kind, message = (problems[0][0], problems[0][1]) if problems else (case["outcome"], "")
        details = "\n".join(text for _, _, text in problems)
        first = message.splitlines()[0] if message else ""
        yield f"      <{element}{_attributes({'message': first, 'type': kind})}>{_text(details)}</{element}>"
    yield "    </testcase>"


def _attempts(case: Mapping[str, Any]) -> Iterator[str]:
    yield f"flaky: {case_title(case)}: passed in attempt {case['attempts']}"
    for number, reason in enumerate(case.get("retried", ()), 1):
        yield f"  attempt {number}: {reason}"


def case_title(case: Mapping[str, Any]) -> str:
    """The name of a case, with its row where it has one."""
    if not case["row"]:
        return str(case["name"])
    return f"{case['name']} [{', '.join(f'{name}={value}' for name, value in case['row'].items())}]"


def case_problems(case: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Each thing that went wrong in a case, as (kind, message, the message with where it happened)."""
    if case["error"]:
        yield case["error"]["kind"], case["error"]["message"], _described(case["error"])
    for step in case["steps"]:
        yield from _step_problems(step, step["name"])


def _step_problems(step: Mapping[str, Any], name: str) -> Iterator[tuple[str, str, str]]:
    for inner in step["steps"]:
        yield from _step_problems(inner, f"{name} > {inner['name']}")
    head = f"{step['place']}: {name}" if step["place"] else name
    if step["exchanges"]:
        request = step["exchanges"][-1]["request"]
        head += f" ({request['method']} {request['url']})"
    if step["error"] and not any(inner["error"] for inner in step["steps"]):
        yield step["error"]["kind"], step["error"]["message"], f"{head}\n  {_described(step['error'])}"
    for check in step["checks"]:
        if check["outcome"] in _ELEMENTS:
            yield "check", check["message"], f"{head}\n  {check['message']}"


def _described(error: Mapping[str, str]) -> str:
    hint = f"\n  hint: {error['hint']}" if error["hint"] else ""
    return (f"{error['place']}: " if error["place"] else "") + error["message"] + hint


def _class_name(file: str) -> str:
    """A file as Jenkins groups classes: the folders and the file's name with dots between them."""
    return re.sub(r"\.(?:ya?ml|json)\Z", "", file).replace(".", "_").replace("/", ".").strip(".") or "cases"


def _attributes(attributes: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> str:
    return "".join(f' {name}="{_quoted(str(value))}"' for name, value in dict(attributes).items())


def _text(text: str) -> str:
    return _clean(text).translate(_MARKUP)


def _quoted(text: str) -> str:
    return _clean(text).translate(_IN_QUOTES)


def _clean(text: str) -> str:
    """A text without the characters XML cannot hold, which are written as escapes."""
    return text.encode("utf-8", "backslashreplace").decode().translate(_ILLEGAL)


def _seconds(milliseconds: float) -> str:
    return f"{milliseconds / 1000:.3f}"
