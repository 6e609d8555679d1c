"""A snapshot as what the engine takes: cases, environment with its secrets, the folder of files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from hat import case as values
from hat.error import FormatError, HatError
from hat.formats import FormatErrors, read
from hat.result import CaseResult, Outcome, StepError
from hat.web.projects.credentials import opened
from hat.web.projects.inheritance import variables_and_secrets
from hat.web.projects.models import Environment
from hat.web.projects.services.files import contents
from hat.web.projects.vault import secrets_of
from hat.web.runs.snapshot import Chosen, Snapshot


def write_folder(snapshot: Snapshot, folder: Path, *, project_id: int) -> None:
    """Put functions and files where cases and the sandbox look for them; the folder is the run's own."""
    paths: dict[str, list[str]] = {}
    for path, digest in snapshot.files.items():
        paths.setdefault(digest, []).append(path)
    for digest, raw in contents(project_id, paths):
        for path in paths.pop(digest):
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(raw)
    for lost in paths.values():
        raise HatError(f"the file '{lost[0]}' was deleted before the run could begin")
    if snapshot.functions.strip():
        (folder / "debugtalk.py").write_text(snapshot.functions, encoding="utf-8")


def read_cases(
    snapshot: Snapshot, positions: Iterable[int], folder: Path, *, project_id: int
) -> tuple[list[values.Case], list[CaseResult]]:
    """The cases that can run, and an error result for each that cannot: one bad case stops no other."""
    good: list[values.Case] = []
    bad: list[CaseResult] = []
    for position in positions:
        case = snapshot.cases[position]
        try:
            value = _read(snapshot, case, folder)
            auth = opened(case.auth, project_id=project_id) if value.auth is None else value.auth
        except HatError as problem:
            bad.append(_unreadable(case, position, problem))
        else:
            good.append(
                replace(
                    value,
                    key=str(position),
                    module=case.module,
                    auth=auth,
                    needed_as="" if case.case_id is None else str(case.case_id),
                )
            )
    return good, bad


def read_environment(snapshot: Snapshot, *, project_id: int) -> values.Environment | None:
    """The frozen environment with the secrets of its row, decrypted here and nowhere else."""
    frozen = snapshot.environment
    if frozen is None:
        auth = opened(snapshot.auth, project_id=project_id)
        return values.Environment(auth=auth) if auth else None
    rows = Environment.objects.filter(
        pk__in=[frozen["id"], *(base["id"] for base in frozen.get("bases", []))]
    )
    sealed = {row.pk: secrets_of(row) for row in rows}
    variables, secrets = variables_and_secrets(frozen, sealed)
    return values.Environment(
        name=frozen["name"],
        base_url=frozen["base_url"],
        services=frozen["services"],
        variables=variables,
        secrets=secrets,
        env={**{name: str(value) for name, value in variables.items()}, **secrets},
        verify=None if frozen["verify"] else False,
        auth=opened(frozen.get("auth") or snapshot.auth, project_id=project_id),
    )


def _read(snapshot: Snapshot, case: Chosen, folder: Path) -> values.Case:
    def resolve(reference: Any) -> Mapping[str, Any] | None:
        called = snapshot.called.get(reference) if type(reference) is int else None
        return called.document if called else None

    dialect = None if case.document.get("dialect") else snapshot.dialect or None
    return read(case.document, dialect=dialect, resolve=resolve, root=str(folder))


def _unreadable(case: Chosen, position: int, problem: HatError) -> CaseResult:
    problems: list[HatError] = list(problem.problems) if isinstance(problem, FormatErrors) else [problem]
    lines = [problem.message, *(f"{_path(other)}: {other.message}" for other in problems[1:])]
    first = problems[0]
    error = StepError("case", "\n".join([first.message, *lines[1:]]), place=_path(first), hint=first.hint)
    return CaseResult(
        name=case.name, outcome=Outcome.ERROR, key=str(position), module=case.module, error=error
    )


def _path(problem: HatError) -> str:
    return problem.path if isinstance(problem, FormatError) else problem.place
