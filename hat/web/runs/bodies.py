"""Bodies of a stored result: their beginning in a page, the whole on demand, the red only in a small file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hat.result import Outcome
from hat.web.refusal import missing
from hat.web.runs.models import CaseRun
from hat.web.runs.packing import unpack

SHOWN = 200_000  # characters of a body that a page gets without asking
PARTS = ("request", "response")
_GREEN = (Outcome.PASSED.value, Outcome.SKIPPED.value)


def shortened(result: dict[str, Any]) -> dict[str, Any]:
    """The result with long bodies cut; `rest` says how many characters are to be had by `whole_body`."""
    for message in _messages(result["steps"]):
        body = message.get("body") or ""
        if len(body) > SHOWN:
            message |= {"body": body[:SHOWN], "rest": len(body) - SHOWN}
    return result


def without_green(text: bytes) -> bytes:
    """The JSON text of a result, without bodies when it is green; `left_out` tells of each."""
    result = json.loads(text)
    if result["outcome"] not in _GREEN:
        return text
    for message in _messages(result["steps"]):
        if message.get("body") or message.get("body_base64"):
            message.pop("body_base64", None)
            message |= {"body": "", "left_out": True}
    return json.dumps(result, separators=(",", ":")).encode("ascii")


def whole_body(case_run: CaseRun, path: str, hop: int, part: str) -> str:
    """The stored body of the request or response of one hop; `path` is that of the step, such as 0.2."""
    steps = unpack(case_run.packed)["steps"]
    step: dict[str, Any] = {}
    for number in path.split("."):
        if not number.isdecimal() or int(number) >= len(steps):
            raise missing("step")
        step = steps[int(number)]
        steps = step["steps"]
    exchanges = step["exchanges"]
    message = exchanges[hop].get(part) if hop < len(exchanges) else None
    if message is None:
        raise missing("body")
    return message.get("body") or ""


def _messages(steps: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for step in steps:
        for exchange in step["exchanges"]:
            yield from (exchange[part] for part in PARTS if exchange[part])
        yield from _messages(step["steps"])
