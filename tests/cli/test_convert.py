"""hat convert: files of HttpRunner and of other tools become HAT cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.terminal import hat
from tests.target.sample import serve

OLD = """\
- config: {name: old, base_url: "http://api"}
- test: {name: one, request: {method: GET, url: /a}, validate: [{eq: [status_code, 200]}]}
"""


def test_it_writes_a_case_that_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "old.yml").write_text(OLD)
    finished = hat("convert", "old.yml", "new.yml", folder=tmp_path)

    assert finished.code == 0
    assert "- eq: [status_code, 200]" in (tmp_path / "new.yml").read_text()
    assert hat("check", "new.yml", folder=tmp_path).code == 0


def test_it_writes_to_the_standard_output(tmp_path: Path) -> None:
    (tmp_path / "old.yml").write_text(OLD)

    assert "teststeps:" in hat("convert", "old.yml", "-", folder=tmp_path).out


def test_it_refuses_what_it_cannot_read_or_write(tmp_path: Path) -> None:
    (tmp_path / "old.yml").write_text(OLD)
    (tmp_path / "broken.yml").write_text("a: {")

    assert hat("convert", "nowhere.yml", "-", folder=tmp_path).code == 2
    assert hat("convert", "broken.yml", "-", folder=tmp_path).code == 2
    assert hat("convert", "old.yml", "no/folder.yml", folder=tmp_path).code == 2


def _postman(base: str) -> dict[str, Any]:
    """Two folders of a collection; the second one uses the token that the first one keeps."""
    keep = ["const data = pm.response.json();", "pm.environment.set('token', data.token);"]
    ask = ["pm.response.to.have.status(200);", "pm.expect(pm.response.json().user).to.eql('ann');"]
    body = {"mode": "raw", "raw": '{"username": "ann", "password": "p-ann"}'}
    login = {"method": "POST", "url": "{{baseUrl}}/m/login", "body": body}
    token = {"key": "token", "value": "{{token}}"}
    profile = {"method": "GET", "url": "{{baseUrl}}/m/auth", "header": [token]}
    return {
        "info": {"name": "Shop"},
        "variable": [{"key": "baseUrl", "value": base}],
        "item": [
            {"name": name, "item": [{"name": name, "request": request, "event": [_event(lines)]}]}
            for name, request, lines in (("Log in", login, keep), ("Profile", profile, ask))
        ],
    }


def _event(lines: list[str]) -> dict[str, Any]:
    return {"listen": "test", "script": {"exec": lines}}


def test_a_postman_collection_becomes_a_folder_that_runs(tmp_path: Path) -> None:
    with serve() as address:
        (tmp_path / "shop.json").write_text(json.dumps(_postman(f"http://{address}")))

        converted = hat("convert", "shop.json", "out", folder=tmp_path)
        finished = hat("run", ".", "--env", "Shop", folder=tmp_path / "out")

    assert (converted.code, converted.err) == (0, "out: 2 cases, environment Shop, 0 notes\n")
    assert (finished.code, finished.out.count("✓")) == (0, 2), finished.out


def test_curl_commands_become_one_case(tmp_path: Path) -> None:
    (tmp_path / "calls.sh").write_text("curl --ntlm http://a.test/x\ncurl http://a.test/y\n")
    finished = hat("convert", "calls.sh", "calls.yml", folder=tmp_path)

    assert finished.err.splitlines() == [
        "warning: calls.sh: curl 1: the option --ntlm is left out",
        "calls.yml: 1 cases, 1 notes",
    ]
    assert hat("check", "calls.yml", folder=tmp_path).code == 0


def test_several_cases_need_a_folder(tmp_path: Path) -> None:
    (tmp_path / "shop.json").write_text(json.dumps(_postman("http://a.test")))
    (tmp_path / "file").write_text("")

    assert "2 cases need a folder" in hat("convert", "shop.json", "-", folder=tmp_path).err
    assert "2 cases need a folder" in hat("convert", "shop.json", "file", folder=tmp_path).err


def test_what_is_there_already_keeps_its_values(tmp_path: Path) -> None:
    (tmp_path / "shop.json").write_text(json.dumps(_postman("http://a.test")))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".env.Shop").write_text("baseUrl=http://mine.test\n")

    assert hat("convert", "shop.json", "out", folder=tmp_path).err == "out: 2 cases, 0 notes\n"
    assert (tmp_path / "out" / ".env.Shop").read_text() == "baseUrl=http://mine.test\n"


def test_a_file_in_which_nothing_can_become_a_case_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty.json").write_text('{"info": {"name": "x"}, "item": []}')
    finished = hat("convert", "empty.json", "out", folder=tmp_path)

    assert (finished.code, finished.err) == (2, "empty.json: nothing in it can become a case\n")
