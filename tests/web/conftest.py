"""Who is who in the tests of the platform: alice owns, bob writes, carol reads, charlie is a stranger."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.web import ground  # noqa: F401  the platform stands on it
from tests.web.people import Asker, get, make_user


@pytest.fixture(autouse=True)
def _no_pages(settings: Any) -> None:
    """The built pages are left out: every client would look through them, and the build may replace them."""
    settings.STATICFILES_DIRS = []


@pytest.fixture
def project(db: None) -> Any:
    """Alice's project, in which bob writes, ruth runs and carol reads."""
    from hat.web.projects.models import Member, Project

    project = Project.objects.create(name="Shop")
    for name, role in (("alice", "owner"), ("bob", "writer"), ("ruth", "runner"), ("carol", "reader")):
        Member.objects.create(project=project, user=make_user(name), role=role)
    make_user("charlie")
    return project


@pytest.fixture
def as_user(project: Any) -> Callable[[str], Asker]:
    from hat.web.accounts.models import User

    return lambda name: Asker(User.objects.get(username=name))


@pytest.fixture
def alice(as_user: Callable[[str], Asker]) -> Asker:
    return as_user("alice")


@pytest.fixture
def bob(as_user: Callable[[str], Asker]) -> Asker:
    return as_user("bob")


@pytest.fixture
def carol(as_user: Callable[[str], Asker]) -> Asker:
    return as_user("carol")


@pytest.fixture
def charlie(as_user: Callable[[str], Asker]) -> Asker:
    return as_user("charlie")


@pytest.fixture
def anonymous(db: None) -> Asker:
    return Asker()


@pytest.fixture
def root(db: None) -> Asker:
    """An administrator who is a member of nothing."""
    return Asker(make_user("root", is_admin=True))


@pytest.fixture
def module(project: Any) -> Any:
    from hat.web.projects.models import Module

    return Module.objects.create(project=project, name="Users")


@pytest.fixture
def make_case(module: Any) -> Callable[..., Any]:
    """Makes cases as bob would: `make_case("Log in", steps=[...])`."""
    from hat.web.accounts.models import User
    from hat.web.projects.services.cases import Draft, create_case

    def make(name: str, *, steps: list[dict[str, Any]] | None = None, **fields: Any) -> Any:
        chosen = fields.pop("module", module)
        config = {"name": name, **fields.pop("config", {})}
        document = {"config": config, "teststeps": steps if steps is not None else [get("/users")]}
        draft = Draft(name=name, document=document, **fields)
        return create_case(User.objects.get(username="bob"), chosen, draft)

    return make


@pytest.fixture
def places(project: Any, make_case: Callable[..., Any]) -> dict[str, Any]:
    """Real ids for every parameter of a path, all in alice's project."""
    from django.utils import timezone

    from hat.web.accounts.models import User
    from hat.web.alerts.services import create_channel
    from hat.web.projects.models import Edit, Environment, Member, Suite
    from hat.web.projects.services.files import save_files
    from hat.web.projects.services.functions import save_functions
    from hat.web.runs.models import CaseRun, Run
    from hat.web.runs.sharing import share
    from hat.web.schedules.models import Schedule

    bob = User.objects.get(username="bob")
    case = make_case("Log in")
    run = Run.objects.create(project=project, name="Nightly", status="queued")
    done = CaseRun.objects.create(
        run=run, seq=1, case=case, name="Log in", outcome="passed", finished_at=timezone.now(), packed=b""
    )
    gone = Run.objects.create(project=project, name="Gone", status="finished", deleted_at=timezone.now())
    save_functions(bob, project, "", version=0)
    (file,) = save_files(bob, project, {"users.csv": b"name\nann\n"}, replace=False)
    return {
        "project_id": project.pk,
        "module_id": case.module_id,
        "case_id": case.pk,
        "member_id": Member.objects.get(user__username="carol").pk,
        "environment_id": Environment.objects.create(project=project, name="test").pk,
        "file_id": file.pk,
        "suite_id": Suite.objects.create(project=project, name="Nightly").pk,
        "edit_id": Edit.objects.create(project=project, change={}, at=timezone.now()).pk,
        "user_id": User.objects.get(username="carol").pk,
        "token_id": 1,
        "session_id": 1,
        "identity_id": 1,
        "invitation_id": 1,
        "secret": "unknown",
        "version": 1,
        "pk": run.pk,
        "deleted_pk": gone.pk,
        "case_run_pk": done.pk,
        "link_id": share(bob, run, days=1)[0].pk,
        "form": "json",
        "channel_id": create_channel(
            project, {"name": "Team", "kind": "webhook", "address": "https://hook.example/alerts"}
        ).pk,
        "schedule_id": Schedule.objects.create(
            project=project, name="Nightly", cron="0 2 * * *", zone="UTC", cases=[case.pk]
        ).pk,
    }
