"""The main job by script: a token does what the pages do, with nothing but HTTP."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen
from xml.etree import ElementTree

import pytest

from tests.web.test_up import TIMEOUT_S, Site


class Script:
    """Calls the API with a bearer token: no cookie, no CSRF header."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.token = token

    def raw(self, method: str, path: str, body: bytes | None = None, kind: str = "application/json") -> bytes:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": kind}
        request = Request(f"{self.url}/api/v1{path}", data=body, headers=headers, method=method)
        with urlopen(request, timeout=TIMEOUT_S) as answer:
            return bytes(answer.read())

    def call(self, method: str, path: str, body: Any = None) -> Any:
        return json.loads(self.raw(method, path, None if body is None else json.dumps(body).encode()))

    def upload(self, path: str, name: str, content: bytes) -> Any:
        edge = "edge-of-a-part"
        head = f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        return json.loads(self.raw("POST", path, body, f"multipart/form-data; boundary={edge}"))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path / "data")
    site.sign_up()
    yield site
    site.stop()


def _archive(address: str) -> bytes:
    """Two HttpRunner files that ask the platform itself: one passes, one fails."""
    text = """
config: {{name: {name}, base_url: "{address}"}}
teststeps:
- name: ask
  request: {{method: GET, url: /healthz}}
  validate: [{{eq: [status_code, {status}]}}]
"""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as folder:
        folder.writestr("testcases/lives.yml", text.format(name="lives", address=address, status=200))
        folder.writestr("testcases/lies.yml", text.format(name="lies", address=address, status=404))
    return packed.getvalue()


def test_a_token_imports_runs_and_fetches_junit(site: Site) -> None:
    secret = site.ask("POST", "/api/v1/tokens", {"name": "ci", "scope": "write"})["secret"]
    script = Script(site.url, secret)

    project = script.call("POST", "/projects", {"name": "By script"})["id"]
    imported = script.upload(f"/projects/{project}/import", "cases.zip", _archive(site.url))
    assert sorted(case["name"] for case in imported["created"]) == ["lies", "lives"]
    run = script.call("POST", f"/projects/{project}/runs", {"all": True, "name": "from CI"})
    assert run["trigger"] == "api"
    deadline = time.monotonic() + TIMEOUT_S
    while run["status"] in ("queued", "running") and time.monotonic() < deadline:
        time.sleep(0.1)
        run = script.call("GET", f"/runs/{run['id']}/delta?after=0")["run"]

    assert run["counts"]["cases"] == {"passed": 1, "failed": 1, "error": 0, "skipped": 0}
    junit = ElementTree.fromstring(script.raw("GET", f"/runs/{run['id']}/report.xml"))
    assert {case.get("name"): case.find("failure") is not None for case in junit.iter("testcase")} == {
        "lives": False,
        "lies": True,
    }
