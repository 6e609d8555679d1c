"""What a file of another tool becomes: cases by their paths, environments, and what could not come along."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from hat.case import Environment
from hat.error import FormatError
from hat.formats.conversion.text import names_in, variable

Document = dict[str, Any]

_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_LONGEST = 80


class Conversion(Struct):
    """A file of another tool as a project: documents of cases by path; `notes` tell what is not as it was."""

    file: str
    name: str
    cases: dict[str, Document] = {}
    environments: list[Environment] = []
    notes: list[FormatError] = []

    def note(self, place: str, message: str, hint: str = "") -> None:
        """Tell once what is left out or means something else now."""
        found = FormatError(message, file=self.file, path=place, hint=hint, level="warning")
        if str(found) not in map(str, self.notes):
            self.notes.append(found)

    def add(self, folders: Sequence[str], document: Document) -> None:
        """Keep a case in a folder, under a file name made of its own."""
        parts = [file_name(folder) for folder in folders]
        stem = "/".join([*parts, file_name(str(document["config"]["name"]))])
        path, number = f"{stem}.yml", 1
        while path in self.cases:
            number += 1
            path = f"{stem} {number}.yml"
        self.cases[path] = document

    def keep_secret(self, name: str, value: str) -> str:
        """The variable for a credential that stands in the file; the environment holds its value."""
        if not self.environments:
            self.environments.append(Environment(name=self.name))
        secrets = dict(self.environments[0].secrets)
        wanted, number = variable(name), 1
        while secrets.get(wanted, value) != value:
            number += 1
            wanted = f"{variable(name)}_{number}"
        secrets[wanted] = value
        self.environments[0] = replace(self.environments[0], secrets=secrets)
        return f"${wanted}"


def case_document(name: str, steps: list[Document], **config: Any) -> Document:
    """A case of dialect hat; config fields without a value are left out."""
    said = {word: value for word, value in config.items() if value not in (None, "", {}, [])}
    return {"schema": 1, "dialect": "hat", "config": {"name": name, **said}, "teststeps": steps}


def file_name(name: str) -> str:
    """A name as a file or folder may be called on every system."""
    return _UNSAFE.sub("_", name).strip(" .")[:_LONGEST].strip(" .") or "case"


def link_needs(conversion: Conversion) -> None:
    """Let a case need the one that extracts what it uses, where exactly one does.

    Other tools keep such values for the whole collection; here a case says where they come from.
    """
    gives = {path: set(_extracted(document)) for path, document in conversion.cases.items()}
    needs: dict[str, list[str]] = {}
    for path, document in conversion.cases.items():
        for name in sorted(names_in(document) - gives[path] - set(document["config"].get("variables", {}))):
            makers = [other for other in conversion.cases if other != path and name in gives[other]]
            if len(makers) == 1 and path not in _reached(makers[0], needs):
                needs.setdefault(path, [])
                needs[path] += [makers[0]] if makers[0] not in needs[path] else []
            elif makers:
                conversion.note(
                    path.removesuffix(".yml"),
                    f"'${name}' comes from another case: {', '.join(sorted(makers))}",
                    "put the steps into one case, or name the right one in 'needs'",
                )
    for path, others in needs.items():
        conversion.cases[path]["config"]["needs"] = others


def _extracted(document: Mapping[str, Any]) -> Iterator[str]:
    for step in document["teststeps"]:
        yield from step.get("extract", {})


def _reached(path: str, needs: Mapping[str, list[str]]) -> set[str]:
    """A case with all that it needs, directly or through others."""
    found, open_ = {path}, [path]
    while open_:
        new = [other for other in needs.get(open_.pop(), ()) if other not in found]
        found.update(new)
        open_.extend(new)
    return found
