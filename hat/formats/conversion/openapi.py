"""OpenAPI 2 (Swagger), 3.0 and 3.1: one case an operation, in a folder for its tag."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from hat.case import Environment
from hat.formats.conversion.conversion import Conversion, case_document
from hat.formats.conversion.request import FORM, mapping, origin_of, rows
from hat.formats.conversion.schema import json_schema, resolve, sample
from hat.formats.conversion.text import literal, variable

_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_PATH_NAME = re.compile(r"\{([^{}]+)\}")


def recognise(value: Any) -> bool:
    """Whether a value is an OpenAPI document."""
    if not isinstance(value, Mapping) or not isinstance(value.get("paths"), Mapping):
        return False
    return str(value.get("openapi", "")).startswith("3.") or str(value.get("swagger", "")).startswith("2")


def convert(value: Mapping[str, Any], file: str, name: str) -> Conversion:
    """Every operation as a case with a sample request and checks of status and schema."""
    title = mapping(value.get("info")).get("title")
    conversion = Conversion(file, str(title or name))
    conversion.environments = list(_environments(value, conversion.name))
    for path, item in value["paths"].items():
        found = resolve(value, item)
        if not isinstance(found, Mapping):
            conversion.note(str(path), "what '$ref' names is not in the document")
            continue
        for method in _METHODS:
            if isinstance(found.get(method), Mapping):
                _Operation(conversion, value, str(path), method, found[method], found).add()
    if not conversion.cases:
        conversion.note("paths", "the document has no operation")
    return conversion


def _environments(root: Mapping[str, Any], name: str) -> Iterator[Environment]:
    """One environment for each server; at least one, for the variables of credentials."""
    servers = list(_servers(root)) or [("", "")]
    secrets = _credentials(root)
    for number, (url, title) in enumerate(servers, 1):
        label = name if number == 1 else f"{name}: {title or url or number}"
        yield Environment(name=label, base_url=url if origin_of(url) else "", variables=secrets)


def _servers(root: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if "swagger" in root:
        schemes = root.get("schemes")
        scheme = (
            "https" if not isinstance(schemes, list) or "https" in schemes or not schemes else str(schemes[0])
        )
        if root.get("host"):
            yield f"{scheme}://{root['host']}{str(root.get('basePath') or '').rstrip('/')}", ""
        return
    for server in rows(root.get("servers")):
        url = str(server.get("url") or "")
        for key, said in mapping(server.get("variables")).items():
            url = url.replace(f"{{{key}}}", str(mapping(said).get("default") or ""))
        yield url.rstrip("/"), str(server.get("description") or "")


def _credentials(root: Mapping[str, Any]) -> dict[str, str]:
    """The variables that credentials of the document are read from, still without a value."""
    names: dict[str, str] = {}
    for name in _schemes(root):
        for value in _auth_of(root, name, {}).values():
            if isinstance(value, str) and value.startswith("$"):
                names[value[1:]] = ""
    return names


def _schemes(root: Mapping[str, Any]) -> Mapping[str, Any]:
    found = root.get("securityDefinitions") or mapping(root.get("components")).get("securitySchemes")
    return mapping(found)


def _auth_of(root: Mapping[str, Any], name: str, scopes: Any) -> dict[str, Any]:
    """A security scheme as credentials whose values are variables; empty where HAT has no such kind."""
    scheme = mapping(resolve(root, _schemes(root).get(name)))
    kind, style = str(scheme.get("type")), str(scheme.get("scheme") or "").lower()
    mine = f"${variable(name)}"
    if kind == "apiKey":
        return {
            "type": "api_key",
            "name": scheme.get("name"),
            "value": mine,
            "in": scheme.get("in", "header"),
        }
    if kind in ("basic", "http") and (kind == "basic" or style in ("basic", "digest")):
        return {"type": style or "basic", "username": f"{mine}_user", "password": f"{mine}_password"}
    if kind in ("http", "openIdConnect"):
        return {"type": "bearer", "token": mine}
    if kind != "oauth2":
        return {}
    flow = mapping(mapping(scheme.get("flows")).get("clientCredentials")) or (
        scheme if scheme.get("flow") == "application" else {}
    )
    if not flow.get("tokenUrl"):
        return {"type": "bearer", "token": mine}
    made = {"type": "oauth2", "grant": "client_credentials", "token_url": flow["tokenUrl"]}
    made |= {"client_id": f"{mine}_id", "client_secret": f"{mine}_secret"}
    return made | ({"scope": " ".join(map(str, scopes))} if isinstance(scopes, list) and scopes else {})


class _Operation(Struct):
    """One operation on its way to become a case."""

    conversion: Conversion
    root: Mapping[str, Any]
    path: str
    method: str
    said: Mapping[str, Any]
    around: Mapping[str, Any]

    @property
    def place(self) -> str:
        return f"{self.method.upper()} {self.path}"

    def add(self) -> None:
        """Keep the operation as a case of one step."""
        tags = self.said.get("tags")
        tag = str(tags[0]) if isinstance(tags, list) and tags else self.conversion.name
        name = literal(str(self.said.get("summary") or self.said.get("operationId") or self.place).strip())
        parameters = self._parameters()
        values = {
            variable(str(one["name"])): self._value(one) for one in parameters if one.get("in") == "path"
        }
        step = {"name": self.place, "request": self._request(parameters), "validate": list(self._checks())}
        document = case_document(
            name,
            [step],
            description=str(self.said.get("description") or "").strip(),
            base_url=self._base(),
            variables=values,
            auth=self._auth(),
        )
        self.conversion.add((tag,), document)

    def _base(self) -> str:
        """The path that goes in front of the document's paths, where it names no host."""
        if "swagger" in self.root:
            return "" if self.root.get("host") else str(self.root.get("basePath") or "").rstrip("/")
        url = next((url for url, _ in _servers(self.root)), "")
        return "" if origin_of(url) or url in ("", "/") else url

    def _parameters(self) -> list[Mapping[str, Any]]:
        """The parameters of the path and of the operation; the latter win."""
        found: dict[tuple[str, str], Mapping[str, Any]] = {}
        for raw in [*rows(self.around.get("parameters")), *rows(self.said.get("parameters"))]:
            one = resolve(self.root, raw)
            if isinstance(one, Mapping) and one.get("name"):
                found[str(one.get("in")), str(one["name"])] = one
            elif one is None:
                self.conversion.note(self.place, "a parameter outside the document is left out")
        return list(found.values())

    def _value(self, parameter: Mapping[str, Any]) -> Any:
        """A sample value of a parameter, as text where it is one."""
        examples = mapping(parameter.get("examples"))
        for example in examples.values():
            return mapping(resolve(self.root, example)).get("value")
        media = mapping(next(iter(mapping(parameter.get("content")).values()), None))
        schema = parameter.get("schema") or media.get("schema") or parameter
        if "example" in parameter:
            schema = {"example": parameter["example"]}
        found = sample(self.root, schema)
        return "text" if found is None else found

    def _request(self, parameters: list[Mapping[str, Any]]) -> dict[str, Any]:
        url = _PATH_NAME.sub(lambda match: f"${{{variable(match[1])}}}", self.path.replace("$", "$$"))
        request: dict[str, Any] = {
            "method": self.method.upper(),
            "url": re.sub(r"\$\{(\w+)\}(?=[/?.]|$)", r"$\1", url),
        }
        for where, field in (("query", "params"), ("header", "headers"), ("cookie", "cookies")):
            chosen = [one for one in parameters if one.get("in") == where and not _is_own(one)]
            if chosen:
                request[field] = self._rows(chosen)
        body = [one for one in parameters if one.get("in") == "body"]
        form = [one for one in parameters if one.get("in") == "formData"]
        if body:
            request["json"] = sample(self.root, body[0].get("schema"))
        elif form:
            is_files = any(one.get("type") == "file" for one in form)
            request["upload" if is_files else "data"] = self._rows(form)
        else:
            self._put_content(request)
        return request

    def _rows(self, parameters: list[Mapping[str, Any]]) -> Any:
        """Parameters as a mapping; as rows where some are optional, which are switched off, or described."""
        rows = []
        for one in parameters:
            row: dict[str, Any] = {"name": literal(str(one["name"])), "value": self._value(one)}
            row |= {} if one.get("required") else {"enabled": False}
            row |= {"description": str(one["description"])} if one.get("description") else {}
            rows.append(row)
        return {row["name"]: row["value"] for row in rows} if all(len(row) == 2 for row in rows) else rows

    def _put_content(self, request: dict[str, Any]) -> None:
        """The body of OpenAPI 3: JSON before forms before anything else."""
        content = mapping(mapping(resolve(self.root, self.said.get("requestBody"))).get("content"))
        kinds = sorted(
            content, key=lambda kind: (not _is_json(kind), kind != FORM, not kind.startswith("multipart/"))
        )
        if not kinds:
            return
        kind, media = kinds[0], mapping(content[kinds[0]])
        examples = list(mapping(media.get("examples")).values())
        said = mapping(resolve(self.root, examples[0])).get("value") if examples else media.get("example")
        value = sample(self.root, media.get("schema") if said is None else {"example": said})
        if _is_json(kind):
            request["json"] = value
            if kind.lower() != "application/json":
                self._put_header(request, kind)
        elif kind == FORM or kind.startswith("multipart/"):
            request["data" if kind == FORM else "upload"] = value if isinstance(value, dict) else {}
        else:
            request["data"] = value if isinstance(value, str) else ""
            self._put_header(request, kind)

    def _put_header(self, request: dict[str, Any], kind: str) -> None:
        headers = request.setdefault("headers", {})
        if isinstance(headers, dict):
            headers["Content-Type"] = kind
        else:
            headers.append({"name": "Content-Type", "value": kind})

    def _checks(self) -> Iterator[dict[str, Any]]:
        """The first good status, and the schema of its answer."""
        responses = {str(code): item for code, item in mapping(self.said.get("responses")).items()}
        code = next((code for code in sorted(responses) if code.startswith("2")), None)
        if code is None:
            yield {"lt": ["status_code", 400]}
            return
        if code.isdigit():
            yield {"eq": ["status_code", int(code)]}
        else:
            yield {"ge": ["status_code", 200]}
            yield {"lt": ["status_code", 300]}
        answer = mapping(resolve(self.root, responses[code]))
        content = mapping(answer.get("content"))
        media = mapping(next((content[kind] for kind in content if _is_json(str(kind))), None))
        wanted = answer.get("schema") or media.get("schema")
        if wanted is None:
            return
        schema = json_schema(self.root, wanted)
        if schema is None:
            self.conversion.note(self.place, "the schema of the answer is long and not checked")
        else:
            yield {"json_schema": ["body", schema]}

    def _auth(self) -> Any:
        """The credentials of the first way in that HAT can go."""
        ways = self.said.get("security", self.root.get("security"))
        if not isinstance(ways, list) or not ways:
            return "none" if ways == [] else None
        for way in rows(ways):
            made = [_auth_of(self.root, str(name), scopes) for name, scopes in way.items()]
            if all(made):
                return made[0] if len(made) == 1 else made or "none"
        self.conversion.note(self.place, "no credentials of a kind that HAT knows", "write 'auth' yourself")
        return None


def _is_own(parameter: Mapping[str, Any]) -> bool:
    """Whether a header is written by HAT itself or by the credentials."""
    return parameter.get("in") == "header" and str(parameter["name"]).lower() in (
        "accept",
        "content-type",
        "authorization",
    )


def _is_json(kind: str) -> bool:
    return "json" in kind.lower().partition(";")[0]
