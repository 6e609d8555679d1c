"""Start, cancel, rerun and delete runs: one path for a case, modules, a project, a batch and a try."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from hat.web.accounts.models import User
from hat.web.audit.services import record
from hat.web.projects.access import visible_cases
from hat.web.projects.documents import faults_of
from hat.web.projects.links import PARTS, steps_of
from hat.web.projects.models import NAME_LENGTH, Case, Environment, Module, Project
from hat.web.refusal import RefusedError, invalid, invalid_all, refuse_unknown
from hat.web.runs import queue
from hat.web.runs.how import USUAL, How, shards_for
from hat.web.runs.labels import label_for
from hat.web.runs.limits import limits_of
from hat.web.runs.models import CaseRun, Kind, Run, Status, Trigger
from hat.web.runs.snapshot import Chosen, Snapshot, chosen, freeze

MOST_CASES = 10_000
MOST_QUEUED = 100


@dataclass(frozen=True, slots=True)
class Selection:
    """What a person ticked: suites and cases in the order written, then those of modules, or everything."""

    cases: Sequence[int] = ()
    modules: Sequence[int] = ()
    everything: bool = False
    suites: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Manner:
    """How a run goes: where, under which name, who pulled the trigger."""

    environment: Environment | None = None
    name: str = ""
    zone: str = "UTC"
    how: How = USUAL
    trigger: Trigger = Trigger.MANUAL
    idempotency_key: str = ""


def start_run(user: User, project: Project, selection: Selection, manner: Manner) -> Run:
    """A queued run of the selected cases; the same Idempotency-Key gives the same run again."""
    return _start(user, project, [chosen(case) for case in selected(project, selection)], manner)


def start_try(
    user: User, project: Project, document: Mapping[str, Any], manner: Manner, *, case_id: int | None = None
) -> Run:
    """A run of a document as it stands in the editor; it is kept out of the lists."""
    saved = project.cases.filter(deleted_at=None).select_related("module")
    case = saved.filter(pk=case_id).first() if case_id is not None else None
    config = document.get("config")
    name = str(config.get("name") or "") if isinstance(config, dict) else ""
    tried = Chosen(
        case.pk if case else None,
        name or (case.name if case else "case"),
        case.module.name if case else "",
        document,
        case.module.auth if case else {},
    )
    return _start(user, project, [tried], manner, kind=Kind.TRY)


def tried(document: Mapping[str, Any], step_id: str | None, *, up_to: bool) -> Mapping[str, Any]:
    """The document to try: all of it, one step, or the steps up to one; a refusal names each wrong field.

    A step of a group runs in it, with what decides whether and how often; one of setup or teardown alone.
    """
    part, moved = document, ("", "")
    if step_id is not None and isinstance(document.get("teststeps"), list):
        path = next((path for path, step in steps_of(document) if step.get("id") == step_id), None)
        if path is None:
            raise invalid("step_id", f"there is no step '{step_id}' in this case")
        name, places = path.partition("[")[0], [int(place) for place in re.findall(r"\d+", path)]
        whole = name == "teststeps" or (up_to and name == "teardown")
        others: dict[str, Any] = {} if whole else {part: [] for part in PARTS if part in document}
        part = {**document, **others, name: _cut(document[name], places, up_to=up_to)}
        if not up_to:
            moved = (f"{name}[0]" + ".steps[0]" * (len(places) - 1), path)
    faults = faults_of(part)
    if faults:
        raise invalid_all(replace(fault, path=fault.path.replace(*moved, 1)) for fault in faults)
    return part


def _cut(steps: Sequence[Any], places: Sequence[int], *, up_to: bool) -> list[Any]:
    """The step at a place alone or with those before it, the groups around it cut alike; all of them on."""
    place, *inner = places
    step = {**steps[place], "enabled": True}
    if inner:
        step["steps"] = _cut(step["steps"], inner, up_to=up_to)
    return [*(steps[:place] if up_to else ()), step]


def selected(project: Project, selection: Selection) -> list[Case]:
    """The cases of a selection, each once, in the order written; a refusal names what does not exist."""
    alive = project.cases.filter(deleted_at=None, module__deleted_at=None).select_related("module")
    if selection.everything:
        cases = list(alive.order_by("module__position", "module_id", "position", "id"))
    else:
        cases = [
            *_of_suites(project, alive, selection.suites),
            *_named(alive, selection.cases),
            *_of_modules(project, alive, selection.modules),
        ]
    if not cases:
        raise _nothing(selection)
    if len(cases) > MOST_CASES:
        raise invalid("cases", f"a run takes at most {MOST_CASES:,} cases, this would be {len(cases):,}")
    return list({case.pk: case for case in cases}.values())


def environment_of(project: Project, pk: int | None) -> Environment | None:
    """The environment of that id in the project; None for none."""
    if pk is None:
        return None
    environment = project.environments.filter(pk=pk, deleted_at=None).first()
    if environment is None:
        raise invalid("environment_id", f"there is no environment {pk} in this project")
    return environment


def default_environment(project: Project) -> Environment | None:
    """What a run uses when nobody chose."""
    return project.environments.filter(deleted_at=None, is_default=True).first()


def rerun(user: User, run: Run, *, only_failed: bool, trigger: Trigger = Trigger.MANUAL) -> Run:
    """Run the cases of a run again, as they are now, in the same environment; a try is repeated as it was."""
    snapshot = Snapshot.unpack(run.snapshot.packed)
    how = How(**{**snapshot.options, "shards": run.shards or 1, "label": run.label, "alerts": run.alerts})
    manner = Manner(environment=_same_environment(run, snapshot), name=run.name, how=how, trigger=trigger)
    if run.kind == Kind.TRY:
        return _start(user, run.project, snapshot.cases, manner, kind=Kind.TRY, retry_of=run)
    ids = _not_green(run) if only_failed else [case.case_id for case in snapshot.cases]
    alive = run.project.cases.filter(pk__in=ids, deleted_at=None).select_related("module")
    by_id = {case.pk: case for case in alive}
    cases = [chosen(by_id[pk]) for pk in dict.fromkeys(ids) if pk in by_id]
    if not cases:
        words = "none of its cases exists any more" if ids else "no case of this run failed"
        raise RefusedError(f"there is nothing to run again: {words}", status=422, code="invalid")
    return _start(user, run.project, cases, manner, retry_of=run)


def cancel_run(run: Run) -> Run:
    """Ask a run to end; one that is over stays as it is."""
    queue.cancel(run)
    if run.kind == Kind.RUN:
        record("cancel", run)
    run.refresh_from_db()
    return run


def pin_run(run: Run, *, pinned: bool) -> Run:
    """Keep a run whatever its age, or no longer."""
    with transaction.atomic():
        if Run.objects.filter(pk=run.pk).exclude(pinned=pinned).update(pinned=pinned):
            record("change", run, before={"pinned": not pinned}, after={"pinned": pinned})
    run.refresh_from_db()
    return run


def delete_run(run: Run) -> None:
    """Take a run out of the lists; a running one is cancelled first."""
    queue.cancel(run)
    with transaction.atomic():
        Run.objects.filter(pk=run.pk).update(deleted_at=timezone.now())
        record("delete", run)


def restore_run(run: Run) -> Run:
    """Undo a deletion."""
    with transaction.atomic():
        Run.objects.filter(pk=run.pk).update(deleted_at=None)
        record("restore", run)
    run.refresh_from_db()
    return run


def _start(
    user: User,
    project: Project,
    cases: Sequence[Chosen],
    manner: Manner,
    *,
    kind: Kind = Kind.RUN,
    retry_of: Run | None = None,
) -> Run:
    if Run.objects.filter(project=project, status=Status.QUEUED, part_of=None).count() >= MOST_QUEUED:
        words = f"{MOST_QUEUED} runs of this project are waiting already"
        raise RefusedError(words, status=429, code="too_many", hint="wait for some of them, or cancel them")
    environment, how = manner.environment, manner.how
    label = label_for(project, environment, how.label)
    shards = 1 if kind == Kind.TRY else shards_for(how, cases, project, label)
    snapshot = freeze(
        project,
        cases,
        callable_cases=visible_cases(user),
        environment=environment,
        options=how.of_engine,
    )
    run = Run(
        project=project,
        environment=environment,
        environment_name=environment.name if environment else "",
        kind=kind,
        trigger=manner.trigger,
        name=(manner.name or _local_time(manner.zone))[:NAME_LENGTH],
        idempotency_key=manner.idempotency_key,
        retry_of=retry_of,
        created_by=user,
        total=len(cases),
        shards=shards if shards > 1 else 0,
        label=label,
        alerts=how.alerts,
        deadline_s=limits_of(project).deadline_s,
    )
    try:
        with transaction.atomic():
            accepted = queue.accept(run, snapshot.pack())
            if kind == Kind.RUN:
                record("start", accepted, by=user, after=_what(accepted))
        return accepted
    except IntegrityError:
        # The same key at the same moment: the other one was faster.
        known = known_run(project, manner.idempotency_key)
        if known is None:
            raise
        return known


def _what(run: Run) -> dict[str, Any]:
    return {"cases": run.total, "environment": run.environment_name, "trigger": str(run.trigger)}


def known_run(project: Project, idempotency_key: str) -> Run | None:
    """The run that was accepted under that key before."""
    if not idempotency_key:
        return None
    return Run.objects.filter(project=project, idempotency_key=idempotency_key).first()


def _named(alive: QuerySet[Case], ids: Sequence[int]) -> list[Case]:
    found = alive.in_bulk(list(ids))
    refuse_unknown("cases", ids, found, "there is no case {} in this project")
    return [found[pk] for pk in ids]


def _of_suites(project: Project, alive: QuerySet[Case], ids: Sequence[int]) -> list[Case]:
    """The living cases of suites in their order."""
    known = {suite.pk: suite.cases for suite in project.suites.filter(pk__in=ids, deleted_at=None)}
    refuse_unknown("suites", ids, known, "there is no suite {} in this project")
    found = alive.in_bulk([case for pk in ids for case in known[pk]])
    return [found[case] for pk in ids for case in known[pk] if case in found]


def _of_modules(project: Project, alive: QuerySet[Case], ids: Sequence[int]) -> list[Case]:
    known = set(
        Module.objects.filter(project=project, deleted_at=None, pk__in=ids).values_list("pk", flat=True)
    )
    refuse_unknown("modules", ids, known, "there is no module {} in this project")
    cases: dict[int, list[Case]] = {pk: [] for pk in ids}
    for case in alive.filter(module_id__in=known).order_by("position", "id"):
        cases[case.module_id].append(case)
    return [case for of_module in cases.values() for case in of_module]


def _nothing(selection: Selection) -> RefusedError:
    if selection.everything:
        return invalid("all", "the project holds no case yet")
    if selection.suites:
        return invalid("suites", "the chosen suites hold no case")
    if selection.modules:
        return invalid("modules", "the chosen modules hold no case")
    return invalid("cases", "choose at least one case or module")


def _same_environment(run: Run, snapshot: Snapshot) -> Environment | None:
    if snapshot.environment is None:
        return None
    environment = run.environment
    if environment is None or environment.deleted_at is not None:
        raise invalid("environment_id", f"the environment '{run.environment_name}' was deleted")
    return environment


def _not_green(run: Run) -> list[int | None]:
    failed = CaseRun.objects.filter(run=run, outcome__in=("failed", "error")).order_by("seq")
    return list(failed.values_list("case_id", flat=True))


def _local_time(zone: str) -> str:
    return timezone.now().astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S")
