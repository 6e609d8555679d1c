"""Bodies of a stored result: the beginning of a long one stays in it, the rest lies beside it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from hat.number import json_writer, read_json
from hat.result import Outcome
from hat.web.refusal import missing
from hat.web.runs.models import CaseRun, LongBody, Run
from hat.web.runs.packing import unpack, unpack_text

SHOWN = 200_000  # characters of a body that a result holds and a page gets without asking
PARTS = ("request", "response")
_write = json_writer(separators=(",", ":"))
_GREEN = (Outcome.PASSED.value, Outcome.SKIPPED.value)


def shortened(result: dict[str, Any]) -> dict[str, Any]:
    """The result with long bodies cut; `rest` says how many characters are to be had by `whole_body`."""
    split(result["steps"])
    return result


def split(steps: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Cut long bodies of a result, which gets `rest` for each; the rests by place."""
    rests: dict[str, str] = {}
    for place, message in _messages(steps):
        body = message.get("body") or ""
        if len(body) > SHOWN:
            rests[place] = body[SHOWN:]
            message |= {"body": body[:SHOWN], "rest": len(body) - SHOWN}
    return rests


def pack_rest(rest: str) -> bytes:
    """The rest of a body as it is stored."""
    return zlib.compress(rest.encode("utf-8", "replace"), level=1)


def results(run: Run, *, red_only: bool = False) -> Iterator[bytes]:
    """The results of a run as JSON texts in the order written, with all bodies or those of red ones."""
    long = set(LongBody.objects.filter(run=run).values_list("seq", flat=True))
    stored = CaseRun.objects.filter(run=run).order_by("seq").values_list("seq", "outcome", "packed")
    for seq, outcome, packed in stored.iterator(chunk_size=100):
        text = unpack_text(packed)
        if red_only and outcome in _GREEN:
            yield without_bodies(text)
        else:
            yield _joined(text, _rests(run.pk, seq)) if seq in long else text


def without_bodies(text: bytes) -> bytes:
    """The JSON text of a result without bodies; `left_out` tells of each."""
    result = read_json(text)
    for _, message in _messages(result["steps"]):
        if message.get("body") or message.get("body_base64"):
            message.pop("body_base64", None)
            message.pop("rest", None)
            message |= {"body": "", "left_out": True}
    return _write(result).encode("ascii")


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
    rest = _rests(case_run.run_id, case_run.seq, place_of(path, hop, part)) if message.get("rest") else {}
    return (message.get("body") or "") + "".join(rest.values())


def place_of(path: str, hop: int, part: str) -> str:
    """How the place of a body in a result is written."""
    return f"{path}/{hop}/{part}"


def _joined(text: bytes, rests: dict[str, str]) -> bytes:
    result = read_json(text)
    for place, message in _messages(result["steps"]):
        if place in rests:
            del message["rest"]
            message["body"] += rests[place]
    return _write(result).encode("ascii")


def _rests(run_id: int, seq: int, *places: str) -> dict[str, str]:
    long = LongBody.objects.filter(run=run_id, seq=seq, **({"place__in": places} if places else {}))
    return {place: zlib.decompress(packed).decode() for place, packed in long.values_list("place", "packed")}


def _messages(steps: Sequence[dict[str, Any]], before: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for number, step in enumerate(steps):
        path = f"{before}{number}"
        for hop, exchange in enumerate(step["exchanges"]):
            for part in PARTS:
                if exchange[part]:
                    yield place_of(path, hop, part), exchange[part]
        yield from _messages(step["steps"], f"{path}.")
