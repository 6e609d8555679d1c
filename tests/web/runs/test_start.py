"""Starting runs: one path for a case, modules, a project, a batch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hat.web.projects.models import Case, Environment, Module, Project
from hat.web.runs.models import Run
from hat.web.runs.snapshot import Snapshot
from tests.web.people import Asker


@pytest.fixture
def case(make_case: Callable[..., Any]) -> Any:
    return make_case("one")


@pytest.fixture
def ask(bob: Asker, project: Any) -> Callable[..., Any]:
    return lambda **body: bob.post(f"/projects/{project.pk}/runs", body)


def names(run: Any) -> list[str]:
    return [case.name for case in Snapshot.unpack(run.snapshot.packed).cases]


def test_a_batch_keeps_its_order_and_its_last_item(start: Any, make_case: Any) -> None:
    """The original dropped the last item and ran the rest as the file system had them."""
    ids = {name: make_case(name).pk for name in ("c", "a", "b")}

    run = start(cases=[ids["b"], ids["c"], ids["a"]])

    assert (names(run), run.total) == (["b", "c", "a"], 3)


def test_a_case_ticked_twice_runs_once(start: Any, make_case: Any) -> None:
    one, two = make_case("one"), make_case("two")

    assert names(start(cases=[two.pk, one.pk, two.pk])) == ["two", "one"]


def test_modules_run_in_the_order_chosen_with_cases_before_them(
    start: Any, make_case: Any, project: Any
) -> None:
    first, second = (Module.objects.create(project=project, name=name) for name in ("first", "second"))
    for name, module in (("f1", first), ("f2", first), ("s1", second)):
        make_case(name, module=module)
    single = make_case("single")

    run = start(modules=[second.pk, first.pk], cases=[single.pk])

    assert names(run) == ["single", "s1", "f1", "f2"]


def test_a_module_means_itself_and_not_those_whose_number_is_inside(
    start: Any, make_case: Any, project: Any
) -> None:
    """In the original, module 12 ran modules 1 and 2."""
    for number in (909, 90, 9):
        module = Module.objects.create(pk=number, project=project, name=str(number))
        make_case(f"of {number}", module=module)

    assert names(start(modules=[909])) == ["of 909"]


def test_a_project_runs_in_the_order_of_its_modules(start: Any, make_case: Any, project: Any) -> None:
    last = Module.objects.create(project=project, name="last", position=2)
    first = Module.objects.create(project=project, name="first", position=1)
    for name, module in (("z", last), ("y", first), ("x", first)):
        make_case(name, module=module)

    assert names(start(all=True)) == ["y", "x", "z"]


def test_deleted_cases_and_modules_do_not_run(start: Any, make_case: Any, project: Any, bob: Asker) -> None:
    gone = Module.objects.create(project=project, name="gone")
    make_case("inside", module=gone)
    deleted = make_case("deleted")
    make_case("alive")
    bob.delete(f"/modules/{gone.pk}")
    bob.delete(f"/cases/{deleted.pk}")

    assert names(start(all=True)) == ["alive"]


@pytest.mark.parametrize(
    ("body", "path", "message"),
    [
        ({}, "cases", "choose at least one case or module"),
        ({"cases": []}, "cases", "choose at least one case or module"),
        ({"all": True}, "all", "the project holds no case yet"),
        ({"cases": [4711]}, "cases[0]", "there is no case 4711 in this project"),
        ({"modules": [4711]}, "modules[0]", "there is no module 4711 in this project"),
        ({"cases": ["one"]}, "cases[0]", "input should be a valid integer"),
        ({"cases": [-1]}, "cases[0]", "input should be greater than or equal to 1"),
        ({"all": True, "environment_id": 4711}, "environment_id", "there is no environment 4711"),
        ({"all": True, "zone": "Mars/Base"}, "zone", "'Mars/Base' is not a time zone"),
        ({"all": True, "options": {"retries": 99}}, "options.retries", "less than or equal to 10"),
    ],
)
def test_what_cannot_be_started_is_refused_at_its_field(ask: Any, body: Any, path: str, message: str) -> None:
    answer = ask(**body)

    fault = answer.json()["errors"][0]
    assert (answer.status_code, fault["path"]) == (422, path)
    assert message in fault["message"]


def test_an_empty_module_is_refused(ask: Any, module: Any) -> None:
    assert ask(modules=[module.pk]).json()["error"] == "modules: the chosen modules hold no case"


def test_a_case_of_another_project_does_not_exist_here(ask: Any, make_case: Any) -> None:
    other = Project.objects.create(name="Other")
    theirs = make_case("theirs", module=Module.objects.create(project=other, name="M"))

    assert ask(cases=[theirs.pk]).status_code == 422


def test_the_default_environment_is_taken_unless_none_is_asked_for(
    start: Any, case: Any, environment: Any
) -> None:
    chosen = start(cases=[case.pk])
    none = start(cases=[case.pk], environment_id=None)

    assert (chosen.environment, chosen.environment_name) == (environment, "local")
    assert (none.environment, none.environment_name) == (None, "")


def test_a_run_without_a_name_is_called_by_the_time_of_the_asker(start: Any, case: Any) -> None:
    in_berlin = start(cases=[case.pk], zone="Europe/Berlin")
    named = start(cases=[case.pk], name="Nightly")

    local = in_berlin.created_at.astimezone(ZoneInfo("Europe/Berlin"))
    assert in_berlin.name == local.strftime("%Y-%m-%d %H:%M:%S")
    assert named.name == "Nightly"


def test_two_runs_of_one_second_are_two_runs(start: Any, case: Any) -> None:
    """In the original they shared one report."""
    first, second = start(cases=[case.pk], name="now"), start(cases=[case.pk], name="now")

    assert first.pk != second.pk


def test_the_same_idempotency_key_gives_the_same_run(bob: Asker, project: Any, case: Any) -> None:
    def post() -> Any:
        return bob.client.post(
            f"/api/v1/projects/{project.pk}/runs",
            {"cases": [case.pk]},
            content_type="application/json",
            headers={"Idempotency-Key": "build-17"},
        )

    first, second = post(), post()

    assert (first.status_code, second.status_code) == (202, 200)
    assert first.json()["id"] == second.json()["id"]
    assert Run.objects.count() == 1


def test_no_secret_is_in_a_snapshot(start: Any, case: Any, environment: Any, alice: Asker) -> None:
    alice.patch(f"/environments/{environment.pk}", {"secrets": {"key": "canary-7391"}})

    snapshot = Snapshot.unpack(start(cases=[case.pk]).snapshot.packed)

    assert snapshot.environment is not None
    assert "secrets" not in snapshot.environment


def test_called_cases_are_frozen_at_any_depth(start: Any, make_case: Any) -> None:
    from tests.web.people import call

    inner = make_case("inner")
    middle = make_case("middle", steps=[call(inner)])
    outer = make_case("outer", steps=[call(middle)])

    snapshot = Snapshot.unpack(start(cases=[outer.pk]).snapshot.packed)

    assert set(snapshot.called) == {inner.pk, middle.pk}


def test_a_hidden_project_cannot_be_run_through_an_include(start: Any, make_case: Any) -> None:
    from tests.web.people import call

    hidden = Project.objects.create(name="Hidden")
    theirs = make_case("theirs", module=Module.objects.create(project=hidden, name="M"))
    ours = make_case("ours")
    Case.objects.filter(pk=ours.pk).update(document={**ours.document, "teststeps": [call(theirs)]})

    assert Snapshot.unpack(start(cases=[ours.pk]).snapshot.packed).called == {}


def test_a_queue_that_is_too_long_takes_no_more(ask: Any, case: Any, project: Any, environment: Any) -> None:
    Run.objects.bulk_create(Run(project=project, name=str(number)) for number in range(100))

    answer = ask(cases=[case.pk])

    assert (answer.status_code, answer.json()["code"]) == (429, "too_many")


def test_a_script_is_an_api_trigger(bob: Asker, project: Any, case: Any, start: Any) -> None:
    token = bob.post("/tokens", {"name": "ci", "scope": "run"}).json()["secret"]

    answer = Asker(token=token).post(f"/projects/{project.pk}/runs", {"cases": [case.pk]})

    assert (answer.status_code, answer.json()["trigger"]) == (202, "api")
    assert start(cases=[case.pk]).trigger == "manual"


def test_a_deleted_environment_is_refused(ask: Any, case: Any, project: Any, bob: Asker) -> None:
    environment = Environment.objects.create(project=project, name="old")
    bob.delete(f"/environments/{environment.pk}")

    assert ask(cases=[case.pk], environment_id=environment.pk).status_code == 422


def test_a_run_has_a_largest_size(ask: Any, make_case: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hat.web.runs.services.MOST_CASES", 1)
    make_case("one")
    make_case("two")

    assert ask(all=True).json()["error"] == "cases: a run takes at most 1 cases, this would be 2"
