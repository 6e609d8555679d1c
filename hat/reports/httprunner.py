"""The result as the summary of HttpRunner 2.2, for scripts and pages that read one."""

from __future__ import annotations

import base64
import json
import platform
from collections.abc import Mapping, Sequence
from typing import Any

from hat.case import Case
from hat.reports.json import as_dict, encode_shape
from hat.result import CaseResult, Outcome, RunResult, StepResult, why

_STATUS = {"passed": "success", "failed": "failure", "error": "error", "skipped": "skipped"}
_KINDS = {"success": "successes", "failure": "failures", "error": "errors", "skipped": "skipped"}
_GOOD = (Outcome.PASSED, Outcome.SKIPPED)
_NOT_SENT = "N/A"
_NO_CASE = Case(name="")
_LONGEST_TEXT = 512  # of an answer, in characters; HttpRunner cuts there


def summary(result: RunResult, version: str, cases: Sequence[Case] = ()) -> dict[str, Any]:
    """A run as HttpRunner 2.2 sums it up, as plain JSON values.

    `cases` are those that ran, each with a key of its own: they give the variables as written and the base
    URL. Cases are taken to have run one after the other.
    """
    begin = result.started_at.timestamp()
    details = []
    by_key = {case.key: case for case in cases}
    for case, shaped in zip(result.cases, as_dict(result)["cases"], strict=True):
        details.append(_detail(case, shaped, by_key.get(case.key, _NO_CASE), begin))
        begin += case.elapsed_ms / 1000
    good = sum(case.outcome in _GOOD for case in result.cases)
    steps = _added(detail["stat"] for detail in details)
    started = result.started_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    return {
        "success": result.outcome in _GOOD,
        "html_report_name": result.name or started,
        "stat": {
            "testcases": {"total": len(details), "success": good, "fail": len(details) - good},
            "teststeps": steps,
            **{kind: steps[kind] for kind in _KINDS.values()},
        },
        "time": {
            "start_at": result.started_at.timestamp(),
            "start_datetime": started,
            "duration": sum(case.elapsed_ms for case in result.cases) / 1000,
        },
        "platform": {
            "httprunner_version": f"HAT {version}",
            "python_version": f"{platform.python_implementation()} {platform.python_version()}",
            "platform": platform.platform(),
        },
        "details": details,
    }


def _detail(case: CaseResult, shaped: dict[str, Any], written: Case, begin: float) -> dict[str, Any]:
    """One case; what kept it from starting is a record of its own."""
    records, at = [], begin
    for step, plain in zip(case.steps, shaped["steps"], strict=True):
        records.append(_record(step, plain, at))
        at += step.elapsed_ms / 1000
    if case.error is not None:
        records.append(_unsent(case, begin))
    variables = dict(written.variables) if isinstance(written.variables, Mapping) else {}
    return {
        "success": case.outcome in _GOOD,
        "name": case.name,
        "base_url": str(written.base_url),
        "stat": _counted(records),
        "time": {"start_at": begin, "duration": case.elapsed_ms / 1000},
        "records": records,
        "in_out": {"in": json.loads(encode_shape(variables)), "out": shaped["exported"]},
    }


def _record(step: StepResult, shaped: dict[str, Any], begin: float) -> dict[str, Any]:
    met = _met(step, shaped, begin)
    flat = _flat(met)
    times = [one["stat"]["response_time_ms"] for one in flat]
    sent = [time for time in times if time != _NOT_SENT]
    return {
        "name": step.title,
        "status": _STATUS[step.outcome.value],
        "attachment": step.skip_reason or why(step),
        "start_timestamp": begin,
        "meta_datas": met,
        "meta_datas_expanded": flat,
        "response_time": f"{sum(sent):.2f}" if sent else _NOT_SENT,
    }


def _unsent(case: CaseResult, begin: float) -> dict[str, Any]:
    """What ended a case outside its steps."""
    step = StepResult(name=case.name, outcome=Outcome.ERROR, error=case.error)
    shaped: dict[str, Any] = {"exchanges": [], "checks": [], "steps": []}
    return _record(step, shaped, begin)


