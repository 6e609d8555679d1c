"""Compare what HAT did with what an HttpRunner did: where they differ, one line each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from hat.engine.sandbox import Handle
from hat.result import CaseResult, CheckResult, Exchange, Outcome, RunResult, StepResult

_CLOCK = re.compile(r"1[789]\d{8}\Z")  # seconds since 1970: when the verdict was made, and now
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")
_RECORDED_ON = "2026-11-22"  # the local date when the verdicts were written down; now it is another one
STATUS = {
    Outcome.PASSED: "success",
    Outcome.FAILED: "failure",
    Outcome.ERROR: "error",
    Outcome.SKIPPED: "skipped",
}
USUAL = {"user-agent", "accept", "accept-encoding", "connection", "content-length", "host", "hrun-request-id"}


def differences(
    expected: dict[str, Any], run: RunResult, problems: Iterable[Any], *, is_folder: bool
) -> list[str]:
    """Where the run differs from the verdict."""
    cases = list(run.cases)
    wanted = list(expected.get("testcases", []))
    started = [case for case in cases if case.steps or case.error is None]
    refused = bool(list(problems)) or len(started) < len(cases)
    if not wanted:
        if started:
            return [f"ran {[case.name for case in started]}, expected that nothing runs"]
        succeeded = expected["outcome"] == "completed" and expected.get("success")
        return [] if refused or succeeded else ["expected that it is refused"]
    if is_folder:
        wanted.sort(key=lambda case: str(case["name"]))
        started.sort(key=lambda case: case.name)
    if len(wanted) == len(cases):
        started = sorted(cases, key=lambda case: case.name) if is_folder else cases
    if "$failed first" in expected and not is_folder:
        started = sorted(started, key=_is_good)
    if len(wanted) != len(started):
        told = [f"{case.name}: {case.error}" for case in cases if case.error] + [str(p) for p in problems]
        return [f"{len(started)} cases ran, expected {len(wanted)}: {told}"]
    found: list[str] = []
    for index, (want, case) in enumerate(zip(wanted, started, strict=True)):
        found += [f"case {index}: {line}" for line in _case(want, case)]
    good = run.outcome in (Outcome.PASSED, Outcome.SKIPPED) and not refused
    if good != expected["success"]:
        found.append(f"success {good}, expected {expected['success']}")
    return found


def _is_good(case: CaseResult) -> bool:
    return case.outcome in (Outcome.PASSED, Outcome.SKIPPED)


def _case(want: dict[str, Any], case: CaseResult) -> Iterator[str]:
    if "outcome" in want:
        outcome = {"success": "passed", "skipped": "skipped"}.get(STATUS[case.outcome], "failed")
        if outcome != want["outcome"]:
            yield f"outcome {outcome}, expected {want['outcome']}: {case.error}"
        if want["outcome"] == "skipped":
            return
    elif (case.outcome in (Outcome.PASSED, Outcome.SKIPPED)) != want["success"]:
        yield f"success, expected {want['success']}: {case.error}"
    if not _same_name(want["name"], case.name):
        yield f"name {case.name!r}, expected {want['name']!r}"
    if "out" in want and not equal(want["out"], case.exported):
        yield f"out {case.exported!r}, expected {want['out']!r}"
    unrecorded = want.get("error") and not want.get("steps") and len(case.steps) == 1
    if not (unrecorded and not case.steps[0].exchanges):  # 3.x leaves out a step that fails at its variables
        yield from _steps(want.get("steps", []), case.steps)


def _same_name(want: Any, name: str) -> bool:
    return want is None or "LazyString(" in str(want) or "$lazy" in str(want) or want == name


def _steps(want: list[dict[str, Any]], steps: tuple[StepResult, ...]) -> Iterator[str]:
    if len(want) != len(steps):
        yield f"{len(steps)} steps {[step.name for step in steps]}, expected {len(want)}"
        return
    for index, (one, step) in enumerate(zip(want, steps, strict=True)):
        for line in _step(one, step):
            yield f"step {index} ({step.name}): {line}"


def _step(want: dict[str, Any], step: StepResult) -> Iterator[str]:
    if "status" in want and want["status"] != STATUS[step.outcome]:
        told = step.error or [check.message for check in step.checks if check.message]
        yield f"{STATUS[step.outcome]}, expected {want['status']}: {told}; there: {want.get('error')}"
    if not _same_name(want.get("name", want.get("meta_name") or None), step.name):
        yield f"name {step.name!r}, expected {want.get('name', want.get('meta_name'))!r}"
    reason = re.sub(r"LazyString\((.*?)\)(?= evaluate|$)", r"\1", str(want.get("skip_reason", "")))
    if reason and reason != step.skip_reason:
        yield f"skip reason {step.skip_reason!r}, expected {want['skip_reason']!r}"
    calls = "steps" in want  # HttpRunner 2 does not record what a called case handed over
    if not equal(want.get("extracted", {}), step.extracted) and not (calls and "extracted" not in want):
        yield f"extracted {step.extracted!r}, expected {want.get('extracted')!r}"
    unread = (want.get("error") or {}).get("type") in ("ExtractFailure", "TeardownHooksFailure")
    if want.get("status") in ("success", "failure") and not calls and not unread:
        yield from _checks(want.get("validators", []), step.checks)
        yield from _script(want, step.checks)
    yield from _requests(_as_answered(want), step.exchanges)
    yield from _steps(want.get("steps", []), step.steps)


def _as_answered(want: dict[str, Any]) -> list[dict[str, Any]]:
    """The requests of a step; 2.5.9 records the status a hook made up, which the checks tell as well."""
    requests: list[dict[str, Any]] = want.get("requests", [])
    made_up = [one["check_value"] for one in want.get("validators", []) if one["check"] == "status_code"]
    return [
        {**one, "status_code": None} if [one["status_code"]] == made_up and one["status_code"] != 200 else one
        for one in requests
    ]


def _script(want: dict[str, Any], checks: tuple[CheckResult, ...]) -> Iterator[str]:
    found = ["fail" if check.outcome is Outcome.FAILED else "pass" for check in checks if _is_script(check)]
    wanted = [want["validate_script"]["result"]] if "validate_script" in want else []
    if found != wanted:
        yield f"validate_script {found}, expected {wanted}"


def _is_script(check: CheckResult) -> bool:
    return check.expression == "validate_script"


def _checks(want: list[dict[str, Any]], checks: tuple[CheckResult, ...]) -> Iterator[str]:
    checks = tuple(check for check in checks if not _is_script(check))
    if len(want) != len(checks):
        yield f"{len(checks)} checks, expected {len(want)}"
        return
    for one, check in zip(want, checks, strict=True):
        result = "pass" if check.outcome is Outcome.PASSED else "fail"
        if result != one["result"]:
            yield f"check {check.expression} {result}, expected {one['result']}: {check.message}"
        if one["comparator"] != check.comparator:
            yield f"comparator {check.comparator}, expected {one['comparator']}"
        if "check_value" in one and not equal(one["check_value"], check.actual):
            yield f"actual of {check.expression} {check.actual!r}, expected {one['check_value']!r}"
        if "expect_value" in one and not equal(one["expect_value"], check.expected):
            yield f"expected side of {check.expression} {check.expected!r}, expected {one['expect_value']!r}"


def _requests(want: list[dict[str, Any]], exchanges: tuple[Exchange, ...]) -> Iterator[str]:
    sent = [one for one in want if one.get("status_code") != "N/A" and one["url"] != "N/A"]
    if sent and len(sent) != len(exchanges):
        yield f"{len(exchanges)} exchanges, expected {len(sent)}"
        return
    for one, exchange in zip(sent, exchanges, strict=False):
        yield from _request(one, exchange)


def _request(want: dict[str, Any], exchange: Exchange) -> Iterator[str]:
    request, response = exchange.request, exchange.response
    if want["method"] != request.method:
        yield f"method {request.method}, expected {want['method']}"
    if not equal(want["url"], request.url):
        yield f"url {request.url}, expected {want['url']}"
    status = response.status_code if response else 0
    if want["status_code"] not in (status, None):
        yield f"status code {status}, expected {want['status_code']}"
    headers = {name.lower(): value for name, value in request.headers}
    own = want.get("headers", {})
    for name, value in own.items():
        if name == "hrun-request-id":
            continue
        got = headers.get(name, "")
        if not equal(value, got) and not (name == "content-type" and got.startswith(f"{value};")):
            yield f"header {name}: {got!r}, expected {value!r}"
    extra = set(headers) - set(own) - USUAL
    if extra and status:
        yield f"headers {sorted(extra)} are too many"
    if not _same_body(want.get("body"), request.body):
        yield f"body {request.body!r}, expected {want.get('body')!r}"


def _same_body(want: Any, body: bytes) -> bool:
    if isinstance(want, str) and "OMITTED" in want:
        return body.startswith(b"--")
    if isinstance(want, dict) and "$bytes" in want:
        held = str(want["$bytes"])
        return body == held.encode("latin-1", "replace") or body.decode(errors="replace") == held
    text = body.decode("utf-8", "replace")
    if want is None:
        return text in ("", "null")
    if isinstance(want, str) and (want == text or _loose(want) == _loose(text)):
        return True
    try:
        return equal(want, json.loads(text))
    except ValueError:
        return False


def _loose(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def equal(want: Any, got: Any) -> bool:
    """Whether a value is what a verdict holds, with its marks for volatile and special values."""
    if isinstance(want, dict) and len(want) == 1:
        ((mark, held),) = want.items()
        if mark == "$volatile":
            return held in (type(got).__name__, "str")
        if mark == "$bytes":
            return isinstance(got, (bytes, str)) and _text(got) == held
        if mark == "$bytes_len":
            return isinstance(got, (bytes, str)) and len(got) == held
        if mark == "$lazy":
            return True
        if mark == "$type":
            return (
                isinstance(got, Handle) or bool(type(got).__name__ == held) or not isinstance(got, (str, int))
            )
        if mark == "$float":
            return str(got) == str(held)
    if isinstance(want, dict):
        if not hasattr(got, "keys"):
            return False
        held = {str(key): value for key, value in dict(got).items()}
        empty: tuple[Any, ...] = ({}, [], "")
        keys = {
            key for key in {*want, *held} if want.get(key, "") not in empty or held.get(key, "") not in empty
        }
        return keys <= set(want) & set(held) and all(equal(want[key], held[key]) for key in keys)
    if isinstance(want, list):
        return isinstance(got, (list, tuple)) and len(want) == len(got) and all(map(equal, want, got))
    if isinstance(want, float) and isinstance(got, (float, Decimal)):
        return abs(want - float(got)) < 1e-9
    if isinstance(want, str) and isinstance(got, str):
        if _CLOCK.match(want) and _CLOCK.match(got):
            return True
        if want == _RECORDED_ON and _DAY.match(got):
            return True
        return want == got or re.sub(r"0x[0-9a-f]+", "0x", got) == want
    return bool(want == got) and isinstance(want, bool) == isinstance(got, bool)


def _text(value: bytes | str) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) and not _is_utf8(value) else _utf8(value)


def _utf8(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True
