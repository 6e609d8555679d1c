"""Import a project's debugtalk.py and name the functions it offers."""

from __future__ import annotations

import importlib.util
import inspect
import os
import sys
import traceback
import types
from typing import Any

FILE = "debugtalk.py"


def load(root: str) -> dict[str, types.FunctionType]:
    """Every plain Python function in the namespace of debugtalk.py; none if there is no such file."""
    path = os.path.join(root, FILE)
    sys.path.insert(0, root)
    if not os.path.isfile(path):
        return {}
    spec = importlib.util.spec_from_file_location("debugtalk", path)
    if spec is None or spec.loader is None:
        return {}
    module = importlib.util.module_from_spec(spec)
    sys.modules["debugtalk"] = module
    spec.loader.exec_module(module)
    return {name: item for name, item in vars(module).items() if isinstance(item, types.FunctionType)}


def described(functions: dict[str, types.FunctionType], root: str) -> list[dict[str, Any]]:
    """What a page or an error shows of each function."""
    return [_described(name, function, root) for name, function in functions.items()]


def _described(name: str, function: types.FunctionType, root: str) -> dict[str, Any]:
    try:
        arguments = str(inspect.signature(function))[1:].rpartition(")")[0]
    except (ValueError, TypeError):
        arguments = ""
    doc = (function.__doc__ or "").strip().partition("\n")[0]
    code = function.__code__
    return {
        "name": name,
        "arguments": arguments[:1000],
        "doc": doc[:1000],
        "line": code.co_firstlineno,
        "file": relative(code.co_filename, root),
    }


def described_error(error: BaseException, root: str) -> dict[str, Any]:
    """An exception with the last place in the project's own files."""
    file, line = "", 0
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename.startswith(root + os.sep):
            file, line = relative(frame.filename, root), frame.lineno or 0
    if isinstance(error, SyntaxError) and error.filename:
        file, line = relative(error.filename, root), error.lineno or 0
    return {
        "type": type(error).__name__,
        "message": _message(error)[:10_000],
        "file": file,
        "line": line,
        "assertion": isinstance(error, AssertionError),
        "type_error": isinstance(error, TypeError),
    }


def _message(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return error.msg or "invalid syntax"
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - a user's __str__ may do anything
        return "(its text cannot be made)"


def relative(file: str, root: str) -> str:
    """The file as a person in the project's folder calls it."""
    return file[len(root) + 1 :] if file.startswith(root + os.sep) else os.path.basename(file)
