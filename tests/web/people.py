"""Who asks in the tests of the platform, and the steps their cases are made of."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

PASSWORD = "correct horse battery"


class Asker:
    """Somebody at the API: sends JSON, gets Django's answer."""

    def __init__(self, user: Any = None, token: str = "", **meta: Any) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.user = user
        self.client = Client(headers=headers, raise_request_exception=False, **meta)
        if user is not None:
            self.client.force_login(user)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", query)

    def post(self, path: str, body: Any = None) -> Any:
        return self.send("POST", path, body)

    def put(self, path: str, body: Any = None) -> Any:
        return self.send("PUT", path, body)

    def patch(self, path: str, body: Any = None) -> Any:
        return self.send("PATCH", path, body)

    def delete(self, path: str) -> Any:
        return self.send("DELETE", path)

    def send(self, method: str, path: str, body: Any = None) -> Any:
        return self.client.generic(
            method,
            f"/api/v1{path}",
            body if isinstance(body, bytes) else _json(body),
            content_type="application/json",
        )


def _json(body: Any) -> bytes:
    return b"" if body is None else json.dumps(body).encode()


def make_user(username: str, **fields: Any) -> Any:
    from hat.web.accounts.models import User

    return User.objects.create_user(username, PASSWORD, **fields)


def get(url: str, **fields: Any) -> dict[str, Any]:
    """A step that asks for a URL."""
    return {"name": f"GET {url}", "request": {"method": "GET", "url": url}, **fields}


def call(case: Any) -> dict[str, Any]:
    """A step that calls a case."""
    return {"name": f"call {case.name}", "testcase": case.pk}
