"""Credentials given on the command line and in environment files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.terminal import ENGLISH, hat

CASE = """
dialect: hat
config: {name: me}
teststeps:
- {name: me, request: {url: /api/me}, validate: [{eq: [body.name, ann]}]}
"""
OAUTH = (
    "{type: oauth2, grant: password, token_url: $BASE_URL/oauth/token, client_id: hat-demo,"
    " client_secret: $SECRET, username: ann, password: ann-password}"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with one case that looks at its credentials."""
    (tmp_path / "debugtalk.py").touch()
    (tmp_path / "me.yml").write_text(CASE)
    return tmp_path


def test_credentials_are_given_as_an_option(folder: Path, api: str) -> None:
    (folder / ".env.here").write_text(f"BASE_URL={api}\nSECRET=hat-demo-secret\nAUTH=bearer:other\n")
    options = ("--env", "here", "--auth")

    assert hat("run", folder, *options, OAUTH, env=ENGLISH).code == 0
    assert hat("run", folder, *options, "bearer:tok-12345", env=ENGLISH).code == 1


def test_credentials_stand_in_the_file_of_an_environment(folder: Path, api: str) -> None:
    (folder / ".env.here").write_text(f"BASE_URL={api}\nSECRET=hat-demo-secret\nAUTH={OAUTH}\n")
    report = folder / "out.json"

    finished = hat("run", folder, "--env", "here", "--json", report, env=ENGLISH)

    assert finished.code == 0
    assert "Bearer ***" in report.read_text()


@pytest.mark.parametrize(
    ("auth", "message"),
    [
        ("x", "--auth: it is none of the forms"),
        ("[]", "--auth: it is none of the forms"),
        ("{type: oauth2}", "--auth: auth.token_url: oauth2 needs 'token_url'"),
        ("{type: what}", "--auth: auth.type: unknown type 'what'"),
        ("{broken", "--auth"),
    ],
)
def test_wrong_credentials_are_a_usage_error(folder: Path, auth: str, message: str) -> None:
    finished = hat("run", folder, "--auth", auth, env=ENGLISH)

    assert finished.code == 2
    assert message in finished.err


def test_problems_of_credentials_in_a_case_are_told_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(
        "dialect: hat\n"
        "config: {name: a, auth: {type: bearr}}\n"
        "teststeps:\n"
        "- name: a\n"
        "  auth: {type: oauth2, token_url: /t, grant: clients}\n"
        "  request: {url: http://127.0.0.1/x, auth: 5}\n"
        "- name: b\n"
        "  auth: [{type: basic, pass: x}]\n"
        "  request: {url: http://127.0.0.1/x}\n"
    )

    finished = hat("check", tmp_path / "a.yml", env=ENGLISH)

    assert finished.code == 2
    assert "a.yml:2: config.auth.type: unknown type 'bearr'" in finished.out
    assert "a.yml:5: teststeps[0].auth.grant: expected one of client_credentials" in finished.out
    assert "a.yml:6: teststeps[0].request.auth: expected type and its fields" in finished.out
    assert "a.yml:8: teststeps[1].auth[0].pass: basic has no field 'pass'" in finished.out
