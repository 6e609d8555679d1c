"""Labels: a run that asks for one waits for a worker that has it, such as one in the right network zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from hat.web.projects.inheritance import label_of
from hat.web.projects.models import Environment, Project
from hat.web.runs.limits import limits_of
from hat.web.runs.models import Run, Worker


@dataclass(frozen=True, slots=True)
class Taste:
    """Which runs a worker takes: those that ask for one of its labels and, maybe, those that ask for none."""

    labels: Sequence[str] = ()
    unlabelled: bool = True

    @property
    def names(self) -> list[str]:
        """The labels as runs have them, '' for none."""
        return [*([""] if self.unlabelled else []), *self.labels]

    def of(self, runs: QuerySet[Run]) -> QuerySet[Run]:
        """Those of the runs that the worker takes."""
        return runs.filter(shards=0, label__in=self.names)

    def anything_waits(self) -> bool:
        """Whether a claim would find something; cheap enough to be asked twenty times a second."""
        # Literals, so that the small index of queued runs answers.
        sql = "SELECT 1 FROM runs_run WHERE status = 'queued' AND shards = 0 AND label = %s LIMIT 1"
        with connection.cursor() as cursor:
            for name in self.names:
                cursor.execute(sql, [name])
                if cursor.fetchone() is not None:
                    return True
        return False


def label_for(project: Project, environment: Environment | None, wished: str) -> str:
    """Which label a run asks for: its own, else that of its environment, else that of its project."""
    return wished or (label_of(environment) if environment else "") or limits_of(project).label


def hinted_labels() -> list[str]:
    """Labels that hints are given for: a broker gets a queue for those of workers, whatever people write."""
    if not settings.HAT_BROKER_URL:
        return []
    found = {label for labels in Worker.objects.values_list("labels", flat=True) for label in labels}
    return ["", *sorted(found)]
