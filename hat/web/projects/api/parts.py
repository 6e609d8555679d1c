"""The files of a multipart request with their places in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest


def sent_files(request: HttpRequest) -> list[Any]:
    """The files under any name a form may give them."""
    return [file for name in request.FILES for file in request.FILES.getlist(name)]


def named(files: list[Any], paths: list[str]) -> Iterator[tuple[str, Any]]:
    """Each file with its path; without one its name is used."""
    for index, file in enumerate(files):
        yield (paths[index] if index < len(paths) and paths[index] else file.name or "file"), file
