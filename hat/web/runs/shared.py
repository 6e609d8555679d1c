"""Routes of share links: members make and revoke them, whoever has one reads that one report."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.params.functions import Header
from pydantic import Field

from hat.web.accounts.people import person
from hat.web.accounts.schemas import UserBrief
from hat.web.paging import PageOf, whole
from hat.web.projects.models import Role
from hat.web.runs.access import case_run_of, run_for
from hat.web.runs.bodies import whole_body
from hat.web.runs.delta import delta
from hat.web.runs.detail import case_detail
from hat.web.runs.models import ShareLink
from hat.web.runs.schemas import BodyOut, BodyQuery, Delta
from hat.web.runs.sharing import link_of, living, revoke, share, shared_run

router = Router(tags=["share links"])

# A header and not a part of the address: addresses end in logs, histories and referrers.
Secret = Annotated[str, Header(alias="X-Share-Secret", max_length=100)]


class ShareLinkNew(Schema):
    days: int = Field(7, ge=1, le=3650)


class ShareLinkOut(Schema):
    id: int
    created_by: UserBrief | None
    created_at: datetime
    expires_at: datetime
    last_opened_at: datetime | None = Field(alias="opened_at")


class ShareLinkMade(ShareLinkOut):
    secret: str


class ShareLinkList(PageOf[ShareLinkOut]):
    """Links that still open; `most_days` is how long a new one may live, 0: there are no new ones."""

    most_days: int


@router.get("/runs/{pk}/share-links", response=ShareLinkList, operation_id="share_links")
def list_links(request: HttpRequest, pk: int) -> dict[str, Any]:
    run = run_for(person(request), pk, Role.WRITER)
    return {**whole(living(run)), "most_days": settings.HAT_SHARE_DAYS}


@router.post("/runs/{pk}/share-links", response={201: ShareLinkMade}, operation_id="share_report")
def make_link(request: HttpRequest, pk: int, payload: ShareLinkNew) -> ShareLink:
    """The link is /shared# and the secret; it is shown this once."""
    user = person(request)
    link, secret = share(user, run_for(user, pk, Role.WRITER), days=payload.days)
    link.secret = secret
    return link


@router.delete("/runs/{pk}/share-links/{link_id}", response={204: None}, operation_id="revoke_share_link")
def revoke_link(request: HttpRequest, pk: int, link_id: int) -> None:
    revoke(link_of(run_for(person(request), pk, Role.WRITER), link_id))


@router.get("/shared/delta", response=Delta, auth=None, operation_id="shared_delta")
def read_shared(request: HttpRequest, secret: Secret = "", after: str = "") -> dict[str, Any]:
    """What is new since a cursor in the report behind a link; who started it is left out."""
    page = delta(shared_run(secret), after)
    page["run"] |= {"created_by": None}
    page["cases"] = [{**case, "case_id": None} for case in page["cases"]]
    return page


@router.get("/shared/cases/{case_run_pk}/body", response=BodyOut, auth=None, operation_id="shared_whole_body")
def read_shared_body(
    request: HttpRequest, case_run_pk: int, query: Query[BodyQuery], secret: Secret = ""
) -> dict[str, str]:
    case_run = case_run_of(shared_run(secret), case_run_pk)
    return {"body": whole_body(case_run, query.step, query.hop, query.part)}


@router.get(
    "/shared/cases/{case_run_pk}", response=dict[str, Any], auth=None, operation_id="shared_case_result"
)
def read_shared_case(request: HttpRequest, case_run_pk: int, secret: Secret = "") -> dict[str, Any]:
    """A case result of the report behind a link, without what other runs say of the case."""
    detail = case_detail(case_run_of(shared_run(secret), case_run_pk))
    return {**detail, "case_id": None, "history": []}
