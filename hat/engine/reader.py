"""Readers of the parts of an answer, which the extractors of all dialects are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from hat.engine import path
from hat.engine.response import ResponseView, duration

Extractor = Callable[[ResponseView], Any]
Part = Callable[[ResponseView], Mapping[str, Any]]

TIMES = ("days", "seconds", "microseconds", "total_seconds")
PHASES = ("dns", "connect", "tls", "first_byte", "total")
WAYS = "begin with status_code, headers, cookies, body, elapsed_ms, $ (JSONPath), regex:, xpath: or css:"


class ExtractError(Exception):
    """The value is not there (`kind` "failed") or the expression cannot be used (`kind` "error").

    `may_be_null`: the expression gave null, which JMESPath also gives for what is missing.
    """

    def __init__(
        self, message: str, kind: str = "failed", hint: str = "", *, may_be_null: bool = False
    ) -> None:
        super().__init__(message)
        self.message = message
        self.kind = kind
        self.hint = hint
        self.may_be_null = may_be_null


class Refusal:
    """The reader of an expression that cannot be used: raises what is wrong with it."""

    __slots__ = ("problem",)

    def __init__(self, problem: ExtractError) -> None:
        self.problem = problem

    def __call__(self, view: ResponseView) -> Any:
        raise self.problem


def refuse(message: str, hint: str = "") -> Refusal:
    """A reader that says the expression cannot be used."""
    return Refusal(ExtractError(message, "error", hint))


def whole_body(view: ResponseView) -> ResponseView:
    """The view, if all of the body was read: a verdict on a part of it could be wrong."""
    if view.response.truncated and not view.is_replaced:
        size = len(view.content) / 1024 / 1024
        hint = "status and headers can be checked; hat run --max-body MB reads more"
        raise ExtractError(f"the body is longer than the {size:g} MB that are read of it", "error", hint)
    return view


PROPERTIES: dict[str, Extractor] = {
    "status_code": lambda view: view.status_code,
    "reason": lambda view: view.reason,
    "url": lambda view: view.url,
    "ok": lambda view: view.ok,
    "encoding": lambda view: view.encoding,
    "elapsed_ms": lambda view: view.elapsed_ms,
    "headers": lambda view: view.headers,
    "cookies": lambda view: view.cookies,
    "text": lambda view: whole_body(view).text,
    "content": lambda view: whole_body(view).body,
    "json": lambda view: whole_body(view).body,
    "body": lambda view: whole_body(view).body,
    "size": lambda view: whole_body(view).response.size or len(view.content),
    "http_version": lambda view: view.response.http_version,
    "certificate_days_left": lambda view: view.response.certificate_days_left,
}


WORDS = (*PROPERTIES, "elapsed", "timing_ms")


def whole(word: str) -> Extractor:
    """One word of a response, such as status_code; what a hook put in its place wins."""
    read = PROPERTIES[word]
    return lambda view: view.attributes[word] if word in view.attributes else read(view)


def in_body(keys: tuple[path.Key, ...]) -> Extractor:
    """What the keys after the first lead to in the body."""
    rest = keys[1:]

    def read(view: ResponseView) -> Any:
        try:
            return whole_body(view).at(rest)
        except path.LostError as lost:
            raise not_there(view, keys, lost) from None

    return read


class Attribute:
    """The reader of what a hook set on the response; where no hook did, the expression reads nothing."""

    __slots__ = ("keys",)

    def __init__(self, keys: tuple[path.Key, ...]) -> None:
        self.keys = keys

    @property
    def problem(self) -> ExtractError:
        """What is wrong where no hook set it."""
        near = nearest(str(self.keys[0]), WORDS)
        hint = f"did you mean '{near}'?" if near else WAYS
        return ExtractError(f"'{path.join(self.keys)}' reads nothing of a response", "error", hint)

    def __call__(self, view: ResponseView) -> Any:
        name = str(self.keys[0])
        if name not in view.attributes:
            raise self.problem
        try:
            return path.walk(view.attributes[name], self.keys[1:])
        except path.LostError as lost:
            raise not_there(view, self.keys, lost) from None


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that is most like this one, in any case of letters; empty when none is."""
    from difflib import get_close_matches  # noqa: PLC0415  only failures ask

    return next(iter(get_close_matches(name.lower(), [one.lower() for one in known], 1, 0.7)), "")


def not_there(view: ResponseView, keys: tuple[path.Key, ...], lost: path.LostError) -> ExtractError:
    """Why a path ends early in the body, naming the nearest place that exists."""
    if lost.depth == 0 and isinstance(lost.value, (str, bytes)) and not view.is_json:
        kind = view.content_type.split(";")[0] or "no Content-Type"
        fact = (
            f"the body is text, not JSON ({kind}, {len(view.content)} bytes)"
            if lost.value
            else "the body is empty"
        )
        return ExtractError(f"{path.join(keys)} is not in the response; {fact}")
    fact, hint = path.explain(keys, path.LostError(lost.depth + 1, lost.value))
    return ExtractError(fact, "failed", hint)


def named(name: str, part: Part, noun: str) -> Extractor:
    """A header or cookie by name."""

    def read(view: ResponseView) -> Any:
        values = part(view)
        if name not in values:
            there = f"there is {', '.join(values)}" if values else f"there is no {noun} at all"
            near = nearest(name, values)
            hint = f"did you mean '{near}'?" if near else ""
            raise ExtractError(f"{noun} '{name}' is not in the response; {there}", "failed", hint)
        return values[name]

    return read


def elapsed(name: str) -> Extractor:
    """`elapsed.total_seconds` and its like, as a timedelta has them."""
    if name not in TIMES:
        return refuse(f"{f'elapsed.{name}'.rstrip('.')} reads nothing", f"elapsed has {', '.join(TIMES)}")

    def read(view: ResponseView) -> Any:
        value = getattr(duration(view), name)
        return value() if callable(value) else value

    return read


def phase(name: str) -> Extractor:
    """The length of one phase of the exchange in milliseconds."""
    if name not in PHASES:
        return refuse(
            f"{f'timing_ms.{name}'.rstrip('.')} reads nothing", f"timing_ms has {', '.join(PHASES)}"
        )
    return lambda view: getattr(view.exchange.timing, name)
