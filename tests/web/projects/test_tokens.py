"""Tokens for scripts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.web.people import Asker


def made(asker: Asker, **fields: Any) -> Any:
    return asker.post("/tokens", {"name": "ci", "scope": "write", **fields}).json()


def test_the_secret_is_shown_once_and_stored_as_a_hash(alice: Asker) -> None:
    from hat.web.accounts.models import Token

    secret = made(alice)["secret"]

    assert secret.startswith("hat_")
    assert len(secret) > 40
    assert "secret" not in alice.get("/tokens").json()["items"][0]
    assert secret not in str(list(Token.objects.values()))


def test_a_script_does_what_its_user_may(alice: Asker, project: Any) -> None:
    script = Asker(token=made(alice)["secret"])

    assert script.post(f"/projects/{project.pk}/modules", {"name": "Orders"}).status_code == 201


def test_its_last_use_is_shown(alice: Asker) -> None:
    Asker(token=made(alice)["secret"]).get("/me")

    assert alice.get("/tokens").json()["items"][0]["last_used_at"]


def test_a_wrong_token_is_refused_even_beside_a_session(alice: Asker) -> None:
    answer = alice.client.get("/api/v1/me", headers={"Authorization": "Bearer hat_wrong"})

    assert (answer.status_code, answer.json()["code"]) == (401, "token")


def test_it_ends_with_its_time(alice: Asker) -> None:
    from hat.web.accounts.models import Token

    secret = made(alice, days=1)["secret"]
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert Asker(token=secret).get("/me").status_code == 401


def test_it_ends_when_it_is_deleted(alice: Asker) -> None:
    token = made(alice)

    assert alice.delete(f"/tokens/{token['id']}").status_code == 204

    assert Asker(token=token["secret"]).get("/me").status_code == 401


def test_nobody_deletes_the_token_of_another(alice: Asker, bob: Asker) -> None:
    assert bob.delete(f"/tokens/{made(alice)['id']}").status_code == 404


def test_a_token_of_one_project_lists_only_that(alice: Asker, project: Any) -> None:
    alice.post("/projects", {"name": "Other"})
    script = Asker(token=made(alice, project_id=project.pk)["secret"])

    assert [item["id"] for item in script.get("/projects").json()["items"]] == [project.pk]
    assert script.post("/projects", {"name": "Third"}).status_code == 403


def test_a_token_of_one_project_of_an_administrator_is_no_administrator(root: Asker, project: Any) -> None:
    script = Asker(token=made(root, project_id=project.pk)["secret"])

    assert script.get("/users").status_code == 403
    assert script.get(f"/projects/{project.pk}").status_code == 200


def test_a_limited_token_makes_no_other_token(alice: Asker, project: Any) -> None:
    script = Asker(token=made(alice, project_id=project.pk)["secret"])

    assert script.post("/tokens", {"name": "x", "scope": "write"}).status_code == 403


def test_nobody_makes_a_token_for_a_strange_project(charlie: Asker, project: Any) -> None:
    body = {"name": "x", "scope": "read", "project_id": project.pk}

    assert charlie.post("/tokens", body).status_code == 404


def test_a_token_for_running_starts_runs_and_writes_nothing(alice: Asker, project: Any, module: Any) -> None:
    script = Asker(token=made(alice, scope="run")["secret"])

    assert script.patch(f"/modules/{module.pk}", {"name": "x"}).status_code == 403
    answer = script.post(f"/projects/{project.pk}/runs", {"modules": [module.pk]})
    assert answer.status_code != 403
