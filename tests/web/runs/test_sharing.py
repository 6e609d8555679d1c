"""Share links: the report of one run for whoever has the link, until it expires or is revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from hat.web.runs.packing import pack_text
from tests.web.people import Asker

DETAIL = b'{"name": "Log in", "outcome": "passed", "steps": []}'


@pytest.fixture
def run(project: Any, make_case: Any) -> Any:
    """A finished run with one case result."""
    from hat.web.accounts.models import User
    from hat.web.runs.models import CaseRun, Run

    by = User.objects.get(username="ruth")
    run = Run.objects.create(
        project=project, name="Nightly", status="finished", outcome="passed", total=1, done=1, created_by=by
    )
    CaseRun.objects.create(
        run=run,
        seq=1,
        case=make_case("Log in"),
        name="Log in",
        outcome="passed",
        finished_at=timezone.now(),
        packed=pack_text(DETAIL),
    )
    return run


def shared(asker: Asker, run: Any, **body: Any) -> str:
    """The secret of a new link."""
    answer = asker.post(f"/runs/{run.pk}/share-links", body or {"days": 7})
    assert answer.status_code == 201, answer.json()
    return str(answer.json()["secret"])


def opened(secret: str, path: str = "delta") -> Any:
    """What somebody who is not signed in gets."""
    return Asker().client.get(f"/api/v1/shared/{path}", headers={"X-Share-Secret": secret})


def test_whoever_has_the_link_reads_the_report(bob: Asker, run: Any) -> None:
    secret = shared(bob, run)

    page = opened(secret).json()
    (case,) = page["cases"]

    assert (page["run"]["name"], page["run"]["outcome"], case["name"]) == ("Nightly", "passed", "Log in")
    assert opened(secret, f"cases/{case['id']}").json()["name"] == "Log in"


def test_it_tells_of_nobody_and_of_no_other_run(bob: Asker, run: Any) -> None:
    secret = shared(bob, run)

    page = opened(secret).json()
    detail = opened(secret, f"cases/{page['cases'][0]['id']}").json()

    assert page["run"]["created_by"] is None
    assert [case["case_id"] for case in page["cases"]] == [None]
    assert (detail["case_id"], detail["history"]) == (None, [])


def test_it_opens_no_case_of_another_run(bob: Asker, run: Any, project: Any) -> None:
    from hat.web.runs.models import CaseRun, Run

    other = Run.objects.create(project=project, name="Other", status="finished")
    theirs = CaseRun.objects.create(
        run=other, seq=1, name="x", outcome="passed", finished_at=timezone.now(), packed=pack_text(DETAIL)
    )

    assert opened(shared(bob, run), f"cases/{theirs.pk}").status_code == 404


def test_the_secret_opens_nothing_else(bob: Asker, run: Any) -> None:
    secret = shared(bob, run)
    guest = Asker()

    for path in (f"/runs/{run.pk}", f"/runs/{run.pk}/delta", f"/projects/{run.project_id}", "/me"):
        got = guest.client.get(f"/api/v1{path}", headers={"X-Share-Secret": secret})
        assert got.status_code == 401, path
    assert Asker(token=secret).get("/me").status_code == 401


@pytest.mark.parametrize("secret", ["", "unknown", "x" * 43])
def test_a_wrong_secret_opens_nothing(secret: str, run: Any) -> None:
    answer = opened(secret)

    assert (answer.status_code, answer.json()["code"]) == (404, "share_link")


def test_a_link_expires(bob: Asker, run: Any) -> None:
    from hat.web.runs.models import ShareLink

    secret = shared(bob, run)
    ShareLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert opened(secret).status_code == 404
    assert bob.get(f"/runs/{run.pk}/share-links").json()["total"] == 0


def test_a_revoked_link_opens_nothing(bob: Asker, run: Any) -> None:
    secret, other = shared(bob, run), shared(bob, run)
    newest, _ = bob.get(f"/runs/{run.pk}/share-links").json()["items"]

    assert bob.delete(f"/runs/{run.pk}/share-links/{newest['id']}").status_code == 204

    assert (opened(secret).status_code, opened(other).status_code) == (200, 404)


def test_it_ends_with_the_run_the_project_and_its_maker(
    bob: Asker, alice: Asker, root: Asker, run: Any
) -> None:
    secret = shared(bob, run)

    bob.delete(f"/runs/{run.pk}")
    assert opened(secret).status_code == 404
    bob.post(f"/runs/{run.pk}/restore")
    alice.delete(f"/projects/{run.project_id}")
    assert opened(secret).status_code == 404
    alice.post(f"/projects/{run.project_id}/restore")
    assert opened(secret).status_code == 200
    root.patch(f"/users/{bob.user.pk}", {"is_active": False})
    assert opened(secret).status_code == 404


@pytest.mark.parametrize("loss", ["is a reader now", "left", "is deleted"])
def test_it_ends_when_its_maker_may_share_no_more(loss: str, bob: Asker, alice: Asker, run: Any) -> None:
    from hat.web.projects.models import Member

    secret, others = shared(bob, run), shared(alice, run)
    place = f"/members/{Member.objects.get(user=bob.user).pk}"
    if loss == "is a reader now":
        assert alice.patch(place, {"role": "reader"}).status_code == 200
    elif loss == "left":
        assert alice.delete(place).status_code == 204
    else:
        bob.user.delete()

    assert (opened(secret).status_code, opened(others).status_code) == (404, 200)
    assert alice.get(f"/runs/{run.pk}/share-links").json()["total"] == 1


def test_an_administrator_shares_without_being_a_member(root: Asker, run: Any) -> None:
    secret = shared(root, run)
    assert opened(secret).status_code == 200

    root.user.is_admin = False
    root.user.save()
    assert opened(secret).status_code == 404


def test_the_secret_is_shown_once_and_stored_as_a_hash(bob: Asker, run: Any) -> None:
    from hat.web.audit.models import Entry
    from hat.web.runs.models import ShareLink

    secret = shared(bob, run)

    assert secret not in str(bob.get(f"/runs/{run.pk}/share-links").json())
    assert secret not in str(ShareLink.objects.values_list())
    assert secret not in str(Entry.objects.values_list())


def test_the_list_says_when_it_was_opened(bob: Asker, run: Any) -> None:
    secret = shared(bob, run)
    assert bob.get(f"/runs/{run.pk}/share-links").json()["items"][0]["last_opened_at"] is None

    opened(secret)

    assert bob.get(f"/runs/{run.pk}/share-links").json()["items"][0]["last_opened_at"]


def test_the_log_tells_who_shared_and_revoked(bob: Asker, run: Any) -> None:
    from hat.web.audit.models import Entry

    shared(bob, run)
    (link,) = bob.get(f"/runs/{run.pk}/share-links").json()["items"]
    bob.delete(f"/runs/{run.pk}/share-links/{link['id']}")

    told = Entry.objects.filter(noun="sharelink").order_by("id")
    assert [(one.user_name, one.action, one.object_name, one.project_name) for one in told] == [
        ("bob", "create", "Nightly", "Shop"),
        ("bob", "delete", "Nightly", "Shop"),
    ]


def test_an_installation_limits_or_switches_off_links(bob: Asker, run: Any, settings: Any) -> None:
    secret = shared(bob, run)

    settings.HAT_SHARE_DAYS = 3
    assert bob.post(f"/runs/{run.pk}/share-links", {"days": 4}).status_code == 422
    settings.HAT_SHARE_DAYS = 0
    assert bob.post(f"/runs/{run.pk}/share-links", {"days": 1}).status_code == 403
    assert opened(secret).status_code == 404


def test_nobody_is_told_where_the_link_was(bob: Asker, run: Any) -> None:
    answer = opened(shared(bob, run))

    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Cache-Control"] == "no-store"
