"""Routes of the packages functions may import: the list, and how its installation goes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from hat.web.accounts.people import require_admin
from hat.web.projects.services.packages import change_packages, installation, list_now, packages_now

router = Router(tags=["system"])


class PackageList(Schema):
    """One `NAME==VERSION` a line; what they need has to be listed as well."""

    text: str = Field(max_length=20_000)


class InstallationOut(PackageList):
    """`said`: the last line of the work, or why it failed."""

    state: Literal["working", "done", "failed"]
    said: str
    by: str
    at: datetime


class Packages(PackageList):
    """The list as it is, what is installed on this machine, and how the newest installation went."""

    installed: list[str]
    installation: InstallationOut | None


@router.get("/packages", response=Packages, operation_id="read_packages")
def read(request: HttpRequest) -> dict[str, Any]:
    require_admin(request)
    return _state()


@router.put("/packages", response={202: Packages}, operation_id="change_packages")
def write(request: HttpRequest, payload: PackageList) -> dict[str, Any]:
    """Install them on this machine, in the background; it holds for runs that begin afterwards."""
    change_packages(payload.text, require_admin(request).username)
    return _state()


def _state() -> dict[str, Any]:
    newest = installation()
    return {"text": list_now(), "installed": packages_now(), "installation": newest}
