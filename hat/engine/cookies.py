"""Cookies a case keeps between its requests, by the rules of RFC 6265."""

from __future__ import annotations


class CookieJar:
    """The cookies of one case."""
