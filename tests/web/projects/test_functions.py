"""The functions of a project."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hat.web.projects.callers import called_functions
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


def document_with(**step: Any) -> dict[str, Any]:
    steps = [{"name": "s", "request": {"method": "GET", "url": "/x"}, **step}]
    return {"schema": 1, "dialect": "hat", "config": {"name": "c"}, "teststeps": steps}


@pytest.mark.parametrize(
    ("document", "names"),
    [
        (document_with(variables={"a": "x ${sign($a, ${b})} ${upper(1)}"}), {"sign", "upper"}),
        (document_with(setup_hooks=[{"token": "${ sign ( )}"}]), {"sign"}),
        (
            document_with(validate=[{"close_to": ["status_code", 200]}, {"eq": ["${sign()}", 1]}]),
            {"close_to", "sign"},
        ),
        (document_with(validate=[{"check": "n", "comparator": "close_to", "expect": 1}]), {"close_to"}),
        (document_with(steps=[{"name": "inner", "function": "${clean($id)}"}]), {"clean"}),
        ({**document_with(), "config": {"parameters": {"a-b": "${rows()}"}}}, {"rows"}),
        (
            document_with(variables={"a": "${uuid()} ${now()} ${gen_random_string(5)}", "b": "$sign {f()}"}),
            set(),
        ),
    ],
)
def test_what_a_case_calls_is_told(document: dict[str, Any], names: set[str]) -> None:
    assert called_functions(document, (), dialect="hat") == names


@pytest.mark.parametrize(
    "check", [{"close_to": ["status_code", 200]}, {"check": "a", "comparator": "close_to", "expect": 1}]
)
def test_a_comparator_of_the_project_is_called_where_the_dialect_has_them(check: dict[str, Any]) -> None:
    document = document_with(validate=[check, {"eq": ["a", 1]}, {"check": "a", "assert": "lt", "expect": 1}])

    found = {
        dialect: called_functions({**document, "dialect": dialect}, {"close_to"}, dialect="hat")
        for dialect in ("hat", "httprunner2", "httprunner3")
    }

    assert found == {"hat": {"close_to"}, "httprunner2": {"close_to"}, "httprunner3": set()}


def test_called_functions_that_nobody_defines_are_marked(bob: Asker, project: Any) -> None:
    save(bob, project, "def sign(): ...\ndef uuid(): ...\n", 0)
    module = bob.post(f"/projects/{project.pk}/modules", {"name": "Users"}).json()["id"]
    document = document_with(variables={"x": "${sign()} ${uuid()} ${gone()}"})
    made = [
        bob.post(f"/projects/{project.pk}/cases", {"module_id": module, "name": name, "document": document})
        for name in ("a", "b", "c")
    ]
    bob.delete(f"/cases/{made[2].json()['id']}")

    items = bob.get(f"/projects/{project.pk}/functions/callers").json()["items"]

    told = [(item["name"], item["defined"], item["total"]) for item in items]
    assert told == [("gone", False, 2), ("sign", True, 2), ("uuid", True, 2)]
    assert items[0]["cases"][0] == {"id": made[0].json()["id"], "name": "a", "module": "Users"}
