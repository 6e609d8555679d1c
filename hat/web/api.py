"""The one HTTP API: mounts the routers of the apps, one error shape for all."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import (
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder

from hat import __version__
from hat.number import json_writer, read_json
from hat.web.accounts.api import router as accounts
from hat.web.accounts.people import BearerDoor, SessionDoor
from hat.web.alerts.api import router as alerts
from hat.web.dashboard import router as dashboard
from hat.web.deleted import router as deleted
from hat.web.doctor import router as doctor
from hat.web.history import RunHistory
from hat.web.middleware import current_request_id
from hat.web.projects.api import routers as projects
from hat.web.projects.history import use_history
from hat.web.refusal import Fault, RefusedError, invalid_all, missing
from hat.web.runs.api import router as runs
from hat.web.schedules.api import router as schedules
from hat.web.setup import router as setup
from hat.web.trail import router as trail
from hat.web.uses import router as uses

MAX_DEPTH = 100
_FULL = ("disk is full", "no space left")  # how SQLite and PostgreSQL say it

log = logging.getLogger("hat.web")


_write = json_writer(NinjaJSONEncoder, ensure_ascii=False)
_write_ascii = json_writer(NinjaJSONEncoder)


class PlainJson(JSONRenderer):
    """JSON with Chinese as it is; half characters, which UTF-8 cannot carry, are escaped."""

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        text = _write(data)
        try:
            return text.encode()
        except UnicodeEncodeError:
            return _write_ascii(data).encode()


class StrictJson(Parser):
    """JSON as its standard has it: no NaN, no Infinity, no nesting that breaks whoever reads it next."""

    def parse_body(self, request: HttpRequest) -> Any:
        try:
            value = read_json(request.body, parse_constant=_refuse_constant)
        except RecursionError:
            raise ValueError("nested too deeply") from None
        if request.body.count(b"[") + request.body.count(b"{") > MAX_DEPTH:
            _refuse_depth(value)
        return value


def _refuse_depth(value: Any) -> None:
    level = [value]
    for _ in range(MAX_DEPTH):
        parents = [item for item in level if isinstance(item, (dict, list))]
        level = [child for item in parents for child in (item.values() if isinstance(item, dict) else item)]
        if not level:
            return
    raise ValueError(f"nested more than {MAX_DEPTH} levels deep")


def _refuse_constant(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


api = NinjaAPI(
    title="HAT",
    version=__version__,
    description="Everything a page of HAT can do. Scripts send `Authorization: Bearer hat_…`.",
    openapi_url="/openapi.json",
    docs_url=None,
    auth=[BearerDoor(), SessionDoor()],
    renderer=PlainJson(),
    parser=StrictJson(),
    urls_namespace="api",
)
for _router in (setup, accounts, *projects, runs, schedules, alerts, dashboard, doctor, trail, uses, deleted):
    api.add_router("", _router)
use_history(RunHistory())


def openapi_document() -> dict[str, Any]:
    """The OpenAPI document of the whole API."""
    return dict(api.get_openapi_schema())


@api.exception_handler(RefusedError)
def _refused(request: HttpRequest, refused: RefusedError) -> HttpResponse:
    body = {**refused.as_dict(), "request_id": current_request_id()}
    response = api.create_response(request, body, status=refused.status)
    if "retry_after" in refused.extra:
        response["Retry-After"] = str(refused.extra["retry_after"])
    return response


@api.exception_handler(AuthenticationError)
def _anonymous(request: HttpRequest, _reason: AuthenticationError) -> HttpResponse:
    return _refused(request, RefusedError("sign in first", status=401, code="signed_out"))


@api.exception_handler(Http404)
def _missing(request: HttpRequest, _reason: Http404) -> HttpResponse:
    return _refused(request, missing("thing"))


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, reason: HttpError) -> HttpResponse:
    cause = reason.__cause__
    if isinstance(cause, RequestDataTooBig):
        return _too_big(request, cause)
    words = f"the body is not JSON: {cause}" if isinstance(cause, ValueError) else str(reason)
    return _refused(request, RefusedError(words, status=reason.status_code))


@api.exception_handler(SuspiciousOperation)
def _suspicious(request: HttpRequest, reason: SuspiciousOperation) -> HttpResponse:
    if isinstance(reason, RequestDataTooBig):
        return _too_big(request, reason)
    if isinstance(reason, (TooManyFilesSent, TooManyFieldsSent)):
        most = f"{settings.DATA_UPLOAD_MAX_NUMBER_FILES:,} files"
        words, hint = f"the form has more parts than are taken: at most {most}", "send the folder as a zip"
        return _refused(request, RefusedError(words, status=413, code="too_large", hint=hint))
    return _refused(request, RefusedError("the request cannot be read"))


def _too_big(request: HttpRequest, _reason: RequestDataTooBig) -> HttpResponse:
    return _refused(request, RefusedError("the request is too large", status=413, code="too_large"))


@api.exception_handler(MultiPartParserError)
def _torn_form(request: HttpRequest, reason: MultiPartParserError) -> HttpResponse:
    words = f"the form cannot be read: {ascii(str(reason))[1:-1]}"
    return _refused(request, RefusedError(words, hint="send multipart/form-data with its boundary"))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, problem: ValidationError) -> HttpResponse:
    return _refused(request, invalid_all(_fault(error) for error in problem.errors))


def _fault(error: dict[str, Any]) -> Fault:
    """A complaint of pydantic at the field as the page knows it."""
    place = list(error["loc"][1:])
    if place[:1] in (["payload"], ["query"]):
        place = place[1:]
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    message = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "missing":
        message = "is missing" if path else "the body is missing"
    return Fault(path.lstrip("."), message[:1].lower() + message[1:])


@api.exception_handler(InterfaceError)
@api.exception_handler(OperationalError)
def _database_away(request: HttpRequest, fault: OperationalError | InterfaceError) -> HttpResponse:
    log.error("%s %s", request.method, request.path, exc_info=fault)
    full = any(sign in str(fault).lower() for sign in _FULL)
    away = "the database does not answer; try again in a moment"
    words = "the disk is full, nothing can be stored; try again in a moment" if full else away
    return _refused(request, RefusedError(words, status=503, code="unavailable"))


@api.exception_handler(Exception)
def _fault_inside(request: HttpRequest, fault: Exception) -> HttpResponse:
    """Our bug: the traceback goes to the log, the caller gets the id to find it by."""
    log.error("%s %s", request.method, request.path, exc_info=fault)
    words = "something went wrong inside HAT"
    return _refused(request, RefusedError(words, status=500, code="internal"))
