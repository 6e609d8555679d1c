"""Invitations: a link makes one account, once, until it expires or is revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.web.people import PASSWORD, Asker, make_user

DORA = {"username": "dora", "password": PASSWORD, "name": "Dora"}


def invited(root: Asker, **fields: Any) -> str:
    """The secret of a new link."""
    return str(root.post("/invitations", {"note": "Dora of sales", **fields}).json()["secret"])


def test_whoever_has_the_link_makes_an_account_and_is_signed_in(root: Asker) -> None:
    guest = Asker()

    answer = guest.post("/invite/accept", {**DORA, "secret": invited(root)})

    assert answer.status_code == 201
    assert guest.get("/me").json()["username"] == "dora"
    assert guest.get("/me").json()["is_admin"] is False


def test_it_makes_a_member_when_it_names_a_project(root: Asker, project: Any) -> None:
    secret = invited(root, project_id=project.pk, role="writer")
    guest = Asker()
    assert guest.post("/invite", {"secret": secret}).json()["project"] == "Shop"

    guest.post("/invite/accept", {**DORA, "secret": secret})

    assert guest.get(f"/projects/{project.pk}").json()["role"] == "writer"


def test_without_a_project_nothing_is_seen(root: Asker, project: Any) -> None:
    guest = Asker()
    guest.post("/invite/accept", {**DORA, "secret": invited(root)})

    assert guest.get("/projects").json()["total"] == 0


def test_a_link_works_once(root: Asker) -> None:
    secret = invited(root)
    Asker().post("/invite/accept", {**DORA, "secret": secret})

    answer = Asker().post("/invite/accept", {**DORA, "secret": secret, "username": "eve"})

    assert (answer.status_code, answer.json()["code"]) == (404, "invitation")
    assert root.get("/users", search="eve").json()["total"] == 0


def test_a_refused_name_leaves_the_link_open(root: Asker) -> None:
    secret = invited(root)

    assert Asker().post("/invite/accept", {**DORA, "secret": secret, "username": "ROOT"}).status_code == 422
    assert Asker().post("/invite/accept", {**DORA, "secret": secret, "password": "x"}).status_code == 422

    assert Asker().post("/invite/accept", {**DORA, "secret": secret}).status_code == 201


def test_a_revoked_link_opens_nothing(root: Asker) -> None:
    secret = invited(root)
    (pending,) = root.get("/invitations").json()["items"]

    assert root.delete(f"/invitations/{pending['id']}").status_code == 204

    assert Asker().post("/invite", {"secret": secret}).status_code == 404
    assert root.get("/invitations").json()["total"] == 0


def test_a_link_expires(root: Asker) -> None:
    from hat.web.accounts.models import Invitation

    secret = invited(root)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert Asker().post("/invite/accept", {**DORA, "secret": secret}).status_code == 404
    assert root.get("/invitations").json()["total"] == 0


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_admin": False}], ids=["gone", "demoted"])
def test_a_link_ends_with_the_office_of_who_made_it(change: dict[str, bool], root: Asker) -> None:
    left = Asker(make_user("former", is_admin=True))
    secret = invited(left)
    assert Asker().post("/invite", {"secret": secret}).status_code == 200

    assert root.patch(f"/users/{left.user.pk}", change).status_code == 200

    assert Asker().post("/invite", {"secret": secret}).status_code == 404
    assert Asker().post("/invite/accept", {**DORA, "secret": secret}).status_code == 404
    assert root.get("/invitations").json()["total"] == 0


def test_the_secret_is_shown_once_and_stored_as_a_hash(root: Asker) -> None:
    from hat.web.accounts.models import Invitation

    secret = invited(root)

    assert secret not in str(root.get("/invitations").json())
    assert secret not in str(Invitation.objects.values_list())


def test_the_log_tells_who_invited_and_who_came(root: Asker, project: Any) -> None:
    from hat.web.audit.models import Entry

    Asker().post("/invite/accept", {**DORA, "secret": invited(root, project_id=project.pk)})

    told = [f"{one.user_name} {one.action} {one.noun}" for one in Entry.objects.order_by("id")]
    assert told == [
        "root create invitation", "dora create user", "dora accept invitation", "dora create member",
    ]  # fmt: skip


@pytest.mark.parametrize("days", [0, 91])
def test_the_days_have_limits(days: int, root: Asker) -> None:
    assert root.post("/invitations", {"note": "Dora", "days": days}).status_code == 422


def test_it_needs_the_csrf_header(root: Asker) -> None:
    answer = Asker(enforce_csrf_checks=True).post("/invite/accept", {**DORA, "secret": invited(root)})

    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


def test_no_address_holds_the_secret(root: Asker, anonymous: Asker) -> None:
    secret = invited(root)

    for method, path in (("GET", f"/invite/{secret}"), ("POST", f"/invite/{secret}")):
        assert anonymous.send(method, path, DORA).status_code == 404
    assert anonymous.client.get("/invite")["Referrer-Policy"] == "no-referrer"
