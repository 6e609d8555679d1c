"""What happens to the files of a project, and how long their bytes are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from functools import cached_property
from itertools import islice

from django.db import transaction
from django.db.models import F, Min
from django.utils import timezone

from hat.web.accounts.models import User
from hat.web.audit.services import record
from hat.web.projects import access
from hat.web.projects.models import Content, File, Project
from hat.web.projects.paths import DOTENV, FUNCTIONS, folders_above, is_left_out, path_fault, tidy
from hat.web.projects.services.review import fault_of_code, is_code
from hat.web.refusal import Fault, RefusedError, conflict, invalid, invalid_all
from hat.web.turn import take_turn

MAX_FILE = 10 * 1024 * 1024
MAX_PROJECT = 100 * 1024 * 1024
MAX_FILES = 5000
BIN_DAYS = 7
# A run freezes what it needs a moment before its row exists.
_GRACE = timedelta(minutes=10)
_MB = 1024 * 1024
_TOGETHER = 50


class Folder:
    """The files of a project in the hands of one transaction, so that its limits hold."""

    def __init__(self, user: User, project: Project) -> None:
        take_turn("files", project.pk)
        self._user = user
        self._project = project
        rows = File.objects.filter(project=project, deleted_at=None).select_related("content")
        self._rows = {row.path: row for row in rows.defer("content__raw")}
        self._folders = {folder for path in self._rows for folder in folders_above(path)}
        self._size = sum(row.size for row in self._rows.values())

    def __contains__(self, path: str) -> bool:
        return path in self._rows

    def fault(self, path: str, size: int) -> str:
        """Why a file cannot lie there; empty when it can."""
        return (
            path_fault(path)
            or _fault_of_name(path)
            or (self._fault_of_code if is_code(path) else "")
            or self._fault_of_place(path)
            or self._full(path, size)
        )

    @cached_property
    def _fault_of_code(self) -> str:
        return fault_of_code(self._user, self._project)

    def put(self, path: str, raw: bytes) -> File:
        """The file with this content, made or replaced; one that has it already stays as it is."""
        now = timezone.now()
        content = _content(self._project, raw)
        row = self._rows.get(path) or File(project=self._project, path=path, version=0, size=0)
        if row.pk and row.content_id == content.pk:
            return row
        before = _state(row) if row.pk else {}
        self._size += len(raw) - row.size
        row.content, row.size, row.version = content, len(raw), row.version + 1
        row.updated_at, row.updated_by = now, self._user
        row.save()
        record("change" if before else "create", row, before=before, after=_state(row), by=self._user)
        self._rows[path] = row
        self._folders.update(folders_above(path))
        return row

    def move(self, row: File, path: str) -> File:
        """The file under another path."""
        before = _state(row)
        del self._rows[row.path]
        row.path = path
        row.version += 1
        row.updated_at, row.updated_by = timezone.now(), self._user
        row.save()
        record("change", row, before=before, after=_state(row), by=self._user)
        self._rows[path] = row
        return row

    def _fault_of_place(self, path: str) -> str:
        if path in self._folders:
            return f"'{path}' is a folder with files in it"
        above = next((folder for folder in folders_above(path) if folder in self._rows), None)
        return f"'{above}' is a file and cannot be a folder too" if above else ""

    def _full(self, path: str, size: int) -> str:
        if size > MAX_FILE:
            return f"the file is larger than {MAX_FILE // _MB} MB"
        before = self._rows.get(path)
        if self._size - (before.size if before else 0) + size > MAX_PROJECT:
            return f"the files of a project may have {MAX_PROJECT // _MB} MB together"
        if before is None and len(self._rows) >= MAX_FILES:
            return f"a project holds at most {MAX_FILES} files"
        return ""


def save_files(user: User, project: Project, files: Mapping[str, bytes], *, replace: bool) -> list[File]:
    """The files, all of them or none; one that exists is replaced only when that was asked for."""
    with transaction.atomic():
        folder = Folder(user, project)
        taken = [path for path in files if tidy(path) in folder]
        if taken and not replace:
            raise conflict(_words_of_taken(taken), paths=taken)
        rows, faults = [], []
        for path, raw in files.items():
            if fault := folder.fault(path, len(raw)):
                faults.append(Fault(path, fault))
            else:
                rows.append(folder.put(tidy(path), raw))
        if faults:
            raise invalid_all(faults)
        sweep(project)
    return rows


def change_file(
    user: User, file: File, *, version: int, path: str | None = None, raw: bytes | None = None
) -> File | None:
    """The file under another path or with another content; None when it changed since `version`."""
    with transaction.atomic():
        folder = Folder(user, file.project)
        row = File.objects.filter(pk=file.pk, version=version, deleted_at=None).first()
        if row is None:
            return None
        wanted = tidy(path) if path is not None else row.path
        if is_code(row.path):
            access.demand_functions(user, file.project)
        if wanted != row.path:
            if wanted in folder:
                raise invalid("path", f"there is a file '{wanted}' already")
            if fault := folder.fault(path or "", 0):
                raise invalid("path", fault)
            folder.move(row, wanted)
        if raw is not None:
            if fault := folder.fault(wanted, len(raw)):
                raise invalid("text", fault)
            row = folder.put(wanted, raw)
        sweep(file.project)
    return row


def delete_file(user: User, file: File) -> None:
    """Take a file away; it can be put back for some days."""
    if is_code(file.path):
        access.demand_functions(user, file.project)
    with transaction.atomic():
        take_turn("files", file.project_id)
        living = File.objects.filter(pk=file.pk, deleted_at=None)
        living.update(deleted_at=timezone.now(), version=F("version") + 1)
        record("delete", file)
        sweep(file.project)


def restore_file(user: User, file: File) -> File:
    """Undo a deletion, unless something else lies there by now."""
    if file.deleted_at is None:
        return file
    with transaction.atomic():
        folder = Folder(user, file.project)
        if file.path in folder:
            raise conflict(_words_of_taken([file.path]), paths=[file.path])
        if fault := folder.fault(file.path, file.size):
            raise RefusedError(fault, status=422, code="invalid")
        File.objects.filter(pk=file.pk).update(deleted_at=None)
        record("restore", file, by=user)
    file.deleted_at = None
    return file


def raw_of(file: File) -> bytes:
    """The bytes of a file."""
    return bytes(Content.objects.values_list("raw", flat=True).get(pk=file.content_id))


def frozen_files(project: Project) -> dict[str, str]:
    """Each path with the hash of its content: what a run keeps of them."""
    files = File.objects.filter(project=project, deleted_at=None)
    return dict(files.values_list("path", "content__digest"))


def contents(project_id: int, digests: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Hash and bytes of the contents that are still there, never many of them in memory."""
    wanted = iter(dict.fromkeys(digests))
    while some := list(islice(wanted, _TOGETHER)):
        rows = Content.objects.filter(project=project_id, digest__in=some).values_list("digest", "raw")
        for digest, raw in rows.iterator(chunk_size=1):
            yield digest, bytes(raw)


