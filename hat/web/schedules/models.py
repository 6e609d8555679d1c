"""Tables of schedules: when to start which run, and each time that came."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from hat.web.projects.columns import JsonText
from hat.web.projects.models import NAME_LENGTH, Environment, Project, Removable
from hat.web.runs.models import Run

CRON_LENGTH = 200
ZONE_LENGTH = 100


class Missed(models.TextChoices):
    """What happens to times that passed while no clock was running."""

    ONCE = "once", "one run for all of them"
    SKIP = "skip", "none, unless it is hardly late"


class Overlap(models.TextChoices):
    """What happens when the run before is not over."""

    QUEUE = "queue", "start the next behind it"
    SKIP = "skip", "leave this time out"


class Schedule(Removable):
    """When to start which run; `next_at` is set exactly while it is switched on and not deleted."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="schedules")
    name = models.CharField(max_length=NAME_LENGTH)
    cron = models.CharField(max_length=CRON_LENGTH)
    zone = models.CharField(max_length=ZONE_LENGTH)
    everything = models.BooleanField(default=False)
    # Numbers in the order they run; what was deleted meanwhile stays in the list.
    cases = JsonText(default=list)
    modules = JsonText(default=list)
    suites = JsonText(default=list)
    # Never set to none by a deletion: a run against nothing is not the run that was asked for.
    environment = models.ForeignKey(
        Environment, on_delete=models.RESTRICT, null=True, related_name="schedules"
    )
    run_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    options = JsonText(default=dict)
    missed = models.CharField(max_length=8, choices=Missed.choices, default=Missed.ONCE)
    overlap = models.CharField(max_length=8, choices=Overlap.choices, default=Overlap.QUEUE)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="schedules"
    )
    enabled = models.BooleanField(default=True)
    off_code = models.CharField(max_length=32, blank=True)
    off_reason = models.TextField(blank=True)
    next_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar = ["name", "id"]
        indexes: ClassVar = [models.Index(fields=["next_at"], name="schedule_due")]

    def __str__(self) -> str:
        return self.name


class Fire(models.Model):
    """A time that came and what became of it; a schedule has each time once, however many clocks tick."""

    class Result(models.TextChoices):
        STARTED = "started", "a run was started"
        SKIPPED = "skipped", "no run was started"

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="fires")
    fire_at = models.DateTimeField()
    result = models.CharField(max_length=8, choices=Result.choices)
    note_code = models.CharField(max_length=32, blank=True)
    note = models.TextField(blank=True)
    # Earlier times that passed unused before this one, because no clock was running.
    missed = models.IntegerField(default=0)
    run = models.OneToOneField(Run, on_delete=models.SET_NULL, null=True, related_name="fire")
    told = models.BooleanField(default=False)  # its alerts were written down, or there are none

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["schedule", "fire_at"], name="fire_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(told=False, result="skipped"), name="fire_untold"),
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id} at {self.fire_at:%Y-%m-%d %H:%M}"
