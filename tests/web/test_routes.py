"""Every route of the API asked the same questions; a new route without a line in the table fails here."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.web.people import Asker, make_user
from tests.web.route_table import ROUTES, ask

RANK = ["reader", "runner", "writer", "owner"]
NAMES = {"reader": "carol", "runner": "ruth", "writer": "bob", "owner": "alice"}
IN_PROJECT = [route for route, answered in ROUTES.items() if answered.least in RANK]
SIGNED_IN = [route for route, answered in ROUTES.items() if answered.least != "public"]
ADMIN = [route for route, answered in ROUTES.items() if answered.least == "admin"]
LESSER = [(route, lesser) for route in IN_PROJECT for lesser in RANK[: RANK.index(ROUTES[route].least)][-1:]]


def api_routes() -> dict[str, set[str]]:
    """Each path of the OpenAPI document with its methods."""
    from hat.web.api import openapi_document

    paths = openapi_document()["paths"]
    return {path.removeprefix("/api/v1"): {word.upper() for word in item} for path, item in paths.items()}


def test_the_table_knows_every_route() -> None:
    routes = {f"{method} {path}" for path, methods in api_routes().items() for method in methods}

    assert set(ROUTES) == routes


@pytest.mark.parametrize("route", SIGNED_IN)
def test_it_asks_nobody_to_sign_in(route: str, places: dict[str, Any]) -> None:
    answer = ask(Asker(), route, places)

    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")


@pytest.mark.parametrize("route", IN_PROJECT)
def test_it_does_not_exist_for_a_stranger(route: str, places: dict[str, Any], charlie: Asker) -> None:
    answer = ask(charlie, route, places)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(("route", "lesser"), LESSER)
def test_it_refuses_a_lesser_role(
    route: str, lesser: str, places: dict[str, Any], as_user: Callable[[str], Asker]
) -> None:
    answer = ask(as_user(NAMES[lesser]), route, places)

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize("route", ADMIN)
def test_it_is_for_administrators(route: str, places: dict[str, Any], alice: Asker) -> None:
    assert ask(alice, route, places).status_code == 403


@pytest.mark.parametrize("route", IN_PROJECT)
def test_a_token_of_another_project_sees_nothing(route: str, places: dict[str, Any], alice: Asker) -> None:
    other = alice.post("/projects", {"name": "Other"}).json()["id"]
    body = {"name": "ci", "scope": "write", "project_id": other}
    token = alice.post("/tokens", body).json()["secret"]

    assert ask(Asker(token=token), route, places).status_code == 404


@pytest.mark.parametrize(
    "route", [route for route in SIGNED_IN if not route.startswith("GET") and "yaml" not in route]
)
def test_a_token_for_reading_changes_nothing(route: str, places: dict[str, Any], alice: Asker) -> None:
    token = alice.post("/tokens", {"name": "ci", "scope": "read"}).json()["secret"]
    may = route.endswith("/functions/check")

    status = ask(Asker(token=token), route, places).status_code

    assert status == 200 if may else status == 403


@pytest.mark.parametrize("path", sorted({route.split(" ")[1] for route in ROUTES}))
def test_it_refuses_a_method_it_does_not_know(path: str, places: dict[str, Any], alice: Asker) -> None:
    known = api_routes()[path]
    method = next(word for word in ("PUT", "PATCH", "DELETE", "POST") if word not in known)
    address = re.sub(r"\{(\w+)\}", lambda found: str(places[found[1]]), path)

    answer = alice.send(method, address)

    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer["Allow"]


@pytest.mark.parametrize("path", ["/nothing", "/projects/x", "/cases/12/nothing", "/"])
def test_an_unknown_address_is_404_in_the_same_shape(path: str, anonymous: Asker) -> None:
    answer = anonymous.get(path)

    assert (answer.status_code, answer.json()["ok"]) == (404, False)


@pytest.mark.parametrize("pk", [0, 2**31, 2**63, 10**30])
def test_an_id_of_any_size_is_just_unknown(pk: int, root: Asker) -> None:
    for path in ("projects", "cases", "modules", "environments", "files", "runs"):
        assert root.send("DELETE", f"/{path}/{pk}").status_code in (404, 422)


def test_an_administrator_may_enter_every_project(project: Any, root: Asker) -> None:
    assert root.get(f"/projects/{project.pk}").json()["role"] == "owner"


def test_a_user_who_was_switched_off_is_out_at_once(project: Any, alice: Asker, root: Asker) -> None:
    root.patch(f"/users/{alice.user.pk}", {"is_active": False})

    assert alice.get(f"/projects/{project.pk}").status_code == 401


def test_it_needs_the_csrf_header(project: Any) -> None:
    asker = Asker(make_user("dora"), enforce_csrf_checks=True)

    answer = asker.post("/projects", {"name": "x"})

    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