def _met(step: StepResult, shaped: dict[str, Any], begin: float) -> Any:
    """What a step sent and got; a list for a step that holds others."""
    if step.steps:
        found, at = [], begin
        for inner, plain in zip(step.steps, shaped["steps"], strict=True):
            found.append(_met(inner, plain, at))
            at += inner.elapsed_ms / 1000
        return found
    data = [
        {"request": _request(plain["request"]), "response": _response(plain, exchange.response)}
        for exchange, plain in zip(step.exchanges, shaped["exchanges"], strict=True)
    ] or [{"request": {"url": _NOT_SENT, "method": _NOT_SENT}, "response": {"status_code": _NOT_SENT}}]
    return {
        "name": step.title,
        "data": data,
        "request": {**data[-1]["request"], "start_timestamp": begin},
        "response": data[-1]["response"],
        "stat": _times(shaped["exchanges"]),
        "validators": [_validator(check) for check in shaped["checks"]],
    }


def _times(exchanges: list[dict[str, Any]]) -> dict[str, Any]:
    if not exchanges or exchanges[-1]["response"] is None:
        return dict.fromkeys(("content_size", "response_time_ms", "elapsed_ms"), _NOT_SENT)
    timing, response = exchanges[-1]["timing_ms"], exchanges[-1]["response"]
    return {
        "content_size": response["size"],
        "response_time_ms": round(timing["total"], 2),
        "elapsed_ms": timing["first_byte"],
    }


def _request(sent: dict[str, Any]) -> dict[str, Any]:
    body = "upload file stream (OMITTED)" if "body_base64" in sent else sent["body"]
    kept = {"url": sent["url"], "method": sent["method"], "headers": sent["headers"]}
    return kept | ({"body": body} if body else {})


def _response(exchange: dict[str, Any], answered: Any) -> dict[str, Any]:
    """An answer with `json` where it is JSON, else `text`, and a picture as `content`."""
    plain = exchange["response"]
    if plain is None:
        return {"status_code": _NOT_SENT}
    headers = {name.lower(): value for name, value in plain["headers"].items()}
    kind = str(headers.get("content-type", ""))
    shown: dict[str, Any] = {
        "ok": plain["status_code"] < 400,
        "url": exchange["request"]["url"],
        "status_code": plain["status_code"],
        "reason": plain["reason"],
        "cookies": _cookies(headers.get("set-cookie", [])),
        "encoding": plain["encoding"],
        "headers": plain["headers"],
        "content_type": kind,
    }
    if "body_base64" in plain:
        encoded = base64.b64encode(answered.body).decode()
        return shown | {"content": f"data:{kind};base64,{encoded}" if kind.startswith("image/") else encoded}
    text = plain["body"] or ""
    shown |= {"content": text, "text": text[:_LONGEST_TEXT]}
    try:
        return shown | {"json": json.loads(text)}
    except ValueError:
        return shown


def _cookies(lines: str | list[str]) -> dict[str, str]:
    pairs = (line.split(";", 1)[0].partition("=") for line in ([lines] if isinstance(lines, str) else lines))
    return {name.strip(): value.strip() for name, _, value in pairs}


def _validator(check: dict[str, Any]) -> dict[str, Any]:
    return {
        "comparator": check["comparator"],
        "check": check["expression"],
        "check_value": check["actual"],
        "expect": check["expected"],
        "expect_value": check["expected"],
        "check_result": "pass" if check["outcome"] == "passed" else "fail",
    }


def _flat(met: Any) -> list[dict[str, Any]]:
    return [one for part in met for one in _flat(part)] if isinstance(met, list) else [met]


def _counted(records: list[dict[str, Any]]) -> dict[str, int]:
    """How many steps ended how; the two kinds that unittest adds never come."""
    found = {"total": len(records), "expectedFailures": 0, "unexpectedSuccesses": 0}
    return found | {
        kind: sum(record["status"] == status for record in records) for status, kind in _KINDS.items()
    }


def _added(stats: Any) -> dict[str, int]:
    whole = _counted([])
    for stat in stats:
        whole = {name: number + stat[name] for name, number in whole.items()}
    return whole
