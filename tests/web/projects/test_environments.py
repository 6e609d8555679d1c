"""Environments and their secrets."""

from __future__ import annotations

from typing import Any

import pytest

from hat.error import HatError
from tests.web.people import Asker

CANARY = "canary-9f3b-secret"


@pytest.fixture
def staging(bob: Asker, project: Any) -> Any:
    body = {
        "name": "staging",
        "base_url": "http://127.0.0.1:1",
        "services": {"pay": "http://127.0.0.1:2"},
        "variables": {"user": "ann", "big": 2**60},
        "secrets": {"password": CANARY},
    }
    return bob.post(f"/projects/{project.pk}/environments", body).json()


def row(pk: int) -> Any:
    from hat.web.projects.models import Environment

    return Environment.objects.get(pk=pk)


def test_it_comes_back_without_its_secrets(bob: Asker, project: Any, staging: Any) -> None:
    listed = bob.get(f"/projects/{project.pk}/environments")

    assert listed.json()["items"] == [staging]
    assert staging["secrets"] == {"password": True}
    assert staging["variables"] == {"user": "ann", "big": 2**60}
    assert CANARY not in listed.content.decode()


def test_a_secret_is_stored_encrypted_and_opens_for_the_worker(staging: Any) -> None:
    from hat.web.projects.vault import secrets_of

    environment = row(staging["id"])

    assert CANARY not in str(environment.secrets)
    assert secrets_of(environment) == {"password": CANARY}


def test_a_secret_moved_to_another_name_does_not_open(staging: Any) -> None:
    from hat.web.projects.vault import secrets_of

    environment = row(staging["id"])
    environment.secrets = {"shown": environment.secrets["password"]}

    with pytest.raises(HatError, match="another secret key"):
        secrets_of(environment)


def test_other_secrets_stay_when_one_is_set_or_taken_away(bob: Asker, staging: Any) -> None:
    from hat.web.projects.vault import secrets_of

    bob.patch(f"/environments/{staging['id']}", {"secrets": {"token": "t"}})
    assert secrets_of(row(staging["id"])) == {"password": CANARY, "token": "t"}

    answer = bob.patch(f"/environments/{staging['id']}", {"secrets": {"password": None}})
    assert answer.json()["secrets"] == {"token": True}


def test_rows_keep_what_an_object_would_lose(bob: Asker, staging: Any) -> None:
    rows = [{"name": "a", "value": 1, "enabled": False, "description": "off"}, {"name": "a", "value": 2}]

    answer = bob.patch(f"/environments/{staging['id']}", {"variables": rows})

    assert answer.json()["variables"] == rows


def test_the_first_is_the_default_and_only_one_is(bob: Asker, project: Any, staging: Any) -> None:
    assert staging["is_default"] is True

    body = {"name": "production", "is_default": True}
    bob.post(f"/projects/{project.pk}/environments", body)

    items = bob.get(f"/projects/{project.pk}/environments").json()["items"]
    assert [(item["name"], item["is_default"]) for item in items] == [
        ("staging", False),
        ("production", True),
    ]


def test_they_can_be_ordered(bob: Asker, project: Any, staging: Any) -> None:
    other = bob.post(f"/projects/{project.pk}/environments", {"name": "production"}).json()

    bob.patch(f"/environments/{other['id']}", {"position": 0})

    items = bob.get(f"/projects/{project.pk}/environments").json()["items"]
    assert [item["name"] for item in items] == ["production", "staging"]


def test_a_second_one_of_the_same_name_is_refused(bob: Asker, project: Any, staging: Any) -> None:
    answer = bob.post(f"/projects/{project.pk}/environments", {"name": "staging"})

    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "name")
    assert bob.patch(f"/environments/{staging['id']}", {"name": "staging"}).status_code == 200


def test_a_wrong_name_is_refused_at_its_place(bob: Asker, staging: Any) -> None:
    answer = bob.patch(f"/environments/{staging['id']}", {"secrets": {"not ok": "x"}})

    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "secrets.not ok")


