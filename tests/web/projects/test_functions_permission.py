"""Who may edit the code of a project: writers, unless an owner takes it from one of them."""

from __future__ import annotations

from typing import Any

import pytest

from hat.web.audit.models import Entry
from hat.web.projects.models import Member
from hat.web.projects.services.projects import change_member
from tests.web.people import Asker
from tests.web.projects.test_files import listed, put, send
from tests.web.projects.test_functions import save
from tests.web.projects.uploads import LOGIN, upload

WORDS = "you may not edit the functions of this project; an owner of it can allow that"


@pytest.fixture
def taken(alice: Asker, bob: Asker, project: Any) -> Any:
    """The project, with a function and a file of code, from whose writer bob the right was taken."""
    save(bob, project, "OLD = 1\n", 0)
    put(bob, project, "lib/code.py", b"x = 1\n")
    allow(alice, project, "bob", wanted=False)
    return project


def allow(asker: Asker, project: Any, name: str, *, wanted: bool) -> Any:
    member = Member.objects.get(project=project, user__username=name)
    return asker.patch(f"/members/{member.pk}", {"edits_functions": wanted})


def may_edit(asker: Asker, project: Any) -> bool:
    found: bool = asker.get(f"/projects/{project.pk}/functions").json()["may_edit"]
    return found


def test_owners_and_writers_may_at_first_and_nobody_below(
    alice: Asker, bob: Asker, carol: Asker, root: Asker, project: Any
) -> None:
    assert [may_edit(asker, project) for asker in (alice, bob, carol, root)] == [True, True, False, True]


def test_a_writer_without_it_is_refused_in_plain_words_and_reads_on(bob: Asker, taken: Any) -> None:
    refused = save(bob, taken, "NEW = 1\n", 1)

    assert (refused.status_code, refused.json()["error"]) == (403, WORDS)
    assert may_edit(bob, taken) is False
    assert bob.get(f"/projects/{taken.pk}/functions").json()["source"] == "OLD = 1\n"


def test_files_of_code_are_functions_too(bob: Asker, taken: Any) -> None:
    code = bob.get(f"/projects/{taken.pk}/files").json()["items"][0]
    data = put(bob, taken, "data.csv", b"x\n")
    made = send(bob, taken, {"more.py": b"x = 1\n"})
    named = bob.patch(f"/files/{data['id']}", {"version": 1, "path": "data.py"})
    changed = bob.patch(f"/files/{code['id']}", {"version": 1, "text": "x = 2\n"})
    moved = bob.patch(f"/files/{code['id']}", {"version": 1, "path": "code.txt"})
    deleted = bob.delete(f"/files/{code['id']}")

    answers = (made, named, changed, moved, deleted)
    assert [answer.status_code for answer in answers] == [422, 422, 403, 403, 403]
    assert listed(bob, taken) == ["data.csv", "lib/code.py"]


def test_an_import_brings_the_cases_and_leaves_the_code(bob: Asker, taken: Any) -> None:
    report = upload(bob, taken, {"debugtalk.py": "NEW = 1\n", "lib/x.py": "x = 1\n", "a.yml": LOGIN}).json()

    assert len(report["created"]) == 1
    assert {one["file"]: one["message"] for one in report["problems"]} == dict.fromkeys(
        ("debugtalk.py", "lib/x.py"), WORDS
    )
    assert bob.get(f"/projects/{taken.pk}/functions").json()["source"] == "OLD = 1\n"


def test_who_may_not_edit_may_not_approve_either(alice: Asker, bob: Asker, taken: Any) -> None:
    alice.put(f"/projects/{taken.pk}/functions/rules", {"review": True})
    save(alice, taken, "NEW = 1\n", 1)
    verdict = {"version": 2, "approved": True, "note": ""}

    assert bob.get(f"/projects/{taken.pk}/functions").json()["review"]["may_judge"] is False
    assert bob.post(f"/projects/{taken.pk}/functions/review", verdict).status_code == 403


def test_an_owner_gives_it_back_and_only_owners_do(alice: Asker, bob: Asker, taken: Any) -> None:
    own = allow(bob, taken, "bob", wanted=True)
    given = allow(alice, taken, "bob", wanted=True)

    assert (own.status_code, given.json()["edits_functions"]) == (403, True)
    assert save(bob, taken, "NEW = 1\n", 1).status_code == 200


def test_a_new_role_leaves_it_as_somebody_else_set_it_meanwhile(
    alice: Asker, bob: Asker, project: Any
) -> None:
    stale = Member.objects.get(project=project, user__username="bob")
    allow(alice, project, "bob", wanted=False)

    change_member(stale, role="writer")

    assert may_edit(bob, project) is False


def test_it_does_not_bind_an_owner(alice: Asker, project: Any) -> None:
    allow(alice, project, "alice", wanted=False)

    assert save(alice, project, "NEW = 1\n", 0).status_code == 200


def test_a_new_member_may_come_without_it(alice: Asker, as_user: Any, project: Any) -> None:
    body = {"username": "charlie", "role": "writer", "edits_functions": False}
    made = alice.post(f"/projects/{project.pk}/members", body)

    assert made.json()["edits_functions"] is False
    assert may_edit(as_user("charlie"), project) is False


def test_the_audit_log_tells_it(alice: Asker, taken: Any) -> None:
    entry = Entry.objects.filter(noun="member").latest("id")

    assert (entry.action, str(entry.user_name)) == ("change", "alice")
    assert "edits_functions" in str(entry.changed)
