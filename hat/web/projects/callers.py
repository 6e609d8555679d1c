"""Which cases call a function of debugtalk.py: in a text, as a hook or as a comparator."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from hat.engine.calls import Caller
from hat.engine.check import compile_comparator
from hat.engine.dialect import DIALECT
from hat.web.projects.models import Case, Project

MOST = 50  # cases named for one function; their number is told in full
_CALL = re.compile(r"\$\{\s*([^\W\d]\w*)\s*\(")
_CHECK = {"check", "comparator", "assert", "expect", "expected", "message", "msg", "enabled"}


def function_callers(project: Project, own: Collection[str]) -> list[dict[str, Any]]:
    """The functions that cases call, by name, each with its cases in order: the project's `own`, and those
    that nobody defines.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    cases = Case.objects.filter(project=project, deleted_at=None, module__deleted_at=None)
    rows = cases.order_by("module__position", "module_id", "position", "id")
    columns = ("id", "name", "module__name", "document")
    for pk, name, module, document in rows.values_list(*columns).iterator(chunk_size=500):
        for called in called_functions(document, own, dialect=project.dialect):
            found.setdefault(called, []).append({"id": pk, "name": name, "module": module})
    return [
        {"name": name, "defined": name in own, "total": len(callers), "cases": callers[:MOST]}
        for name, callers in sorted(found.items())
    ]


def called_functions(document: Mapping[str, Any], own: Collection[str], *, dialect: str) -> set[str]:
    """The functions a document calls; built-in ones only where the project has its own of that name."""
    said = document.get("dialect")
    rules = DIALECT[said if said in DIALECT else dialect]
    caller = Caller(rules.name)
    called = {name for name in _calls(document) if name in own or not caller.knows(name)}
    if rules.own_comparators:
        called |= {name for name in _comparators(document) if compile_comparator(name, rules.name) is None}
    return called


def _calls(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if "${" in value:
            yield from _CALL.findall(value)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _calls(key)
            yield from _calls(item)
    elif isinstance(value, list):
        for item in value:
            yield from _calls(item)


def _comparators(value: Any) -> Iterator[str]:
    """Of a check `{equals: [a, b]}` the key, of `{check, comparator, expect}` the comparator."""
    for key, item in value.items() if isinstance(value, Mapping) else enumerate(value):
        if not isinstance(item, list | Mapping):
            continue
        yield from _comparators(item)
        for check in item if key == "validate" and isinstance(item, list) else ():
            if isinstance(check, Mapping) and "check" not in check:
                yield from (str(name) for name in check if name not in _CHECK)
            elif isinstance(check, Mapping):
                name = check.get("comparator", check.get("assert"))
                yield from [name] if isinstance(name, str) else []
