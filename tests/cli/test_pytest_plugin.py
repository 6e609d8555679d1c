"""pytest --hat: case files beside Python tests."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.cli.terminal import ENGLISH

GOOD = """\
dialect: hat
config: {name: good, base_url: $api, tags: [smoke]}
teststeps:
- {name: read, request: {url: /api/items/1}, validate: [{eq: [status_code, 200]}]}
"""
BAD = """\
dialect: hat
config: {name: bad, base_url: $api, parameters: {id: [1, 99]}}
teststeps:
- name: read
  request: {url: /api/items/$id}
  validate: [{eq: [status_code, 200]}]
"""
OLD = """\
- config: {name: an old file, base_url: $api}
- test: {name: read, request: {method: GET, url: /api/items/1}, validate: [{eq: [status_code, 200]}]}
"""
FILES = {
    "good.yml": GOOD,
    "bad.yaml": BAD,
    "old.yml": OLD,
    "skipped.yml": GOOD.replace("name: good", "name: later, skip: not today"),
    "broken.yml": "config: {name: x}\nteststeps: [{name: y, request: 5}]\n",
    "data.json": '{"just": "data"}',
    "test_python.py": "def test_python():\n    pass\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of tests in Python and of case files."""
    (tmp_path / "debugtalk.py").touch()
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    """Exit code and output of pytest there, with the plugin of this checkout."""
    plugin = ["-p", "hat.pytest_plugin", "-p", "no:hat", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *plugin, "-v", *arguments]
    finished = subprocess.run(command, cwd=folder, env=ENGLISH, capture_output=True, text=True, check=False)
    return finished.returncode, finished.stdout + finished.stderr


def test_cases_are_collected_beside_python_tests(folder: Path, api: str) -> None:
    code, out = run(folder, "--hat", "--hat-var", f"api={api}")

    assert code == 1
    for line in (
        "good.yml::good PASSED",
        "old.yml::an old file PASSED",
        "bad.yaml::bad FAILED",
        "broken.yml::file FAILED",
        "skipped.yml::later SKIPPED",
        "test_python.py::test_python PASSED",
    ):
        assert line in out
    assert "data.json" not in out
    assert "Traceback" not in out


def test_a_failure_is_told_as_the_console_tells_it(folder: Path, api: str) -> None:
    _, out = run(folder, "--hat", "--hat-var", f"api={api}", "bad.yaml", "broken.yml")

    assert "bad.yaml: bad [id=99]" in out
    assert "status_code: expected 200, got 404" in out
    assert "broken.yml:2: teststeps[0].request: expected a mapping with method and url" in out


def test_without_the_option_nothing_is_collected_and_nothing_loaded(folder: Path) -> None:
    (folder / "test_python.py").write_text(
        "import sys\ndef test_python():\n    assert 'hat.engine' not in sys.modules\n"
    )

    code, out = run(folder)

    assert code == 0
    assert "1 passed" in out


def test_a_file_that_is_no_case_fails_when_it_is_named(folder: Path) -> None:
    code, out = run(folder, "--hat", "data.json")

    assert code == 1
    assert "data.json: file is not a case" in out


def test_tags_are_keywords_and_an_environment_may_be_chosen(folder: Path, api: str) -> None:
    (folder / ".env.here").write_text(f"api={api}\n")

    code, out = run(folder, "--hat", "--hat-env", "here", "-k", "smoke", "good.yml", "bad.yaml")

    assert code == 0
    assert "1 passed, 1 deselected" in out
    assert "no environment 'moon'" in run(folder, "--hat", "--hat-env", "moon", "good.yml")[1]


def test_the_package_names_the_plugin() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))

    assert project["project"]["entry-points"]["pytest11"] == {"hat": "hat.pytest_plugin"}
