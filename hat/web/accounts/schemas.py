"""Shapes of people in the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from hat.web.paging import PageOf
from hat.web.text import Id, Line, Name, Search

Password = Annotated[str, Field(max_length=1000)]
Username = Annotated[Name, Field(max_length=150)]
Language = Literal["", "en", "zh"]
Theme = Literal["system", "light", "dark"]
Grid = Literal["rows", "text"]


class UserBrief(Schema):
    id: int
    username: str
    name: str


class UserOut(UserBrief):
    language: Language
    theme: Theme
    grid: Grid
    is_admin: bool
    has_password: bool


class Account(UserOut):
    is_active: bool
    created_at: datetime
    last_login: datetime | None


class AccountList(PageOf[Account]):
    """Users of the installation."""


class Session(Schema):
    """Who is signed in, and how one may; `oidc` is the name of the provider, null: there is none."""

    user: UserOut | None
    setup_required: bool
    setup_token_required: bool
    setup_asks_targets: bool
    demo_available: bool
    oidc: str | None
    version: str
    csrf_token: str


class SignIn(Schema):
    username: Annotated[Search, Field(max_length=150)]
    password: Password


class Setup(Schema):
    username: Username
    password: Password
    name: Line = ""
    language: Language = ""
    demo: bool = False
    token: Line = ""
    private_targets: bool | None = None


class MePatch(Schema):
    name: Annotated[Line, Field(max_length=150)] | None = None
    language: Language | None = None
    theme: Theme | None = None
    grid: Grid | None = None


class PasswordChange(Schema):
    old: Password
    new: Password


class VisitOut(Schema):
    """An open session; `current` is the one that asks."""

    id: int
    browser: str
    system: str
    address: str
    created_at: datetime
    seen_at: datetime
    current: bool


class VisitList(PageOf[VisitOut]):
    """Open sessions, last used first."""


class IdentityOut(Schema):
    """Who one is to a provider that may vouch for one."""

    id: int
    provider: str
    created_at: datetime


class IdentityList(PageOf[IdentityOut]):
    """The identities of one user; `directory` says whether there is a directory here."""

    directory: bool


class Joining(Schema):
    """By whom somebody may sign in: an entry of the directory, or an account that a provider vouches for."""

    directory_name: Annotated[str, Field(max_length=150)] = ""
    username: Annotated[str, Field(max_length=150)] = ""


class Way(Schema):
    """A page to open next."""

    url: str


class UserNew(Schema):
    username: Username
    password: Password
    name: Annotated[Line, Field(max_length=150)] = ""
    is_admin: bool = False


class UserPatch(Schema):
    is_active: bool | None = None
    is_admin: bool | None = None
    name: Annotated[Line, Field(max_length=150)] | None = None
    password: Password | None = None


class ProjectRef(Schema):
    id: int
    name: str


class InvitationNew(Schema):
    """`note` says for whom it is; with a project it makes a member of it."""

    note: Annotated[Name, Field(max_length=150)]
    project_id: Id | None = None
    role: Literal["reader", "runner", "writer", "owner"] = "reader"
    days: int = Field(7, ge=1, le=90)


class InvitationOut(Schema):
    id: int
    note: str
    project: ProjectRef | None
    role: str
    created_by: UserBrief | None
    created_at: datetime
    expires_at: datetime


class InvitationMade(InvitationOut):
    secret: str


class InvitationList(PageOf[InvitationOut]):
    """Invitations that may still be accepted."""


class Invited(Schema):
    """What the page of an invitation says."""

    invited_by: str
    project: str
    expires_at: datetime


class InvitationSecret(Schema):
    """What stands behind the # of an invitation's link."""

    secret: Annotated[str, Field(max_length=100)]


class InvitationAccept(InvitationSecret):
    username: Username
    password: Password
    name: Annotated[Line, Field(max_length=150)] = ""
    language: Language = ""


class TokenNew(Schema):
    name: Annotated[Name, Field(max_length=150)]
    scope: Literal["read", "run", "write"]
    project_id: Id | None = None
    days: int | None = Field(None, ge=1, le=3650)


class TokenOut(Schema):
    id: int
    name: str
    scope: Literal["read", "run", "write"]
    project: ProjectRef | None
    prefix: str = Field(alias="hint")
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None = Field(alias="used_at")


class TokenMade(TokenOut):
    secret: str


class TokenList(PageOf[TokenOut]):
    """Tokens of the asker."""
