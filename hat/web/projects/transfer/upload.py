"""Read what was uploaded, files or a zip, without trusting its names, sizes or links."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from hat.error import FormatError
from hat.web.projects.paths import MAX_PATH, is_left_out, path_fault, tidy

MAX_FILE = 10 * 1024 * 1024
MAX_TOTAL = 64 * 1024 * 1024
MAX_FILES = 5000
MAX_RATIO = 200


@dataclass(slots=True)
class Upload:
    """The usable files by their path, and a problem for each that is not."""

    files: dict[str, bytes] = field(default_factory=dict)
    problems: list[FormatError] = field(default_factory=list)

    def add(self, path: str, raw: bytes) -> None:
        self.files[path] = raw

    def refuse(self, path: str, message: str, hint: str = "") -> None:
        self.problems.append(FormatError(message, file=path, hint=hint))


def read_upload(parts: Iterable[tuple[str, IO[bytes]]]) -> Upload:
    """The files of an upload, in the order sent; each zip among them is opened."""
    upload = Upload()
    room = _Room()
    for name, stream in parts:
        if _is_zip(stream):
            _read_zip(upload, name, stream, room)
        elif _wanted(upload, name):
            _keep(upload, name, stream, room)
    return upload


def read_folder(folder: Path) -> Upload:
    """A folder of this machine, read by the same rules."""
    upload = Upload()
    room = _Room()
    for file in sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
        path = file.relative_to(folder).as_posix()
        if _wanted(upload, path):
            with file.open("rb") as stream:
                _keep(upload, path, stream, room)
    return upload


class _Room:
    """What may still be read: files and bytes of the whole upload."""

    def __init__(self) -> None:
        self.files = MAX_FILES
        self.bytes = MAX_TOTAL

    def take(self, stream: IO[bytes]) -> bytes | None:
        """The content of one file, never more than the room left; None when it does not fit."""
        raw = stream.read(min(MAX_FILE, self.bytes) + 1)
        if len(raw) > min(MAX_FILE, self.bytes):
            return None
        self.files -= 1
        self.bytes -= len(raw)
        return raw


def _is_zip(stream: IO[bytes]) -> bool:
    head = stream.read(4)
    stream.seek(0)
    return head in (b"PK\x03\x04", b"PK\x05\x06")


def _keep(upload: Upload, path: str, stream: IO[bytes], room: _Room) -> None:
    if room.files <= 0:
        upload.refuse(path, f"more than {MAX_FILES} files at once", "import the folder in parts")
        return
    raw = room.take(stream)
    if raw is None:
        limit = MAX_FILE if room.bytes >= MAX_FILE else MAX_TOTAL
        what = "the file" if limit == MAX_FILE else "the upload"
        upload.refuse(path, f"{what} is larger than {limit // 1024 // 1024} MB", "split it")
        return
    upload.add(tidy(path), raw)


def _wanted(upload: Upload, path: str) -> bool:
    """Whether a path is harmless and worth reading; a dangerous one becomes a problem."""
    danger = path_fault(path)
    if danger:
        upload.refuse(path[:MAX_PATH], danger)
        return False
    return not is_left_out(path)


def _read_zip(upload: Upload, name: str, stream: IO[bytes], room: _Room) -> None:
    try:
        with zipfile.ZipFile(stream) as archive:
            _read_entries(upload, name, archive, room)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        OSError,
        ValueError,
        EOFError,
    ) as fault:
        upload.refuse(name, f"the archive cannot be read: {fault}")


def _read_entries(upload: Upload, name: str, archive: zipfile.ZipFile, room: _Room) -> None:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MAX_FILES:
        upload.refuse(name, f"the archive holds {len(entries)} files, more than {MAX_FILES}")
        return
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_TOTAL or unpacked > MAX_RATIO * max(packed, 10_000):
        size = unpacked // 1024 // 1024
        upload.refuse(
            name, f"the archive would unpack to {size} MB from {packed // 1024} KB; it was not opened"
        )
        return
    for path, entry in _entries(entries):
        if _wanted(upload, path) and _is_plain(upload, path, entry):
            _unpack(upload, path, archive, entry, room)


def _unpack(upload: Upload, path: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: _Room) -> None:
    try:
        with archive.open(entry) as stream:
            _keep(upload, path, stream, room)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError) as fault:
        upload.refuse(path, f"the file cannot be unpacked: {fault}")


def _is_plain(upload: Upload, path: str, entry: zipfile.ZipInfo) -> bool:
    """Whether an entry is an ordinary file, not a link or a device, and not encrypted."""
    mode = entry.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        upload.refuse(path, "a link or special file is not imported", "put the file itself into the archive")
        return False
    if entry.flag_bits & 0x1:
        upload.refuse(path, "the file is encrypted")
        return False
    return True


def _entries(entries: list[zipfile.ZipInfo]) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """The entries with their names; those that are not marked as UTF-8 may be Chinese from Windows."""
    for entry in entries:
        path = entry.orig_filename
        if not entry.flag_bits & 0x800:
            path = _decoded(path)
        yield path, entry


def _decoded(path: str) -> str:
    try:
        raw = path.encode("cp437")
    except UnicodeEncodeError:
        return path
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return path
