"""Documents that cannot be stored are refused with a sentence, never with a crash."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.web.people import Asker, get


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("document", "path"),
    [
        pytest.param({"teststeps": "x"}, "teststeps", id="steps are text"),
        pytest.param({"teststeps": [1]}, "teststeps[0]", id="a step is a number"),
        pytest.param({"config": []}, "config", id="config is a list"),
        pytest.param({"schema": 2}, "schema", id="another schema"),
        pytest.param({"dialect": "perl"}, "dialect", id="another dialect"),
        pytest.param({"teststeps": [{"name": "x"}]}, "teststeps[0]", id="a step without request"),
        pytest.param({"config": {"variables": {"x": deep(70)}}}, "", id="nested too deeply"),
        pytest.param({"teststeps": [get("/")] * 2001}, "teststeps", id="too many steps"),
        pytest.param({"config": {"variables": {"x": "\ud800"}}}, "", id="half a character"),
        pytest.param({"config": {"variables": {"x": "a" * 2_000_001}}}, "", id="too large"),
    ],
)
def test_it_is_refused_at_its_path(
    document: dict[str, Any], path: str, bob: Asker, project: Any, module: Any
) -> None:
    body = {"module_id": module.pk, "name": "x", "document": document}

    answer = bob.post(f"/projects/{project.pk}/cases", body)

    assert answer.status_code == 422, answer.content[:500]
    assert answer.json()["errors"][0]["path"] == path
    assert bob.get(f"/projects/{project.pk}/cases").json()["total"] == 0


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"{", id="cut off"),
        pytest.param(b'{"document": NaN}', id="not a number"),
        pytest.param(
            b'{"document": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", id="a hundred thousand levels"
        ),
        pytest.param(b'{"document": ' + b"[" * 500 + b"]" * 500 + b"}", id="five hundred levels"),
        pytest.param(b'{"version": ' + b"9" * 5000 + b"}", id="five thousand digits"),
        pytest.param(b"\xff\xfe", id="no text"),
    ],
)
def test_what_is_no_json_is_400(body: bytes, bob: Asker, project: Any) -> None:
    answer = bob.post(f"/projects/{project.pk}/cases", body)

    assert answer.status_code == 400
    assert answer.json()["ok"] is False


def test_a_body_of_20_mb_is_413(bob: Asker, project: Any) -> None:
    body = json.dumps({"name": "x" * 20_000_000}).encode()

    answer = bob.post(f"/projects/{project.pk}/cases", body)

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_half_character_in_an_unknown_field_breaks_nothing(bob: Asker, project: Any) -> None:
    answer = bob.post("/yaml/parse", b'{"text": "config: {name: x}\\nteststeps: []\\nx: \\ud800"}')

    assert answer.status_code == 422


@pytest.mark.parametrize(
    "name",
    ["a/b\\c", 'it\'s "quoted"', "<script>alert(1)</script>", "🎩 表单", "../../etc/passwd", "%s {0} ${x}"],
)
def test_a_strange_name_is_just_a_name(name: str, bob: Asker, project: Any, module: Any) -> None:
    made = bob.post(f"/projects/{project.pk}/cases", {"module_id": module.pk, "name": name}).json()

    found = bob.get(f"/projects/{project.pk}/cases", search=name).json()["items"]

    assert [row["name"] for row in found] == [name]
    assert bob.get(f"/cases/{made['id']}").json()["document"]["config"]["name"] == name
