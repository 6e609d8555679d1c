"""Who may do what: one line for each route of the API, with a body that would be accepted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tests.web.people import Asker


@dataclass(frozen=True, slots=True)
class Answered:
    """The least that is needed: public, user, admin, or a role in the project."""

    least: str
    body: Any = None


_DOCUMENT = {"config": {"name": "x"}, "teststeps": []}
_STEP = {"config": {"name": "x"}, "teststeps": [{"name": "a", "request": {"method": "GET", "url": "/"}}]}

_CHANGE = {"kind": "header", "name": "X-Trace", "value": "1"}

# Numbers in bodies that stand for the module, case, environment of the project are filled in by the test.
ROUTES: dict[str, Answered] = {
    "POST /setup": Answered("public", {"username": "x", "password": "long enough word"}),
    "GET /session": Answered("public"),
    "POST /session": Answered("public", {"username": "x", "password": "y"}),
    "DELETE /session": Answered("public"),
    "GET /me": Answered("user"),
    "PATCH /me": Answered("user", {"theme": "dark"}),
    "POST /me/password": Answered("user", {"old": "x", "new": "y"}),
    "GET /me/sessions": Answered("user"),
    "DELETE /me/sessions": Answered("user"),
    "DELETE /me/sessions/{session_id}": Answered("user"),
    "GET /me/identities": Answered("user"),
    "POST /me/identities": Answered("user"),
    "DELETE /me/identities/{identity_id}": Answered("user"),
    "DELETE /users/{user_id}/sessions": Answered("admin"),
    "GET /users/{user_id}/identities": Answered("admin"),
    "POST /users/{user_id}/identities": Answered("admin", {"username": "ruth"}),
    "DELETE /users/{user_id}/identities/{identity_id}": Answered("admin"),
    "GET /invitations": Answered("admin"),
    "POST /invitations": Answered("admin", {"note": "Dora"}),
    "DELETE /invitations/{invitation_id}": Answered("admin"),
    "POST /invite": Answered("public", {"secret": "x"}),
    "POST /invite/accept": Answered("public", {"secret": "x", "username": "x", "password": "y"}),
    "GET /users": Answered("admin"),
    "POST /users": Answered("admin", {"username": "dora", "password": "long enough word"}),
    "PATCH /users/{user_id}": Answered("admin", {"name": "Dora"}),
    "GET /tokens": Answered("user"),
    "POST /tokens": Answered("user", {"name": "ci", "scope": "read"}),
    "DELETE /tokens/{token_id}": Answered("user"),
    "GET /projects": Answered("user"),
    "POST /projects": Answered("user", {"name": "Own"}),
    "GET /projects/{project_id}": Answered("reader"),
    "PATCH /projects/{project_id}": Answered("owner", {"name": "Shop 2"}),
    "DELETE /projects/{project_id}": Answered("owner"),
    "POST /projects/{project_id}/restore": Answered("owner"),
    "GET /projects/{project_id}/deleted": Answered("writer"),
    "GET /deleted/projects": Answered("user"),
    "GET /projects/{project_id}/members": Answered("reader"),
    "POST /projects/{project_id}/members": Answered("owner", {"username": "charlie", "role": "reader"}),
    "PATCH /members/{member_id}": Answered("owner", {"role": "writer"}),
    "DELETE /members/{member_id}": Answered("owner"),
    "GET /projects/{project_id}/people": Answered("reader"),
    "GET /targets": Answered("admin"),
    "PUT /targets": Answered("admin", {"private": True, "deny": ["10.0.0.5"]}),
    "POST /projects/{project_id}/functions/review": Answered("writer", {"version": 1, "approved": True}),
    "GET /projects/{project_id}/functions/rules": Answered("reader"),
    "PUT /projects/{project_id}/functions/rules": Answered("owner", {"network": True}),
    "GET /isolation": Answered("admin"),
    "PUT /isolation": Answered("admin", {"agreed": True}),
    "GET /projects/{project_id}/targets": Answered("reader"),
    "PUT /projects/{project_id}/targets": Answered("owner", {"deny": ["*.example.org:25"]}),
    "GET /projects/{project_id}/limits": Answered("reader"),
    "PATCH /projects/{project_id}/limits": Answered("owner", {"concurrency": 2}),
    "GET /projects/{project_id}/modules": Answered("reader"),
    "POST /projects/{project_id}/modules": Answered("writer", {"name": "Orders"}),
    "PATCH /modules/{module_id}": Answered("writer", {"name": "Orders"}),
    "DELETE /modules/{module_id}": Answered("writer"),
    "POST /modules/{module_id}/restore": Answered("writer"),
    "GET /projects/{project_id}/cases": Answered("reader"),
    "POST /projects/{project_id}/cases": Answered("writer", {"module_id": "module", "name": "New"}),
    "GET /projects/{project_id}/tags": Answered("reader"),
    "GET /cases/{case_id}": Answered("reader"),
    "PUT /cases/{case_id}": Answered("writer", {"version": 1, "document": _DOCUMENT}),
    "DELETE /cases/{case_id}": Answered("writer"),
    "POST /cases/{case_id}/copy": Answered("writer", {}),
    "POST /cases/{case_id}/restore": Answered("writer"),
    "GET /cases/{case_id}/revisions": Answered("reader"),
    "GET /cases/{case_id}/revisions/{version}": Answered("reader"),
    "POST /projects/{project_id}/cases/batch": Answered("writer", {"ids": ["case"], "action": "delete"}),
    "POST /projects/{project_id}/cases/order": Answered("writer", {"ids": ["case"], "module_id": "module"}),
    "GET /projects/{project_id}/cases/view": Answered("reader"),
    "PUT /projects/{project_id}/cases/view": Answered("reader", {"filters": [], "columns": ["tags"]}),
    "GET /projects/{project_id}/suites": Answered("reader"),
    "POST /projects/{project_id}/suites": Answered("writer", {"name": "Smoke"}),
    "GET /suites/{suite_id}": Answered("reader"),
    "PATCH /suites/{suite_id}": Answered("writer", {"version": 1, "name": "Smoke"}),
    "DELETE /suites/{suite_id}": Answered("writer"),
    "POST /suites/{suite_id}/restore": Answered("writer"),
    "GET /projects/{project_id}/edits": Answered("reader"),
    "POST /projects/{project_id}/edits": Answered("writer", {"change": _CHANGE, "cases": ["pick"]}),
    "POST /projects/{project_id}/edits/preview": Answered("writer", {"change": _CHANGE, "all": True}),
    "POST /edits/{edit_id}/undo": Answered("writer"),
    "POST /yaml/dump": Answered("user", {"document": _STEP}),
    "POST /yaml/parse": Answered("user", {"text": "config: {name: x}\nteststeps: []\n"}),
    "GET /projects/{project_id}/environments": Answered("reader"),
    "POST /projects/{project_id}/environments": Answered("writer", {"name": "staging"}),
    "GET /environments/{environment_id}": Answered("reader"),
    "PATCH /environments/{environment_id}": Answered("writer", {"note": "x"}),
    "GET /environments/{environment_id}/uses": Answered("reader"),
    "DELETE /environments/{environment_id}": Answered("writer"),
    "POST /environments/{environment_id}/restore": Answered("writer"),
    "GET /projects/{project_id}/functions": Answered("reader"),
    "PUT /projects/{project_id}/functions": Answered("writer", {"source": "", "version": 1}),
    "POST /projects/{project_id}/functions/check": Answered("reader", {"source": ""}),
    "GET /projects/{project_id}/functions/callers": Answered("reader"),
    "GET /projects/{project_id}/functions/revisions": Answered("reader"),
    "GET /projects/{project_id}/functions/revisions/{version}": Answered("reader"),
    "GET /projects/{project_id}/files": Answered("reader"),
    "POST /projects/{project_id}/files": Answered("writer"),
    "GET /files/{file_id}": Answered("reader"),
    "GET /files/{file_id}/content": Answered("reader"),
    "PATCH /files/{file_id}": Answered("writer", {"version": 1, "text": "x"}),
    "DELETE /files/{file_id}": Answered("writer"),
    "POST /files/{file_id}/restore": Answered("writer"),
    "POST /projects/{project_id}/import": Answered("writer"),
    "GET /projects/{project_id}/export": Answered("reader"),
    "POST /projects/{pk}/runs": Answered("runner", {"all": True}),
    "GET /projects/{pk}/runs": Answered("reader"),
    "GET /runs": Answered("user"),
    "GET /runs/{pk}": Answered("reader"),
    "DELETE /runs/{pk}": Answered("writer"),
    "PATCH /runs/{pk}": Answered("writer", {"pinned": True}),
    "POST /runs/{pk}/restore": Answered("writer"),
    "POST /runs/{pk}/cancel": Answered("runner"),
    "POST /runs/{pk}/rerun": Answered("runner", {"only": "all"}),
    "GET /runs/{pk}/delta": Answered("reader"),
    "GET /runs/{pk}/changes": Answered("reader"),
    "GET /runs/{pk}/trends": Answered("reader"),
    "GET /runs/{pk}/cases/{case_run_pk}/body": Answered("reader"),
    "GET /runs/{pk}/events": Answered("reader"),
    "GET /runs/{pk}/cases/{case_run_pk}": Answered("reader"),
    "GET /runs/{pk}/report.{form}": Answered("reader"),
    "GET /runs/{pk}/share-links": Answered("writer"),
    "POST /runs/{pk}/share-links": Answered("writer", {"days": 7}),
    "DELETE /runs/{pk}/share-links/{link_id}": Answered("writer"),
    "GET /shared/delta": Answered("public"),
    "GET /shared/cases/{case_run_pk}/body": Answered("public"),
    "GET /shared/cases/{case_run_pk}": Answered("public"),
    "GET /dashboard": Answered("user"),
    "GET /dashboard/cases": Answered("user"),
    "GET /workers": Answered("user"),
    "GET /system": Answered("admin"),
    "GET /packages": Answered("admin"),
    "PUT /packages": Answered("admin", {"text": ""}),
    "GET /audit": Answered("admin"),
    "GET /audit/export": Answered("admin"),
    "GET /projects/{project_id}/audit": Answered("owner"),
    "GET /projects/{project_id}/audit/export": Answered("owner"),
    "GET /projects/{project_id}/schedules": Answered("reader"),
    "POST /projects/{project_id}/schedules": Answered(
        "writer", {"name": "Nightly", "cron": "@daily", "modules": ["module"]}
    ),
    "GET /schedules/preview": Answered("user"),
    "GET /schedules/{schedule_id}": Answered("reader"),
    "PATCH /schedules/{schedule_id}": Answered("writer", {"cron": "@daily"}),
    "DELETE /schedules/{schedule_id}": Answered("writer"),
    "POST /schedules/{schedule_id}/restore": Answered("writer"),
    "POST /schedules/{schedule_id}/enable": Answered("writer"),
    "POST /schedules/{schedule_id}/disable": Answered("writer"),
    "POST /schedules/{schedule_id}/run": Answered("runner"),
    "GET /schedules/{schedule_id}/fires": Answered("reader"),
    "GET /projects/{project_id}/channels": Answered("reader"),
    "POST /projects/{project_id}/channels": Answered(
        "owner", {"name": "Team", "kind": "webhook", "address": "https://hook.example/alerts"}
    ),
    "PATCH /channels/{channel_id}": Answered("owner", {"enabled": False}),
    "POST /channels/{channel_id}/test": Answered("owner"),
    "DELETE /channels/{channel_id}": Answered("owner"),
    "POST /channels/{channel_id}/restore": Answered("owner"),
}


def ask(asker: Asker, route: str, places: dict[str, Any], **fields: Any) -> Any:
    """The route asked with real ids and an acceptable body, some fields of which may be others."""
    method, path = route.split(" ")
    if path.startswith("/projects/{pk}"):
        places = {**places, "pk": places["project_id"]}
    elif path == "/runs/{pk}/restore":
        places = {**places, "pk": places["deleted_pk"]}
    path = re.sub(r"\{(\w+)\}", lambda found: str(places[found[1]]), path)
    return asker.send(method, path, _filled(ROUTES[route].body, places, fields))


def _filled(body: Any, places: dict[str, Any], fields: dict[str, Any]) -> Any:
    if not isinstance(body, dict):
        return body
    filled = {**body, **fields}
    if filled.get("module_id") == "module":
        filled["module_id"] = places["module_id"]
    if filled.get("ids") == ["case"]:
        filled["ids"] = [places["case_id"]]
    if filled.get("cases") == ["pick"]:
        filled["cases"] = [{"id": places["case_id"], "version": 1}]
    if filled.get("modules") == ["module"]:
        filled["modules"] = [places["module_id"]]
    return filled
