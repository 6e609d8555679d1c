"""The process that runs a project's debugtalk.py, and how to call what it defines."""

from __future__ import annotations

from hat.engine.sandbox.calls import Answer, Call, CallError, Function, Handle, OpenedFile, ResponseFacts
from hat.engine.sandbox.host import Sandbox

__all__ = ["Answer", "Call", "CallError", "Function", "Handle", "OpenedFile", "ResponseFacts", "Sandbox"]
