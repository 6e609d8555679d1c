"""Undo the content codings of a body: gzip, deflate, br, zstd, or several of them, up to a limit."""

from __future__ import annotations

import sys
import zlib
from typing import Any, Final

_CODINGS: Final = ("gzip", "x-gzip", "deflate", "br", "zstd")
_NONE: Final = ("identity", "none", "")
_LARGEST_WINDOW: Final = 23  # 8 MiB: what RFC 9659 has a reader of zstd hold in memory


class CodingError(ValueError):
    """Raised when a body is not coded as its headers say."""


def plain(body: bytes, encoding: str, limit: int) -> tuple[bytes, bool]:
    """The body without its codings, last one first, and whether anything is missing.

    What has an unknown coding stays as it came.
    """
    cut = False
    for name in reversed([word.strip().lower() for word in encoding.split(",")]):
        if name in _NONE:
            continue
        if name not in _CODINGS:
            return body, cut
        body, is_cut = _undo(name, body, limit)
        cut = cut or is_cut
    return body, cut


def _undo(name: str, body: bytes, limit: int) -> tuple[bytes, bool]:
    if name == "br":
        return _brotli(body, limit)
    if name == "zstd":
        return _zstd(body, limit)
    try:
        return _deflated(body, limit) if name == "deflate" else _inflate(body, 16 + zlib.MAX_WBITS, limit)
    except zlib.error as error:
        raise CodingError(str(error)) from None


def _deflated(body: bytes, limit: int) -> tuple[bytes, bool]:
    """Deflate with its header or, as some servers send it, without."""
    try:
        return _inflate(body, zlib.MAX_WBITS, limit)
    except zlib.error:
        return _inflate(body, -zlib.MAX_WBITS, limit)


def _inflate(body: bytes, window: int, limit: int) -> tuple[bytes, bool]:
    """The decompressed bytes up to the limit, and whether anything is missing; zlib.error for others."""
    decoder = zlib.decompressobj(window)
    found = decoder.decompress(body, limit + 1)
    while decoder.eof and decoder.unused_data and len(found) <= limit and window > zlib.MAX_WBITS:
        body = decoder.unused_data
        decoder = zlib.decompressobj(window)
        try:
            found += decoder.decompress(body, limit + 1 - len(found))
        except zlib.error:
            break
    return found, not decoder.eof


def _brotli(body: bytes, limit: int) -> tuple[bytes, bool]:
    import brotli  # noqa: PLC0415  few answers are in br

    decoder = brotli.Decompressor()
    found = bytearray()
    try:
        more = decoder.process(body, output_buffer_limit=limit + 1)
        while more:
            found += more
            if len(found) > limit or decoder.is_finished():
                break
            more = decoder.process(b"", output_buffer_limit=limit + 1 - len(found))
    except brotli.error as error:
        raise CodingError(str(error)) from None
    return bytes(found), not decoder.is_finished()


def _zstd(body: bytes, limit: int) -> tuple[bytes, bool]:
    """Frames one after the other; one whose window is larger than agreed for HTTP is refused."""
    zstd = _zstd_library()
    window = {zstd.DecompressionParameter.window_log_max: _LARGEST_WINDOW}
    found = bytearray()
    while True:
        decoder = zstd.ZstdDecompressor(options=window)
        try:
            found += decoder.decompress(body, limit + 1 - len(found))
        except zstd.ZstdError as error:
            raise CodingError(str(error)) from None
        body = decoder.unused_data if decoder.eof else b""
        if not body or len(found) > limit:
            return bytes(found), not decoder.eof


def _zstd_library() -> Any:
    """Python's own module, or before 3.14 its backport."""
    if sys.version_info >= (3, 14):
        from compression import zstd  # noqa: PLC0415  few answers are in zstd
    else:
        from backports import zstd  # noqa: PLC0415  as above
    return zstd
