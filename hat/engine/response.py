"""One answer as extracts and checks see it: parsed lazily, once, with what hooks replaced."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from time import time
from typing import Any

import msgspec

from hat.engine import charset, path
from hat.engine.cookies import read_cookie
from hat.engine.shown import show
from hat.engine.skim import WORTHWHILE, Skimmed
from hat.number import read_json, read_number
from hat.result import Exchange, Response, SentRequest, Timing

_UNREAD: Any = object()
_LONGEST_TEXT = 1_000_000
_LOOSE = msgspec.json.Decoder()
_EXACT = msgspec.json.Decoder(float_hook=read_number)
_NO_ANSWER = Exchange(SentRequest("", ""), Response(0), Timing())


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


class HeaderMap(Mapping[str, str]):
    """Headers by name in any case; the values of a repeated header are joined with a comma."""

    __slots__ = ("_by_name",)

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._by_name: dict[str, tuple[str, str]] = {}
        for name, value in pairs:
            before = self._by_name.get(name.lower())
            self._by_name[name.lower()] = (before[0], f"{before[1]}, {value}") if before else (name, value)

    def __getitem__(self, name: str) -> str:
        return self._by_name[name.lower()][1]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._by_name

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._by_name.values())

    def __len__(self) -> int:
        return len(self._by_name)

    def __repr__(self) -> str:
        return repr(dict(self))


def read_cookies(headers: Iterable[tuple[str, str]], url: str) -> dict[str, str]:
    """The cookies an answer sets and does not take away at once, by name."""
    lines = (value for name, value in headers if name.lower() == "set-cookie")
    found = (cookie for line in lines if (cookie := read_cookie(line, url)) is not None)
    return {one.name: one.value for one in found if one.expires is None or one.expires > time()}


class ResponseView:
    """A lazy view of the last exchange of a step; nothing is decoded or parsed until something asks."""

    __slots__ = (
        "_body",
        "_cookies",
        "_headers",
        "_skimmed",
        "_text",
        "attributes",
        "dialect",
        "elapsed_ms",
        "exchange",
        "is_replaced",
        "response",
    )

    def __init__(
        self, exchange: Exchange | None, *, dialect: str = "hat", elapsed_ms: float | None = None
    ) -> None:
        """`exchange` None (or without a response) is the "status 0" answer of dialects httprunner3 and 4."""
        self.exchange = exchange or _NO_ANSWER
        self.response = self.exchange.response or Response(0)
        self.dialect = dialect
        self.elapsed_ms = self.exchange.timing.total if elapsed_ms is None else elapsed_ms
        self.attributes: dict[str, Any] = {}
        self._body: Any = _UNREAD
        self.is_replaced = False  # whether a hook gave it another body
        self._skimmed: Skimmed | None = None
        self._headers: HeaderMap | None = None
        self._cookies: dict[str, str] | None = None
        self._text: tuple[str, str] | None = None

    @property
    def status_code(self) -> int:
        return self.response.status_code

    @property
    def reason(self) -> str:
        return self.response.reason

    @property
    def url(self) -> str:
        """The URL that answered, after redirects."""
        return self.exchange.request.url

    @property
    def ok(self) -> bool:
        return 0 < self.response.status_code < 400

    @property
    def headers(self) -> HeaderMap:
        """Header values by name in any case; a repeated header is joined with ", "."""
        if self._headers is None:
            self._headers = HeaderMap(self.response.headers)
        return self._headers

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies this answer set."""
        if self._cookies is None:
            self._cookies = read_cookies(self.response.headers, self.url)
        return self._cookies

    @property
    def content(self) -> bytes:
        """The body as bytes, after content decoding."""
        return self.response.body

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")

    @property
    def encoding(self) -> str | None:
        """The charset of the body; in HttpRunner's dialects what requests takes from the header."""
        if self.dialect == "hat":
            return self._decoded()[1]
        declared = charset.from_header(self.content_type)
        if declared or "charset=" in self.content_type.lower():
            return declared
        if "text" in self.content_type:
            return "ISO-8859-1"
        return "utf-8" if "application/json" in self.content_type else None

    @property
    def text(self) -> str:
        """The body as text: charset by header, meta tag or detection."""
        return self._decoded()[0]

    def _decoded(self) -> tuple[str, str]:
        if self._text is None:
            if self.dialect == "hat":
                self._text = charset.decode(self.content, self.content_type)
            else:
                binary = b"\0" in self.content[:1024]  # a picture has no charset
                name = self.encoding or ("utf-8" if binary else charset.detect(self.content))
                self._text = (charset.read(self.content, name), name)
        return self._text

    @property
    def is_json(self) -> bool:
        """Whether the body is a JSON text."""
        return self._parse() is not _UNREAD

    @property
    def body(self) -> Any:
        """The JSON value, else the text (httprunner3 and 4: the bytes), parsed once."""
        if self._body is _UNREAD:
            value = self._parse()
            if value is _UNREAD:
                value = self.content if self.dialect in ("httprunner3", "httprunner4") else self.text
                if self.response.status_code == 0:
                    value = None
            self._body = value
        return self._body

    def at(self, keys: tuple[path.Key, ...]) -> Any:
        """What the keys lead to in the body, decoding no more of a large one; LostError if nothing."""
        if self._body is _UNREAD and keys and self.dialect == "hat" and len(self.content) >= WORTHWHILE:
            if self._skimmed is None and _is_utf8(self.content):
                self._skimmed = Skimmed(self.content, _EXACT)
            try:
                if self._skimmed is not None:
                    return self._skimmed.value(keys)
            except (path.LostError, ValueError, RecursionError):
                pass  # the whole body tells why
        return path.walk(self.body, keys)

    def _parse(self) -> Any:
        if not self.content:
            return _UNREAD
        exact = self.dialect == "hat"
        if exact or self.encoding in ("utf-8", None):
            try:
                return (_EXACT if exact else _LOOSE).decode(self.content)
            except (ValueError, RecursionError):
                pass  # the standard parser below accepts NaN, lone surrogates and other charsets
        try:
            return (read_json if exact else json.loads)(self.text.lstrip("\ufeff"))
        except (ValueError, RecursionError):
            return _UNREAD

    def replace(self, name: str, value: Any) -> None:
        """A hook set `response.<name>`: extracts and checks see this value from now on."""
        if name in ("json", "body", "content", "text"):
            self._body, self.is_replaced = value, True
        elif name == "headers":
            self._headers = HeaderMap((str(key), str(item)) for key, item in dict(value).items())
        elif name == "cookies":
            self._cookies = dict(value)
        else:
            self.attributes[name] = value

    def for_hooks(self) -> dict[str, Any]:
        """What `$response` is for a hook: plain values by attribute name."""
        return {name: read(self) for name, read in _HOOK_VIEW.items()} | self.attributes


def returned(value: Any, elapsed_ms: float) -> ResponseView:
    """A view of what a function returned, as if it were the body of an answer."""
    view = ResponseView(None, elapsed_ms=elapsed_ms)
    view._body = value
    view._text = (value if isinstance(value, str) else show(value, _LONGEST_TEXT), "utf-8")
    return view


def duration(view: ResponseView) -> timedelta:
    """The time an answer took, with the parts that HttpRunner's expressions name."""
    return timedelta(milliseconds=view.elapsed_ms)


_HOOK_VIEW: dict[str, Callable[[ResponseView], Any]] = {
    "status_code": lambda view: view.status_code,
    "reason": lambda view: view.reason,
    "url": lambda view: view.url,
    "ok": lambda view: view.ok,
    "encoding": lambda view: view.encoding,
    "headers": lambda view: dict(view.headers),
    "cookies": lambda view: view.cookies,
    "content": lambda view: view.content,
    "text": lambda view: view.text,
    "json": lambda view: view.body,
    "body": lambda view: view.body,
    "elapsed": lambda view: view.elapsed_ms / 1000,
}
