"""What a run executes, frozen at its start: cases, the cases they call, functions, environment, options."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from hat.web.projects import inheritance
from hat.web.projects.links import linked_ids
from hat.web.projects.models import Case, Environment, Project
from hat.web.projects.services.files import frozen_files
from hat.web.projects.services.review import source_for_runs
from hat.web.runs.packing import pack, unpack

DEPTH = 20  # a chain of called cases longer than this is a circle in all but name


@dataclass(frozen=True, slots=True)
class Chosen:
    """One case as it was when the run started; `case_id` is None for a case that is not saved."""

    case_id: int | None
    name: str
    module: str
    document: Mapping[str, Any]
    auth: Mapping[str, Any] = field(default_factory=dict)  # of its module, sealed


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything a worker needs: `files` by path with the hash of their content, but no secret.

    Secrets it decrypts itself, by the environment's id.
    """

    cases: tuple[Chosen, ...]
    called: Mapping[int, Chosen] = field(default_factory=dict)
    functions: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    dialect: str = ""
    auth: Mapping[str, Any] = field(default_factory=dict)  # of the project, sealed
    environment: Mapping[str, Any] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def pack(self) -> bytes:
        # Not asdict: it would copy every document.
        return pack(
            {
                "cases": [_plain(case) for case in self.cases],
                "called": {number: _plain(case) for number, case in self.called.items()},
                "functions": self.functions,
                "files": dict(self.files),
                "dialect": self.dialect,
                "auth": self.auth,
                "environment": self.environment,
                "options": self.options,
            }
        )

    @classmethod
    def unpack(cls, packed: bytes | memoryview) -> Snapshot:
        value = unpack(packed)
        return cls(
            cases=tuple(Chosen(**case) for case in value["cases"]),
            called={int(number): Chosen(**case) for number, case in value["called"].items()},
            functions=value["functions"],
            files=value.get("files", {}),
            dialect=value["dialect"],
            auth=value.get("auth", {}),
            environment=value["environment"],
            options=value["options"],
        )


def _plain(case: Chosen) -> dict[str, Any]:
    plain = {"case_id": case.case_id, "name": case.name, "module": case.module, "document": case.document}
    return {**plain, "auth": case.auth} if case.auth else plain


def freeze(
    project: Project,
    cases: Sequence[Chosen],
    *,
    callable_cases: QuerySet[Case],
    environment: Environment | None,
    options: Mapping[str, Any],
) -> Snapshot:
    """A snapshot; `callable_cases` is what its steps may call, so nobody runs what is hidden from them."""
    return Snapshot(
        cases=tuple(cases),
        called=_called(cases, callable_cases),
        functions=source_for_runs(project),
        files=frozen_files(project),
        dialect=project.dialect,
        auth=project.auth,
        environment=inheritance.frozen(environment) if environment else None,
        options=options,
    )


def chosen(case: Case) -> Chosen:
    """A stored case as a run takes it."""
    return Chosen(case.pk, case.name, case.module.name, case.document, case.module.auth)


def _called(cases: Sequence[Chosen], callable_cases: QuerySet[Case]) -> dict[int, Chosen]:
    found: dict[int, Chosen] = {}
    wanted = _references(case.document for case in cases)
    for _ in range(DEPTH):
        wanted -= found.keys()
        if not wanted:
            break
        level = [chosen(case) for case in callable_cases.filter(pk__in=wanted).select_related("module")]
        found.update({case.case_id: case for case in level if case.case_id is not None})
        wanted = _references(case.document for case in level)
    return found


def _references(documents: Iterable[Mapping[str, Any]]) -> set[int]:
    return {number for document in documents for number in linked_ids(document)}
