"""A project that has something of everything, so that each page and each dialog has something to show."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.browser.errand import execute
from tests.web.people import Asker, get, make_user

CASES = ("Log in", "Read the list", "Buy")
GREEN = [{"eq": ["status_code", 200]}]
RED = [{"eq": ["body.code", 7]}, {"eq": ["status_code", 200]}]


def build(root: Asker, target: str) -> dict[str, Any]:
    """Make it as its people would; answers what addresses need."""
    project = root.post("/projects", {"name": "Shop", "description": "All we sell"}).json()["id"]
    reviewed = _reviewed(root)
    module = root.post(f"/projects/{project}/modules", {"name": "Users"}).json()["id"]
    gone = root.post(f"/projects/{project}/modules", {"name": "Old"}).json()["id"]
    root.delete(f"/modules/{gone}")
    environment = {"name": "staging", "base_url": target, "variables": {"user": "ann"}}
    staging = root.post(f"/projects/{project}/environments", environment).json()["id"]
    case = _cases(root, project, module)
    for version, text in enumerate(("def sign():\n    return 1\n", "def sign():\n    return 2\n")):
        root.put(f"/projects/{project}/functions", {"source": text, "version": version})
    suite = root.post(f"/projects/{project}/suites", {"name": "Smoke", "cases": [case]}).json()["id"]
    before, run = (_run(root, project, staging) for _ in range(2))
    nightly = {"name": "Nightly", "cron": "0 2 * * *", "zone": "UTC", "all": True}
    schedule = root.post(f"/projects/{project}/schedules", nightly).json()["id"]
    _came(schedule, run)
    _files(root, project)
    share = root.post(f"/runs/{run}/share-links", {"days": 7}).json()
    invitation = root.post("/invitations", {"note": "Wang Wei"}).json()["secret"]
    places = {"project": project, "reviewed": reviewed, "module": module, "case": case, "suite": suite}
    rows = {"before": before, "run": run, "schedule": schedule}
    return {**places, **rows, "share": share["secret"], "invitation": invitation}


def _cases(root: Asker, project: int, module: int) -> int:
    """Three cases, one red; answers the first, which the last one calls and which has an earlier version."""
    first = _case(root, project, module, CASES[0], get("/users", id="s1", validate=GREEN))
    body = root.get(f"/cases/{first}").json()
    body["document"]["teststeps"].append(get("/more", id="s2"))
    root.put(f"/cases/{first}", {"version": body["version"], "document": body["document"]})
    _case(root, project, module, CASES[1], get("/users", validate=RED))
    _case(root, project, module, CASES[2], {"name": "call it", "testcase": first})
    return first


def _case(root: Asker, project: int, module: int, name: str, *steps: dict[str, Any]) -> int:
    document = {"schema": 1, "dialect": "hat", "config": {"name": name}, "teststeps": list(steps)}
    body = {"module_id": module, "name": name, "document": document, "tags": ["smoke"], "priority": "P1"}
    return int(root.post(f"/projects/{project}/cases", body).json()["id"])


def _run(root: Asker, project: int, environment: int) -> int:
    body = {"all": True, "name": "Nightly", "environment_id": environment}
    run = int(root.post(f"/projects/{project}/runs", body).json()["id"])
    execute(run)
    return run


def _reviewed(root: Asker) -> int:
    """A project whose functions wait for a reviewer."""
    from hat.web.projects.models import Member, Project

    project = int(root.post("/projects", {"name": "Bank"}).json()["id"])
    bob = make_user("bob")
    Member.objects.create(project=Project.objects.get(pk=project), user=bob, role="writer")
    root.put(f"/projects/{project}/functions/rules", {"review": True})
    Asker(bob).put(f"/projects/{project}/functions", {"source": "A = 1\n", "version": 0})
    return project


def _came(schedule: int, run: int) -> None:
    from django.utils import timezone

    from hat.web.schedules.models import Fire

    at = timezone.now() - timedelta(days=1)
    Fire.objects.create(schedule_id=schedule, fire_at=at, result="started", run_id=run)


def _files(root: Asker, project: int) -> None:
    from hat.web.projects.models import Project
    from hat.web.projects.services.files import save_files

    found = Project.objects.get(pk=project)
    save_files(root.user, found, {"accounts.csv": b"name,age\nann,7\n"}, replace=False)
