"""Deleted things: who sees them, who deleted them, what comes back, and what goes for good at night."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from hat.web.audit.models import Entry
from hat.web.nightly import nightly
from hat.web.projects.models import Case, Module, Project
from tests.web.people import Asker

ROUTES = {
    "module": "/projects/{}/modules",
    "suite": "/projects/{}/suites",
    "environment": "/projects/{}/environments",
    "schedule": "/projects/{}/schedules",
}


@pytest.fixture
def deleted(project: Any, bob: Asker, make_case: Callable[..., Any]) -> dict[str, int]:
    """One of each kind, deleted by bob; a module with a case in it is among them."""
    case, other = make_case("Log in"), make_case("Log out")
    fields: dict[str, dict[str, Any]] = {
        "suite": {"cases": [other.pk]},
        "schedule": {"cron": "@daily", "cases": [other.pk]},
    }
    made = {"case": case.pk}
    for kind, path in ROUTES.items():
        body = {"name": f"Old {kind}", **fields.get(kind, {})}
        answer = bob.post(path.format(project.pk), body)
        assert answer.status_code == 201, answer.json()
        made[kind] = answer.json()["id"]
    body = {"module_id": made["module"], "name": "inside", "document": other.document}
    assert bob.post(f"/projects/{project.pk}/cases", body).status_code == 201
    made["run"] = bob.post(f"/projects/{project.pk}/runs", {"cases": [other.pk]}).json()["id"]
    for kind, pk in made.items():
        assert bob.delete(f"/{kind}s/{pk}").status_code == 204, kind
    return made


def listed(asker: Asker, project: Any, **query: Any) -> dict[str, int]:
    answer = asker.get(f"/projects/{project.pk}/deleted", **query).json()
    assert answer["total"] == len(answer["items"])
    return {one["kind"]: one["id"] for one in answer["items"]}


def test_everything_deleted_is_listed_once_with_who_did_it(
    project: Any, bob: Asker, deleted: dict[str, int]
) -> None:
    items = bob.get(f"/projects/{project.pk}/deleted").json()["items"]

    assert {one["kind"]: one["id"] for one in items} == deleted
    assert len(items) == len(deleted)
    assert {one["deleted_by"] for one in items} == {"bob"}
    assert items[0]["kind"] == "run"
    assert listed(bob, project, search="old") == {kind: deleted[kind] for kind in ROUTES}


def test_each_comes_back_by_its_route(project: Any, bob: Asker, deleted: dict[str, int]) -> None:
    for kind, pk in deleted.items():
        assert bob.post(f"/{kind}s/{pk}/restore").status_code in (200, 201), kind

    assert listed(bob, project) == {}
    assert Case.objects.get(name="inside").deleted_at is None


def test_a_deleted_project_is_listed_for_its_owners_and_administrators(
    project: Any, alice: Asker, bob: Asker, root: Asker
) -> None:
    alice.delete(f"/projects/{project.pk}")

    names = [
        [(one["name"], one["deleted_by"]) for one in asker.get("/deleted/projects").json()["items"]]
        for asker in (alice, root, bob)
    ]

    assert names == [[("Shop", "alice")], [("Shop", "alice")], []]
    assert alice.post(f"/projects/{project.pk}/restore").status_code == 200


def test_at_night_what_was_deleted_long_ago_goes_for_good(project: Any, deleted: dict[str, int]) -> None:
    for model in apps.get_models():
        if hasattr(model, "deleted_at"):
            old = timezone.now() - timedelta(days=91)
            model._default_manager.filter(deleted_at__isnull=False).update(deleted_at=old)

    done = nightly()

    assert done.deleted == len(deleted) + 1  # the case in the module
    assert [one.name for one in Case.objects.all()] == ["Log out"]
    assert not Module.objects.filter(pk=deleted["module"]).exists()
    purged = Entry.objects.filter(action="purge")
    assert {one.noun for one in purged} == set(deleted)
    assert nightly().deleted == 0


def test_what_was_deleted_lately_stays(
    project: Any, bob: Asker, deleted: dict[str, int], settings: Any
) -> None:
    assert nightly().deleted == 0
    settings.HAT_DELETED_DAYS = 0
    Case.objects.update(deleted_at=timezone.now() - timedelta(days=5000))

    assert nightly().deleted == 0


def test_a_project_goes_with_all_that_is_in_it(project: Any, alice: Asker, deleted: dict[str, int]) -> None:
    alice.delete(f"/projects/{project.pk}")
    Project.objects.update(deleted_at=timezone.now() - timedelta(days=91))

    assert nightly().deleted == 1

    assert not Project.objects.exists()
    assert not Case.objects.exists()
    assert Entry.objects.get(action="purge").object_name == "Shop"


def test_the_oldest_of_the_audit_log_goes_and_the_log_says_so(project: Any, alice: Asker) -> None:
    for _ in range(3):
        alice.patch(f"/projects/{project.pk}", {"description": "x"})
    Entry.objects.update(at=timezone.now() - timedelta(days=1826))
    alice.patch(f"/projects/{project.pk}", {"name": "Store"})
    old = Entry.objects.filter(at__lt=timezone.now() - timedelta(days=1825)).count()

    assert nightly().entries == old

    left = Entry.objects.order_by("id")
    assert [(one.action, one.noun) for one in left] == [("change", "project"), ("purge", "audit")]
    assert left[1].changes[0] == {"field": "entries", "before": old, "after": 0}
    assert nightly().entries == 0
