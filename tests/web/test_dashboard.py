"""The dashboard and the health pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hat.web.projects.models import Project
from hat.web.runs.models import CaseRun, Run, Worker
from tests.web.people import Asker


@pytest.fixture
def run(project: Any) -> Any:
    """Makes a finished run of some days ago."""

    def run(days_ago: float = 0, **fields: Any) -> Run:
        run = Run.objects.create(**{"project": project, "name": "Nightly", "status": "finished", **fields})
        Run.objects.filter(pk=run.pk).update(created_at=timezone.now() - timedelta(days=days_ago))
        return run

    return run


def result(run: Run, case: Any, outcome: str, **fields: Any) -> CaseRun:
    return CaseRun.objects.create(
        **{"run": run, "seq": 0, "case": case, "name": case.name, "outcome": outcome, "packed": b""}
        | {"finished_at": timezone.now()}
        | fields
    )


def test_it_counts_what_one_may_see(carol: Asker, charlie: Asker, make_case: Any) -> None:
    make_case("one")
    make_case("two")

    assert carol.get("/dashboard").json()["counts"] == {"projects": 1, "modules": 1, "cases": 2}
    assert charlie.get("/dashboard").json()["counts"] == {"projects": 0, "modules": 0, "cases": 0}


def test_twelve_days_are_summed_with_their_pass_rate(carol: Asker, run: Any) -> None:
    run(0, passed=3, failed=1)
    run(0, passed=2, error=2, skipped=5)
    run(11, passed=1)
    run(12, passed=100)
    run(0, kind="try", passed=100)
    run(0, deleted_at=timezone.now(), passed=100)

    days = carol.get("/dashboard").json()["days"]

    today = datetime.now(UTC).date()
    assert len(days) == 12
    assert days[-1] == {
        "date": str(today),
        "passed": 5,
        "failed": 1,
        "error": 2,
        "skipped": 5,
        "flaky": 0,
        "pass_rate": 62.5,
    }
    assert (days[0]["passed"], days[0]["pass_rate"], days[1]["pass_rate"]) == (1, 100.0, None)


def test_a_day_begins_where_the_viewer_is(carol: Asker, run: Any) -> None:
    late = run(passed=1)
    Run.objects.filter(pk=late.pk).update(created_at=datetime.now(UTC).replace(hour=23, minute=30))

    here = carol.get("/dashboard", days=3).json()["days"]
    there = carol.get("/dashboard", days=3, zone="Pacific/Kiritimati").json()["days"]

    passed = {day["date"] for day in here if day["passed"]}
    ahead = {day["date"] for day in there if day["passed"]}
    assert passed != ahead


@pytest.mark.parametrize("query", [{"days": 0}, {"days": 1000}, {"zone": "Mars"}])
def test_what_makes_no_sense_is_refused(carol: Asker, query: Any) -> None:
    assert carol.get("/dashboard", **query).status_code == 422


def test_a_case_is_red_since_its_first_failure_after_the_last_green(
    carol: Asker, run: Any, make_case: Any
) -> None:
    case, healed = make_case("pay"), make_case("healed")
    long_ago, ago = timezone.now() - timedelta(days=9), timezone.now() - timedelta(days=2)
    result(run(9), case, "failed", finished_at=long_ago)
    result(run(8), case, "passed")
    first = result(run(2), case, "failed", finished_at=ago)
    last = result(run(0), case, "error", reason="refused")
    result(run(1), healed, "failed")
    result(run(0), healed, "passed")

    (red,) = carol.get("/dashboard").json()["red_now"]

    assert (red["case_id"], red["run_id"], red["reason"]) == (case.pk, last.run_id, "refused")
    assert datetime.fromisoformat(red["since"]).date() == first.finished_at.date()
    assert red["project"]["name"] == "Shop"


def test_one_project_can_be_looked_at_alone(carol: Asker, run: Any) -> None:
    run(name="ours")
    other = Project.objects.create(name="Other")
    run(project=other, name="theirs")

    assert [one["name"] for one in carol.get("/dashboard").json()["recent_runs"]] == ["ours"]
    assert carol.get("/dashboard", project=other.pk).status_code == 404


def test_it_shows_workers_that_live_and_the_queue(carol: Asker, run: Any) -> None:
    Worker.objects.create(owner="w#1", host="h", pid=1, seen_at=timezone.now(), slots=4, busy=2)
    Worker.objects.create(owner="w#2", host="h", pid=2, seen_at=timezone.now() - timedelta(minutes=5))
    run(status="queued")
    run(status="running")

    page = carol.get("/dashboard").json()

    assert [(one["owner"], one["busy"], one["slots"]) for one in page["workers"]] == [("w#1", 2, 4)]
    assert page["queue"] == {"queued": 1, "running": 1}


def test_a_living_process_says_so_to_anybody(db: None) -> None:
    assert Client().get("/healthz").json()["ok"] is True


def test_a_platform_without_a_worker_is_not_ready(db: None) -> None:
    answer = Client().get("/readyz")

    assert (answer.status_code, answer.json()["database"], answer.json()["workers"]) == (503, "ok", 0)


def test_a_platform_with_a_worker_is_ready(db: None) -> None:
    Worker.objects.create(owner="w#1", host="h", pid=1, seen_at=timezone.now())

    assert Client().get("/readyz").status_code == 200


def test_health_is_only_read(db: None) -> None:
    assert Client().post("/healthz").status_code == 405
