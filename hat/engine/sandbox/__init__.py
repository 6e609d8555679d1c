"""The process that runs a project's debugtalk.py, and how to call what it defines."""

from __future__ import annotations

from hat.engine.sandbox.calls import Answer, Call, CallError, Function, Handle, OpenedFile, ResponseFacts
from hat.engine.sandbox.terms import STRICT, Terms

__all__ = [
    "STRICT",
    "Answer",
    "Call",
    "CallError",
    "Function",
    "Handle",
    "OpenedFile",
    "ResponseFacts",
    "Terms",
]
