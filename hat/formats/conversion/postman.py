"""Postman: collections of version 2.0 and 2.1 as one case a folder, and environments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from hat.case import Environment
from hat.formats.conversion.conversion import Conversion, case_document, link_needs
from hat.formats.conversion.fields import AUTHS, address, auth_fields, description, named_pairs, put_raw
from hat.formats.conversion.request import json_of, mapping, rows
from hat.formats.conversion.script import Script, read_script
from hat.formats.conversion.text import has_placeholder, template, templates, unknown_dynamics, variable

_SECRET = re.compile(r"(?i)passw|secret|token|api_?key|credential|private")
_DEPTH = 30


def recognise(value: Any) -> bool:
    """Whether a value is a collection or an environment of Postman."""
    if not isinstance(value, Mapping):
        return False
    if value.get("_postman_variable_scope") or ("values" in value and "_postman_exported_at" in value):
        return isinstance(value.get("values"), list)
    collection = _collection(value)
    return isinstance(collection.get("info"), Mapping) and isinstance(collection.get("item"), list)


def convert(value: Mapping[str, Any], file: str, name: str) -> Conversion:
    """A collection with its variables, or an environment alone."""
    if "values" in value:
        found = Conversion(file, str(value.get("name") or name))
        _add_environment(found, value["values"])
        return found
    collection = _collection(value)
    conversion = Conversion(file, str(collection["info"].get("name") or name))
    _add_environment(conversion, collection.get("variable"))
    _Walk(conversion).folder(collection, (), None)
    link_needs(conversion)
    return conversion


def _collection(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """The collection itself: the API of Postman wraps it."""
    inner = value.get("collection")
    return inner if isinstance(inner, Mapping) else value


def _add_environment(conversion: Conversion, said: Any) -> None:
    variables: dict[str, Any] = {}
    secrets: dict[str, str] = {}
    for row in rows(said):
        name = str(row.get("key") or row.get("id") or "")
        if not name or row.get("enabled") is False or row.get("disabled"):
            continue
        value = row.get("value")
        text = template(value) if isinstance(value, str) else value
        if row.get("type") == "secret" or (_SECRET.search(variable(name)) and isinstance(text, str) and text):
            secrets[variable(name)] = str(text if text is not None else "")
        else:
            variables[variable(name)] = text if text is not None else ""
    if not variables and not secrets:
        return
    conversion.environments.append(
        Environment(
            name=conversion.name, variables=variables, secrets={k: v for k, v in secrets.items() if v}
        )
    )


class _Walk(Struct):
    """A collection being read, folder by folder."""

    conversion: Conversion

    def folder(
        self, folder: Mapping[str, Any], names: tuple[str, ...], auth: Any, before: Script = Script()
    ) -> None:
        """The requests of a folder as the steps of one case, then the folders inside."""
        if len(names) > _DEPTH:
            self.conversion.note("/".join(names), f"folders inside folders end after {_DEPTH}")
            return
        own = self._auth(folder.get("auth"), "/".join(names) or self.conversion.name)
        auth = own if own is not None else auth
        around = self._around(folder, "/".join(names) or self.conversion.name, before)
        items = [item for item in folder.get("item") or () if isinstance(item, Mapping)]
        requests = [item for item in items if "request" in item]
        if requests:
            steps = [self._step(item, names, around) for item in requests]
            title = names[-1] if names else self.conversion.name
            document = case_document(
                title, steps, description=description(folder), variables=around.variables, auth=auth
            )
            self.conversion.add(names[:-1] or (self.conversion.name,), document)
        for item in items:
            if isinstance(item.get("item"), list):
                self.folder(item, (*names, str(item.get("name") or "folder")), auth, around)

    def _around(self, folder: Mapping[str, Any], place: str, before: Script) -> Script:
        """The scripts of a folder, which go around each request in it, with those of the folders outside."""
        asked, answered = self._scripts(folder, place)
        return Script(
            checks=[*before.checks, *answered.checks],
            extract={**before.extract, **answered.extract},
            variables={**before.variables, **asked.variables},
        )

    def _scripts(self, item: Mapping[str, Any], place: str) -> tuple[Script, Script]:
        """What the scripts before a request and after its answer say; their other lines are told."""
        found = {"prerequest": Script(), "test": Script()}
        for event in rows(item.get("event")):
            lines = mapping(event.get("script")).get("exec")
            source = "\n".join(map(str, lines)) if isinstance(lines, list) else str(lines or "")
            when = str(event.get("listen"))
            if when in found and source.strip():
                found[when] = read_script(source)
                for statement in found[when].left:
                    sends = "sendRequest" in statement
                    hint = (
                        "make the request a step" if sends else "say it with a check, extract or debugtalk.py"
                    )
                    told = f"the script line is left out: {_short(statement)}"
                    self.conversion.note(f"{place}: {when}", told, hint)
        asked, answered = found["prerequest"], found["test"]
        for name in asked.extract:
            self.conversion.note(
                f"{place}: prerequest", f"'{name}' is read from an answer before there is one"
            )
        for name in answered.variables:
            self.conversion.note(
                f"{place}: test", f"'{name}' is set to a fixed value after the answer, which is left out"
            )
        return asked, answered

    def _step(self, item: Mapping[str, Any], folders: Sequence[str], around: Script) -> dict[str, Any]:
        name = str(item.get("name") or "request")
        place = "/".join([*folders, name])
        said = item["request"]
        asked: Mapping[str, Any] = said if isinstance(said, Mapping) else {"url": said}
        before, after = self._scripts(item, place)
        step: dict[str, Any] = {
            "name": template(name),
            "description": description(asked) or description(item),
        }
        url, query, values = address(asked.get("url"))
        step["variables"] = {**values, **before.variables}
        step["request"] = self._request(asked, item, place) | {"url": url}
        if params := named_pairs(query):
            step["request"]["params"] = params
        auth = self._auth(asked.get("auth"), place)
        if auth is not None:
            step["auth"] = auth
        step["extract"] = {**around.extract, **after.extract}
        step["validate"] = [*around.checks, *after.checks]
        return {key: value for key, value in step.items() if value not in ("", {}, [], None)}

    def _request(self, asked: Mapping[str, Any], item: Mapping[str, Any], place: str) -> dict[str, Any]:
        for name in sorted({dynamic for text in _texts(asked) for dynamic in unknown_dynamics(text)}):
            told = f"'${name}' is a random text of 10 letters now"
            self.conversion.note(place, told, "choose a function that fits")
        request: dict[str, Any] = {"method": str(asked.get("method") or "GET").upper(), "url": ""}
        headers = named_pairs(asked.get("header"))
        self._put_body(request, mapping(asked.get("body")), headers, place)
        if headers:
            request["headers"] = headers
        behaviour = mapping(item.get("protocolProfileBehavior"))
        if behaviour.get("followRedirects") is False:
            request["allow_redirects"] = False
        if behaviour.get("strictSSL") is False:
            request["verify"] = False
        return request

    def _put_body(self, request: dict[str, Any], body: Mapping[str, Any], headers: Any, place: str) -> None:
        mode = body.get("mode")
        if body.get("disabled") or mode is None:
            return
        if mode == "raw":
            language = mapping(mapping(body.get("options")).get("raw")).get("language")
            put_raw(request, str(body.get("raw") or ""), headers, str(language or ""))
        elif mode == "urlencoded":
            request["data"] = named_pairs(body.get("urlencoded"))
        elif mode == "formdata":
            request["upload"] = named_pairs(body.get("formdata"))
            if any(row.get("type") == "file" for row in rows(body.get("formdata"))):
                self.conversion.note(
                    place, "files to upload are not in the collection", "put them into the project"
                )
        elif mode == "graphql":
            said = mapping(body.get("graphql"))
            variables = said.get("variables")
            values = json_of(variables) if isinstance(variables, str) else variables
            request["json"] = {
                "query": template(str(said.get("query") or "")),
                "variables": templates(values or {}),
            }
        else:
            self.conversion.note(place, f"a body of the kind '{mode}' is left out")

    def _auth(self, said: Any, place: str) -> Any:
        """Credentials as HAT writes them; None where nothing is said."""
        if not isinstance(said, Mapping) or not said.get("type"):
            return None
        kind = str(said["type"])
        fields = auth_fields(said.get(kind))
        made = AUTHS[kind](fields) if kind in AUTHS else None
        if kind == "noauth":
            return "none"
        if made is None:
            self.conversion.note(
                place,
                f"credentials of the kind '{kind}' are left out",
                "docs/auth.md names the kinds there are",
            )
            return None
        return {
            word: self._kept(kind, word, value) for word, value in made.items() if value not in (None, "")
        }

    def _kept(self, kind: str, word: str, value: Any) -> Any:
        """A credential; one that is written out becomes a secret of the environment."""
        text = str(value)
        is_secret = word in ("password", "token", "value", "client_secret", "refresh_token")
        if is_secret and not has_placeholder(text):
            return self.conversion.keep_secret(f"{kind}_{word}", text)
        return template(text)


def _short(statement: str) -> str:
    line = " ".join(statement.split())
    return line if len(line) <= 100 else f"{line[:99]}…"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (Mapping, list)):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(item)
