"""Case documents: what the database stores, the editor edits and YAML shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hat.case import DIALECTS, Case, Need
from hat.error import FormatError, FormatErrors
from hat.formats.decode import load_text, locator
from hat.formats.httprunner.cases import read_document
from hat.formats.httprunner.layout import document_of, recognise
from hat.formats.httprunner.signs import choose_dialect
from hat.formats.httprunner.words import examine_words
from hat.formats.reading import Reading, kind, read_mapping

ResolveCase = Callable[[Any], "Mapping[str, Any] | Case | None"]


def read(
    document: Mapping[str, Any],
    *,
    dialect: str | None = None,
    resolve: ResolveCase | None = None,
    file: str = "",
    root: str = "",
) -> Case:
    """A document as a Case; raises FormatErrors. `resolve` gives the case behind a `testcase:`."""
    calls = _Calls(resolve)
    reading = Reading(_dialect(document, dialect), file, root, call=calls.call, need=calls.need)
    case = _read(reading, document)
    if reading.problems:
        raise FormatErrors(reading.problems)
    return case


def problems(document: Mapping[str, Any]) -> list[FormatError]:
    """All problems of a document at once, each with its path such as `teststeps[0].validate[1]`."""
    nobody = Case(name="")
    reading = Reading(_dialect(document, None), call=lambda *_: nobody, need=lambda *_: Need("", nobody, ""))
    _read(reading, document)
    return reading.problems


def _dialect(document: Any, asked: str | None) -> str:
    said = document.get("dialect") if isinstance(document, Mapping) else None
    return asked or (said if said in DIALECTS else "hat")


def _read(reading: Reading, document: Any) -> Case:
    if not isinstance(document, Mapping):
        reading.problem("", f"a case is a mapping, got {kind(document)}")
        return Case(name="")
    layout = recognise({"teststeps": [], **document})
    if layout == "case":
        examine_words(reading, document, "case", "")
    return read_document(reading, document_of(document, layout or "case", None))


class _Calls:
    """The cases a document calls, each read once; a case that calls itself is a problem."""

    def __init__(self, resolve: ResolveCase | None) -> None:
        self.resolve = resolve
        self.open: list[Any] = []
        self.needed: dict[Any, Need] = {}

    def call(self, reading: Reading, value: Any, path: str) -> Case | None:
        if self.resolve is None:
            reading.problem(path, "another case cannot be called from here")
            return None
        if value in self.open:
            reading.problem(path, f"the case calls itself: {' -> '.join(map(str, [*self.open, value]))}")
            return None
        found = self.resolve(value)
        if found is None:
            reading.problem(path, f"no such case: '{value}'")
            return None
        if isinstance(found, Case):
            return found
        self.open.append(value)
        dialect = reading.dialect if reading.inherited else _dialect(found, None)
        inner = Reading(
            dialect,
            reading.file,
            reading.root,
            reading.env,
            call=self.call,
            need=self.need,
            inherited=reading.inherited,
        )
        case = _read(inner, found)
        self.open.pop()
        for problem in inner.problems:
            reading.problem(path, f"in the called case '{case.name}': {problem}")
        return case

    def need(self, reading: Reading, value: Any, path: str) -> Need | None:
        """The case behind a line of `needs`."""
        if isinstance(value, (list, Mapping)):
            reading.problem(path, f"expected a case, got {kind(value)}")
            return None
        if value not in self.needed:
            case = self.call(reading, value, path)
            if case is None:
                return None
            self.needed[value] = Need(str(case.name), case, str(value))
        return self.needed[value]


def parse(text: str) -> dict[str, Any]:
    """The document of one case in YAML or JSON text of any layout; FormatError with its line."""
    repeated: list[FormatError] = []
    value = load_text(text, repeated=repeated)
    if repeated:
        raise FormatError(repeated[0].message, line=repeated[0].line, hint="each name once")
    layout = recognise(value)
    if layout is None or layout in ("suite", "api set"):
        line = 1 if text.strip() else None
        raise FormatError("text is not a case", line=line, hint="a case has 'config' and 'teststeps'")
    said = value.get("dialect") if isinstance(value, Mapping) else None
    document = document_of(value, layout, locator(text))
    known = {"schema", "dialect", "config", "teststeps"}
    kept = {key: item for key, item in value.items() if key not in known} if layout == "case" else {}
    dialect = said if said in DIALECTS else choose_dialect(value, layout)
    config = dict(document.config) if isinstance(document.config, Mapping) else {}
    return {
        "schema": 1,
        "dialect": dialect,
        **kept,
        "config": _with_mappings(config, ("variables",)),
        "teststeps": [_with_mappings(step, ("variables", "extract")) for step in document.steps or []],
    }


def _with_mappings(fields: Any, words: tuple[str, ...]) -> Any:
    """The fields with lists of one-key mappings as one mapping; rows of the platform stay."""
    if not isinstance(fields, Mapping):
        return fields
    tidy = dict(fields)
    for word in words:
        rows = tidy.get(word)
        if (
            isinstance(rows, list)
            and rows
            and all(isinstance(row, Mapping) and len(row) == 1 for row in rows)
        ):
            tidy[word] = read_mapping(Reading("hat"), rows, word)
    return tidy
