"""Hide secrets before a result leaves the engine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hat.result import Exchange


class Mask:
    """Hides values of secrets wherever they stand (raw, URL-encoded, JSON-escaped, base64, hex), and the values
    of headers and fields that are credentials by name. Cheap when there is nothing to hide."""

    def __init__(self, secrets: Iterable[str] = (), names: Iterable[str] | None = None) -> None:
        raise NotImplementedError

    def text(self, text: str) -> str:
        raise NotImplementedError

    def value(self, value: Any) -> Any:
        raise NotImplementedError

    def exchange(self, exchange: Exchange) -> Exchange:
        raise NotImplementedError
