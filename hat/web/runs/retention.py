"""Old runs: deleted with their results where a project does not keep them; the last green ones stay."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from hat.web.runs.models import CaseRun, Kind, Limits, LongBody, Run, RunEvent, Snapshot, Status

AT_ONCE = 50  # runs in one transaction, so that nobody waits long for the database
PAGES = 2000  # given back to the disk in one go, for the same reason


def forget_old_runs() -> int:
    """Delete what no project wants to keep any more; answers how many runs that were."""
    limited = Limits.objects.filter(Q(keep_days__isnull=False) | Q(keep_runs__isnull=False))
    count = sum(delete_runs(_too_old(limits)) for limits in limited)
    if count and connection.vendor == "sqlite":
        _give_back_space()
    return count


def _too_old(limits: Limits) -> list[int]:
    """Runs that are over, past the age or the count, neither pinned nor the last green of an environment."""
    runs = Run.objects.filter(project=limits.project_id, part_of=None)
    over = runs.filter(status__in=(Status.FINISHED, Status.CANCELLED), pinned=False)
    old: set[int] = set()
    if limits.keep_days is not None:
        before = timezone.now() - timedelta(days=limits.keep_days)
        old |= set(over.filter(finished_at__lt=before).values_list("pk", flat=True))
    if limits.keep_runs is not None:
        # Tries count apart: nobody sees them in a list, and many of them must not cost a run.
        for kind in (Kind.RUN, Kind.TRY):
            newest_first = over.filter(kind=kind).order_by("-pk")
            old |= set(newest_first.values_list("pk", flat=True)[limits.keep_runs :])
    return sorted(old - set(_last_green(runs)))


def _last_green(runs: QuerySet[Run]) -> list[int]:
    green = runs.filter(outcome="passed", kind=Kind.RUN, deleted_at=None).order_by()
    return list(green.values("environment").annotate(last=Max("pk")).values_list("last", flat=True))


def delete_runs(pks: list[int]) -> int:
    """Delete runs with their results, a few at a time."""
    for first in range(0, len(pks), AT_ONCE):
        some = pks[first : first + AT_ONCE]
        with transaction.atomic():
            for part in (CaseRun, LongBody, RunEvent, Snapshot):
                part.objects.filter(run__in=some).delete()
            Run.objects.filter(pk__in=some).delete()
    return len(pks)


def _give_back_space() -> None:
    """Make the file of SQLite smaller; other databases see to that by themselves."""
    with connection.cursor() as cursor:
        before = None
        while (free := cursor.execute("PRAGMA freelist_count").fetchone()[0]) not in (0, before):
            before = free
            cursor.execute(f"PRAGMA incremental_vacuum({PAGES})").fetchall()
