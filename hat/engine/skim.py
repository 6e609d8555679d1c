"""Read single values of a large JSON text, and decode nothing of what stands beside them."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from hat.engine import path

WORTHWHILE: Final = 4096  # bytes; a shorter text is decoded whole in about the same time

_LEVEL: Final = msgspec.json.Decoder(dict[str, msgspec.Raw] | list[msgspec.Raw])


class Skimmed:
    """A JSON text whose objects and lists are opened level by level, each once, and only on the way."""

    __slots__ = ("_decoder", "_levels", "_text", "_values")

    def __init__(self, text: bytes, decoder: msgspec.json.Decoder[Any]) -> None:
        """`decoder` makes values of the texts that are found."""
        self._text = text
        self._decoder = decoder
        self._levels: dict[tuple[path.Key, ...], Any] = {}
        self._values: dict[tuple[path.Key, ...], Any] = {}

    def value(self, keys: tuple[path.Key, ...]) -> Any:
        """What the keys lead to. Raises LostError where they end early, ValueError where this is no JSON."""
        if keys not in self._values:
            self._values[keys] = self._decoder.decode(self._find(keys))
        return self._values[keys]

    def _find(self, keys: tuple[path.Key, ...]) -> Any:
        """The text of what the keys lead to; msgspec has looked through all of it by then."""
        text: Any = self._text
        for depth, key in enumerate(keys):
            level = self._levels.get(keys[:depth])
            if level is None:
                level = self._levels[keys[:depth]] = _LEVEL.decode(text)
            text = path.walk(level, (key,))
        return text
