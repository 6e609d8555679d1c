"""Tables of alerts: the channels of a project, and each alert that is or was to be sent."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from hat.web.projects.columns import JsonText
from hat.web.projects.models import NAME_LENGTH, Project, Removable
from hat.web.runs.models import Run, Trigger
from hat.web.schedules.models import Fire


class Language(models.TextChoices):
    """What alerts are written in."""

    ENGLISH = "en", "English"
    CHINESE = "zh", "Chinese"


class When(models.TextChoices):
    """Which finished runs a channel is told about."""

    CHANGE = "change", "when a case goes red or recovers"
    RED = "red", "when a run did not pass"
    ALWAYS = "always", "after every run"


def usual_triggers() -> list[str]:
    """Whoever starts a run by hand looks at it anyway."""
    return [Trigger.SCHEDULE.value, Trigger.API.value]


class Channel(Removable):
    """Where alerts of a project go; of the address only the harmless part stands in the clear."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="channels")
    name = models.CharField(max_length=NAME_LENGTH)
    kind = models.CharField(max_length=16)
    sealed = models.TextField()  # address and signing secret
    place = models.CharField(max_length=300)  # host of the address, or domains of the mail addresses
    is_signed = models.BooleanField(default=False)
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.ENGLISH)
    when = models.CharField(max_length=8, choices=When.choices, default=When.CHANGE)
    triggers = JsonText(default=usual_triggers)
    enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Fate(models.TextChoices):
    """What became of an alert."""

    WAITING = "waiting", "waits to be sent"
    SENT = "sent", "arrived"
    FAILED = "failed", "was given up"


class Alert(models.Model):
    """One message to one channel about one finished run, or one time of a schedule that brought no run.

    `due_at` is when it may be taken: taking it moves that ahead, so whoever dies with it leaves it to others.
    """

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="alerts")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, null=True, related_name="+")
    fire = models.ForeignKey(Fire, on_delete=models.CASCADE, null=True, related_name="alert")
    fate = models.CharField(max_length=8, choices=Fate.choices, default=Fate.WAITING)
    attempt = models.IntegerField(default=0)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "run"], name="alert_of_run_once"),
            models.UniqueConstraint(fields=["channel", "fire"], name="alert_of_fire_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(fate="waiting"), name="alert_due"),
            models.Index(fields=["channel", "-id"], name="alert_last"),
        ]

    def __str__(self) -> str:
        return f"alert {self.pk} to {self.channel}"
