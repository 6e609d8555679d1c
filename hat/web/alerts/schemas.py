"""Shapes of channels in the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import AfterValidator, Field

from hat.web.alerts.kinds import KINDS
from hat.web.alerts.models import Fate, Language, When
from hat.web.paging import PageOf
from hat.web.runs.models import Trigger
from hat.web.text import Line, Name


def _kind(word: str) -> str:
    if word not in KINDS:
        raise ValueError(f"there is no kind of channel '{word}'")
    return word


KindWord = Annotated[str, Field(max_length=16), AfterValidator(_kind)]
Triggers = Annotated[list[Trigger], Field(max_length=3)]
Secret = Annotated[Line, Field(max_length=500)]


class ChannelNew(Schema):
    """A channel: an address (a URL, or mail addresses with commas) that is never shown again."""

    name: Name
    kind: KindWord
    address: Line
    secret: Secret = ""
    language: Language = Language.ENGLISH
    when: When = When.CHANGE
    triggers: Triggers = [Trigger.SCHEDULE, Trigger.API]
    enabled: bool = True


class ChannelPatch(Schema):
    """What to change; the rest stays, and so do address and secret. An empty secret takes it away."""

    name: Name | None = None
    address: Line | None = None
    secret: Secret | None = None
    language: Language | None = None
    when: When | None = None
    triggers: Triggers | None = None
    enabled: bool | None = None


class LastAlert(Schema):
    """The last alert of a channel: the run or the schedule it told of, and how that went."""

    at: datetime
    fate: Fate
    attempt: int
    next_at: datetime | None
    run_id: int | None
    about: str
    error: str


class ChannelOut(Schema):
    """A channel without its secrets; `place` is the harmless part of the address."""

    id: int
    name: str
    kind: str
    place: str
    is_signed: bool
    language: Language
    when: When
    triggers: list[Trigger]
    enabled: bool
    last: LastAlert | None


class ChannelKind(Schema):
    """A kind of channel: whether it goes by mail, takes a signing secret, and can be used here."""

    name: str
    is_mail: bool
    takes_secret: bool
    ready: bool


class ChannelList(PageOf[ChannelOut]):
    """Channels of a project, with the kinds there are; `linked`: messages can lead to the report."""

    kinds: list[ChannelKind]
    linked: bool


class Tried(Schema):
    """How a test went."""

    sent: bool
    error: str = ""
