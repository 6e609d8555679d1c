"""Tables of what was run: run with snapshot, history and share links, limits, results, bodies, worker."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from hat.web.projects.columns import JsonText
from hat.web.projects.models import LABEL_LENGTH, NAME_LENGTH, Case, Environment, Project, Removable


class Status(models.TextChoices):
    """Where a run is."""

    QUEUED = "queued", "queued"
    RUNNING = "running", "running"
    FINISHED = "finished", "finished"
    CANCELLED = "cancelled", "cancelled"


class Trigger(models.TextChoices):
    """Who started a run."""

    MANUAL = "manual", "a person"
    SCHEDULE = "schedule", "a schedule"
    API = "api", "a script"


class Alerting(models.TextChoices):
    """Whether channels are told how a run went."""

    USUAL = "usual", "as each channel says"
    ALWAYS = "always", "all channels are"
    NEVER = "never", "none is"


class Kind(models.TextChoices):
    """A run that is kept in the lists, a try of something not saved yet, or a part of a run."""

    RUN = "run", "run"
    TRY = "try", "try"
    SHARD = "shard", "part of a run"


def pass_rate(passed: int, failed: int, error: int) -> float | None:
    """How many of the cases that ran have passed, in percent; None where none ran."""
    ran = passed + failed + error
    return round(100 * passed / ran, 1) if ran else None


class Run(Removable):
    """One execution of chosen cases in one environment; this row is the truth, a queue carries only hints."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="runs")
    environment = models.ForeignKey(Environment, on_delete=models.SET_NULL, null=True, related_name="runs")
    environment_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.RUN)
    trigger = models.CharField(max_length=16, choices=Trigger.choices, default=Trigger.MANUAL)
    name = models.CharField(max_length=NAME_LENGTH)
    idempotency_key = models.CharField(max_length=200, blank=True)
    # A run in shards is carried out by rows of its own, one for each; this row follows them and joins them.
    part_of = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="parts")
    shard = models.IntegerField(default=0)  # which part this is, from 1
    shards = models.IntegerField(default=0)  # how many parts there are; 0: a worker takes the run as a whole
    label = models.CharField(max_length=LABEL_LENGTH, blank=True)  # only workers that have it take the run
    retry_of = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="retries")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    elapsed_ms = models.FloatField(null=True)

    status = models.CharField(max_length=16, choices=Status.choices, default=Status.QUEUED)
    outcome = models.CharField(max_length=8, blank=True)
    reason = models.TextField(blank=True)
    pinned = models.BooleanField(default=False)  # kept whatever its age
    priority = models.IntegerField(default=0)
    attempt = models.IntegerField(default=0)
    max_attempts = models.IntegerField(default=3)
    lease_owner = models.CharField(max_length=300, blank=True)
    lease_until = models.DateTimeField(null=True)
    cancel_at = models.DateTimeField(null=True)
    deadline_s = models.IntegerField(default=3600)
    kicked_at = models.DateTimeField(null=True)  # when workers were last told that it waits
    alerts = models.CharField(max_length=8, choices=Alerting.choices, default=Alerting.USUAL)
    told = models.BooleanField(default=False)  # its alerts were written down, or there are none

    # The numbers of the cases done so far; `total` grows when a case turns out to have rows.
    total = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    passed = models.IntegerField(default=0)
    failed = models.IntegerField(default=0)
    error = models.IntegerField(default=0)
    skipped = models.IntegerField(default=0)
    flaky = models.IntegerField(default=0)  # of the passed: how many only after a retry
    step_counts = JsonText(default=dict)
    check_counts = JsonText(default=dict)
    underway = JsonText(default=dict)  # what its worker is at, for the live page; empty once it has none

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="run_status_known"),
            models.UniqueConstraint(
                fields=["project", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="run_accepted_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["priority", "id"], condition=Q(status="queued"), name="run_queued"),
            models.Index(fields=["lease_until"], condition=Q(status="running"), name="run_leased"),
            models.Index(fields=["project", "kind", "-id"], name="run_of_project"),
            models.Index(fields=["kind", "created_at"], name="run_by_day"),
            models.Index(fields=["part_of", "shard"], condition=Q(part_of__isnull=False), name="run_shards"),
            models.Index(
                fields=["id"],
                condition=Q(told=False, kind="run", status__in=("finished", "cancelled")),
                name="run_untold",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Limits(models.Model):
    """What a project's owner allows its runs; a project without a row has the defaults."""

    project = models.OneToOneField(
        Project, on_delete=models.CASCADE, primary_key=True, related_name="run_limits"
    )
    concurrency = models.PositiveIntegerField(null=True)  # runs at the same time; None: as many as there are
    deadline_s = models.PositiveIntegerField(default=3600)
    keep_days = models.PositiveIntegerField(null=True)
    keep_runs = models.PositiveIntegerField(null=True)
    label = models.CharField(max_length=LABEL_LENGTH, blank=True)  # for runs whose environment has none

    def __str__(self) -> str:
        return f"limits of project {self.project_id}"


class Snapshot(models.Model):
    """What a run executes, frozen at its start and packed; no secret in it."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, primary_key=True, related_name="snapshot")
    packed = models.BinaryField()

    def __str__(self) -> str:
        return f"snapshot of run {self.run_id}"


class CaseRun(models.Model):
    """What one case (one data row of it) left; written once, with its names, so deletions break nothing."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="case_runs")
    seq = models.BigIntegerField()
    attempt = models.IntegerField(default=1)
    # Without a constraint: a case may go while its result is on the way.
    case = models.ForeignKey(
        Case, on_delete=models.SET_NULL, null=True, related_name="case_runs", db_constraint=False
    )
    name = models.CharField(max_length=500)
    module = models.CharField(max_length=NAME_LENGTH, blank=True)
    row = JsonText(null=True)
    outcome = models.CharField(max_length=8)
    elapsed_ms = models.FloatField(default=0)
    finished_at = models.DateTimeField()
    reason = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=16, blank=True)
    counts = JsonText(default=dict)
    # Last, because SQLite reads a row up to the last column asked for.
    outline = JsonText(default=list)
    packed = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "seq"], name="case_run_once")]
        indexes: ClassVar = [
            models.Index(fields=["run", "id"], name="case_run_cursor"),
            models.Index(fields=["case", "-id"], name="case_run_history"),
            models.Index(fields=["case", "-run", "outcome"], name="case_run_last"),
        ]

    def __str__(self) -> str:
        return f"{self.name} in run {self.run_id}"


