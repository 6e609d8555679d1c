"""Bad input at the running platform: whatever comes in, the rest works and nothing is lost."""

from __future__ import annotations

import http.client
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from tests.target.hostile import TWO_GB, Hostile, hostile
from tests.web.test_script import Script
from tests.web.test_up import TIMEOUT_S, Site, finished

FORM = "multipart/form-data; boundary=edge"
FIELD = b'--edge\r\nContent-Disposition: form-data; name="paths"\r\n\r\nx\r\n'
GOOD = "config: {name: good}\nteststeps:\n- {name: a, request: {method: GET, url: /}}\n"
NAMES = ["a/b\\c", 'it\'s "quoted"', "</script><script>alert(1)</script>", "🎩 表单", "../../etc/passwd"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("platform"))
    site.sign_up()
    yield site
    site.stop()


@pytest.fixture(scope="module")
def script(site: Site) -> Script:
    return Script(site.url, site.ask("POST", "/api/v1/tokens", {"name": "ci", "scope": "write"})["secret"])


@pytest.fixture(scope="module")
def target() -> Iterator[Hostile]:
    with hostile() as server:
        yield server


@pytest.fixture
def project(script: Script) -> int:
    return int(script.call("POST", "/projects", {"name": "Shop"})["id"])


def send(
    script: Script, path: str, body: bytes, kind: str = "application/json", **headers: str
) -> tuple[int, Any]:
    """Status and answer of what no ordinary client sends."""
    connection = http.client.HTTPConnection(urlsplit(script.url).netloc, timeout=TIMEOUT_S)
    headers = {"Authorization": f"Bearer {script.token}", "Content-Type": kind, **headers}
    connection.request("POST", f"/api/v1{path}", body, headers)
    answer = connection.getresponse()
    told = json.loads(answer.read())
    connection.close()
    return answer.status, told


def make(script: Script, project: int, name: str, *steps: dict[str, Any]) -> int:
    """A case in a module of its own, both under that name."""
    module = script.call("POST", f"/projects/{project}/modules", {"name": name})["id"]
    document = {"config": {"name": name}, "teststeps": list(steps)}
    body = {"module_id": module, "name": name, "document": document}
    return int(script.call("POST", f"/projects/{project}/cases", body)["id"])


def get(url: str, **fields: Any) -> dict[str, Any]:
    request = {"method": "GET", "url": url, **fields}
    return {"name": "ask", "request": request, "validate": [{"eq": ["status_code", 200]}]}


def outcomes(site: Site, script: Script, project: int, cases: list[int]) -> dict[str, tuple[str, str]]:
    """Outcome and reason of each case of one run, which ends as a run does."""
    run = finished(site, script.call("POST", f"/projects/{project}/runs", {"cases": cases}))
    rows = script.call("GET", f"/runs/{run['id']}/delta?after=0")["cases"]
    assert (run["status"], run["reason"], run["done"]) == ("finished", "", len(rows))
    return {row["name"]: (row["outcome"], row["reason"]) for row in rows}


def test_a_target_that_means_no_good_ends_only_its_own_case(
    site: Site, script: Script, project: int, target: Hostile
) -> None:
    expected = {
        "/hang": "no response within 1 s",
        "/reset": "connection reset",
        "/leave": "the connection was closed without a response",
        "/half": "the response is incomplete",
        "/chunks": "the response cannot be read: a chunk of it has no length",
        "/lie": "the body is not gzip as it says",
        "/smtp": "the response cannot be read",
        "/loop": "more than 30 redirects",
    }
    closed = "http://127.0.0.1:1/"
    waits = {"/hang": 1}
    cases = [
        make(script, project, path, get(target.url + path, timeout=waits.get(path, 60))) for path in expected
    ]
    cases += [
        make(script, project, "refused", get(closed)),
        make(script, project, "good", get(target.url + "/good")),
    ]

    found = outcomes(site, script, project, cases)

    assert found.pop("good") == ("passed", "")
    assert found.pop("refused") == ("error", f"GET {closed}: connection refused")
    assert {path: outcome for path, (outcome, _) in found.items()} == dict.fromkeys(expected, "error")
    assert {path: reason for path, (_, reason) in found.items() if expected[path] not in reason} == {}


@pytest.mark.parametrize("path", ["/flood", "/bomb", "/deep", "/digits", "/nul", "/bytes", "/markup"])
def test_an_answer_of_any_size_and_kind_is_shown(
    path: str, site: Site, script: Script, project: int, target: Hostile
) -> None:
    step = {**get(target.url + path), "extract": {"all": "body"}}
    run = script.call("POST", f"/projects/{project}/runs", {"cases": [make(script, project, path, step)]})

    run = finished(site, run)

    wanted = "error" if path in ("/flood", "/bomb") else "passed"  # they are longer than is read
    assert run["outcome"] == wanted
    row = script.call("GET", f"/runs/{run['id']}/delta?after=0")["cases"][0]
    assert script.call("GET", f"/runs/{run['id']}/cases/{row['id']}")["name"] == path
    assert json.loads(script.raw("GET", f"/runs/{run['id']}/report.json"))["cases"][0]["outcome"] == wanted
    junit = ElementTree.fromstring(script.raw("GET", f"/runs/{run['id']}/report.xml"))
    assert [one.get("tests") for one in junit] == ["1"]
    assert target.flooded < TWO_GB // 10


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("x = 1\ndef f(:\n", "debugtalk.py:2: invalid syntax"),
        ("while True: pass\n", "debugtalk.py: it was still being loaded after 10 s"),
        ("def f():\n    while True: pass\n", "f() ran longer than 5 s and was stopped"),
    ],
    ids=["wrong syntax", "loads without end", "runs without end"],
)
def test_functions_that_do_not_work_are_kept_and_end_only_the_cases_that_need_them(
    source: str, said: str, site: Site, script: Script, project: int, target: Hostile
) -> None:
    version = script.call("GET", f"/projects/{project}/functions")["version"]
    script.call("PUT", f"/projects/{project}/functions", {"source": source, "version": version})
    needs = make(script, project, "needs them", get(target.url + "/good?x=${f()}"))
    other = make(script, project, "does not", get(target.url + "/good"))

    found = outcomes(site, script, project, [needs, other])

    assert found == {"needs them": ("error", said), "does not": ("passed", "")}
    assert script.call("GET", f"/projects/{project}/functions")["source"] == source