def test_a_deleted_one_comes_back(bob: Asker, project: Any, staging: Any) -> None:
    bob.delete(f"/environments/{staging['id']}")
    assert bob.get(f"/projects/{project.pk}/environments").json()["items"] == []

    assert bob.post(f"/environments/{staging['id']}/restore").json()["name"] == "staging"


def test_a_row_without_a_name_is_refused_at_its_place(bob: Asker, staging: Any) -> None:
    answer = bob.patch(f"/environments/{staging['id']}", {"variables": [{"name": "a"}, {"value": 1}]})

    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "variables[1].name")


def test_of_two_changes_at_once_both_count(bob: Asker, staging: Any) -> None:
    from hat.web.projects.services.environments import change_environment

    read_before = row(staging["id"])
    bob.patch(f"/environments/{staging['id']}", {"secrets": {"token": "t"}, "note": "for bob"})

    change_environment(read_before, {"secrets": {"key": "k"}})

    now = row(staging["id"])
    assert (set(now.secrets), now.note) == ({"password", "token", "key"}, "for bob")


def test_one_comes_back_only_when_its_name_is_free(bob: Asker, project: Any, staging: Any) -> None:
    bob.delete(f"/environments/{staging['id']}")
    bob.post(f"/projects/{project.pk}/environments", {"name": "staging"})

    answer = bob.post(f"/environments/{staging['id']}/restore")

    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "name")


def test_a_base_is_of_the_project_and_never_in_a_circle(bob: Asker, project: Any, staging: Any) -> None:
    def make(name: str, base: int | None) -> Any:
        return bob.post(f"/projects/{project.pk}/environments", {"name": name, "base_id": base})

    heir = make("heir", staging["id"]).json()
    assert heir["base_id"] == staging["id"]
    assert make("lost", 987_654).json()["errors"][0]["path"] == "base_id"

    for environment, base in ((staging, heir), (heir, heir)):
        refused = bob.patch(f"/environments/{environment['id']}", {"base_id": base["id"]})
        assert refused.status_code == 422
        assert "a circle never ends" in refused.json()["error"]
    assert "based on it: heir" in bob.delete(f"/environments/{staging['id']}").json()["error"]

    assert bob.patch(f"/environments/{heir['id']}", {"base_id": None}).json()["base_id"] is None
    assert bob.delete(f"/environments/{staging['id']}").status_code == 204


def test_the_nearest_label_and_url_count(bob: Asker, project: Any, staging: Any) -> None:
    from hat.web.projects.inheritance import frozen, label_of

    bob.patch(f"/environments/{staging['id']}", {"label": "dmz", "auth": {"type": "bearer", "token": CANARY}})
    body = {
        "name": "heir",
        "base_id": staging["id"],
        "services": {"pay": "http://127.0.0.1:3", "mail": "http://m"},
    }
    heir = row(bob.post(f"/projects/{project.pk}/environments", body).json()["id"])

    taken = frozen(heir)

    assert (taken["base_url"], label_of(heir), taken["auth"]["type"]) == (
        staging["base_url"],
        "dmz",
        "bearer",
    )
    assert taken["services"] == {"pay": "http://127.0.0.1:3", "mail": "http://m"}
    assert CANARY not in str(taken)


def test_who_uses_it_is_told(bob: Asker, project: Any, staging: Any) -> None:
    from django.utils import timezone

    from hat.web.runs.models import Run
    from hat.web.schedules.models import Schedule

    heir = bob.post(f"/projects/{project.pk}/environments", {"name": "heir", "base_id": staging["id"]}).json()
    nightly = Schedule.objects.create(
        project=project,
        name="Nightly",
        cron="0 2 * * *",
        zone="UTC",
        environment_id=staging["id"],
        everything=True,
    )
    runs = [
        Run.objects.create(
            project=project, name=f"r{at}", environment_id=staging["id"], started_at=timezone.now()
        )
        for at in range(6)
    ]

    uses = bob.get(f"/environments/{staging['id']}/uses").json()

    assert uses["environments"] == [{"id": heir["id"], "name": "heir"}]
    assert [(one["id"], one["enabled"]) for one in uses["schedules"]] == [(nightly.pk, True)]
    assert ([one["id"] for one in uses["runs"]], uses["run_count"]) == ([run.pk for run in runs[:0:-1]], 6)