class LongBody(models.Model):
    """The rest of one long body of a case result; its beginning is in the result."""

    # Its index is that of the constraint.
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="long_bodies", db_index=False)
    seq = models.BigIntegerField()
    place = models.TextField()  # path of the step, hop and part, such as 0.2/0/response
    packed = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "seq", "place"], name="long_body_once")
        ]

    def __str__(self) -> str:
        return f"{self.place} of result {self.seq} in run {self.run_id}"


class RunEvent(models.Model):
    """One line of a run's visible history."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(auto_now_add=True)
    attempt = models.IntegerField(default=0)
    kind = models.CharField(max_length=16)
    owner = models.CharField(max_length=300, blank=True)
    detail = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.kind} of run {self.run_id}"


class ShareLink(models.Model):
    """A link that shows the report of one run to whoever has it, until it expires; stored as SHA-256."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="share_links")
    digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)  # last, to the minute

    secret: str = ""  # as that of a token

    def __str__(self) -> str:
        return self.run.name

    @property
    def project(self) -> Project:
        """Where the audit log files it."""
        return self.run.project


class Worker(models.Model):
    """A worker process as it last showed itself; for people only, nothing is decided by it."""

    owner = models.CharField(max_length=300, unique=True)
    host = models.CharField(max_length=200)
    pid = models.IntegerField()
    started_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField()
    slots = models.IntegerField(default=1)
    busy = models.IntegerField(default=0)
    version = models.CharField(max_length=50, blank=True)
    sandbox = models.CharField(max_length=200, blank=True)
    transport = models.CharField(max_length=8, default="db")
    labels = JsonText(default=list)
    unlabelled = models.BooleanField(default=True)  # takes runs that ask for no label, too

    def __str__(self) -> str:
        return self.owner