def test_one_upload_of_everything_bad_brings_in_what_is_good(script: Script, project: int) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in ("/etc/absolute.yml", "../up.yml", "a/../../up.yml", "good.yml"):
            archive.writestr(path, GOOD)
        archive.writestr("open.yml", "config: {name: x\nteststeps: []\n")
        archive.writestr("row.yml", GOOD.replace("method: GET", "method: [1]") + "- 17\n")
        archive.writestr("big.yml", b"x: " + b"0" * 20_000_000, zipfile.ZIP_STORED)
        archive.writestr("debugtalk.py", "x = 1\ndef f(:\n")

    report = script.upload(f"/projects/{project}/import", "cases.zip", packed.getvalue())

    places = {(problem["file"], problem["line"]) for problem in report["problems"]}
    assert [case["name"] for case in report["created"]] == ["good"]
    assert places >= {("/etc/absolute.yml", None), ("../up.yml", None), ("a/../../up.yml", None)}
    assert places >= {("open.yml", 2), ("row.yml", 4), ("big.yml", None), ("debugtalk.py", 2)}


@pytest.mark.parametrize("name", NAMES)
def test_a_strange_name_goes_everywhere_and_harms_nothing(
    name: str, site: Site, script: Script, project: int, target: Hostile
) -> None:
    script.call("PATCH", f"/projects/{project}", {"name": name})
    case = make(script, project, name, {**get(target.url + "/good"), "name": name})

    run = finished(site, script.call("POST", f"/projects/{project}/runs", {"cases": [case], "name": name}))

    assert (run["name"], run["project"]["name"], run["outcome"]) == (name, name, "passed")
    junit = ElementTree.fromstring(script.raw("GET", f"/runs/{run['id']}/report.xml"))
    assert [one.get("name") for one in junit.iter("testcase")] == [name]
    packed = zipfile.ZipFile(io.BytesIO(script.raw("GET", f"/projects/{project}/export")))
    assert not any(path.startswith("/") or ".." in path.split("/") for path in packed.namelist())


@pytest.mark.parametrize(
    ("path", "body", "kind", "status", "error"),
    [
        ("/projects", b"", "application/json", 422, "the body is missing"),
        ("/projects", b'{"name": "\xff"}', "application/json", 400, "the body is not JSON"),
        ("/projects", b"name=x", "application/x-www-form-urlencoded", 400, "the body is not JSON"),
        ("/projects", b"x" * 20_000_000, "application/json", 413, "the request is too large"),
        ("/import", b"--edge\r\nContent-Disp", FORM, 422, "files: no file was sent"),
        ("/import", b"{}", "application/json", 422, "files: no file was sent"),
        ("/import", b"--edge--", "multipart/form-data", 400, "the form cannot be read: Invalid boundary"),
        ("/import", b"--edge--", "multipart/form-data; boundary=\xff", 400, "the form cannot be read"),
        ("/import", FIELD * 10_001 + b"--edge--", FORM, 413, "the form has more parts than are taken"),
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_refused_with_a_sentence(
    path: str, body: bytes, kind: str, status: int, error: str, script: Script, project: int
) -> None:
    address = f"/projects/{project}/import" if path == "/import" else path

    answered, told = send(script, address, body, kind)

    assert (answered, told["ok"], told["status"]) == (status, False, status)
    assert told["error"].startswith(error)


def test_a_key_that_is_too_long_starts_nothing(script: Script, project: int) -> None:
    answered, told = send(
        script, f"/projects/{project}/runs", b'{"all": true}', **{"Idempotency-Key": "x" * 201}
    )

    assert (answered, told["errors"][0]["path"]) == (422, "Idempotency-Key")
    assert script.call("GET", f"/projects/{project}/runs")["total"] == 0


def test_what_is_refused_leaves_the_saved_case_as_it_was(script: Script, project: int) -> None:
    case = make(script, project, "kept", get("/"))
    before = script.call("GET", f"/cases/{case}")
    step = {**before["document"]["teststeps"][0], "validate": [{"equls": ["status_code", 200]}, 17]}
    draft = {
        "version": 1,
        "document": {**before["document"], "teststeps": [step]},
        "name": "lost",
        "tags": ["x"],
    }

    connection = http.client.HTTPConnection(urlsplit(script.url).netloc, timeout=TIMEOUT_S)
    headers = {"Authorization": f"Bearer {script.token}"}
    connection.request("PUT", f"/api/v1/cases/{case}", json.dumps(draft), headers)
    refused = connection.getresponse()
    told = json.loads(refused.read())
    connection.close()

    assert refused.status == 422
    assert "teststeps[0].validate[1]" in [fault["path"] for fault in told["errors"]]
    assert script.call("GET", f"/cases/{case}") == before
    assert script.call("GET", f"/cases/{case}/revisions")["total"] == 1
