"""Choose the dialect of a file that does not say it: by what it shows, and by the files it refers to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hat.case import HTTPRUNNER_2
from hat.formats.httprunner.layout import Layout, recognise
from hat.formats.httprunner.signs import (
    choose_dialect,
    is_plainly_2,
    said_dialect,
    shows_34,
    steps_of,
)

Look = Callable[[str], Any]  # the decoded file behind a reference, None where there is none


def dialect_shown(value: Any, layout: Layout | None, look: Look) -> str:
    """The dialect of a file; one that shows nothing of its own is for what the files it refers to are for.

    So a case of nothing but `api:` is for HttpRunner 2 when its api files are, and a suite is for
    HttpRunner 3 when its cases can only be for 3 and later.
    """
    own = choose_dialect(value, layout)
    if layout == "suite":
        referred = list(_referred(value, look, set()))
        is_for_3 = any(map(shows_34, referred)) and not any(map(is_plainly_2, referred))
        return "httprunner3" if is_for_3 and _may_be_for_3(value) and not said_dialect(value) else own
    if layout != "case" or own != "httprunner4" or said_dialect(value):
        return own
    found = {_shown_2(one) for one in _referred(value, look, set())} - {""}
    return max(found) if found else own


def _shown_2(value: Any) -> str:
    """The dialect of HttpRunner 2 that a file shows; empty when it shows another one."""
    dialect = choose_dialect(value, recognise(value))
    return dialect if dialect in HTTPRUNNER_2 else ""


def _referred(value: Any, look: Look, seen: set[str]) -> Iterator[Any]:
    """The files that a file refers to, and those that these refer to."""
    for reference in _references(value):
        if reference in seen:
            continue
        seen.add(reference)
        found = look(reference)
        if found is not None:
            yield found
            yield from _referred(found, look, seen)


def _references(value: Any) -> Iterator[str]:
    for step in (*_entries(value), *steps_of(value)):
        for word in ("api", "testcase"):
            if isinstance(step.get(word), str):
                yield step[word]


def _entries(value: Any) -> list[Mapping[str, Any]]:
    entries = value.get("testcases") if isinstance(value, Mapping) else None
    found = entries.values() if isinstance(entries, Mapping) else entries if isinstance(entries, list) else []
    return [entry for entry in found if isinstance(entry, Mapping)]


def _may_be_for_3(suite: Mapping[str, Any]) -> bool:
    """HttpRunner 3 knows the list form only, and no parameters of an entry."""
    return isinstance(suite["testcases"], list) and not any("parameters" in one for one in _entries(suite))
