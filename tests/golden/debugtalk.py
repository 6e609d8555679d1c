"""Functions of the golden cases."""

from __future__ import annotations


def sign(key=""):
    if not key:
        raise ValueError("key is empty")
    return f"signed with {key}"


def even(actual, expected):
    assert (actual % 2 == 0) is expected, f"{actual} is odd"


def break_down(request):
    raise RuntimeError("the hook is tired")
