"""Multipart bodies: fields and files in one, and the guess what kind a file is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from hat.engine.sandbox.calls import OpenedFile

UPLOAD_TYPE: Final = "text/html"  # what HttpRunner sends for a file whose kind it cannot guess

_BEGINNINGS: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x00\x00\x01\x00", "image/x-icon"),
    (b"%PDF", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"7z\xbc\xaf'\x1c", "application/x-7z-compressed"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"Rar!\x1a\x07", "application/x-rar-compressed"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/x-flac"),
    (b"\x1aE\xdf\xa3", "video/x-matroska"),
    (b"\x00asm", "application/wasm"),
    (b"\x7fELF", "application/x-executable"),
    (b"SQLite format 3\x00", "application/x-sqlite3"),
    (b"{\\rtf", "application/rtf"),
)


class Multipart(Struct, frozen=True):
    """A multipart body ready to send, and the Content-Type that goes with it."""

    body: bytes
    content_type: str


class Part(Struct, frozen=True):
    """One field or file of a multipart body."""

    name: str
    content: bytes
    filename: str | None = None
    content_type: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


def assemble(parts: Iterable[Part], boundary: str = "") -> Multipart:
    """The parts in order as one body; the boundary is random unless given."""
    if not boundary:
        from secrets import token_hex  # noqa: PLC0415  few runs need it

        boundary = token_hex(16)
    pieces = []
    for part in parts:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(part.name)}"'
        if part.filename is not None:
            head += f'; filename="{_quoted(part.filename)}"'
        if part.content_type:
            head += f"\r\nContent-Type: {part.content_type}"
        head += "".join(f"\r\n{name}: {value}" for name, value in part.headers)
        pieces += [head.encode(), b"\r\n\r\n", part.content, b"\r\n"]
    pieces.append(f"--{boundary}--\r\n".encode())
    return Multipart(b"".join(pieces), f"multipart/form-data; boundary={boundary}")


def upload(values: Mapping[str, Any], root: Path | None, *, confined: bool = False) -> Multipart:
    """An `upload`: a value that names an existing file (relative to the root) is sent as that file."""
    return assemble(_upload_part(str(name), value, root, confined) for name, value in values.items())


def _upload_part(name: str, value: Any, root: Path | None, confined: bool) -> Part:
    if isinstance(value, OpenedFile):
        kind = value.content_type or file_type(value.content) or UPLOAD_TYPE
        return Part(name, value.content, Path(value.name).name, kind)
    path = find_file(value, root, confined=confined) if isinstance(value, str) else None
    if path is None:
        return Part(name, value if isinstance(value, bytes) else str(value).encode())
    content = path.read_bytes()
    return Part(name, content, path.name, file_type(content) or UPLOAD_TYPE)


def find_file(text: str, root: Path | None, *, confined: bool = False) -> Path | None:
    """The existing file a text names, below the root when `confined`; None when there is none."""
    if root is None or not text or "\x00" in text or len(text) > 4096 or "\n" in text:
        return None
    path = root / text
    try:
        if confined and not path.resolve().is_relative_to(root.resolve()):
            return None
        return path if path.is_file() else None
    except OSError:
        return None


def file_type(content: bytes) -> str:
    """The kind of a file by how it begins; empty when that tells nothing."""
    for beginning, kind in _BEGINNINGS:
        if content.startswith(beginning):
            return kind
    if content[4:8] == b"ftyp":
        return "video/quicktime" if content[8:10] == b"qt" else "video/mp4"
    if content[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/x-wav", b"AVI ": "video/x-msvideo"}.get(
            content[8:12], ""
        )
    if content[257:262] == b"ustar":
        return "application/x-tar"
    return ""


def _quoted(text: str) -> str:
    """A name inside quotes as browsers write it (WHATWG, multipart/form-data encoding)."""
    return text.replace('"', "%22").replace("\n", "%0A").replace("\r", "%0D")
