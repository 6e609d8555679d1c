"""A project as a zip of files that HAT and HttpRunner read."""

from __future__ import annotations

import copy
import tempfile
import zipfile
from collections.abc import Collection, Iterable, Sequence
from pathlib import PurePosixPath
from typing import IO, Any

from hat import formats
from hat.number import json_writer
from hat.web.projects.links import links
from hat.web.projects.models import Case, CaseReference, Environment, Project, Suite
from hat.web.projects.paths import word
from hat.web.projects.services.files import contents, frozen_files
from hat.web.projects.services.functions import functions_of
from hat.web.projects.transfer.suitefiles import suite_files

_write = json_writer(indent=2)
_MEMORY = 8 * 1024 * 1024


def export_project(
    project: Project, only: Collection[int] = (), suites: Sequence[Suite] | None = None
) -> IO[bytes]:
    """The zip, at its beginning: cases, suites, files, debugtalk.py, and .env with names but no values.

    With `only`, of the cases just these and what they call, however deep; `suites` None means all of them.
    """
    packed = tempfile.SpooledTemporaryFile(max_size=_MEMORY)  # noqa: SIM115 - the answer closes it
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        files = frozen_files(project)
        for path, text in _texts(project, files, only, _suites(project) if suites is None else suites):
            archive.writestr(path, text)
        paths: dict[str, list[str]] = {}
        for path, digest in files.items():
            paths.setdefault(digest, []).append(path)
        for digest, raw in contents(project.pk, paths):
            for path in paths[digest]:
                archive.writestr(path, raw)
    packed.seek(0)
    return packed


def _suites(project: Project) -> list[Suite]:
    return list(project.suites.filter(deleted_at=None).order_by("id"))


def _texts(
    project: Project, files: Iterable[str], only: Collection[int], suites: Sequence[Suite]
) -> Iterable[tuple[str, str]]:
    cases = Case.objects.filter(project=project, deleted_at=None, module__deleted_at=None)
    if only:
        cases = cases.filter(pk__in=_reached(only))
    ordered = (
        cases.select_related("module")
        .prefetch_related("tags")
        .order_by("module__position", "module_id", "position", "id")
    )
    paths = case_paths(ordered.prefetch_related(None).only("id", "name", "file", "module__name"), files)
    taken = {path.casefold() for path in (*files, *paths.values())}
    sheets, inside = suite_files(suites, paths, lambda path: _free(path, taken))
    for path, sheet in sheets.items():
        yield path, _text(path, sheet)
    for case in ordered.exclude(pk__in=inside).iterator(chunk_size=200):
        document = _with_paths(case.document, paths)
        if tags := [tag.name for tag in case.tags.all()]:
            document["config"]["tags"] = tags
        path = paths[case.pk]
        yield path, _text(path, document)
    source = functions_of(project).source
    if source:
        yield "debugtalk.py", source
    names = sorted(_names(project.environments.filter(deleted_at=None)))
    if names:
        yield ".env", "".join(f"{name}=\n" for name in names)


def _text(path: str, document: dict[str, Any]) -> str:
    return _write(document) if path.endswith(".json") else formats.dump(document)


def _reached(ids: Collection[int]) -> set[int]:
    """The cases and all that they call."""
    reached = set(ids)
    level = reached
    while level:
        called = CaseReference.objects.filter(caller__in=level).values_list("called_id", flat=True)
        level = set(called) - reached
        reached = reached | level
    return reached


def case_paths(cases: Iterable[Case], files: Iterable[str] = ()) -> dict[int, str]:
    """A path for each case: the one it was imported from, else made of module and name; never two alike."""
    paths: dict[int, str] = {}
    taken = {path.casefold() for path in files}
    for case in cases:
        path = case.file or f"testcases/{word(case.module.name)}/{word(case.name)}.yml"
        paths[case.pk] = _free(path, taken)
        taken.add(paths[case.pk].casefold())
    return paths


def _free(path: str, taken: set[str]) -> str:
    whole = PurePosixPath(path)
    number = 1
    while path.casefold() in taken:
        number += 1
        path = str(whole.with_name(f"{whole.stem}-{number}{whole.suffix}"))
    return path


def _with_paths(document: dict[str, Any], paths: dict[int, str]) -> dict[str, Any]:
    """The document calling by path what goes along; what lies in another project keeps its id."""
    twin = copy.deepcopy(document)
    for link in links(twin):
        if link.value in paths:
            link.put(paths[link.value])
    return twin


def _names(environments: Iterable[Environment]) -> set[str]:
    names: set[str] = set()
    for environment in environments:
        variables = environment.variables
        rows = variables if isinstance(variables, dict) else {row.get("name", "") for row in variables}
        names |= {str(name) for name in rows} | set(environment.secrets)
    return {name for name in names if name.isidentifier()}
