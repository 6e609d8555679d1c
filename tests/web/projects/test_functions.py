"""The functions of a project."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hat.web.projects.signatures import Signature, signatures
from tests.web.people import Asker

SOURCE = '''import hashlib

def sign(key: str, text="a", *, upper=False) -> str:
    """Sign a text.

    By HMAC."""
    return hashlib.md5(text.encode()).hexdigest()
'''


def save(asker: Asker, project: Any, source: str, version: int) -> Any:
    return asker.put(f"/projects/{project.pk}/functions", {"source": source, "version": version})


def test_a_new_project_has_none(carol: Asker, project: Any) -> None:
    answer = carol.get(f"/projects/{project.pk}/functions").json()

    assert (answer["source"], answer["version"], answer["functions"]) == ("", 0, [])


def test_they_are_listed_with_arguments_and_first_words(bob: Asker, project: Any) -> None:
    answer = save(bob, project, SOURCE, 0).json()

    assert answer["version"] == 1
    assert answer["updated_by"]["username"] == "bob"
    assert answer["functions"] == [
        {
            "name": "sign",
            "arguments": "key: str, text='a', *, upper=False",
            "doc": "Sign a text.\n\nBy HMAC.",
            "line": 3,
        }
    ]


def test_a_stale_version_is_refused_with_the_current_text(bob: Asker, project: Any) -> None:
    save(bob, project, SOURCE, 0)

    answer = save(bob, project, "", 0)

    assert answer.status_code == 409
    assert answer.json()["current"]["source"] == SOURCE


def test_a_syntax_error_is_saved_and_told_with_its_line(bob: Asker, project: Any) -> None:
    answer = save(bob, project, "x = 1\ndef broken(:\n", 0)

    assert answer.status_code == 200
    assert answer.json()["errors"][0]["line"] == 2


def test_the_text_is_never_run(bob: Asker, project: Any, tmp_path: Path) -> None:
    trace = tmp_path / "ran"
    source = f"open({str(trace)!r}, 'w')\ndef f(x=open({str(trace)!r}, 'w')): pass\n"

    answer = bob.post(f"/projects/{project.pk}/functions/check", {"source": source}).json()

    assert answer["functions"][0]["name"] == "f"
    assert not trace.exists()


def test_a_second_project_does_not_see_the_functions_of_the_first(bob: Asker, project: Any) -> None:
    """Bug of the original: a second project saw the first one's functions."""
    save(bob, project, SOURCE, 0)
    second = bob.post("/projects", {"name": "Second"}).json()["id"]

    assert bob.get(f"/projects/{second}/functions").json()["functions"] == []


def test_each_save_leaves_a_revision(bob: Asker, project: Any) -> None:
    save(bob, project, "a = 1\n", 0)
    save(bob, project, "a = 2\n", 1)

    revisions = bob.get(f"/projects/{project.pk}/functions/revisions").json()["items"]
    first = bob.get(f"/projects/{project.pk}/functions/revisions/1").json()

    assert [one["version"] for one in revisions] == [2, 1]
    assert first["source"] == "a = 1\n"


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("async def a(): ...\ndef b(*args, **kwargs): ...", ["a", "b"]),
        ("if True:\n def a(): ...\nelse:\n def b(): ...", ["a", "b"]),
        ("try:\n def a(): ...\nexcept ImportError:\n def a(x): ...", ["a"]),
        ("class C:\n def no(self): ...\ndef a():\n def inner(): ...", ["a"]),
        ("x = '\\d'\ndef a(): ...", ["a"]),
        ("", []),
    ],
)
def test_functions_of_the_module_are_found(source: str, names: list[str]) -> None:
    found, errors = signatures(source)

    assert [one.name for one in found] == names
    assert errors == []


@pytest.mark.parametrize(
    "source", ["(" * 10_000, "x = " + "-" * 100_000 + "1", "def f(", "\0", "x = 1" + "0" * 5000]
)
def test_any_text_gives_an_answer(source: str) -> None:
    found, errors = signatures(source)

    assert found == []
    assert all(error.message for error in errors)


def test_of_one_name_the_last_counts() -> None:
    assert signatures("def a(): ...\ndef a(x): ...")[0] == [Signature("a", "x", "", 2)]
