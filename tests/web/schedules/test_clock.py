"""The tick: what is due starts once, one bad row stops nobody, and every refusal says why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from hat.web.projects.models import Environment, Member, Module
from hat.web.runs.models import Run
from hat.web.runs.snapshot import Snapshot
from hat.web.schedules.clock import tick
from hat.web.schedules.models import Fire, Schedule
from tests.web.schedules.conftest import NOON

Make = Callable[..., Any]
HOUR = timedelta(hours=1)


def last_fire(schedule: Any) -> Fire:
    fire: Fire = schedule.fires.order_by("-fire_at")[0]
    return fire


def cases_of(run: Any) -> list[int | None]:
    return [case.case_id for case in Snapshot.unpack(run.snapshot.packed).cases]


def test_what_is_due_starts_a_run_in_the_name_of_its_owner(make_schedule: Make) -> None:
    schedule = make_schedule()

    assert tick(NOON) == 1

    run = Run.objects.get()
    assert (run.name, run.trigger, run.created_by) == ("Nightly", "schedule", schedule.owner)
    schedule.refresh_from_db()
    assert (schedule.next_at, schedule.last_at) == (NOON + HOUR, NOON)
    assert (last_fire(schedule).fire_at, last_fire(schedule).run, last_fire(schedule).missed) == (
        NOON,
        run,
        0,
    )


def test_a_second_tick_starts_nothing(make_schedule: Make) -> None:
    make_schedule()
    tick(NOON)

    assert tick(NOON + timedelta(seconds=1)) == 0
    assert Run.objects.count() == 1


def test_what_is_not_due_waits(make_schedule: Make) -> None:
    make_schedule()

    assert tick(NOON - timedelta(seconds=1)) == 0


def test_a_tick_with_nothing_due_is_one_query(make_schedule: Make, django_assert_num_queries: Any) -> None:
    make_schedule()

    with django_assert_num_queries(1):
        tick(NOON - HOUR)


def test_a_time_that_was_used_already_is_not_used_again(make_schedule: Make) -> None:
    schedule = make_schedule()
    tick(NOON)
    Schedule.objects.update(next_at=NOON)  # as after a clock that was set back

    assert tick(NOON) == 0
    schedule.refresh_from_db()
    assert (Run.objects.count(), schedule.next_at) == (1, NOON + HOUR)


def test_a_module_is_run_by_its_number(make_schedule: Make, project: Any, make_case: Make) -> None:
    modules = [Module.objects.create(project=project, name=f"Module {number}") for number in range(12)]
    cases = [make_case(f"Case {number}", module=module) for number, module in enumerate(modules)]
    make_schedule(modules=[modules[11].pk])

    tick(NOON)

    assert cases_of(Run.objects.get()) == [cases[11].pk]


def test_cases_run_in_the_order_they_were_chosen(make_schedule: Make, make_case: Make) -> None:
    first, second, third = (make_case(name) for name in ("a", "b", "c"))
    make_schedule(cases=[third.pk, first.pk, second.pk])

    tick(NOON)

    assert cases_of(Run.objects.get()) == [third.pk, first.pk, second.pk]


def test_it_runs_in_its_environment_with_its_options_under_its_name(
    make_schedule: Make, project: Any
) -> None:
    environment = Environment.objects.create(project=project, name="staging")
    make_schedule(environment=environment, run_name="Smoke", options={"retries": 2})

    tick(NOON)

    run = Run.objects.get()
    assert (run.name, run.environment, Snapshot.unpack(run.snapshot.packed).options) == (
        "Smoke",
        environment,
        {"concurrency": None, "fail_fast": False, "retries": 2},
    )


@pytest.mark.parametrize(("missed", "runs"), [("once", 1), ("skip", 1)])
def test_times_that_passed_become_one_run_and_the_rest_is_noted(
    make_schedule: Make, missed: str, runs: int
) -> None:
    schedule = make_schedule(missed=missed)

    assert tick(NOON + 5 * HOUR + timedelta(minutes=10)) == runs

    fire = last_fire(schedule)
    assert (fire.fire_at, fire.result, fire.missed) == (NOON + 5 * HOUR, "started", 5)


@pytest.mark.parametrize(("missed", "result"), [("once", "started"), ("skip", "skipped")])
def test_a_nightly_run_that_is_hours_late_goes_by_its_policy(
    make_schedule: Make, missed: str, result: str
) -> None:
    schedule = make_schedule(cron="0 12 * * *", missed=missed)

    tick(NOON + 3 * HOUR)

    schedule.refresh_from_db()
    assert (last_fire(schedule).result, schedule.next_at) == (result, NOON + 24 * HOUR)
    assert schedule.enabled


def test_a_time_that_is_hardly_late_runs_under_either_policy(make_schedule: Make) -> None:
    make_schedule(cron="0 12 * * *", missed="skip")

    assert tick(NOON + timedelta(minutes=59)) == 1


@pytest.mark.parametrize(("overlap", "runs"), [("queue", 2), ("skip", 1)])
def test_when_the_run_before_is_not_over_it_goes_by_its_policy(
    make_schedule: Make, overlap: str, runs: int
) -> None:
    schedule = make_schedule(overlap=overlap)
    tick(NOON)

    tick(NOON + HOUR)

    assert Run.objects.count() == runs
    if overlap == "skip":
        assert (last_fire(schedule).note_code, last_fire(schedule).run) == ("overlap", None)


def test_skipping_ends_with_the_run_before(make_schedule: Make) -> None:
    make_schedule(overlap="skip")
    tick(NOON)
    Run.objects.update(status="finished")

    assert tick(NOON + HOUR) == 1


def test_when_a_part_was_deleted_the_rest_runs_and_it_says_so(
    make_schedule: Make, project: Any, make_case: Make
) -> None:
    kept, gone = make_case("kept"), make_case("gone")
    schedule = make_schedule(
        cases=[kept.pk, gone.pk], modules=[Module.objects.create(project=project, name="m").pk]
    )
    type(gone).objects.filter(pk=gone.pk).update(deleted_at=timezone.now())

    tick(NOON)

    assert cases_of(Run.objects.get()) == [kept.pk]
    assert (last_fire(schedule).note_code, last_fire(schedule).note) == (
        "partly",
        "1 of 3 chosen were deleted",
    )


def everything_deleted(schedule: Any) -> None:
    schedule.project.cases.update(deleted_at=timezone.now())


def owner_left(schedule: Any) -> None:
    Member.objects.filter(user=schedule.owner).delete()


def owner_only_reads(schedule: Any) -> None:
    Member.objects.filter(user=schedule.owner).update(role="reader")


def owner_switched_off(schedule: Any) -> None:
    type(schedule.owner).objects.filter(pk=schedule.owner_id).update(is_active=False)


def owner_deleted(schedule: Any) -> None:
    schedule.owner.delete()


def environment_deleted(schedule: Any) -> None:
    environment = Environment.objects.create(
        project=schedule.project, name="staging", deleted_at=timezone.now()
    )
    Schedule.objects.filter(pk=schedule.pk).update(environment=environment)


def project_archived(schedule: Any) -> None:
    type(schedule.project).objects.filter(pk=schedule.project_id).update(archived=True)


def cron_spoilt(schedule: Any) -> None:
    Schedule.objects.filter(pk=schedule.pk).update(cron="* * * *")


def zone_unknown(schedule: Any) -> None:
    Schedule.objects.filter(pk=schedule.pk).update(zone="Mars/Olympus")


def column_spoilt(schedule: Any) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE schedules_schedule SET cases = '[1,' WHERE id = %s", [schedule.pk])


HINDRANCES: dict[Callable[[Any], None], tuple[str, str]] = {
    everything_deleted: ("gone", "every case and module it runs was deleted"),
    owner_left: ("owner", "bob may not run this project any more"),
    owner_only_reads: ("owner", "bob may not run this project any more"),
    owner_switched_off: ("owner", "bob may not run this project any more"),
    owner_deleted: ("owner", "its owner does not exist any more"),
    environment_deleted: ("environment", "its environment 'staging' was deleted"),
    project_archived: ("project", "its project is archived or deleted"),
    cron_spoilt: ("invalid", "cron: a cron expression has five fields, not 4"),
    zone_unknown: ("broken", "it cannot be computed"),
    column_spoilt: ("broken", "it cannot be computed"),
}


@pytest.mark.parametrize("spoil", HINDRANCES, ids=lambda spoil: spoil.__name__)
def test_what_cannot_run_any_more_is_switched_off_with_its_reason(
    make_schedule: Make, spoil: Callable[[Any], None]
) -> None:
    schedule = make_schedule()
    spoil(schedule)

    assert tick(NOON) == 0

    off = Schedule.objects.filter(pk=schedule.pk).values("enabled", "next_at", "off_code", "off_reason").get()
    code, reason = HINDRANCES[spoil]
    assert (off["enabled"], off["next_at"], off["off_code"]) == (False, None, code)
    assert off["off_reason"].startswith(reason)
    assert not Run.objects.exists()


@pytest.mark.parametrize(
    "spoil", [zone_unknown, column_spoilt, cron_spoilt], ids=lambda spoil: spoil.__name__
)
def test_one_bad_row_does_not_stop_the_others(make_schedule: Make, spoil: Callable[[Any], None]) -> None:
    spoil(make_schedule(next_at=NOON - HOUR))
    make_schedule()
    make_schedule(name="Third", next_at=NOON)

    assert tick(NOON) == 2


def test_too_many_waiting_runs_leave_the_schedule_on(make_schedule: Make, project: Any) -> None:
    schedule = make_schedule()
    Run.objects.bulk_create([Run(project=project, name="waits") for _ in range(100)])

    assert tick(NOON) == 0

    schedule.refresh_from_db()
    assert (schedule.enabled, last_fire(schedule).note_code) == (True, "too_many")


def test_a_module_without_cases_leaves_the_schedule_on(make_schedule: Make, project: Any) -> None:
    schedule = make_schedule(modules=[Module.objects.create(project=project, name="empty").pk])

    tick(NOON)

    schedule.refresh_from_db()
    assert (schedule.enabled, last_fire(schedule).note) == (True, "modules: the chosen modules hold no case")


def test_old_times_are_forgotten(make_schedule: Make) -> None:
    schedule = make_schedule()
    Fire.objects.create(schedule=schedule, fire_at=NOON - timedelta(days=91), result="skipped")

    tick(NOON)

    assert [fire.fire_at for fire in schedule.fires.all()] == [NOON]


def test_through_a_clock_change_each_local_night_has_its_run(make_schedule: Make) -> None:
    schedule = make_schedule(
        cron="30 2 * * *", zone="Europe/Berlin", next_at=datetime.fromisoformat("2026-10-24T00:30:00+00:00")
    )
    moment = schedule.next_at - HOUR
    while moment < schedule.next_at + timedelta(days=3):
        tick(moment)
        moment += timedelta(minutes=30)

    fires = [fire.fire_at.strftime("%m-%d %H:%M") for fire in schedule.fires.order_by("fire_at")]
    assert fires == ["10-24 00:30", "10-25 00:30", "10-26 01:30"]
