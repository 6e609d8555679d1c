"""What a schedule runs: the chosen suites, cases and modules as far as they still exist."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hat.web.projects.models import Case, Module, Project, Suite
from hat.web.refusal import Fault, invalid, invalid_all
from hat.web.runs.services import Selection
from hat.web.schedules.models import Schedule


@dataclass(frozen=True, slots=True)
class Named:
    """A suite, case or module by number and name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The living part of a selection, in its order, and how much of it was deleted."""

    everything: bool
    cases: Sequence[Named] = ()
    modules: Sequence[Named] = ()
    suites: Sequence[Named] = ()
    gone: int = 0
    chosen: int = field(default=0)

    @property
    def is_gone(self) -> bool:
        """Whether nothing of what was chosen exists any more."""
        return not self.everything and not self.cases and not self.modules and not self.suites

    @property
    def selection(self) -> Selection:
        """The selection as a run takes it."""
        cases = [case.id for case in self.cases]
        modules = [module.id for module in self.modules]
        return Selection(cases, modules, self.everything, [suite.id for suite in self.suites])


def choices_of(schedules: Iterable[Schedule]) -> dict[int, Choice]:
    """The choices of several schedules with a query for each kind, by the schedules' numbers."""
    listed = list(schedules)
    projects = {one.project_id for one in listed}
    living = {
        kind: find({pk for one in listed for pk in getattr(one, kind)}, projects)
        for kind, find in _FINDERS.items()
    }
    return {one.pk: _choice(one, living) for one in listed}


def choice_of(schedule: Schedule) -> Choice:
    """The choice of one schedule."""
    return choices_of([schedule])[schedule.pk]


def check_choice(project: Project, chosen: Mapping[str, Sequence[int]], *, everything: bool) -> None:
    """Refuses an empty choice, and names what does not exist in the project."""
    if not everything and not any(chosen.values()):
        raise invalid("cases", "choose at least one suite, case or module")
    faults = []
    for kind, ids in chosen.items():
        living = _FINDERS[kind](set(ids), {project.pk})
        faults += [
            Fault(f"{kind}[{place}]", f"there is no {kind.removesuffix('s')} {pk} in this project")
            for place, pk in enumerate(ids)
            if (project.pk, pk) not in living
        ]
    if faults:
        raise invalid_all(faults)


Living = dict[tuple[int, int], str]


def _living_cases(ids: set[int], projects: set[int]) -> Living:
    if not ids:
        return {}
    found = Case.objects.filter(project__in=projects, deleted_at=None, module__deleted_at=None)
    rows = found.values_list("project_id", "pk", "name")
    # Many numbers at once would be more than a statement of SQLite takes.
    rows = rows.filter(pk__in=ids) if len(ids) <= 500 else rows
    return {(project, pk): name for project, pk, name in rows}


def _living_modules(ids: set[int], projects: set[int]) -> Living:
    if not ids:
        return {}
    found = Module.objects.filter(project__in=projects, deleted_at=None)
    return {(project, pk): name for project, pk, name in found.values_list("project_id", "pk", "name")}


def _living_suites(ids: set[int], projects: set[int]) -> Living:
    if not ids:
        return {}
    found = Suite.objects.filter(project__in=projects, deleted_at=None)
    return {(project, pk): name for project, pk, name in found.values_list("project_id", "pk", "name")}


_FINDERS: dict[str, Callable[[set[int], set[int]], Living]] = {
    "suites": _living_suites,
    "cases": _living_cases,
    "modules": _living_modules,
}


def _choice(schedule: Schedule, living: Mapping[str, Living]) -> Choice:
    if schedule.everything:
        return Choice(everything=True)
    kept = {
        kind: [
            Named(pk, names[schedule.project_id, pk])
            for pk in getattr(schedule, kind)
            if (schedule.project_id, pk) in names
        ]
        for kind, names in living.items()
    }
    chosen = sum(len(getattr(schedule, kind)) for kind in living)
    gone = chosen - sum(map(len, kept.values()))
    return Choice(everything=False, gone=gone, chosen=chosen, **kept)
