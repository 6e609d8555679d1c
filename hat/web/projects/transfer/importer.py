"""Bring an uploaded folder into a project: cases in modules, calls by id, functions, environment."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from django.db import transaction

from hat.error import FormatError
from hat.web.accounts.models import User
from hat.web.projects import access
from hat.web.projects.documents import faults_of
from hat.web.projects.links import Link, links, steps_of
from hat.web.projects.models import NAME_LENGTH, Case, Module, Project, Suite
from hat.web.projects.paths import FUNCTIONS
from hat.web.projects.services import cases as services
from hat.web.projects.services.files import Folder, sweep
from hat.web.projects.services.functions import functions_of, save_functions
from hat.web.projects.services.modules import create_module
from hat.web.projects.services.suites import Wishes, change_suite, create_suite
from hat.web.projects.signatures import signatures
from hat.web.projects.transfer.apis import over, with_api
from hat.web.projects.transfer.draft import Draft
from hat.web.projects.transfer.environments import read_dotenv, store_environment
from hat.web.projects.transfer.suites import SuiteDraft
from hat.web.projects.transfer.tree import Tree, read_tree
from hat.web.projects.transfer.upload import read_folder
from hat.web.text import storable

_DEPTH = 20


@dataclass(slots=True)
class Imported:
    """What came of an import."""

    created: list[Case] = field(default_factory=list)
    updated: list[Case] = field(default_factory=list)
    suites: list[Suite] = field(default_factory=list)
    problems: list[FormatError] = field(default_factory=list)
    notes: list[FormatError] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    functions: bool = False
    environment: bool = False


def import_folder(user: User, project: Project, folder: Path) -> Imported:
    """A folder of this machine, such as the demo project."""
    upload = read_folder(folder)
    tree = read_tree(upload.files)
    tree.problems[:0] = upload.problems
    return import_tree(user, project, tree)


def import_tree(user: User, project: Project, tree: Tree, *, module: Module | None = None) -> Imported:
    """All usable cases of the folder, called ones first; a file imported before is updated, not doubled."""
    done = Imported(problems=list(tree.problems), notes=tree.notes)
    with transaction.atomic():
        _Import(user, project, tree, module, done).run()
        _import_files(user, project, tree, done)
        if tree.functions is not None:
            done.functions = _import_functions(user, project, tree.functions, done)
        given = [*tree.environments]
        if tree.dotenv is not None:
            given.append(read_dotenv(tree.dotenv, done.problems))
        stored = [store_environment(project, environment) for environment in given]
        done.environment = any(stored)
    return done


class _Import:
    """One import on its way: which files have become cases, which cannot."""

    def __init__(
        self, user: User, project: Project, tree: Tree, module: Module | None, done: Imported
    ) -> None:
        self.user = user
        self.project = project
        self.tree = tree
        self.module = module
        self.done = done
        self.modules = {row.name: row for row in Module.objects.filter(project=project, deleted_at=None)}
        known = Case.objects.filter(project=project, deleted_at=None).exclude(file="")
        self.known = {case.file: case for case in known.select_related("project", "module")}
        self.cases: dict[str, Case | None] = {}
        self.open: list[str] = []

    def run(self) -> None:
        for path in self.tree.cases:
            self.case_of(path)
        for draft in self.tree.suites.values():
            self._store_suite(draft)

    def case_of(self, path: str) -> Case | None:
        """The case a file became; None when it cannot be used, which is told once, at the file."""
        if path not in self.cases:
            self.open.append(path)
            draft = self.tree.cases[path]
            problems = self._resolve(draft) or _problems(draft)
            self.open.pop()
            self.done.problems.extend(_first(problems))
            self.cases[path] = None if problems else self._store(draft)
        return self.cases[path]

    def _resolve(self, draft: Draft) -> list[FormatError]:
        """Turns paths of cases into ids and api definitions into requests, in place."""
        problems: list[FormatError | None] = []
        for path, step in steps_of(draft.document):
            if self._is_api(step.get("testcase")):
                step["api"] = step.pop("testcase")
                draft.module = draft.document["config"].pop("suite", "")
            if step.get("api") and step.get("testcase") in (None, ""):
                problems.append(self._resolve_api(draft, step, f"{path}.api"))
        problems += [self._resolve_link(draft, link) for link in links(draft.document) if link.value != ""]
        return [problem for problem in problems if problem is not None]

    def _is_api(self, reference: Any) -> bool:
        """Whether what is called is an api file: HttpRunner 2 takes either."""
        return (
            isinstance(reference, str)
            and self.tree.case_at(reference) is None
            and reference.strip().removeprefix("./") in self.tree.apis
        )

    def _resolve_link(self, draft: Draft, link: Link) -> FormatError | None:
        reference, path = link.value, link.path
        if not isinstance(reference, str):
            return draft.problem(path, f"expected the path of a case, got {reference!r}")
        target = self.tree.case_at(reference)
        if target in self.open:
            return draft.problem(path, f"the case calls itself: {' -> '.join([*self.open, str(target)])}")
        if len(self.open) > _DEPTH:
            return draft.problem(path, f"cases call each other more than {_DEPTH} levels deep")
        case = self.case_of(target) if target else self.known.get(reference)
        if case is None:
            told = f"'{reference}' could not be imported" if target else f"no such file: '{reference}'"
            return draft.problem(path, told, "" if target else "import the whole folder at once")
        link.put(case.pk)
        return None

    def _resolve_api(self, draft: Draft, step: dict[str, Any], path: str) -> FormatError | None:
        api = self.tree.apis.get(str(step["api"]).strip().removeprefix("./"))
        if api is None:
            return draft.problem(path, f"no such api: '{step['api']}'", "import the whole folder at once")
        merged = with_api(step, api)
        if draft.document["dialect"] == "hat" and isinstance(step.get("request"), dict):
            merged["request"] = over(merged.get("request") or {}, step["request"])
        step.clear()
        step.update(merged)
        return None

    def _store(self, draft: Draft) -> Case:
        before = self.known.get(draft.file)
        name = _case_name(draft)
        state = services.Draft(
            document=draft.document,
            name=name,
            file=draft.file,
            tags=_take_tags(draft),
            note=f"imported {draft.file}"[:200],
        )
        if before is None:
            case = services.create_case(self.user, self._module_of(draft), state)
            self.done.created.append(case)
            return case
        _keep_ids(draft.document, before.document)
        saved = services.save_case(self.user, before, state, version=before.version)
        case = saved or before
        self.done.updated.append(case)
        return case

    def _store_suite(self, draft: SuiteDraft) -> None:
        """The suite of the entries that could be used; the one made from this file before is updated."""
        ids = []
        for reference, place in draft.entries:
            path = self.tree.case_at(reference)
            case = self.case_of(path) if path else self.known.get(reference)
            if case is not None:
                ids.append(case.pk)
            elif path is None:
                self.done.problems.append(draft.problem(place, f"no such file: '{reference}'"))
        if not ids:
            return
        known = self.project.suites.filter(deleted_at=None)
        before = known.filter(file=draft.file).first() or known.filter(name=draft.name).first()
        wishes = Wishes(name=draft.name, cases=ids, file=draft.file)
        if before is None:
            self.done.suites.append(create_suite(self.user, self.project, wishes))
            return
        saved = change_suite(self.user, before, replace(wishes, name=None), version=before.version)
        self.done.suites.append(saved or before)

    def _module_of(self, draft: Draft) -> Module:
        if self.module is not None:
            return self.module
        name = _suite_of(draft) or module_name(draft.file)
        if name not in self.modules:
            self.modules[name] = create_module(self.project, name)
        return self.modules[name]


def module_name(path: str) -> str:
    """The folder of a case file; the folder `testcases` itself is left out where another one follows."""
    parts = list(PurePosixPath(path).parts[:-1])
    if len(parts) > 1 and parts[0] in ("testcases", "cases"):
        parts = parts[1:]
    return "/".join(parts)[:NAME_LENGTH] or "Imported"


def _suite_of(draft: Draft) -> str:
    """The suite of an entry, which is its module; empty for every other case."""
    suite = draft.module or draft.document["config"].get("suite")
    return storable(suite)[:NAME_LENGTH] if isinstance(suite, str) else ""


def _take_tags(draft: Draft) -> list[str] | None:
    """The tags of the file; HAT keeps them beside the document, where they can be searched."""
    tags = draft.document["config"].pop("tags", None)
    if tags is None:
        return None
    words = tags if isinstance(tags, list) else [tags]
    return [word for tag in words if (word := storable(str(tag)).replace(",", " ")[:50])][:50]


def _case_name(draft: Draft) -> str:
    given = services.name_in(draft.document)
    name = given if given and "\n" not in given else PurePosixPath(draft.file).stem
    return name[:NAME_LENGTH]


def _problems(draft: Draft) -> list[FormatError]:
    faults = faults_of(draft.document)
    return [draft.problem(fault.path, fault.message, fault.hint) for fault in faults]


def _first(problems: list[FormatError]) -> list[FormatError]:
    """One problem for one file: the first, saying how many follow."""
    if len(problems) < 2:
        return problems
    head = problems[0]
    message = f"{head.message} (and {len(problems) - 1} more in this file)"
    return [FormatError(message, file=head.file, line=head.line, path=head.path, hint=head.hint)]


def _keep_ids(document: dict[str, Any], before: dict[str, Any]) -> None:
    """Steps that are still at their place under their name keep their ids, and with them their history."""
    for step, old in zip(document["teststeps"], before["teststeps"], strict=False):
        if isinstance(step, dict) and "id" not in step and step.get("name") == old.get("name"):
            step["id"] = old["id"]


def _import_files(user: User, project: Project, tree: Tree, done: Imported) -> None:
    """All other files, at the paths where cases and functions look for them."""
    if not tree.files:
        return
    folder = Folder(user, project)
    for path, raw in tree.files.items():
        fault = folder.fault(path, len(raw))
        if fault:
            done.problems.append(FormatError(fault, file=path, hint="the cases are imported without it"))
        else:
            folder.put(path, raw)
            done.files.append(path)
    sweep(project)


def _import_functions(user: User, project: Project, source: str, done: Imported) -> bool:
    _functions, errors = signatures(source)
    done.problems += [FormatError(error.message, file=FUNCTIONS, line=error.line) for error in errors]
    current = functions_of(project)
    if current.source == source:
        return False
    if not access.edits_functions(user, project):
        words = access.NO_FUNCTIONS
        done.problems.append(FormatError(words, file=FUNCTIONS, hint="the cases are imported without it"))
        return False
    return save_functions(user, project, source, version=current.version) is not None
