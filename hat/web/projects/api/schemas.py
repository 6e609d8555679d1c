"""Shapes of projects, members, modules, environments and functions in the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from hat.web.accounts.schemas import UserBrief
from hat.web.paging import PageOf
from hat.web.projects.credentials import shown
from hat.web.text import Id, Label, Line, Name, Search, Source, Text

RoleWord = Literal["owner", "writer", "runner", "reader"]
Dialect = Literal["hat", "httprunner2", "httprunner25", "httprunner3", "httprunner4"]
# An object name -> value, or a list of rows {name, value, enabled, description}.
Map = dict[str, Any] | list[dict[str, Any]]


class RunBrief(Schema):
    id: int
    name: str
    status: str
    outcome: str | None
    finished_at: datetime | None


Credentials = Annotated[dict[str, Any], Field(max_length=20)]


class ProjectNew(Schema):
    name: Name
    description: Text = ""
    dialect: Dialect = "hat"


class ProjectPatch(Schema):
    name: Name | None = None
    description: Text | None = None
    archived: bool | None = None
    dialect: Dialect | None = None
    auth: Credentials | None = None


class ProjectOut(Schema):
    id: int
    name: str
    description: str
    dialect: Dialect
    auth: dict[str, Any]
    role: RoleWord
    archived: bool
    module_count: int
    case_count: int
    member_count: int
    last_run: RunBrief | None
    trend: list[str]
    pass_rates: list[float]  # of the last runs in percent, newest first
    updated_at: datetime


class ProjectList(PageOf[ProjectOut]):
    """Projects the asker may see."""


class MemberNew(Schema):
    username: Annotated[Search, Field(max_length=150)]
    role: RoleWord
    edits_functions: bool = True


class MemberPatch(Schema):
    role: RoleWord | None = None
    edits_functions: bool | None = None


class MemberOut(Schema):
    """A member; whether somebody edits functions counts for a writer."""

    id: int
    user: UserBrief
    role: RoleWord
    edits_functions: bool


class MemberList(PageOf[MemberOut]):
    """Members of a project."""


class PeopleList(PageOf[UserBrief]):
    """Users as a filter offers them."""


class ModuleNew(Schema):
    name: Name


class ModulePatch(Schema):
    name: Name | None = None
    auth: Credentials | None = None
    position: int | None = Field(None, ge=0, le=1_000_000)


class ModuleOut(Schema):
    id: int
    name: str
    position: int
    auth: dict[str, Any]
    case_count: int


class ModuleList(PageOf[ModuleOut]):
    """Modules of a project."""


class EnvironmentNew(Schema):
    name: Name
    base_id: Id | None = None
    note: Text = ""
    base_url: Line = ""
    services: dict[str, Line] = {}
    variables: Map = {}
    secrets: dict[str, Annotated[str, Field(max_length=100_000)] | None] = {}
    auth: Credentials = {}
    verify: bool = True
    is_default: bool = False
    label: Label = ""


class EnvironmentPatch(Schema):
    name: Name | None = None
    base_id: Id | None = None
    note: Text | None = None
    base_url: Line | None = None
    services: dict[str, Line] | None = None
    variables: Map | None = None
    secrets: dict[str, Annotated[str, Field(max_length=100_000)] | None] | None = None
    auth: Credentials | None = None
    verify: bool | None = None
    is_default: bool | None = None
    label: Label | None = None
    position: int | None = Field(None, ge=0, le=1_000_000)


class EnvironmentOut(Schema):
    id: int
    base_id: int | None
    name: str
    note: str
    base_url: str
    services: dict[str, str]
    variables: Map
    secrets: dict[str, bool]
    auth: dict[str, Any]
    verify: bool
    is_default: bool
    label: str
    position: int

    @staticmethod
    def resolve_auth(row: Any) -> dict[str, Any]:
        return shown(row.auth)

    @staticmethod
    def resolve_secrets(row: Any) -> dict[str, bool]:
        return dict.fromkeys(row.secrets, True)


class EnvironmentList(PageOf[EnvironmentOut]):
    """Environments of a project."""


class FunctionsPut(Schema):
    source: Source
    version: int


class SourceIn(Schema):
    source: Source


class SignatureOut(Schema):
    name: str
    arguments: str
    doc: str
    line: int


class SourceErrorOut(Schema):
    line: int
    message: str


class FunctionsCheck(Schema):
    functions: list[SignatureOut]
    errors: list[SourceErrorOut]


class FunctionsVerdict(Schema):
    """What a reviewer says of the version that was saved last."""

    version: int
    approved: bool
    note: Annotated[Text, Field(max_length=2000)] = ""


class FunctionsReview(Schema):
    """A change that waits for a reviewer, or was rejected; runs use version `active`."""

    active: int
    verdict: str
    note: str
    judged_by: UserBrief | None
    may_judge: bool


class FunctionsOut(FunctionsCheck):
    may_edit: bool
    network: bool
    review: FunctionsReview | None
    source: str
    version: int
    updated_at: datetime | None
    updated_by: UserBrief | None


class CallerOut(Schema):
    id: int
    name: str
    module: str


class CallersOut(Schema):
    name: str
    defined: bool
    total: int
    cases: list[CallerOut]


class CallersList(PageOf[CallersOut]):
    """Functions that cases call, by name."""


class Revision(Schema):
    version: int
    at: datetime
    by: UserBrief | None
    note: str


class RevisionList(PageOf[Revision]):
    """Revisions, newest first."""


class SourceOut(Schema):
    source: str
