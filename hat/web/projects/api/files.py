"""Routes of a project's files: data, uploads and modules beside debugtalk.py."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from ninja import File as Sent
from ninja import Form, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from hat.web.accounts.people import person
from hat.web.accounts.schemas import UserBrief
from hat.web.paging import PageOf, PageQuery, ordering, page_of
from hat.web.projects import access
from hat.web.projects.api.parts import named, sent_files
from hat.web.projects.models import File, Role
from hat.web.projects.services import files as services
from hat.web.refusal import RefusedError, conflict, invalid

MOST_TEXT = 1024 * 1024

router = Router(tags=["files"])


class FileOut(Schema):
    id: int
    path: str
    size: int
    version: int
    updated_at: datetime
    updated_by: UserBrief | None


class FileList(PageOf[FileOut]):
    """Files of a project, in the order of their paths."""


class FileDetail(FileOut):
    """A file with its text, when it is one that a page can show: UTF-8 and not too long."""

    text: str | None


class FilesForm(Schema):
    """What comes beside the files; `paths` are their places in the folder, in the order of the files."""

    paths: list[str] = []
    replace: bool = False


class SavedFiles(Schema):
    items: list[FileOut]


class FilePatch(Schema):
    """Another path, another text, or both; `version` is the one that was read."""

    version: int
    path: Annotated[str, Field(max_length=1000)] | None = None
    text: Annotated[str, Field(max_length=MOST_TEXT)] | None = None


@router.get("/projects/{int:project_id}/files", response=FileList, operation_id="files")
def list_files(request: HttpRequest, project_id: int, query: Query[PageQuery]) -> dict[str, Any]:
    project = access.project_for(person(request), project_id)
    files = File.objects.filter(project=project, deleted_at=None).select_related("updated_by")
    if query.search:
        files = files.filter(path__icontains=query.search)
    columns = {"path": "path", "size": "size", "updated_at": "updated_at"}
    return page_of(files.order_by(*ordering(query.sort, columns, "path")), query, list)


@router.post("/projects/{int:project_id}/files", response={201: SavedFiles}, operation_id="upload_files")
def upload_files(
    request: HttpRequest,
    project_id: int,
    form: Form[FilesForm],
    files: Sent[list[UploadedFile]] = [],  # noqa: B006
) -> dict[str, Any]:
    user = person(request)
    project = access.project_for(user, project_id, Role.WRITER)
    sent = files or sent_files(request)
    if not sent:
        raise invalid("files", "no file was sent")
    placed = named(sent, form.paths or request.POST.getlist("paths[]"))
    content = {path: stream.read(services.MAX_FILE + 1) for path, stream in placed}
    return {"items": services.save_files(user, project, content, replace=form.replace)}


@router.get("/files/{int:file_id}", response=FileDetail, operation_id="file")
def read_file(request: HttpRequest, file_id: int) -> dict[str, Any]:
    return _detail(access.file_for(person(request), file_id))


@router.get("/files/{int:file_id}/content", operation_id="file_content")
def download_file(request: HttpRequest, file_id: int) -> HttpResponse:
    file = access.file_for(person(request), file_id)
    # Never a type a browser would show: the file is somebody's, the address is ours.
    answer = HttpResponse(services.raw_of(file), content_type="application/octet-stream")
    name = file.path.rpartition("/")[2]
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@router.patch("/files/{int:file_id}", response=FileDetail, operation_id="change_file")
def patch_file(request: HttpRequest, file_id: int, payload: FilePatch) -> dict[str, Any]:
    user = person(request)
    file = access.file_for(user, file_id, Role.WRITER)
    raw = _encoded(payload.text) if payload.text is not None else None
    saved = services.change_file(user, file, version=payload.version, path=payload.path, raw=raw)
    if saved is None:
        current = FileDetail.model_validate(_detail(access.file_for(user, file_id))).model_dump()
        raise conflict("somebody else changed this file meanwhile", current=current)
    return _detail(saved)


@router.delete("/files/{int:file_id}", response={204: None}, operation_id="delete_file")
def remove_file(request: HttpRequest, file_id: int) -> None:
    user = person(request)
    services.delete_file(user, access.file_for(user, file_id, Role.WRITER))


@router.post("/files/{int:file_id}/restore", response=FileOut, operation_id="restore_file")
def restore_file(request: HttpRequest, file_id: int) -> File:
    user = person(request)
    return services.restore_file(user, access.file_for(user, file_id, Role.WRITER, deleted=None))


def _detail(file: File) -> dict[str, Any]:
    shape = FileOut.from_orm(file).dict()
    return {**shape, "text": _text(services.raw_of(file)) if file.size <= MOST_TEXT else None}


def _text(raw: bytes) -> str | None:
    if b"\0" in raw:
        return None
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise RefusedError("the text holds half of a character", status=422, code="invalid") from None
