"""An uploaded folder as HttpRunner sees it: its root, its cases, api files, functions and .env."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from hat.case import Environment
from hat.error import FormatError
from hat.formats.conversion import SUFFIXES as OTHERS
from hat.formats.conversion import Conversion, convert_text, convert_value
from hat.formats.decode import decode, load_text, locator
from hat.formats.files import SUFFIXES
from hat.formats.httprunner.layout import Layout, document_of, looks_like_a_case, recognise
from hat.formats.httprunner.recognition import dialect_shown
from hat.web.projects.documents import plain
from hat.web.projects.paths import DOTENV, FUNCTIONS
from hat.web.projects.transfer.draft import Draft
from hat.web.projects.transfer.suites import SuiteDraft, read_suite
from hat.web.text import fault_in


@dataclass(slots=True)
class Tree:
    """The folder: cases and suites by path, apis by path and id, other files, texts of functions and .env."""

    cases: dict[str, Draft] = field(default_factory=dict)
    suites: dict[str, SuiteDraft] = field(default_factory=dict)
    apis: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    functions: str | None = None
    dotenv: str | None = None
    environments: list[Environment] = field(default_factory=list)
    problems: list[FormatError] = field(default_factory=list)
    notes: list[FormatError] = field(default_factory=list)
    raw: Mapping[str, bytes] = field(default_factory=dict)

    def dialect_of(self, value: Any, layout: Layout) -> str:
        """The dialect that a file shows, by itself or by what it refers to."""
        return dialect_shown(value, layout, self._look)

    def _look(self, reference: str) -> Any:
        """The content of a file, for others that refer to it; None where there is none."""
        raw = self.raw.get(reference)
        if raw is None:
            return None
        try:
            return load_text(decode(raw, reference), reference, is_json=reference.lower().endswith(".json"))
        except FormatError:
            return None  # it is a problem of its own

    def case_at(self, reference: str) -> str | None:
        """The path of a case file that another refers to: from the root, or by the longest common end."""
        found = self._case_at(reference.strip())
        return found or next(filter(None, (self._case_at(reference.strip() + end) for end in SUFFIXES)), None)

    def _case_at(self, reference: str) -> str | None:
        wanted = PurePosixPath(reference).parts
        for start in range(len(wanted)):
            tail = "/".join(wanted[start:])
            if tail in self.cases:
                return tail
            ends = [
                path
                for path, draft in self.cases.items()
                if path.endswith(f"/{tail}") and not draft.is_of_suite
            ]
            if len(ends) == 1:
                return ends[0]
        return None


def read_tree(files: Mapping[str, bytes], *, dialect: str | None = None) -> Tree:
    """The folder behind uploaded files; every file that cannot be used is one problem."""
    tree = Tree(raw=_from_root(files))
    for path, raw in tree.raw.items():
        try:
            _read_one(tree, path, raw, dialect)
        except FormatError as problem:
            tree.problems.append(problem)
    return tree


def _from_root(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Paths from the project folder: where debugtalk.py lies, else below the folder that holds everything."""
    roots = sorted(
        (PurePosixPath(path).parent for path in files if PurePosixPath(path).name == FUNCTIONS),
        key=lambda folder: len(folder.parts),
    )
    root = roots[0] if roots else _shared_folder(files)
    found = {}
    for path, raw in files.items():
        inside = PurePosixPath(path)
        found[str(inside.relative_to(root) if inside.is_relative_to(root) else inside)] = raw
    return found


def _shared_folder(files: Mapping[str, bytes]) -> PurePosixPath:
    """The one folder around all files, unless it is itself the folder of cases."""
    tops = {PurePosixPath(path).parts[0] for path in files if len(PurePosixPath(path).parts) > 1}
    flat = any(len(PurePosixPath(path).parts) == 1 for path in files)
    if len(tops) == 1 and not flat and not tops & {"testcases", "api", "cases"}:
        return PurePosixPath(tops.pop())
    return PurePosixPath()


def _read_one(tree: Tree, path: str, raw: bytes, dialect: str | None) -> None:
    name = PurePosixPath(path).name
    if path == FUNCTIONS:
        tree.functions = decode(raw, path).replace("\r\n", "\n")
        if fault := fault_in(tree.functions, lines=True):
            tree.functions = None
            raise FormatError(fault, file=path)
    elif path == DOTENV:
        tree.dotenv = decode(raw, path)
    elif name in (FUNCTIONS, DOTENV):
        raise FormatError(f"only the {name} of the project folder is used", file=path)
    elif not _read_case(tree, path, raw, dialect):
        tree.files[path] = raw


def _read_case(tree: Tree, path: str, raw: bytes, dialect: str | None) -> bool:
    """Whether the file is one of cases or apis, which it then became; any other is data of the project."""
    end = PurePosixPath(path).suffix.lower()
    if end not in (*SUFFIXES, *OTHERS):
        return False
    text = decode(raw, path)
    if end in OTHERS and end != ".har":
        return _take(tree, convert_text(text, path))
    value = load_text(text, path, is_json=end in (".json", ".har"), repeated=tree.problems)
    layout = recognise(value)
    if layout is None and _take(tree, convert_value(value, path)):
        return True
    if layout is None:
        if looks_like_a_case(value) or not isinstance(value, (dict, list)):
            raise FormatError("the file is not a case", file=path, hint="a case has 'config' and 'teststeps'")
        return False
    if layout == "suite":
        suite = tree.suites[path] = read_suite(
            path, value, locator(text), dialect or tree.dialect_of(value, layout)
        )
        tree.cases.update(suite.drafts)
        return True
    if layout == "api set" or (layout == "api" and not _is_listed_case(path)):
        tree.apis.update(_apis(path, value))
        return True
    spoken = dialect or tree.dialect_of(value, layout)
    tree.cases[path] = _draft(path, value, layout, locator(text), spoken)
    return True


def _take(tree: Tree, found: Conversion | None) -> bool:
    """Whether a file is one of another tool, whose cases and environments are then in the tree."""
    if found is None:
        return False
    for path, document in found.cases.items():
        tree.cases[path] = Draft(path, plain(document), None)
    tree.environments += found.environments
    tree.notes += found.notes
    return True


def _is_listed_case(path: str) -> bool:
    """Whether a file with a single request stands among the cases rather than in the api folder."""
    return "api" not in PurePosixPath(path).parts[:-1]


def _draft(path: str, value: Any, layout: Layout, locate: Callable[[str], int | None], dialect: str) -> Draft:
    read = document_of(value, layout, locate)
    if not isinstance(read.config, Mapping) or not isinstance(read.steps, list):
        raise FormatError("the file is not a case: config is a mapping, teststeps is a list", file=path)
    document = {
        "schema": 1,
        "dialect": dialect,
        "config": plain(dict(read.config)),
        "teststeps": plain(list(read.steps)),
    }
    for word, steps in (("setup", read.setup), ("teardown", read.teardown)):
        if isinstance(steps, list):
            document[word] = plain(steps)
    return Draft(path, document, read.locate)


def _apis(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """The definitions of an api file: by path, by id and by name."""
    if isinstance(value, Mapping):
        yield path, plain(dict(value))
        value = [{"api": value}]
    for item in value:
        api = item.get("api") if isinstance(item, Mapping) else None
        if isinstance(api, Mapping):
            names = [str(api[key]) for key in ("id", "def", "name") if api.get(key)]
            yield from ((name, plain(dict(api))) for name in names[:1])
