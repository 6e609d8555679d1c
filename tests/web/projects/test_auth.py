"""Credentials of projects, modules and environments: sealed, never shown, and used by a run."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hat.error import HatError
from tests.web.people import Asker

CANARY = "canary-9f3b-secret"
OAUTH = {
    "type": "oauth2",
    "token_url": "http://127.0.0.1:1/token",
    "client_id": "me",
    "client_secret": CANARY,
}
SHOWN = {**OAUTH, "client_secret": "***"}


@pytest.fixture
def owners(alice: Asker, bob: Asker, project: Any) -> list[tuple[Asker, str]]:
    """Who may change the credentials of what, as path of the API."""
    module = bob.post(f"/projects/{project.pk}/modules", {"name": "orders"}).json()
    environment = bob.post(f"/projects/{project.pk}/environments", {"name": "staging"}).json()
    return [
        (alice, f"/projects/{project.pk}"),
        (bob, f"/modules/{module['id']}"),
        (bob, f"/environments/{environment['id']}"),
    ]


def rows(path: str) -> Any:
    from hat.web.projects.models import Environment, Module, Project

    word, pk = path.strip("/").split("/")
    tables: dict[str, Any] = {"projects": Project, "modules": Module, "environments": Environment}
    return tables[word].objects.get(pk=pk)


def test_secret_fields_go_in_and_do_not_come_out(owners: list[tuple[Asker, str]]) -> None:
    for asker, path in owners:
        answer = asker.patch(path, {"auth": OAUTH})

        assert answer.json()["auth"] == SHOWN
        assert CANARY not in json.dumps(rows(path).auth)


def test_a_hidden_field_stays_when_it_comes_back(owners: list[tuple[Asker, str]]) -> None:
    from hat.web.projects.credentials import opened

    for asker, path in owners:
        asker.patch(path, {"auth": OAUTH})
        asker.patch(path, {"auth": {**SHOWN, "client_id": "you", "scope": ""}})

        row = rows(path)
        project = getattr(row, "project_id", row.pk)
        assert opened(row.auth, project_id=project) == {**OAUTH, "client_id": "you"}


def test_credentials_can_be_taken_away_and_a_reference_is_no_secret(owners: list[tuple[Asker, str]]) -> None:
    for asker, path in owners:
        named = {"type": "bearer", "token": "$token"}

        assert asker.patch(path, {"auth": named}).json()["auth"] == named
        assert asker.patch(path, {"auth": {}}).json()["auth"] == {}


@pytest.mark.parametrize(
    ("auth", "path"),
    [
        ({"type": "what"}, "auth.type"),
        ({"type": "oauth2"}, "auth.token_url"),
        ({"type": "bearer", "token": 5}, "auth.token"),
        ({"type": "api_key", "name": "a", "value": "b", "in": "body"}, "auth.in"),
        ({"type": ["basic"]}, "auth.type"),
    ],
)
def test_wrong_credentials_are_refused_at_their_field(
    owners: list[tuple[Asker, str]], auth: Any, path: str
) -> None:
    for asker, place in owners:
        answer = asker.patch(place, {"auth": auth})

        assert answer.status_code == 422
        assert path in [problem["path"] for problem in answer.json()["errors"]]


def test_sealed_credentials_do_not_open_elsewhere(owners: list[tuple[Asker, str]]) -> None:
    from hat.web.projects.credentials import opened

    asker, path = owners[2]
    asker.patch(path, {"auth": OAUTH})

    with pytest.raises(HatError, match="another secret key"):
        opened(rows(path).auth, project_id=rows(path).project_id + 1)


def test_the_audit_log_has_no_secret(alice: Asker, owners: list[tuple[Asker, str]], project: Any) -> None:
    for asker, path in owners:
        asker.patch(path, {"auth": OAUTH})

    from hat.web.audit.models import Entry

    assert Entry.objects.filter(action="change").count() >= 3
    assert CANARY not in repr(list(Entry.objects.values()))


def frozen(project: Any, document: dict[str, Any]) -> Any:
    """What a run of a case in the module would get."""
    from hat.web.projects.models import Case, Environment, Module
    from hat.web.runs.snapshot import Snapshot, chosen, freeze

    case = Case(project=project, module=Module.objects.get(project=project, name="orders"), document=document)
    environment = Environment.objects.get(project=project)
    cases = Case.objects.none()
    return Snapshot.unpack(
        freeze(project, [chosen(case)], callable_cases=cases, environment=environment, options={}).pack()
    )


def test_a_run_takes_the_nearest(owners: list[tuple[Asker, str]], project: Any, tmp_path: Any) -> None:
    from hat.web.runs.values import read_cases, read_environment

    for number, (asker, path) in enumerate(owners):
        asker.patch(path, {"auth": {"type": "bearer", "token": f"{CANARY}-{number}"}})
    project.refresh_from_db()
    document = {"schema": 1, "dialect": "hat", "config": {"name": "x"}, "teststeps": []}
    own = {**document, "config": {"name": "x", "auth": "none"}}

    snapshot = frozen(project, document)
    cases, _ = read_cases(snapshot, [0], tmp_path, project_id=project.pk)
    theirs, _ = read_cases(frozen(project, own), [0], tmp_path, project_id=project.pk)
    environment = read_environment(snapshot, project_id=project.pk)

    assert CANARY not in repr(snapshot)
    assert cases[0].auth == {"type": "bearer", "token": f"{CANARY}-1"}
    assert theirs[0].auth == "none"
    assert environment is not None
    assert environment.auth == {"type": "bearer", "token": f"{CANARY}-2"}


def test_without_others_that_of_the_project_counts(alice: Asker, project: Any) -> None:
    from hat.web.runs.snapshot import Snapshot
    from hat.web.runs.values import read_environment

    alice.patch(f"/projects/{project.pk}", {"auth": OAUTH})
    project.refresh_from_db()

    environment = read_environment(Snapshot(cases=(), auth=project.auth), project_id=project.pk)

    assert environment is not None
    assert environment.auth == OAUTH
