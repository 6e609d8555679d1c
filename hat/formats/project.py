"""The files of one project folder: read once, and referred to by each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from hat.case import HTTPRUNNER_2, Case, Need
from hat.error import FormatError
from hat.formats.decode import load_text, locator
from hat.formats.files import SUFFIXES, find_files, read_dotenv, read_file
from hat.formats.httprunner.cases import read_document
from hat.formats.httprunner.layout import Layout, document_of, looks_like_a_case, recognise
from hat.formats.httprunner.recognition import dialect_shown
from hat.formats.httprunner.schema import examine, examine_api, examine_suite
from hat.formats.httprunner.signs import speaks_25
from hat.formats.httprunner.suites import read_entries
from hat.formats.httprunner.words import examine_words
from hat.formats.reading import Reading, kind


class Source(Struct, frozen=True):
    """A decoded file."""

    file: str
    value: Any
    locate: Callable[[str], int | None]

    @property
    def layout(self) -> Layout | None:
        return recognise(self.value)


class Project(Struct):
    """A project folder; `dialect` None means that each file shows its own."""

    root: Path
    dialect: str | None = None
    dotenv: Path | None = None
    sources: dict[Path, Source] = {}
    apis: dict[str, Mapping[str, Any]] | None = None
    open: list[Path] = []
    needed: dict[Path, Case] = {}
    warnings: list[FormatError] = []
    envs: dict[bool, dict[str, str]] = {}
    folders: dict[Path, Path] = {}

    def source(self, path: Path, shown: str = "") -> Source:
        """The decoded file, kept for others that refer to it; FormatError when it cannot be read."""
        key = self._real(path)
        if key not in self.sources:
            self.sources[key] = _decoded(path, shown or self.show(path), key, self.warnings)
        source = self.sources[key]
        return source if not shown or shown == source.file else replace(source, file=shown)

    def _real(self, path: Path) -> Path:
        """The path without links; that of a folder is looked up once."""
        if path.is_symlink():
            return path.resolve()
        folder = path.parent
        real = self.folders.get(folder)
        if real is None:
            real = self.folders[folder] = folder.resolve()
        return real / path.name

    def show(self, path: Path) -> str:
        """A path as messages show it: from the current folder, else from the project folder."""
        base = next((base for base in (Path.cwd(), self.root) if path.is_relative_to(base)), None)
        return str(path.relative_to(base) if base else path)

    def cases(self, path: Path, shown: str, *, asked: bool) -> Iterator[Case | FormatError]:
        """The cases of a file and its problems; a file that is no case counts only when it was asked for."""
        try:
            real = self._real(path)
            source = (
                self.source(path, shown)
                if real in self.sources
                else _decoded(path, shown, real, self.warnings)
            )
            layout = source.layout
            if layout is None or layout == "api set":
                if layout is None and (asked or looks_like_a_case(source.value)):
                    yield _no_case(source)
                return
            dialect = self.dialect or dialect_shown(source.value, layout, self._look)
            env = self.env(strict=self.dialect in HTTPRUNNER_2)
        except FormatError as problem:
            yield problem
            return
        if dialect in ("httprunner3", "httprunner4") and layout == "list":
            hint = "this is the layout of HttpRunner 2"
            yield FormatError(
                f"{dialect} expects config and teststeps, got a list", file=source.file, hint=hint
            )
            return
        if dialect == "httprunner4" and layout == "suite":
            yield FormatError(
                "HttpRunner 4 has no test suites", file=source.file, hint="--dialect httprunner2 has them"
            )
            return
        reading = Reading(
            dialect,
            source.file,
            str(self.root),
            env,
            source.locate,
            call=self.call,
            api=self.api,
            need=self.need,
            warnings=self.warnings,
        )
        self.open.append(real)
        found = (
            self._read_suite(reading, source)
            if layout == "suite"
            else [replace(self._read(reading, source, layout), needed_as=str(real))]
        )
        self.open.pop()
        yield from reading.problems or found

    def env(self, *, strict: bool) -> dict[str, str]:
        """The values of .env in the project folder."""
        if strict not in self.envs:
            path = self.dotenv or self.root / ".env"
            self.envs[strict] = read_dotenv(path, strict=strict) if path.is_file() else {}
        return self.envs[strict]

    def _read(self, reading: Reading, source: Source, layout: Layout) -> Case:
        document = document_of(source.value, layout, source.locate)
        reading.locate = document.locate
        if layout == "case":
            examine_words(reading, source.value, "case", "")
        if reading.dialect == "httprunner25":
            examine(reading, source.value, layout, document)
        return read_document(reading, document)

    def _read_suite(self, reading: Reading, source: Source) -> list[Case]:
        if reading.dialect == "httprunner25":
            examine_suite(reading, source.value)
        return list(read_entries(reading, source.value, self.call))

    def call(self, reading: Reading, value: Any, path: str) -> Case | None:
        """The case behind a `testcase:` reference, read in the dialect of its caller."""
        if not isinstance(value, str):
            reading.problem(path, f"expected the path of a case, got {kind(value)}")
            return None
        return self._case(reading, value, (self.root / value).resolve(), path)

    def need(self, reading: Reading, value: Any, path: str) -> Need | None:
        """The case behind a line of `needs`: a path, or the name of a file in the project."""
        if not isinstance(value, str) or not value:
            reading.problem(path, f"expected the path or name of a case, got {kind(value)}")
            return None
        target = self._find(value, Path.cwd() / reading.file)
        if isinstance(target, list):
            shown = ", ".join(self.show(one) for one in target)
            hint = (
                f"write the path of one of them: {shown}"
                if target
                else "write its path from the project folder"
            )
            fact = f"{len(target)} files are called '{value}'" if target else f"no such case: '{value}'"
            reading.problem(path, fact, hint)
            return None
        case = self._case(reading, value, target, path, in_own_dialect=True)
        if case is not None and target not in self.needed:
            self.needed[target] = case
        return None if case is None else Need(value, self.needed[target], str(target))

    def _find(self, name: str, beside: Path) -> Path | list[Path]:
        """The file that a name stands for; a list where it is not exactly one."""
        for folder in (self.root, beside.parent):
            for end in ("", *SUFFIXES):
                target = folder / f"{name}{end}"
                if target.is_file():
                    return target.resolve()
        found = [file for file in find_files(self.root) if file.stem == name]
        return found[0].resolve() if len(found) == 1 else found

    def _case(
        self, reading: Reading, value: str, target: Path, path: str, *, in_own_dialect: bool = False
    ) -> Case | None:
        if target in self.open:
            chain = " -> ".join(self.show(item) for item in (*self.open[self.open.index(target) :], target))
            reading.problem(path, f"the case calls itself: {chain}")
            return None
        try:
            source = self.source(target)
        except FormatError as problem:
            message = f"no such file: '{value}'" if not target.is_file() else str(problem.message)
            reading.problem(path, message, f"paths start at {self.root.name}/, the folder of debugtalk.py")
            return None
        layout = source.layout
        if layout is None or layout in ("suite", "api set"):
            reading.problem(path, f"'{value}' is not a case")
            return None
        dialect = reading.dialect
        if in_own_dialect:
            dialect = self.dialect or dialect_shown(source.value, layout, self._look)
        inner = replace(reading, dialect=dialect, file=source.file, locate=source.locate, problems=[])
        self._raise_dialect(inner, source.value)
        self.open.append(target)
        case = self._read(inner, source, layout)
        self.open.pop()
        reading.problems.extend(inner.problems)
        return case

    def _look(self, reference: str) -> Any:
        """The content of a file that another one refers to, or of an api set; None where there is none."""
        target = self.root / reference
        try:
            if target.is_file():
                return self.source(target).value
        except (FormatError, OSError, ValueError):
            return None
        return [{"api": self._apis[reference]}] if reference in self._apis else None

    @property
    def _apis(self) -> Mapping[str, Mapping[str, Any]]:
        """The definitions of old api sets by their ids."""
        if self.apis is None:
            self.apis = dict(self._find_apis())
        return self.apis

    def api(self, reading: Reading, value: Any, path: str) -> Mapping[str, Any] | None:
        """The api definition behind an `api:` reference: a file, or an id of an old api set."""
        if not isinstance(value, str):
            reading.problem(path, f"expected the path of an api file, got {kind(value)}")
            return None
        target = self.root / value
        if target.is_file():
            try:
                found = self.source(target).value
            except FormatError as problem:
                reading.problem(path, str(problem))
                return None
            if isinstance(found, Mapping):
                self._raise_dialect(reading, found)
                if reading.dialect == "httprunner25":
                    examine_api(reading, found, path)
                return found
            reading.problem(path, f"'{value}' is not an api file")
            return None
        if value in self._apis:
            self._raise_dialect(reading, self._apis[value])
            return self._apis[value]
        reading.problem(
            path, f"no such api: '{value}'", f"paths start at {self.root.name}/, the folder of debugtalk.py"
        )
        return None

    def _raise_dialect(self, reading: Reading, value: Any) -> None:
        """A file of HttpRunner 2 that uses another one with words of 2.5 is for 2.5, unless somebody says."""
        if self.dialect is None and reading.dialect == "httprunner2" and speaks_25(value):
            reading.dialect = "httprunner25"

    def _find_apis(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        folder = self.root / "api"
        for path in find_files(folder) if folder.is_dir() else ():
            try:
                value = self.source(path).value
            except FormatError:
                continue
            for item in value if isinstance(value, list) else [{"api": value}]:
                api = item.get("api") if isinstance(item, Mapping) else None
                name = (
                    next((api[key] for key in ("id", "def", "name") if api.get(key)), "")
                    if isinstance(api, Mapping)
                    else ""
                )
                if isinstance(api, Mapping) and name:
                    yield str(name), api


def _decoded(path: Path, shown: str, real: Path, warnings: list[FormatError]) -> Source:
    is_json = path.suffix.lower() == ".json"
    value = load_text(read_file(path, shown), shown, is_json=is_json, repeated=warnings)
    return Source(shown, value, Lines(str(real)))


class Lines(Struct):
    """Finds the line of a path in a file; it reads the file again, so that no text is kept."""

    file: str
    locate: Callable[[str], int | None] | None = None

    def __call__(self, place: str) -> int | None:
        """The line where somebody looks for a place."""
        if self.locate is None:
            try:
                self.locate = locator(read_file(Path(self.file)))
            except FormatError:  # the file has gone
                self.locate = locator("")
        return self.locate(place)


def _no_case(source: Source) -> FormatError:
    hint = "a case has 'config' and 'teststeps'"
    value = source.value
    if value is None:
        return FormatError("file is empty", file=source.file, hint=hint)
    if isinstance(value, (dict, list)):
        return FormatError("file is not a case", file=source.file, hint=hint)
    return FormatError(f"file is not a case, it holds {kind(value)}", file=source.file, hint=hint)
