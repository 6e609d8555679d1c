"""The doctor: what the system page, /readyz and /metrics say, and to whom."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from hat.web import log
from hat.web.log import JsonLine, Origin
from hat.web.runs.models import Run, Worker
from hat.web.schedules.models import Schedule
from tests.web.people import Asker

PROXIED = ["X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Proto", "Via"]


@pytest.fixture
def worker(db: None) -> Worker:
    return Worker.objects.create(owner="w#1", host="h", pid=1, seen_at=timezone.now(), slots=4, busy=1)


def numbers(answer: Any) -> dict[str, float]:
    found = text_string_to_metric_families(answer.content.decode())
    return {
        sample.name + "".join(f" {value}" for value in sample.labels.values()): sample.value
        for family in found
        for sample in family.samples
    }


def problems(root: Asker) -> list[str]:
    found: list[str] = root.get("/system").json()["problems"]
    return found


def test_all_is_well_with_a_worker(root: Asker, worker: Worker) -> None:
    seen = root.get("/system").json()

    assert (seen["problems"], seen["database"], seen["broker"]) == ([], "ok", "none")
    assert [(one["owner"], one["alive"], one["busy"], one["slots"]) for one in seen["workers"]] == [
        ("w#1", True, 1, 4)
    ]
    assert 0 < seen["disk_free"] <= seen["disk_total"]


def test_a_lost_worker_is_named_with_its_last_sign_of_life(root: Asker, worker: Worker) -> None:
    Worker.objects.update(seen_at=timezone.now() - timedelta(minutes=5))

    assert problems(root) == ["no_worker", "lost_worker"]
    assert [one["alive"] for one in root.get("/system").json()["workers"]] == [False]


def test_a_schedule_whose_time_passed_unseen_is_named(root: Asker, worker: Worker, project: Any) -> None:
    Schedule.objects.create(
        project=project,
        name="Nightly",
        cron="0 2 * * *",
        zone="UTC",
        next_at=timezone.now() - timedelta(hours=1),
    )

    assert problems(root) == ["overdue"]
    assert [one["name"] for one in root.get("/system").json()["overdue"]] == ["Nightly"]


def test_the_age_of_the_queue_is_that_of_its_oldest_run(root: Asker, worker: Worker, project: Any) -> None:
    for minutes in (10, 1):
        run = Run.objects.create(project=project, name="one")
        Run.objects.filter(pk=run.pk).update(created_at=timezone.now() - timedelta(minutes=minutes))

    seen = root.get("/system").json()

    assert (seen["queued"], seen["running"], seen["problems"]) == (2, 0, ["waiting"])
    assert 600 <= seen["oldest_s"] < 660


def test_a_full_disk_makes_the_platform_not_ready(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _path: SimpleNamespace(total=100, used=99, free=1))

    answer = Client().get("/readyz")

    assert (answer.status_code, answer.json()["disk"]) == (503, "nearly full")


def test_ready_tells_numbers_and_no_names(worker: Worker) -> None:
    answer = Client().get("/readyz")

    assert answer.json() == {
        "ok": True,
        "database": "ok",
        "workers": 1,
        "queue": {"queued": 0, "running": 0, "oldest_s": 0.0},
        "schedules_overdue": 0,
        "disk": "ok",
    }


def test_metrics_are_those_of_the_doctor(worker: Worker, project: Any) -> None:
    Run.objects.create(project=project, name="one")
    ended = {"status": "finished", "outcome": "failed", "finished_at": timezone.now()}
    Run.objects.create(project=project, name="two", **ended)

    seen = numbers(Client().get("/metrics"))

    assert (seen["hat_up"], seen["hat_workers"], seen["hat_worker_slots"], seen["hat_worker_busy"]) == (
        1,
        1,
        4,
        1,
    )
    assert (seen["hat_runs queued"], seen["hat_runs running"]) == (1, 0)
    assert (seen["hat_runs_last_hour failed"], seen["hat_runs_last_hour passed"]) == (1, 0)


@pytest.mark.parametrize("header", PROXIED)
def test_metrics_are_not_for_who_comes_through_a_proxy(db: None, header: str) -> None:
    assert Client().get("/metrics", headers={header: "203.0.113.5"}).status_code == 404


def test_metrics_are_not_for_who_comes_through_a_proxy_nobody_told_of(db: None, settings: Any) -> None:
    settings.HAT_TRUSTED_PROXIES = [ip_network("10.0.0.0/8")]

    assert Client().get("/metrics", headers={"X-Forwarded-For": "203.0.113.5"}).status_code == 404


def test_metrics_are_not_for_another_machine(db: None) -> None:
    assert Client(REMOTE_ADDR="203.0.113.5").get("/metrics").status_code == 404


@pytest.mark.parametrize(
    ("sent", "status"),
    [({"Authorization": "Bearer a-token"}, 200), ({"Authorization": "Bearer another"}, 404), ({}, 404)],
)
def test_a_token_opens_metrics_from_anywhere_and_nothing_else_does(
    db: None, settings: Any, sent: dict[str, str], status: int
) -> None:
    settings.HAT_METRICS_TOKEN = "a-token"
    headers = {**sent, "X-Forwarded-For": "203.0.113.5"}

    assert Client(REMOTE_ADDR="203.0.113.5").get("/metrics", headers=headers).status_code == status
    assert Client().get("/metrics", headers=sent).status_code == status


@pytest.fixture
def record() -> Callable[..., logging.LogRecord]:
    def record(**more: Any) -> logging.LogRecord:
        made = logging.LogRecord("hat.web", logging.ERROR, __file__, 1, "王芳 paid %s", ("7",), None)
        made.created = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC).timestamp()
        vars(made).update(more)
        Origin().filter(made)
        return made

    return record


def test_a_json_line_has_the_run_and_the_request(record: Callable[..., logging.LogRecord]) -> None:
    request, run = log.request_id.set("abc"), log.run_id.set(7)
    try:
        line = json.loads(JsonLine().format(record()))
    finally:
        log.request_id.reset(request)
        log.run_id.reset(run)

    assert {name: line[name] for name in ("time", "level", "logger", "message", "request_id", "run_id")} == {
        "time": "2026-01-02T03:04:05.000+00:00",
        "level": "ERROR",
        "logger": "hat.web",
        "message": "王芳 paid 7",
        "request_id": "abc",
        "run_id": 7,
    }


def test_a_json_line_is_one_line_with_its_traceback(record: Callable[..., logging.LogRecord]) -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError as fault:
        shown = JsonLine().format(record(exc_info=(type(fault), fault, fault.__traceback__)))

    assert "\n" not in shown
    assert json.loads(shown)["exception"].endswith("ValueError: two\nlines")


def test_the_lines_of_a_run_name_it(
    project: Any,
    make_case: Callable[..., Any],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from hat.web.runs.execution import execute
    from hat.web.runs.services import Manner, Selection, start_run

    run = start_run(make_case("one").updated_by, project, Selection(everything=True), Manner())
    monkeypatch.setattr("hat.web.runs.execution.read_cases", lambda *_, **__: 1 / 0)
    caplog.handler.addFilter(Origin())
    kept = log.run_id.set(None)

    execute(run.pk)

    log.run_id.reset(kept)
    assert [vars(one)["run_id"] for one in caplog.records if "ended by a bug" in one.message] == [run.pk]
