"""Who did what: every deed leaves one entry that outlives its object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.web.people import PASSWORD, Asker, make_user


def told(project: Any = None) -> list[str]:
    """The log, oldest first, as `who action noun name`."""
    from hat.web.audit.models import Entry

    entries = Entry.objects.order_by("id")
    if project is not None:
        entries = entries.filter(project_id=project.pk)
    return [f"{one.user_name} {one.action} {one.noun} {one.object_name}" for one in entries]


def changes() -> dict[str, tuple[Any, Any]]:
    """The change of the newest entry."""
    from hat.web.audit.models import Entry

    newest = Entry.objects.order_by("-id")[0]
    return {one["field"]: (one["before"], one["after"]) for one in newest.changes}


def test_it_tells_the_life_of_a_case(alice: Asker, module: Any) -> None:
    body = {"module_id": module.pk, "name": "Log in"}
    case = alice.post(f"/projects/{module.project_id}/cases", body).json()
    alice.put(f"/cases/{case['id']}", {"version": 1, "name": "Sign in", "document": case["document"]})
    alice.delete(f"/cases/{case['id']}")
    alice.post(f"/cases/{case['id']}/restore")

    assert told(module.project) == [
        "alice create case Log in",
        "alice change case Sign in",
        "alice delete case Sign in",
        "alice restore case Sign in",
    ]


def test_a_saved_case_is_told_field_by_field(alice: Asker, make_case: Callable[..., Any]) -> None:
    case = make_case("Log in", steps=[{"name": "a", "request": {"method": "GET", "url": "/old"}}])
    document = alice.get(f"/cases/{case.pk}").json()["document"]
    document["teststeps"][0]["request"]["url"] = "/new"

    alice.put(f"/cases/{case.pk}", {"version": 1, "document": document, "tags": ["smoke"], "priority": "P1"})

    assert changes() == {
        "version": (1, 2),
        "tags": ("", "smoke"),
        "priority": ("", "P1"),
        "teststeps[a].request.url": ("/old", "/new"),
    }


def test_a_batch_tells_of_each_case(alice: Asker, make_case: Callable[..., Any]) -> None:
    cases = [make_case("One"), make_case("Two")]
    path, ids = f"/projects/{cases[0].project_id}/cases/batch", [case.pk for case in cases]

    alice.post(path, {"ids": ids, "action": "tag", "tags": ["smoke"]})
    alice.post(path, {"ids": ids, "action": "delete"})

    assert told(cases[0].project)[-4:] == [
        "alice tag case One", "alice tag case Two", "alice delete case One", "alice delete case Two",
    ]  # fmt: skip


def test_it_tells_of_projects_modules_and_members(alice: Asker) -> None:
    make_user("dora")
    shop = alice.post("/projects", {"name": "Shop 2"}).json()["id"]
    alice.patch(f"/projects/{shop}", {"name": "Store"})
    module = alice.post(f"/projects/{shop}/modules", {"name": "Users"}).json()["id"]
    alice.patch(f"/modules/{module}", {"name": "People"})
    alice.delete(f"/modules/{module}")
    alice.post(f"/modules/{module}/restore")
    member = alice.post(f"/projects/{shop}/members", {"username": "dora", "role": "reader"}).json()["id"]
    alice.patch(f"/members/{member}", {"role": "writer"})
    alice.delete(f"/members/{member}")
    alice.delete(f"/projects/{shop}")
    alice.post(f"/projects/{shop}/restore")

    assert told() == [
        "alice create project Shop 2",
        "alice change project Store",
        "alice create module Users",
        "alice change module People",
        "alice delete module People",
        "alice restore module People",
        "alice create member dora",
        "alice change member dora",
        "alice delete member dora",
        "alice delete project Store",
        "alice restore project Store",
    ]


def test_secrets_of_an_environment_are_named_and_never_told(alice: Asker, project: Any) -> None:
    path = f"/projects/{project.pk}/environments"
    secrets = {"key": "canary-one", "door": "canary-two"}
    made = alice.post(path, {"name": "test", "secrets": secrets}).json()["id"]
    alice.patch(f"/environments/{made}", {"secrets": {"key": "canary-three", "door": None}})

    from hat.web.audit.models import Entry

    assert changes() == {"secrets.key": ("***", "***"), "secrets.door": ("***", None)}
    assert "canary" not in " ".join(Entry.objects.values_list("changed", flat=True))


def test_functions_are_told_by_version(alice: Asker, project: Any) -> None:
    alice.put(f"/projects/{project.pk}/functions", {"source": "a = 1\nb = 2\n", "version": 0})

    assert told(project) == ["alice change functions debugtalk.py"]
    assert changes() == {"version": (0, 1), "lines": (0, 2)}


def test_it_tells_of_runs(alice: Asker, make_case: Callable[..., Any]) -> None:
    case = make_case("Log in")
    run = alice.post(f"/projects/{case.project_id}/runs", {"all": True, "name": "Nightly"}).json()["id"]
    assert changes() == {"cases": (None, 1), "environment": (None, ""), "trigger": (None, "manual")}
    alice.post(f"/runs/{run}/cancel")
    alice.delete(f"/runs/{run}")
    alice.post(f"/runs/{run}/restore")

    assert told(case.project)[-4:] == [
        f"alice {action} run Nightly" for action in ("start", "cancel", "delete", "restore")
    ]


def test_it_tells_of_signing_in_and_out(anonymous: Asker) -> None:
    make_user("alice")
    anonymous.post("/session", {"username": "alice", "password": "wrong"})
    anonymous.post("/session", {"username": "a password?", "password": "wrong"})
    anonymous.post("/session", {"username": "alice", "password": PASSWORD})
    anonymous.delete("/session")

    assert told() == [
        " sign_in_failed user alice",
        " sign_in_failed user ",
        "alice sign_in user alice",
        "alice sign_out user alice",
    ]


def test_it_tells_of_users_tokens_and_passwords(root: Asker) -> None:
    dora = root.post("/users", {"username": "dora", "password": PASSWORD}).json()["id"]
    root.patch(f"/users/{dora}", {"is_active": False, "password": "another long word"})
    assert changes() == {"is_active": (True, False), "password": (None, "***")}
    token = root.post("/tokens", {"name": "ci", "scope": "run", "days": 1}).json()
    root.delete(f"/tokens/{token['id']}")
    root.patch("/me", {"theme": "dark"})
    root.post("/me/password", {"old": PASSWORD, "new": "quite another word"})

    assert told() == [
        "root create user dora",
        "root change user dora",
        "root create token ci",
        "root delete token ci",
        "root change user root",
        "root change user root",
    ]


def test_an_import_is_one_entry(alice: Asker, project: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    text = b"config: {name: Log in}\nteststeps: []\n"
    files = [SimpleUploadedFile("a.yml", text), SimpleUploadedFile("b.yml", text)]
    alice.client.post(f"/api/v1/projects/{project.pk}/import", {"files": files})

    assert told(project) == ["alice import project Shop"]
    assert changes()["created"] == (None, 2)


def test_it_says_from_where_and_by_which_token(alice: Asker, project: Any) -> None:
    from hat.web.audit.models import Entry

    token = alice.post("/tokens", {"name": "ci", "scope": "write"}).json()["secret"]
    Asker(token=token, REMOTE_ADDR="192.0.2.7").post(f"/projects/{project.pk}/modules", {"name": "Users"})

    entry = Entry.objects.get(noun="module")
    assert (entry.user_name, entry.token_name, entry.address) == ("alice", "ci", "192.0.2.7")


def test_it_outlives_what_it_tells_of(root: Asker, alice: Asker, project: Any) -> None:
    alice.post(f"/projects/{project.pk}/modules", {"name": "Users"})
    project.delete()
    alice.user.delete()

    (entry,) = root.get("/audit").json()["items"]

    assert (entry["user_name"], entry["object_name"], entry["project_name"]) == ("alice", "Users", "Shop")


def test_a_deed_that_was_refused_is_not_told(alice: Asker, project: Any) -> None:
    member = project.members.get(user=alice.user)

    assert alice.delete(f"/members/{member.pk}").status_code == 409

    assert told(project) == []


@pytest.mark.django_db
def test_without_a_request_the_one_named_did_it() -> None:
    from hat.web.projects.services.projects import create_project

    create_project(make_user("alice"), name="Shop")

    assert told() == ["alice create project Shop"]


def test_it_tells_of_schedules(alice: Asker, make_case: Callable[..., Any]) -> None:
    case = make_case("Log in")
    body = {"name": "Nightly", "cron": "0 2 * * *", "zone": "UTC", "cases": [case.pk]}
    made = alice.post(f"/projects/{case.project_id}/schedules", body).json()["id"]
    alice.patch(f"/schedules/{made}", {"cron": "0 3 * * *"})
    assert changes() == {"cron": ("0 2 * * *", "0 3 * * *")}
    alice.delete(f"/schedules/{made}")
    alice.post(f"/schedules/{made}/restore")

    assert told(case.project)[-4:] == [
        f"alice {action} schedule Nightly" for action in ("create", "change", "delete", "restore")
    ]
