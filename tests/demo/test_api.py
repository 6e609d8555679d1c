"""The demo API keeps to what its cases and FEATURES promise."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest


class Device:
    """Somebody who talks to the demo API."""

    def __init__(self, api: str) -> None:
        self.api = api
        self.headers = {"X-Device": uuid4().hex, "X-Platform": "linux", "X-Version": "1.0"}

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """The status and the body of an answer."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(self.api + path, data, self.headers, method=method)
        try:
            with urlopen(request) as answer:
                return answer.status, json.load(answer)
        except HTTPError as problem:
            with problem:
                return problem.code, json.load(problem)

    def log_in(self) -> Device:
        text = self.headers["X-Device"] + self.headers["X-Platform"] + self.headers["X-Version"]
        sign = hmac.new(b"hat-demo", text.encode(), hashlib.sha1).hexdigest()
        self.headers["X-Token"] = self.ask("POST", "/api/token", {"sign": sign})[1]["token"]
        return self


@pytest.fixture
def ann(api: str) -> Device:
    """A device that is logged in."""
    return Device(api).log_in()


def test_no_token_is_401_and_a_wrong_one_403(api: str) -> None:
    device = Device(api)

    assert device.ask("GET", "/api/users")[0] == 401
    device.headers["X-Token"] = "wrong"
    assert device.ask("GET", "/api/users")[0] == 403


def test_a_wrong_signature_is_403(api: str) -> None:
    assert Device(api).ask("POST", "/api/token", {"sign": "wrong"})[0] == 403


def test_a_user_is_created_once(ann: Device) -> None:
    assert ann.ask("POST", "/api/users/ann", {"password": "x"})[0] == 201
    assert ann.ask("POST", "/api/users/ann", {"password": "x"})[0] == 500


def test_a_user_is_read_changed_and_deleted(ann: Device) -> None:
    ann.ask("POST", "/api/users/ann", {"password": "x", "age": 1})

    assert ann.ask("GET", "/api/users/ann")[1]["user"]["age"] == 1
    assert ann.ask("PUT", "/api/users/ann", {"age": 2})[1]["user"]["age"] == 2
    assert ann.ask("DELETE", "/api/users/ann")[0] == 200
    assert ann.ask("GET", "/api/users/ann")[0] == 404


def test_reset_forgets_everything(ann: Device) -> None:
    ann.ask("POST", "/api/users/ann", {"password": "x"})

    assert ann.ask("POST", "/api/reset")[1]["removed"] == 1
    assert ann.ask("GET", "/api/users")[1]["total"] == 0


def test_every_device_has_a_world_of_its_own(api: str) -> None:
    ann, bob = Device(api).log_in(), Device(api).log_in()
    ann.ask("POST", "/api/users/ann", {"password": "x"})

    assert bob.ask("GET", "/api/users")[1]["total"] == 0


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("PATCH", "/api/items", 405),
        ("GET", "/api/items?page=x", 400),
        ("GET", "/api/items?page=0", 400),
        ("GET", "/api/items/0", 404),
    ],
)
def test_wrong_requests_are_answered_in_json(ann: Device, method: str, path: str, status: int) -> None:
    code, body = ann.ask(method, path)

    assert code == status
    assert body["ok"] is False
    assert body["error"]


@pytest.mark.parametrize("body", [[], "text", {"items": [1]}, {"items": {"id": 1}}])
def test_a_body_of_the_wrong_shape_is_refused(ann: Device, body: Any) -> None:
    assert ann.ask("POST", "/api/orders", body)[0] in (400, 422)
