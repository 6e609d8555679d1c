"""List the functions of a debugtalk.py by reading its text; it is never run here."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signature:
    """One function as a page lists it."""

    name: str
    arguments: str
    doc: str
    line: int


@dataclass(frozen=True, slots=True)
class SourceError:
    """Why a source cannot be read as Python, and where."""

    line: int
    message: str


def signatures(source: str) -> tuple[list[Signature], list[SourceError]]:
    """The functions in the order written (of one name the last), and what is wrong with the text."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except SyntaxError as problem:
        return [], [SourceError(problem.lineno or 1, problem.msg)]
    except (ValueError, RecursionError, MemoryError) as problem:
        return [], [SourceError(1, str(problem) or "the text is nested too deeply")]
    found = {node.name: _signature(node) for node in _functions(tree.body)}
    return list(found.values()), []


def _functions(body: list[ast.stmt]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Functions at the top of the module, also inside its `if` and `try`."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
        elif isinstance(node, ast.If):
            yield from _functions([*node.body, *node.orelse])
        elif isinstance(node, ast.Try):
            caught = [statement for handler in node.handlers for statement in handler.body]
            yield from _functions([*node.body, *caught, *node.orelse, *node.finalbody])


def _signature(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Signature:
    doc = ast.get_docstring(node) or ""
    return Signature(node.name, ast.unparse(node.args), doc, node.lineno)
