"""Whatever is sent, the answer is an answer: no route ends with 500."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.people import Asker
from tests.web.route_table import ROUTES, ask

NASTY: list[Any] = [
    None,
    "",
    "\0",
    "x" * 5000,
    -1,
    0,
    2**70,
    1.5,
    True,
    [],
    {},
    [[]],
    {"a": {"b": []}},
    [None],
    "\ud800",
    ["\0"],
]
WITH_BODY = [route for route, answered in ROUTES.items() if isinstance(answered.body, dict)]
LISTS = ["/projects", "/runs", "/users", "/tokens", "/dashboard"]
FIELDS = {
    "PUT /cases/{case_id}": ["name", "module_id", "description", "tags", "priority", "note"],
    "POST /projects/{project_id}/cases": ["document", "tags", "priority", "description"],
    "POST /projects/{project_id}/cases/batch": ["module_id", "tags"],
    "POST /cases/{case_id}/copy": ["name", "module_id"],
    "PATCH /environments/{environment_id}": [
        "name", "base_url", "services", "variables", "secrets", "verify", "is_default", "position"
    ],
    "POST /projects/{project_id}/environments": ["services", "variables", "secrets", "base_url"],
    "PATCH /modules/{module_id}": ["position"],
    "PATCH /projects/{project_id}": ["description", "archived", "dialect"],
    "POST /projects": ["description", "dialect"],
    "PATCH /me": ["name", "language"],
    "POST /tokens": ["project_id", "days"],
    "POST /projects/{pk}/runs": [
        "cases", "modules", "environment_id", "name", "options", "document", "step_id"
    ],
}  # fmt: skip


@pytest.mark.parametrize("route", WITH_BODY)
def test_no_value_of_a_field_breaks_it(route: str, places: dict[str, Any], alice: Asker) -> None:
    body = ROUTES[route].body
    broken = []
    for field in [*body, *FIELDS.get(route, [])]:
        for value in NASTY:
            answer = ask(alice, route, places, **{field: value})
            if answer.status_code >= 500:
                broken.append((field, value, answer.status_code))

    assert broken == []


@pytest.mark.parametrize("path", [*LISTS, "/projects/{}/cases", "/projects/{}/runs"])
def test_no_filter_breaks_a_list(path: str, project: Any, alice: Asker) -> None:
    names = [
        "page",
        "page_size",
        "search",
        "sort",
        "module",
        "tag",
        "outcome",
        "owner",
        "status",
        "days",
        "project",
    ]
    values = ["", "x", "-1", "0", "9" * 30, "\0", "%", "🎩", "1,2", "-"]

    statuses = {
        (name, value): alice.get(path.format(project.pk), **{name: value}).status_code
        for name in names
        for value in values
    }

    assert [case for case, status in statuses.items() if status >= 500] == []
