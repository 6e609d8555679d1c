"""One answer as extracts and checks see it: parsed lazily, once, with what hooks replaced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hat.result import Exchange


class ResponseView:
    """A lazy view of the last exchange of a step; nothing is decoded or parsed until something asks."""

    def __init__(self, exchange: Exchange | None, *, dialect: str = "hat", elapsed_ms: float = 0.0) -> None:
        """`exchange` None (or without a response) is the "status 0" answer of dialects httprunner3 and 4."""
        raise NotImplementedError

    status_code: int
    reason: str
    url: str
    ok: bool
    encoding: str | None
    elapsed_ms: float

    @property
    def headers(self) -> Mapping[str, str]:
        """Header values by name in any case; a repeated header is joined with ", "."""
        raise NotImplementedError

    @property
    def cookies(self) -> Mapping[str, str]:
        """The cookies this answer set."""
        raise NotImplementedError

    @property
    def content(self) -> bytes:
        """The body as bytes, after content decoding."""
        raise NotImplementedError

    @property
    def text(self) -> str:
        """The body as text: charset by header, meta tag or detection."""
        raise NotImplementedError

    @property
    def body(self) -> Any:
        """The JSON value, else the text (httprunner3 and 4: the bytes), parsed once."""
        raise NotImplementedError

    def replace(self, name: str, value: Any) -> None:
        """A hook set `response.<name>`: extracts and checks see this value from now on."""
        raise NotImplementedError

    def for_hooks(self) -> dict[str, Any]:
        """What `$response` is for a hook: plain values by attribute name."""
        raise NotImplementedError
