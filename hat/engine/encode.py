"""Turn rendered request fields into the bytes that go out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hat.engine.outgoing import Outgoing


def prepare(fields: Mapping[str, Any], dialect: str, root: Path | None = None) -> Outgoing:
    """The request as it will go out; raises TransportError of kind `request` when that is impossible.

    `fields` are those of a step's `request` after rendering, `url` absolute; `root` is where `upload` finds files.
    """
    raise NotImplementedError
