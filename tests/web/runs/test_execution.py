"""A run through the engine against a real server, into the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.people import Asker, call, get
from tests.web.shop import ShopServer

OK = {"validate": [{"eq": ["status_code", 200]}]}


def outcomes(run: Any) -> list[tuple[str, str]]:
    return list(run.case_runs.order_by("seq").values_list("name", "outcome"))


def test_a_run_stores_every_case_and_counts_each_outcome(
    make_case: Callable[..., Any], run_all: Callable[..., Any]
) -> None:
    good = make_case("good", steps=[get("/users", **OK), get("/users")])
    bad = make_case("bad", steps=[get("/status/404", **OK), get("/users")])
    broken = make_case("broken", steps=[get("http://127.0.0.1:1/")])

    run = run_all(cases=[good.pk, bad.pk, broken.pk])

    assert (run.status, run.outcome, run.total, run.done) == ("finished", "error", 3, 3)
    assert (run.passed, run.failed, run.error, run.skipped) == (1, 1, 1, 0)
    assert outcomes(run) == [("good", "passed"), ("bad", "failed"), ("broken", "error")]
    assert run.check_counts == {"passed": 1, "failed": 1}
    assert run.case_runs.get(name="bad").reason == "status_code: expected 200, got 404"


def test_cases_run_in_the_environment_of_the_run(
    make_case: Callable[..., Any], run_all: Callable[..., Any], shop: ShopServer
) -> None:
    case = make_case("good", steps=[get("/users?page=1")])

    run_all(cases=[case.pk])

    assert shop.asked == ["/users?page=1"]


def test_a_called_case_appears_inside_its_step(
    make_case: Callable[..., Any], run_all: Callable[..., Any], bob: Asker
) -> None:
    login = make_case("log in", steps=[get("/users", **OK)])
    pay = make_case("pay", steps=[call(login), get("/users")])

    run = run_all(cases=[pay.pk])

    rows = bob.get(f"/runs/{run.pk}/delta").json()["steps"]["rows"]
    assert [(row[2], row[3]) for row in rows] == [("0", 0), ("0.0", 1), ("1", 0)]
    assert run.outcome == "passed"


def test_a_deleted_include_is_an_error_and_the_others_run(
    make_case: Callable[..., Any], run_all: Callable[..., Any], bob: Asker
) -> None:
    """The original dropped such a case from the run without a word."""
    login = make_case("log in")
    pay = make_case("pay", steps=[call(login)])
    other = make_case("other")
    bob.delete(f"/cases/{login.pk}")

    run = run_all(cases=[pay.pk, other.pk])

    assert outcomes(run) == [("pay", "error"), ("other", "passed")]
    assert str(login.pk) in run.case_runs.get(name="pay").reason


def test_one_bad_document_does_not_stop_the_batch(
    make_case: Callable[..., Any], run_all: Callable[..., Any]
) -> None:
    """In the original one bad row aborted everything."""
    from hat.web.projects.models import Case

    first, bad, last = make_case("first"), make_case("bad"), make_case("last")
    wrong = {
        **bad.document,
        "teststeps": [{"name": "x", "request": {"method": "GET"}, "validate": [{"eqls": 1}]}],
    }
    Case.objects.filter(pk=bad.pk).update(document=wrong)

    run = run_all(cases=[first.pk, bad.pk, last.pk])

    assert outcomes(run) == [("first", "passed"), ("bad", "error"), ("last", "passed")]
    assert run.error == 1


def test_functions_of_the_project_are_called(
    make_case: Callable[..., Any], run_all: Callable[..., Any], project: Any, shop: ShopServer
) -> None:
    from hat.web.projects.models import Functions

    Functions.objects.update_or_create(
        project=project, defaults={"source": "def word():\n    return 'own'\n"}
    )
    case = make_case("own", steps=[get("/users?q=${word()}")])

    run = run_all(cases=[case.pk])

    assert (run.outcome, shop.asked) == ("passed", ["/users?q=own"])


def test_a_second_project_does_not_see_the_functions_of_the_first(
    make_case: Callable[..., Any], run_all: Callable[..., Any], project: Any, bob: Asker
) -> None:
    from hat.web.projects.models import Functions, Member, Module, Project
    from hat.web.runs.execution import execute
    from hat.web.runs.models import Run

    Functions.objects.update_or_create(
        project=project, defaults={"source": "def word():\n    return 'own'\n"}
    )
    run_all(cases=[make_case("own", steps=[get("/users?q=${word()}")]).pk])
    second = Project.objects.create(name="Second")
    Member.objects.create(project=second, user=bob.user, role="writer")
    module = Module.objects.create(project=second, name="M")
    case = make_case("theirs", steps=[get("http://127.0.0.1:1/?q=${word()}")], module=module)

    answer = bob.post(f"/projects/{second.pk}/runs", {"cases": [case.pk]})
    execute(answer.json()["id"])

    assert "word" in Run.objects.get(pk=answer.json()["id"]).case_runs.get().reason


def test_broken_functions_are_an_error_with_their_line(
    make_case: Callable[..., Any], run_all: Callable[..., Any], project: Any
) -> None:
    from hat.web.projects.models import Functions

    Functions.objects.update_or_create(project=project, defaults={"source": "def word(:\n"})
    case = make_case("own", steps=[get("/users?q=${word()}")])

    run = run_all(cases=[case.pk])

    assert (run.status, run.outcome) == ("finished", "error")
    assert "debugtalk.py" in (run.reason or run.case_runs.get().reason)


def test_rows_of_parameters_become_results_in_order(
    make_case: Callable[..., Any], run_all: Callable[..., Any], shop: ShopServer
) -> None:
    from hat.web.projects.models import Case

    case = make_case("rows", steps=[get("/users?id=$id")])
    config = {**case.document["config"], "parameters": [{"id": [1, 2, 3]}]}
    Case.objects.filter(pk=case.pk).update(document={**case.document, "config": config})

    run = run_all(cases=[case.pk])

    assert (run.total, run.done, run.passed) == (3, 3, 3)
    assert [one.row for one in run.case_runs.order_by("seq")] == [{"id": 1}, {"id": 2}, {"id": 3}]


def test_a_snapshot_protects_a_run_from_later_edits(
    make_case: Callable[..., Any], start: Callable[..., Any], bob: Asker, shop: ShopServer
) -> None:
    from hat.web.runs.execution import execute

    case = make_case("edited", steps=[get("/before")])
    run = start(cases=[case.pk])
    document = {**case.document, "teststeps": [get("/after")]}
    assert bob.put(f"/cases/{case.pk}", {"version": 1, "document": document}).status_code == 200

    execute(run.pk)

    assert shop.asked == ["/before"]


def test_a_secret_reaches_the_request_and_nothing_else(
    make_case: Callable[..., Any], start: Callable[..., Any], bob: Asker, environment: Any, shop: ShopServer
) -> None:
    from hat.web.runs.execution import execute

    bob.patch(f"/environments/{environment.pk}", {"secrets": {"api_key": "canary-7391"}})
    case = make_case("secret", steps=[get("/users?key=$api_key")])

    run = start(cases=[case.pk])
    execute(run.pk)

    seen = bob.get(f"/runs/{run.pk}/delta").content + bob.get(f"/runs/{run.pk}/report.json").content
    assert shop.asked == ["/users?key=canary-7391"]
    assert b"canary" not in seen


def test_an_environment_takes_from_its_base_what_it_does_not_say(
    make_case: Callable[..., Any],
    run_all: Callable[..., Any],
    bob: Asker,
    environment: Any,
    shop: ShopServer,
    project: Any,
) -> None:
    shared = {
        "variables": {"a": "base", "b": "base", "c": "base"},
        "secrets": {"key": "canary-base", "d": "canary-d"},
        "services": {"pay": shop.url + "/pay"},
    }
    base = bob.post(f"/projects/{project.pk}/environments", {"name": "shared", **shared}).json()["id"]
    own = {"base_id": base, "variables": {"b": "own", "d": "own"}, "secrets": {"c": "canary-own"}}
    assert bob.patch(f"/environments/{environment.pk}", own).status_code == 200
    case = make_case("heir", steps=[get("/$a/$b/$c/$d/$key"), get("$pay/x")])

    run = run_all(cases=[case.pk])

    assert shop.asked == ["/base/own/canary-own/own/canary-base", "/pay/x"]
    seen = bob.get(f"/runs/{run.pk}/report.json").content
    assert b"canary" not in seen


def test_a_bug_of_ours_ends_the_run_with_its_reason(
    make_case: Callable[..., Any], start: Callable[..., Any], caplog: Any
) -> None:
    from hat.web.runs.execution import execute
    from hat.web.runs.models import Snapshot

    run = start(cases=[make_case("x").pk])
    Snapshot.objects.filter(run=run).update(packed=b"not packed")

    execute(run.pk)

    run.refresh_from_db()
    assert (run.status, run.outcome) == ("finished", "error")
    assert run.reason.startswith("internal error")
