"""A script in JavaScript cut into its statements, without comments; what they mean is read elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

_PIECE = re.compile(
    r"""(?P<comment>/\*.*?\*/|(?<![:\w])//[^\n]*)
      | (?P<text>'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)
      | (?P<chain>\n\s*(?=\.))            # the statement goes on
      | (?P<mark>[;{}()\n])
      | (?P<plain>[^;{}()\n'"`/]+|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_OPENS_BLOCK = re.compile(r"(?:\)|=>|\belse|\btry|\bfinally|\bdo)\s*$")


def statements(source: str) -> Iterator[str]:
    """Each statement by itself; the head of a block ends with its `{`, what follows one begins with `}`."""
    said, depth = "", 0
    is_block: list[bool] = []
    for match in _PIECE.finditer(source):
        kind, piece = match.lastgroup, match[0]
        if kind in ("comment", "chain"):
            continue
        if kind != "mark":
            said += piece
        elif piece in "()":
            depth += 1 if piece == "(" else -1
            said += piece
        elif piece == "{":
            is_block.append(bool(_OPENS_BLOCK.search(said)))
            said += piece
            if is_block[-1]:
                yield said.strip()
                said, depth = "", 0
        elif piece == "}":
            if is_block and is_block.pop():
                yield said.strip()
                said, depth = "", 0
            said += piece
        elif depth <= 0 or piece == ";":
            yield said.strip()
            said, depth = "", 0
    yield said.strip()
