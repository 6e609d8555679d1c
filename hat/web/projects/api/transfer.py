"""Routes of import and export."""

from __future__ import annotations

from typing import Annotated, Any

from django.db import transaction
from django.http import FileResponse, HttpRequest
from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from hat.error import FormatError
from hat.web.accounts.people import person
from hat.web.audit.services import record, silent
from hat.web.projects import access
from hat.web.projects.api.parts import named, sent_files
from hat.web.projects.models import Case, Module, Role
from hat.web.projects.services.batch import chosen_cases
from hat.web.projects.services.suites import chosen_suites, living_cases
from hat.web.projects.transfer.exporter import export_project
from hat.web.projects.transfer.importer import Imported, import_tree
from hat.web.projects.transfer.tree import read_tree
from hat.web.projects.transfer.upload import read_upload
from hat.web.refusal import invalid
from hat.web.text import Id

router = Router(tags=["transfer"])


class ImportForm(Schema):
    """What comes beside the files; `paths` are their places in the folder, in the order of the files."""

    module_id: Id | None = None
    paths: list[str] = []


class ExportQuery(Schema):
    """Which cases and suites; none means all of them."""

    cases: Annotated[list[Id], Field(max_length=1000)] = []
    suites: Annotated[list[Id], Field(max_length=1000)] = []


class ImportedCase(Schema):
    id: int
    name: str
    module: str
    file: str


class ImportedSuite(Schema):
    id: int
    name: str


class ImportProblem(Schema):
    file: str
    line: int | None
    path: str
    message: str
    hint: str


class ImportReport(Schema):
    created: list[ImportedCase]
    updated: list[ImportedCase]
    suites: list[ImportedSuite]
    problems: list[ImportProblem]
    notes: list[ImportProblem]
    files: list[str]
    functions: bool
    environment: bool


@router.post("/projects/{int:project_id}/import", response=ImportReport, operation_id="import_files")
def import_files(
    request: HttpRequest,
    project_id: int,
    form: Form[ImportForm],
    files: File[list[UploadedFile]] = [],  # noqa: B006
) -> dict[str, Any]:
    user = person(request)
    project = access.project_for(user, project_id, Role.WRITER)
    module = _module(project.pk, form.module_id) if form.module_id else None
    sent = files or sent_files(request)
    if not sent:
        raise invalid("files", "no file was sent")
    upload = read_upload(named(sent, form.paths or request.POST.getlist("paths[]")))
    tree = read_tree(upload.files)
    tree.problems[:0] = upload.problems
    with transaction.atomic():
        with silent():
            done = import_tree(user, project, tree, module=module)
        record("import", project, after=_numbers(done))
    return {
        "created": [_case(case) for case in done.created],
        "updated": [_case(case) for case in done.updated],
        "suites": [{"id": suite.pk, "name": suite.name} for suite in done.suites],
        "problems": [_problem(problem) for problem in done.problems],
        "notes": [_problem(note) for note in done.notes],
        "files": done.files,
        "functions": done.functions,
        "environment": done.environment,
    }


@router.get("/projects/{int:project_id}/export", operation_id="export_project")
def export_files(request: HttpRequest, project_id: int, query: Query[ExportQuery]) -> FileResponse:
    project = access.project_for(person(request), project_id)
    chosen = [case.pk for case in chosen_cases(project, query.cases)]
    suites = chosen_suites(project, query.suites) if query.cases or query.suites else None
    chosen += [case.pk for cases in living_cases(suites or []).values() for case in cases]
    if suites and not chosen:
        raise invalid("suites", "the chosen suites hold no case")
    name = f"{project.name}.zip"
    return FileResponse(
        export_project(project, chosen, suites),
        as_attachment=True,
        filename=name,
        content_type="application/zip",
    )


def _module(project_id: int, module_id: int) -> Module:
    module = Module.objects.filter(project=project_id, pk=module_id, deleted_at=None).first()
    if module is None:
        raise invalid("module_id", f"there is no module {module_id} in this project")
    return module


def _numbers(done: Imported) -> dict[str, int]:
    """What came in, for the audit log."""
    return {"created": len(done.created), "updated": len(done.updated), "problems": len(done.problems)}


def _case(case: Case) -> dict[str, Any]:
    return {"id": case.pk, "name": case.name, "module": case.module.name, "file": case.file}


def _problem(problem: FormatError) -> dict[str, Any]:
    return {
        "file": problem.file,
        "line": problem.line,
        "path": problem.path,
        "message": problem.message,
        "hint": problem.hint,
    }
