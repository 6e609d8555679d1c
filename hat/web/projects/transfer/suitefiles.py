"""Suites as the files of an export: entries that are nothing else stand in the suite, all others by path."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from hat.web.projects.models import Case, CaseReference, Suite
from hat.web.projects.paths import word
from hat.web.projects.services.suites import living_cases
from hat.web.projects.transfer.suites import suite_document

Free = Callable[[str], str]


def suite_files(
    suites: Sequence[Suite], paths: Mapping[int, str], free: Free
) -> tuple[dict[str, dict[str, Any]], set[int]]:
    """The document of each suite by its path, and the cases that need no file of their own."""
    cases = living_cases(suites)
    own = _own(cases.values())
    texts: dict[str, dict[str, Any]] = {}
    inside: set[int] = set()
    for suite in suites:
        listed = [case for case in cases[suite.pk] if case.pk in paths]
        entries = [(paths[case.pk], _document(case, own)) for case in listed]
        document, places = suite_document(suite.name, entries, paths)
        inside |= {listed[place].pk for place in places}
        texts[free(suite.file or f"testsuites/{word(suite.name)}.yml")] = document
    return texts, inside


def _own(suites: Iterable[Sequence[Case]]) -> set[int]:
    """The cases that one suite has to itself: nothing calls them, and they carry no tag a file would lose."""
    times = Counter(case.pk for cases in suites for case in cases)
    called = CaseReference.objects.filter(called__in=times, caller__deleted_at=None)
    tagged = Case.objects.filter(pk__in=times, tags__isnull=False)
    others = {*called.values_list("called_id", flat=True), *tagged.values_list("pk", flat=True)}
    return {pk for pk, number in times.items() if number == 1 and pk not in others}


def _document(case: Case, own: set[int]) -> Mapping[str, Any]:
    """The document; that of a case which others need, too, is no entry."""
    document: dict[str, Any] = case.document
    if case.pk in own:
        return document
    config = {key: value for key, value in document["config"].items() if key != "suite"}
    return {**document, "config": config}
