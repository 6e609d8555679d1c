"""Routes that turn a case document into YAML and back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from hat import formats
from hat.error import FormatError
from hat.web.accounts.people import person
from hat.web.projects.api.case_schemas import DocumentIn, DocumentOut, YamlText
from hat.web.projects.documents import plain, shape_faults
from hat.web.refusal import fault_of, invalid_all

router = Router(tags=["cases"])


@router.post("/yaml/dump", response=YamlText, operation_id="dump_yaml")
def dump_yaml(request: HttpRequest, payload: DocumentIn) -> dict[str, Any]:
    person(request)
    faults = shape_faults(payload.document)
    if faults:
        raise invalid_all(faults)
    return {"text": formats.dump(payload.document)}


@router.post("/yaml/parse", response=DocumentOut, operation_id="parse_yaml")
def parse_yaml(request: HttpRequest, payload: YamlText) -> dict[str, Any]:
    person(request)
    try:
        document = plain(formats.parse(payload.text))
    except FormatError as problem:
        raise invalid_all([fault_of(problem)]) from None
    faults = shape_faults(document)
    if faults:
        raise invalid_all(faults)
    return {"document": document}
