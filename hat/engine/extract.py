"""Read a value from an answer by expression: one compiler per dialect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hat.engine.response import ResponseView

Extractor = Callable[[ResponseView], Any]


class ExtractError(Exception):
    """The value is not there (`kind` "failed") or the expression cannot be used (`kind` "error")."""

    def __init__(self, message: str, kind: str = "failed", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.kind = kind
        self.hint = hint


def compile_extract(expression: Any, dialect: str = "hat") -> Extractor:
    """The reader of an expression, cached by text; never raises: a wrong expression raises when it is read.

    `extract_problem` tells what is wrong with an expression beforehand.
    """
    raise NotImplementedError


def extract_problem(expression: Any, dialect: str = "hat") -> str:
    """What is wrong with an expression, as one sentence for `hat check`; empty when nothing is."""
    raise NotImplementedError
