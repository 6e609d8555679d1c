"""Put base_url in front of a url, each dialect in its way."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from hat.engine.dialect import Dialect
from hat.engine.template import RenderError

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def join(base: Any, url: Any, dialect: Dialect, path: str) -> str:
    """The absolute url; RenderError when there is no base_url to make it one."""
    text = url if isinstance(url, str) else str(url)
    if dialect.parses_urls:
        return _join_parsed(base, text, path)
    if text[:8].lower().startswith(("http://", "https://")):
        return text
    if _SCHEME.match(text) and (not base or dialect.name == "hat"):
        return text  # the client says which schemes there are
    if not base:
        hint = "set base_url in the config or the environment, or write the whole url"
        raise RenderError(
            f"url '{text}' is relative and there is no base_url", path, kind="request", hint=hint
        )
    if dialect.name == "hat" and not text:
        return str(base)
    return f"{str(base).rstrip('/')}/{text.lstrip('/')}"


def _join_parsed(base: Any, url: str, path: str) -> str:
    try:
        parts, front = urlsplit(url), urlsplit(str(base))
    except ValueError as error:
        raise RenderError(f"'{url}' is not a url: {error}", path, kind="request") from None
    if parts.netloc:
        return url
    if not front.netloc:
        hint = "set base_url in the config or the environment, or write the whole url"
        raise RenderError(
            f"url '{url}' is relative and there is no base_url", path, kind="request", hint=hint
        )
    where = f"{front.path.rstrip('/')}/{parts.path.lstrip('/')}"
    return urlunsplit((front.scheme, front.netloc, where, parts.query, parts.fragment))
