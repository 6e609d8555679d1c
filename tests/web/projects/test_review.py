"""Changes to functions that need a reviewer: runs use what somebody else approved."""

from __future__ import annotations

from typing import Any

import pytest

from hat.web.audit.models import Entry
from hat.web.projects.models import FunctionsRevision, Project
from hat.web.projects.services.review import source_for_runs
from tests.web.people import Asker
from tests.web.projects.test_files import listed, send
from tests.web.projects.test_functions import save
from tests.web.projects.uploads import upload


@pytest.fixture
def reviewed(alice: Asker, bob: Asker, project: Any) -> Any:
    """A project whose functions have a first version, and need a reviewer from then on."""
    save(bob, project, "FIRST = 1\n", 0)
    answer = alice.put(f"/projects/{project.pk}/functions/rules", {"review": True})
    assert answer.json() == {"network": False, "review": True, "waits": False}
    return project


def judge(asker: Asker, project: Any, version: int, *, approved: bool = True, note: str = "") -> Any:
    body = {"version": version, "approved": approved, "note": note}
    return asker.post(f"/projects/{project.pk}/functions/review", body)


def runs_use(project: Any) -> str:
    return source_for_runs(Project.objects.get(pk=project.pk))


def test_a_change_is_used_when_somebody_else_approved_it(alice: Asker, bob: Asker, reviewed: Any) -> None:
    saved = save(bob, reviewed, "SECOND = 2\n", 1).json()
    before = runs_use(reviewed)
    own = judge(bob, reviewed, 2)
    answer = judge(alice, reviewed, 2, note="fine")

    assert saved["source"] == "SECOND = 2\n"
    assert saved["review"] == {"active": 1, "verdict": "", "note": "", "judged_by": None, "may_judge": False}
    assert (before, own.status_code) == ("FIRST = 1\n", 403)
    assert (answer.status_code, answer.json()["review"]) == (200, None)
    assert runs_use(reviewed) == "SECOND = 2\n"
    revision = FunctionsRevision.objects.get(functions__project=reviewed, version=2)
    assert (revision.verdict, str(revision.judged_by), revision.note) == ("approved", "alice", "fine")
    assert "version 2 approved" in str(Entry.objects.filter(noun="functions").latest("id").changed)


def test_nobody_approves_what_they_wrote_behind_a_change_of_another(
    alice: Asker, bob: Asker, reviewed: Any
) -> None:
    save(bob, reviewed, "HIDDEN = 1\n", 1)
    save(alice, reviewed, "HIDDEN = 1\nOTHER = 1\n", 2)

    assert (judge(bob, reviewed, 3).status_code, judge(alice, reviewed, 3).status_code) == (403, 403)
    assert runs_use(reviewed) == "FIRST = 1\n"


def test_a_rejected_change_waits_with_its_reason(alice: Asker, bob: Asker, reviewed: Any) -> None:
    save(bob, reviewed, "SECOND = 2\n", 1)
    rejected = judge(alice, reviewed, 2, approved=False, note="no").json()["review"]
    save(bob, reviewed, "THIRD = 3\n", 2)
    late = judge(alice, reviewed, 2)
    judge(alice, reviewed, 3)
    again = judge(alice, reviewed, 3)

    assert (rejected["verdict"], rejected["note"], rejected["judged_by"]["username"]) == (
        "rejected",
        "no",
        "alice",
    )
    assert (late.status_code, again.status_code) == (409, 409)
    assert runs_use(reviewed) == "THIRD = 3\n"


def test_code_does_not_come_past_the_reviewer_as_a_file(bob: Asker, alice: Asker, reviewed: Any) -> None:
    code = send(bob, reviewed, {"lib/json.py": b"x = 1\n"})
    data = send(bob, reviewed, {"data.csv": b"x\n"}).json()["items"][0]
    renamed = bob.patch(f"/files/{data['id']}", {"version": 1, "path": "json.py"})
    upload(bob, reviewed, {"lib/json.py": "x = 1\n", "debugtalk.py": "IMPORTED = 1\n"})

    assert (code.status_code, renamed.status_code) == (422, 422)
    assert listed(bob, reviewed) == ["data.csv"]
    assert bob.get(f"/projects/{reviewed.pk}/functions").json()["source"] == "IMPORTED = 1\n"
    assert runs_use(reviewed) == "FIRST = 1\n"


def test_without_the_rule_the_last_version_runs_again(alice: Asker, bob: Asker, reviewed: Any) -> None:
    save(bob, reviewed, "SECOND = 2\n", 1)
    waiting = alice.get(f"/projects/{reviewed.pk}/functions/rules").json()
    alice.put(f"/projects/{reviewed.pk}/functions/rules", {"review": False})

    assert waiting["waits"] is True
    assert runs_use(reviewed) == "SECOND = 2\n"
    assert judge(alice, reviewed, 2).status_code == 409
