"""What a case document must be before it is stored, and what lists read from it."""

from __future__ import annotations

import base64
import copy
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hat import formats
from hat.case import DIALECTS
from hat.number import json_writer
from hat.web.projects.links import PARTS, steps_of
from hat.web.refusal import Fault, fault_of

MAX_BYTES = 2_000_000
MAX_STEPS = 2000
MAX_DEPTH = 60
_write = json_writer(ensure_ascii=False, allow_nan=False)
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


@dataclass(frozen=True, slots=True)
class Summary:
    """What a list shows of a document: how many steps, and the first request."""

    step_count: int = 0
    method: str = ""
    url: str = ""


def faults_of(document: Mapping[str, Any]) -> list[Fault]:
    """Everything wrong with a document, each at its path; nothing means that it can be stored and run."""
    return shape_faults(document) or [fault_of(problem) for problem in formats.problems(document)]


def shape_faults(document: Mapping[str, Any]) -> list[Fault]:
    """What must hold before anything else reads the document."""
    return list(_shape_faults(document))


def _shape_faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    if not _fits(document, MAX_DEPTH):
        yield Fault("", f"the document is nested more than {MAX_DEPTH} levels deep")
        return
    try:
        size = len(_write(document).encode())
    except (ValueError, TypeError) as problem:
        yield Fault("", f"the document holds a value that JSON cannot hold: {problem}")
        return
    if size > MAX_BYTES:
        yield Fault("", f"the document is larger than {MAX_BYTES // 1_000_000} MB")
    if document.get("schema", 1) != 1:
        yield Fault("schema", f"unknown schema {document['schema']!r}", "this HAT knows schema 1")
    if document.get("dialect", "hat") not in DIALECTS:
        yield Fault("dialect", f"unknown dialect {document['dialect']!r}", f"one of {', '.join(DIALECTS)}")
    if not isinstance(document.get("config", {}), dict):
        yield Fault("config", "expected a mapping")
    for part in PARTS:
        yield from _step_faults(document.get(part, []), part)
    if sum(1 for _ in steps_of(document)) > MAX_STEPS:
        yield Fault("teststeps", f"more than {MAX_STEPS} steps")


def _step_faults(steps: Any, part: str) -> Iterator[Fault]:
    if not isinstance(steps, list):
        yield Fault(part, "expected a list")
        return
    for index, step in enumerate(steps):
        if not isinstance(step, dict):
            yield Fault(f"{part}[{index}]", "expected a mapping")


def _fits(value: Any, depth: int) -> bool:
    if isinstance(value, dict):
        return depth > 0 and all(_fits(item, depth - 1) for item in value.values())
    if isinstance(value, list):
        return depth > 0 and all(_fits(item, depth - 1) for item in value)
    return True


def finished(document: Mapping[str, Any], *, name: str) -> dict[str, Any]:
    """The document as it is stored: its schema and name said, each step with an id of its own."""
    taken: set[str] = set()
    steps = {part: _with_ids(document[part], taken) for part in PARTS if part in document}
    return {
        "schema": 1,
        "dialect": document.get("dialect") or "hat",
        **{
            key: value
            for key, value in document.items()
            if key not in ("schema", "dialect", "config", *PARTS)
        },
        "config": {**document.get("config", {}), "name": name},
        "teststeps": [],
        **steps,
    }


def _with_ids(steps: Iterable[Any], taken: set[str]) -> list[Any]:
    """An id stays for ever; missing, foreign and repeated ones are replaced."""
    found: list[Any] = []
    for step in steps:
        given = step.get("id")
        if not isinstance(given, str) or not 0 < len(given) <= 40 or given in taken:
            step = {"id": _new_id(taken), **{k: v for k, v in step.items() if k != "id"}}
        taken.add(step["id"])
        inner = step.get("steps")
        if isinstance(inner, list) and all(isinstance(one, dict) for one in inner):
            step = {**step, "steps": _with_ids(inner, taken)}
        found.append(step)
    return found


def _new_id(taken: set[str]) -> str:
    while True:
        word = "s" + "".join(secrets.choice(_LETTERS) for _ in range(6))
        if word not in taken:
            return word


def summary(document: Mapping[str, Any]) -> Summary:
    """What a list shows of the document."""
    steps = [step for _, step in steps_of(document) if not step.get("steps")]
    request: dict[str, Any] = next(
        (step["request"] for step in steps if isinstance(step.get("request"), dict)), {}
    )
    return Summary(len(steps), _text(request.get("method"), 200), _text(request.get("url"), 2000))


def _text(value: Any, length: int) -> str:
    return value.replace("\0", "")[:length] if isinstance(value, str) else ""


def renamed(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A copy of a document under another name, the name inside it too."""
    twin = copy.deepcopy(dict(document))
    twin["config"] = {**twin.get("config", {}), "name": name}
    return twin


def plain(value: Any) -> Any:
    """A value of YAML as JSON can hold it: dates as text, bytes as base64, keys as text."""
    if isinstance(value, Mapping):
        return {_key(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(item) for item in value]
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _key(key: Any) -> str:
    if isinstance(key, bool) or key is None:
        return {True: "true", False: "false", None: "null"}[key]
    return str(key)
