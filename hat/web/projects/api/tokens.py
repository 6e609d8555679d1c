"""Routes of tokens for scripts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from hat.web.accounts.models import Token
from hat.web.accounts.people import person, require_unlimited
from hat.web.accounts.schemas import TokenList, TokenMade, TokenNew
from hat.web.accounts.services import drop_token, new_token
from hat.web.paging import whole
from hat.web.projects import access
from hat.web.refusal import missing

router = Router(tags=["people"])


@router.get("/tokens", response=TokenList, operation_id="tokens", by_alias=False)
def list_tokens(request: HttpRequest) -> dict[str, Any]:
    user = person(request)
    return whole(list(Token.objects.filter(user=user).select_related("project").order_by("-id")))


@router.post("/tokens", response={201: TokenMade}, operation_id="new_token", by_alias=False)
def make_token(request: HttpRequest, payload: TokenNew) -> Token:
    user = require_unlimited(request)
    if payload.project_id is not None:
        access.project_for(user, payload.project_id)
    token, secret = new_token(user, **payload.dict())
    token.secret = secret
    return token


@router.delete("/tokens/{int:token_id}", response={204: None}, operation_id="delete_token")
def delete_token(request: HttpRequest, token_id: int) -> None:
    user = require_unlimited(request)
    token = Token.objects.filter(user=user, pk=token_id).select_related("project").first()
    if token is None:
        raise missing("token")
    drop_token(token)
