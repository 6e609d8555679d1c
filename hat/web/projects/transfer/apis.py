"""Put the api definition behind an `api:` step of HttpRunner 2 into the step itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_OF_THE_FILE = ("id", "def", "name")


def with_api(step: Mapping[str, Any], api: Mapping[str, Any]) -> dict[str, Any]:
    """One step in itself: the step wins for name, variables, extract and checks, else the api file."""
    merged = {key: value for key, value in step.items() if key not in ("api", "request")}
    merged.setdefault("name", api.get("name") or "api")
    for key in ("variables", "extract"):
        pairs = {**_pairs(api.get(key)), **_pairs(step.get(key))}
        if pairs:
            merged[key] = pairs
    for key in ("setup_hooks", "teardown_hooks"):
        hooks = [*_list(api.get(key)), *_list(step.get(key))]
        if hooks:
            merged[key] = [hook for index, hook in enumerate(hooks) if hook not in hooks[:index]]
    checks = _checks(_list(api.get("validate")), _list(step.get("validate")))
    if checks:
        merged["validate"] = checks
    handled = {"variables", "extract", "setup_hooks", "teardown_hooks", "validate", "verify", *_OF_THE_FILE}
    merged.update(
        {key: value for key, value in api.items() if key not in handled and value not in (None, "")}
    )
    if "verify" in api and isinstance(merged.get("request"), Mapping):
        merged["request"] = {**merged["request"], "verify": api["verify"]}
    return merged


def over(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> dict[str, Any]:
    """A request with what the step says in front of it: names are added or replaced."""
    merged = dict(theirs)
    for key, value in ours.items():
        before = merged.get(key)
        if isinstance(before, Mapping) and isinstance(value, Mapping):
            value = {**before, **value}
        merged[key] = value
    return merged


def _checks(inherited: list[Any], own: list[Any]) -> list[Any]:
    """The checks of the file, then the step's; of one expression and comparator the step's counts."""
    said = {_subject(check) for check in own}
    return [check for check in inherited if _subject(check) not in said] + own


def _subject(check: Any) -> str:
    if not isinstance(check, Mapping):
        return repr(check)
    if "check" in check:
        return f"{check.get('comparator', 'eq')} {check['check']!r}"
    word, operands = next(iter(check.items()), ("", None))
    return f"{word} {operands[0]!r}" if isinstance(operands, list) and operands else repr(check)


def _pairs(value: Any) -> dict[Any, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    return {key: item for row in _list(value) if isinstance(row, Mapping) for key, item in row.items()}


def _list(value: Any) -> list[Any]:
    if value in (None, ""):
        return []
    return list(value) if isinstance(value, list) else [value]