def sweep(project: Project) -> None:
    """Forget files deleted long ago, and bytes that neither a file nor a run needs any more."""
    now = timezone.now()
    room = MAX_PROJECT
    old = []
    gone = File.objects.filter(project=project, deleted_at__isnull=False).order_by("-deleted_at", "-id")
    for pk, size, deleted_at in gone.values_list("pk", "size", "deleted_at"):
        room -= size
        if room < 0 or deleted_at is None or deleted_at < now - timedelta(days=BIN_DAYS):
            old.append(pk)
    File.objects.filter(pk__in=old).delete()
    unused = Content.objects.filter(project=project, files=None)
    unused.filter(released_at=None).update(released_at=now)
    unfinished = project.runs.filter(status__in=("queued", "running"))
    oldest = unfinished.aggregate(oldest=Min("created_at"))["oldest"] or now
    unused.filter(released_at__lt=min(oldest, now) - _GRACE).only("pk").delete()


def _state(row: File) -> dict[str, object]:
    """What the audit log compares."""
    return {"path": row.path, "version": row.version, "size": row.size}


def _content(project: Project, raw: bytes) -> Content:
    digest = hashlib.sha256(raw).hexdigest()
    known = Content.objects.defer("raw")
    content, _made = known.get_or_create(
        project=project, digest=digest, defaults={"raw": raw, "size": len(raw)}
    )
    if content.released_at is not None:
        Content.objects.filter(pk=content.pk).update(released_at=None)
    return content


def _fault_of_name(path: str) -> str:
    first = tidy(path).partition("/")[0]
    if first == FUNCTIONS:
        return f"{FUNCTIONS} is edited on the page of functions"
    if first == DOTENV:
        return f"the values of {DOTENV} belong into an environment"
    return "hidden files and folders of tools are not kept" if is_left_out(path) else ""


def _words_of_taken(paths: list[str]) -> str:
    more = f" (and {len(paths) - 1} more)" if len(paths) > 1 else ""
    return f"there is a file '{paths[0]}' already{more}"
