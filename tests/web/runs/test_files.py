"""Files of a project in a run: rows, uploads, functions, and what a later change leaves alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.web.people import Asker, get
from tests.web.shop import ShopServer

READER = """
from pathlib import Path
from lib.words import shout
import tools

def first_line(path):
    with open(path, encoding="utf-8") as file:
        return shout(file.readline().strip()) + tools.END
"""
MODULES = {
    "lib/words.py": b"def shout(text):\n    return text.upper()\n",
    "tools.py": b"END = '!'\n",
}


@pytest.fixture
def put(project: Any, bob: Asker) -> Callable[..., Any]:
    """Puts files into the project as bob would."""
    from hat.web.projects.services.files import save_files

    return lambda files: save_files(bob.user, project, files, replace=True)


@pytest.fixture
def row_case(make_case: Callable[..., Any]) -> Any:
    """A case with a row for each line of users/accounts.csv."""
    case = make_case("each", steps=[get("/users/$name")])
    case.document["config"]["parameters"] = {"name": "${P(users/accounts.csv)}"}
    case.save()
    return case


def functions(project: Any, bob: Asker, source: str) -> None:
    from hat.web.projects.services.functions import functions_of, save_functions

    save_functions(bob.user, project, source, version=functions_of(project).version)


def reasons(run: Any) -> str:
    return " ".join([*run.case_runs.values_list("reason", flat=True), run.reason])


def test_a_case_runs_once_for_each_line_of_a_csv(
    put: Any, row_case: Any, run_all: Any, shop: ShopServer
) -> None:
    put({"users/accounts.csv": b"name,age\nann,1\nbob,2\n"})

    run = run_all(cases=[row_case.pk])

    assert (run.passed, run.total) == (2, 2), reasons(run)
    assert sorted(shop.asked) == ["/users/ann", "/users/bob"]


def test_a_file_that_is_not_there_is_an_error_of_its_case(row_case: Any, run_all: Any) -> None:
    run = run_all(cases=[row_case.pk])

    assert run.outcome == "error"
    assert "users/accounts.csv is not a file of the project" in reasons(run)


def test_uploads_send_the_file(put: Any, make_case: Any, run_all: Any, shop: ShopServer) -> None:
    put({"pictures/a.png": b"\x89PNG\r\n\x1a\n\x00canary"})
    request = {"method": "POST", "url": "/up", "upload": {"picture": "pictures/a.png", "note": "hi"}}
    case = make_case("upload", steps=[{"name": "send", "request": request}])

    run = run_all(cases=[case.pk])

    assert run.outcome == "passed", reasons(run)
    assert b'filename="a.png"' in shop.bodies[0]
    assert b"\x89PNG\r\n\x1a\n\x00canary" in shop.bodies[0]


def test_functions_open_files_and_import_neighbours(
    put: Any, project: Any, bob: Asker, make_case: Any, run_all: Any, shop: ShopServer
) -> None:
    put({**MODULES, "texts/words.txt": b"hello\nworld\n"})
    functions(project, bob, READER)
    case = make_case(
        "call", steps=[get("/x", request={"method": "GET", "url": "/${first_line(texts/words.txt)}"})]
    )

    run = run_all(cases=[case.pk])

    assert run.outcome == "passed", reasons(run)
    assert shop.asked == ["/HELLO!"]


def test_no_path_leads_out_of_the_project(
    put: Any, project: Any, bob: Asker, make_case: Any, run_all: Any
) -> None:
    put(MODULES)
    functions(project, bob, READER)
    case = make_case("call", steps=[get("/${first_line(/etc/passwd)}")])

    run = run_all(cases=[case.pk])

    assert run.outcome == "error"
    assert "root:" not in reasons(run)


def test_a_change_during_the_queue_changes_nothing(
    put: Any, row_case: Any, start: Any, project: Any, bob: Asker, shop: ShopServer
) -> None:
    from hat.web.runs.execution import execute

    (file,) = put({"users/accounts.csv": b"name\nann\n"})
    run = start(cases=[row_case.pk])
    put({"users/accounts.csv": b"name\nzoe\n"})
    bob.delete(f"/files/{file.pk}")

    execute(run.pk)

    run.refresh_from_db()
    assert run.outcome == "passed", reasons(run)
    assert shop.asked == ["/users/ann"]


def test_the_run_row_holds_no_bytes_of_files(put: Any, row_case: Any, start: Any) -> None:
    import os

    put({"users/accounts.csv": b"name\nann\n", "large.bin": os.urandom(1_000_000)})

    run = start(cases=[row_case.pk])

    assert len(run.snapshot.packed) < 10_000


def test_bytes_that_are_lost_end_the_run_with_words(
    put: Any, row_case: Any, start: Any, project: Any
) -> None:
    from hat.web.runs.execution import execute

    put({"users/accounts.csv": b"name\nann\n"})
    run = start(cases=[row_case.pk])
    project.files.all().delete()
    project.contents.all().delete()

    execute(run.pk)

    run.refresh_from_db()
    assert (run.outcome, run.reason) == (
        "error",
        "the file 'users/accounts.csv' was deleted before the run could begin",
    )


def test_values_of_an_imported_dotenv_are_read_and_secrets_stay_hidden(
    bob: Asker, project: Any, run_all: Any, shop: ShopServer
) -> None:
    from tests.web.projects.uploads import upload

    case = """
config: {name: env}
teststeps:
- name: ask
  request: {method: GET, url: "${ENV(SITE)}/users/${ENV(USER_NAME)}", headers: {X-Key: "${ENV(API_TOKEN)}"}}
  validate: [{eq: [status_code, 200]}]
- name: from python
  request: {method: GET, url: "${ENV(SITE)}/${name_of_site()}"}
"""
    source = (
        "import os\n\ndef name_of_site():\n    return os.environ['USER_NAME'] + os.environ['API_TOKEN'][:0]\n"
    )
    dotenv = f"SITE={shop.url}\nUSER_NAME=ann\nAPI_TOKEN=canary-99\n"
    project.environments.all().delete()
    upload(bob, project, {"debugtalk.py": source, ".env": dotenv, "testcases/env.yml": case})
    project.environments.update(is_default=True)

    run = run_all(all=True, environment_id=project.environments.get().pk)

    assert run.outcome == "passed", reasons(run)
    assert shop.asked == ["/users/ann", "/ann"]
    row = run.case_runs.get()
    detail = bob.get(f"/runs/{run.pk}/cases/{row.pk}")
    assert "X-Key" in detail.content.decode()
    assert "canary-99" not in detail.content.decode()
