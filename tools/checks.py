"""The checks of the project, in groups that can run alone."""

from __future__ import annotations


def test(arguments: list[str]) -> int:
    return 0
