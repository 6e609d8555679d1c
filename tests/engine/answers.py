"""Answers to read from, made in one line."""

from __future__ import annotations

import json
from typing import Any

from hat.engine.response import ResponseView
from hat.result import Exchange, Response, SentRequest, Timing

JSON = "application/json"
SAMPLE = {
    "code": 0,
    "msg": "success",
    "none": None,
    "flag": False,
    "pi": 3.14,
    "data": {
        "id": 42,
        "name": "Zoë 王",
        "tags": ["a", "b", "c"],
        "items": [{"id": 1, "price": 9.5}, {"id": 2, "price": 20}],
        "content-type": "x/y",
        "dotted.key": "dk",
        "0": "zero",
        "empty": {},
    },
}


def answer(
    body: Any = SAMPLE,
    *,
    status: int = 200,
    type: str | None = JSON,  # noqa: A002
    headers: tuple[tuple[str, str], ...] = (),
    dialect: str = "hat",
    url: str = "http://api.example.org/items?page=1",
) -> ResponseView:
    """The view of an answer; what is neither text nor bytes is sent as JSON."""
    if isinstance(body, str):
        content = body.encode()
    else:
        content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    sent = ((("Content-Type", type),) if type is not None else ()) + headers
    response = Response(
        status, "OK", sent, content, len(content), http_version="1.1", certificate_days_left=30
    )
    timing = Timing(dns=1.0, connect=2.0, tls=3.0, first_byte=4.0, total=12.5)
    return ResponseView(Exchange(SentRequest("GET", url), response, timing), dialect=dialect)
