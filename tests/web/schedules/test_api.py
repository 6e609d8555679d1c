"""Schedules at the API: make, change, switch, run now, delete, preview."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from hat.web.projects.models import Environment, Module
from hat.web.runs.models import Run
from hat.web.runs.snapshot import Snapshot
from hat.web.schedules.clock import tick
from hat.web.schedules.models import Schedule
from tests.web.people import Asker

Make = Callable[..., Any]


@pytest.fixture
def new(bob: Asker, project: Any, make_case: Make) -> Make:
    """Makes a schedule as bob and gives what the API answered: `new(cron="@hourly")`."""

    def new(**fields: Any) -> Any:
        body = {"name": "Nightly", "cron": "0 2 * * 1-5", "zone": "Europe/Berlin", **fields}
        if not body.keys() & {"cases", "modules", "all"}:
            body["cases"] = [make_case("Log in").pk]
        answer = bob.post(f"/projects/{project.pk}/schedules", body)
        assert answer.status_code == 201, answer.json()
        return answer.json()

    return new


def test_a_new_schedule_is_on_and_says_when(new: Make) -> None:
    schedule = new()

    assert schedule["enabled"]
    assert schedule["words"]["code"] == "weekly"
    assert schedule["words"]["weekdays"] == [1, 2, 3, 4, 5]
    assert (schedule["owner"]["username"], schedule["gone"]) == ("bob", 0)
    assert schedule["next"][0]["at"] == schedule["next_at"]
    assert [time["local"][11:16] for time in schedule["next"]] == ["02:00"] * 5
    assert datetime.fromisoformat(schedule["next_at"]) > datetime.now(UTC)


def test_it_uses_the_default_environment_unless_told(new: Make, project: Any) -> None:
    default = Environment.objects.create(project=project, name="staging", is_default=True)

    assert new()["environment"] == {"id": default.pk, "name": "staging"}
    assert new(environment_id=None)["environment"] is None


def test_a_reader_sees_the_list(new: Make, carol: Asker, project: Any) -> None:
    new(name="b")
    new(name="a")

    page = carol.get(f"/projects/{project.pk}/schedules").json()

    assert [one["name"] for one in page["items"]] == ["a", "b"]


def test_the_list_takes_few_queries(
    new: Make, carol: Asker, project: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        new(name=f"Schedule {number}")
    carol.get(f"/projects/{project.pk}/schedules")  # the first request of a session costs more

    with django_assert_max_num_queries(12):
        carol.get(f"/projects/{project.pk}/schedules")


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "four fields": ({"cron": "* * * *"}, "cron", "a cron expression has five fields, not 4"),
    "no such zone": ({"zone": "Mars"}, "zone", "'Mars' is not a time zone"),
    "no name": ({"name": " "}, "name", "must not be empty"),
    "nothing chosen": ({"cases": []}, "cases", "choose at least one suite, case or module"),
    "an unknown case": ({"cases": [999999]}, "cases[0]", "there is no case 999999 in this project"),
    "an unknown module": ({"modules": [999999]}, "modules[0]", "there is no module 999999 in this project"),
    "an unknown environment": (
        {"environment_id": 999999},
        "environment_id",
        "there is no environment 999999 in this project",
    ),
}


@pytest.mark.parametrize(("fields", "path", "message"), WRONG.values(), ids=WRONG)
def test_what_makes_no_sense_is_refused_at_its_field(
    bob: Asker, project: Any, fields: dict[str, Any], path: str, message: str
) -> None:
    body = {"name": "Nightly", "cron": "@daily", "all": "cases" not in fields and "modules" not in fields}

    answer = bob.post(f"/projects/{project.pk}/schedules", {**body, **fields})

    assert answer.status_code == 422
    assert [(fault["path"], fault["message"]) for fault in answer.json()["errors"]] == [(path, message)]
    assert not Schedule.objects.exists()


def test_the_case_of_another_project_is_unknown(bob: Asker, project: Any, make_case: Make) -> None:
    case = make_case("theirs")
    other = bob.post("/projects", {"name": "Other"}).json()["id"]

    answer = bob.post(f"/projects/{other}/schedules", {"name": "x", "cron": "@daily", "cases": [case.pk]})

    assert answer.status_code == 422


def test_another_cron_or_zone_gives_another_next_time(new: Make, bob: Asker) -> None:
    schedule = new(cron="0 2 * * *", zone="UTC")

    hourly = bob.patch(f"/schedules/{schedule['id']}", {"cron": "@hourly"}).json()
    daily = bob.patch(f"/schedules/{schedule['id']}", {"cron": "0 2 * * *"}).json()
    there = bob.patch(f"/schedules/{schedule['id']}", {"zone": "Asia/Shanghai"}).json()

    assert datetime.fromisoformat(hourly["next_at"]) - datetime.now(UTC) <= timedelta(hours=1)
    assert daily["next_at"][11:16] == "02:00"
    assert there["next_at"][11:16] == "18:00"


def test_another_name_leaves_the_next_time_alone(new: Make, bob: Asker) -> None:
    schedule = new()
    late = timezone.now() - timedelta(minutes=5)
    Schedule.objects.update(next_at=late)

    bob.patch(f"/schedules/{schedule['id']}", {"name": "Other"})

    assert Schedule.objects.get().next_at == late


def test_a_wrong_change_changes_nothing(new: Make, bob: Asker) -> None:
    schedule = new()

    assert bob.patch(f"/schedules/{schedule['id']}", {"name": "x", "cron": "nonsense"}).status_code == 422
    assert Schedule.objects.get().name == "Nightly"


def test_whoever_changes_it_becomes_its_owner(new: Make, alice: Asker) -> None:
    schedule = new()

    assert alice.patch(f"/schedules/{schedule['id']}", {"name": "x"}).json()["owner"]["username"] == "alice"


def test_switched_off_it_has_no_next_time_and_on_it_begins_anew(new: Make, bob: Asker, alice: Asker) -> None:
    pk = new()["id"]

    off = bob.post(f"/schedules/{pk}/disable").json()
    on = alice.post(f"/schedules/{pk}/enable").json()

    assert (off["enabled"], off["next_at"], off["next"], off["owner"]["username"]) == (False, None, [], "bob")
    assert on["enabled"]
    assert datetime.fromisoformat(on["next_at"]) > datetime.now(UTC)
    assert on["owner"]["username"] == "alice"


@pytest.mark.parametrize("deed", ["disable", "delete"])
def test_a_change_does_not_put_back_on_the_clock_what_was_taken_off_meanwhile(
    new: Make, bob: Asker, deed: str
) -> None:
    from hat.web.schedules.models import Schedule
    from hat.web.schedules.services import change_schedule

    schedule = new()
    read_before = Schedule.objects.get(pk=schedule["id"])
    path = f"/schedules/{schedule['id']}"
    bob.delete(path) if deed == "delete" else bob.post(f"{path}/{deed}")

    change_schedule(bob.user, read_before, {"cron": "0 5 * * *"})

    row = Schedule.objects.get(pk=schedule["id"])
    assert (row.cron, row.next_at) == ("0 5 * * *", None)


def test_switching_on_takes_the_reason_away(new: Make, alice: Asker, project: Any) -> None:
    pk = new()["id"]
    project.members.filter(user__username="bob").delete()
    tick(timezone.now() + timedelta(days=7))
    before = alice.get(f"/schedules/{pk}").json()

    after = alice.post(f"/schedules/{pk}/enable").json()

    assert (before["off_code"], before["last"]["note_code"]) == ("owner", "owner")
    assert (after["off_code"], after["off_reason"], after["enabled"]) == ("", "", True)


def test_deleted_it_is_off_the_clock_until_it_is_restored(new: Make, bob: Asker, project: Any) -> None:
    pk = new()["id"]

    assert bob.delete(f"/schedules/{pk}").status_code == 204
    assert bob.get(f"/projects/{project.pk}/schedules").json()["items"] == []
    assert tick(timezone.now() + timedelta(days=7)) == 0
    assert bob.get(f"/schedules/{pk}").status_code == 404
    restored = bob.post(f"/schedules/{pk}/restore").json()

    assert restored["enabled"]
    assert restored["next_at"]


def test_a_runner_runs_it_now_and_its_times_stay(new: Make, as_user: Callable[[str], Asker]) -> None:
    schedule = new()

    answer = as_user("ruth").post(f"/schedules/{schedule['id']}/run")

    run = Run.objects.get()
    assert (answer.status_code, answer.json()["id"], answer.json()["trigger"]) == (202, run.pk, "manual")
    assert run.created_by is not None
    assert run.created_by.username == "ruth"
    after = as_user("ruth").get(f"/schedules/{schedule['id']}").json()
    assert (after["next_at"], after["last"]["run_id"]) == (schedule["next_at"], run.pk)


def test_a_token_that_may_run_runs_it_now(new: Make, alice: Asker) -> None:
    schedule = new()
    token = alice.post("/tokens", {"name": "ci", "scope": "run"}).json()["secret"]

    answer = Asker(token=token).post(f"/schedules/{schedule['id']}/run")

    assert (answer.status_code, answer.json()["trigger"]) == (202, "api")
    assert Asker(token=token).post(f"/schedules/{schedule['id']}/disable").status_code == 403


def test_what_was_deleted_is_counted_and_what_is_left_is_run(new: Make, bob: Asker, make_case: Make) -> None:
    kept, gone = make_case("kept"), make_case("gone")
    schedule = new(cases=[gone.pk, kept.pk])
    bob.delete(f"/cases/{gone.pk}")

    shown = bob.get(f"/schedules/{schedule['id']}").json()
    bob.post(f"/schedules/{schedule['id']}/run")

    assert ([case["name"] for case in shown["cases"]], shown["gone"]) == (["kept"], 1)
    assert [case.name for case in Snapshot.unpack(Run.objects.get().snapshot.packed).cases] == ["kept"]


def test_when_everything_was_deleted_running_it_now_says_so(new: Make, bob: Asker, module: Any) -> None:
    schedule = new(modules=[module.pk])
    bob.delete(f"/modules/{module.pk}")

    answer = bob.post(f"/schedules/{schedule['id']}/run")

    assert (answer.status_code, answer.json()["error"]) == (422, "everything this schedule runs was deleted")


def test_a_deleted_module_that_comes_back_is_run_again(new: Make, bob: Asker, project: Any) -> None:
    module = Module.objects.create(project=project, name="Orders")
    schedule = new(modules=[module.pk])
    bob.delete(f"/modules/{module.pk}")
    bob.post(f"/modules/{module.pk}/restore")

    assert bob.get(f"/schedules/{schedule['id']}").json()["gone"] == 0


def test_the_times_that_came_are_listed_newest_first(new: Make, bob: Asker) -> None:
    pk = new(cron="@hourly", zone="UTC")["id"]
    now = timezone.now()
    tick(now + timedelta(hours=1))
    tick(now + timedelta(hours=4))

    fires = bob.get(f"/schedules/{pk}/fires").json()["items"]

    assert [(fire["result"], fire["missed"], fire["status"]) for fire in fires] == [
        ("started", 2, "queued"),
        ("started", 0, "queued"),
    ]


def test_a_schedule_that_cannot_be_read_is_still_listed(new: Make, bob: Asker, project: Any) -> None:
    new()
    Schedule.objects.update(cron="spoilt", zone="Mars")

    (shown,) = bob.get(f"/projects/{project.pk}/schedules").json()["items"]

    assert (shown["words"], shown["next"]) == (None, [])


def test_a_time_that_is_overdue_is_shown_first(new: Make, bob: Asker) -> None:
    pk = new(cron="@hourly", zone="UTC")["id"]
    overdue = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=3)
    Schedule.objects.update(next_at=overdue)

    shown = bob.get(f"/schedules/{pk}").json()["next"]

    assert datetime.fromisoformat(shown[0]["at"]) == overdue
    assert len(shown) == 5


def test_a_preview_has_words_and_five_times(carol: Asker) -> None:
    shown = carol.get("/schedules/preview", cron="*/30 * * * *", zone="Asia/Shanghai").json()

    assert (shown["words"]["code"], shown["words"]["step"]) == ("every_minutes", 30)
    assert len(shown["next"]) == 5
    assert shown["next"][0]["local"].endswith("+08:00")


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ({"cron": "* * * *"}, "cron"),
        ({"cron": "@daily", "zone": "Mars"}, "zone"),
        ({"cron": "61 * * * *"}, "cron"),
    ],
)
def test_a_preview_of_nonsense_says_what_is_wrong(carol: Asker, query: dict[str, str], path: str) -> None:
    answer = carol.get("/schedules/preview", **query)

    assert answer.status_code == 422
    assert [fault["path"].removeprefix("query.") for fault in answer.json()["errors"]] == [path]


def test_the_dashboard_shows_what_starts_next(new: Make, carol: Asker, charlie: Asker, bob: Asker) -> None:
    new(name="late", cron="0 0 1 1 *")
    new(name="soon", cron="* * * * *")
    bob.post(f"/schedules/{new(name='off')['id']}/disable")

    shown = carol.get("/dashboard").json()["next_schedules"]

    assert [(one["name"], one["project"]["name"]) for one in shown] == [("soon", "Shop"), ("late", "Shop")]
    assert charlie.get("/dashboard").json()["next_schedules"] == []
