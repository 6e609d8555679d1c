"""Packages on the system page: administrators change the list, and it is installed in the background."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from tests.web.people import Asker
from tests.web.test_packages import wheel


@pytest.fixture(autouse=True)
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package index of our own, and a data folder."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    wheel(folder, "tinysign", "def sign(text):\n    return text[::-1]\n")
    wheel(folder, "needy", "import tinysign\n", needs="tinysign")
    monkeypatch.setenv("HAT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return folder


def put(asker: Asker, text: str) -> Any:
    return asker.put("/packages", {"text": text})


def ended(asker: Asker) -> Any:
    """The state when the installation has ended."""
    for thread in threading.enumerate():
        if thread.name == "packages":
            thread.join()
    return asker.get("/packages").json()


def test_an_administrator_installs_what_the_list_names(root: Asker) -> None:
    from hat.web.audit.models import Entry

    begun = put(root, "# ours\nTinySign==1.0\n")

    assert (begun.status_code, begun.json()["installation"]["state"]) == (202, "working")
    now = ended(root)
    assert (now["installed"], now["text"]) == (["tinysign==1.0"], "# ours\nTinySign==1.0\n")
    assert (now["installation"]["state"], now["installation"]["by"]) == ("done", "root")
    entry = Entry.objects.get(action="install")
    assert (entry.user_name, "tinysign==1.0" in entry.changed) == ("root", True)


def test_a_failure_keeps_what_was_there_and_says_why(root: Asker) -> None:
    put(root, "tinysign==1.0")
    ended(root)

    put(root, "needy==1.0")
    unlisted = ended(root)
    put(root, "nosuch==9")
    missing = ended(root)

    assert unlisted["installed"] == missing["installed"] == ["tinysign==1.0"]
    assert (unlisted["installation"]["state"], unlisted["text"]) == ("failed", "tinysign==1.0")
    assert "add to the list: tinysign==1.0" in unlisted["installation"]["said"]
    assert "No matching distribution found for nosuch==9" in missing["installation"]["said"]


@pytest.mark.parametrize(
    "line", ["tinysign", "tinysign>=1", "-r other.txt", "--index-url=http://evil", "a==1 b==2"]
)
def test_a_line_that_is_no_pin_is_refused_at_once(line: str, root: Asker) -> None:
    answer = put(root, f"# first\n{line}\n")

    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "text")
    assert f"line 2: '{line}' is not NAME==VERSION" in answer.json()["errors"][0]["message"]


def test_one_at_a_time(root: Asker) -> None:
    from hat.web.packages import installing

    with installing():
        assert put(root, "tinysign==1.0").status_code == 409


def test_one_that_was_interrupted_says_so(root: Asker) -> None:
    from hat.web.packages import packages_home
    from hat.web.projects.services.packages import Installation, _keep

    packages_home().mkdir()
    _keep(Installation("working", "tinysign==1.0", by="root", at="2026-11-30T00:00:00Z"))

    now = root.get("/packages").json()["installation"]
    assert (now["state"], "interrupted" in now["said"]) == ("failed", True)
