"""What a schedule runs: the chosen cases and modules as far as they still exist."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hat.web.projects.models import Case, Module, Project
from hat.web.refusal import Fault, invalid, invalid_all
from hat.web.runs.services import Selection
from hat.web.schedules.models import Schedule


@dataclass(frozen=True, slots=True)
class Named:
    """A case or module by number and name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The living part of a selection, in its order, and how much of it was deleted."""

    everything: bool
    cases: Sequence[Named] = ()
    modules: Sequence[Named] = ()
    gone: int = 0
    chosen: int = field(default=0)

    @property
    def is_gone(self) -> bool:
        """Whether nothing of what was chosen exists any more."""
        return not self.everything and not self.cases and not self.modules

    @property
    def selection(self) -> Selection:
        """The selection as a run takes it."""
        cases = [case.id for case in self.cases]
        return Selection(cases, [module.id for module in self.modules], self.everything)


def choices_of(schedules: Iterable[Schedule]) -> dict[int, Choice]:
    """The choices of several schedules with two queries, by the schedules' numbers."""
    listed = list(schedules)
    cases = _living_cases({pk for one in listed for pk in one.cases}, {one.project_id for one in listed})
    modules = _living_modules(
        {pk for one in listed for pk in one.modules}, {one.project_id for one in listed}
    )
    return {one.pk: _choice(one, cases, modules) for one in listed}


def choice_of(schedule: Schedule) -> Choice:
    """The choice of one schedule."""
    return choices_of([schedule])[schedule.pk]


def check_choice(project: Project, cases: Sequence[int], modules: Sequence[int], *, everything: bool) -> None:
    """Refuses an empty choice, and names what does not exist in the project."""
    if not everything and not cases and not modules:
        raise invalid("cases", "choose at least one case or module")
    living = {"cases": _living_cases(set(cases), {project.pk})}
    living["modules"] = _living_modules(set(modules), {project.pk})
    faults = [
        Fault(f"{path}[{place}]", f"there is no {noun} {pk} in this project")
        for path, noun, ids in (("cases", "case", cases), ("modules", "module", modules))
        for place, pk in enumerate(ids)
        if (project.pk, pk) not in living[path]
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


def _choice(schedule: Schedule, cases: Living, modules: Living) -> Choice:
    if schedule.everything:
        return Choice(everything=True)
    project = schedule.project_id
    kept_cases = [Named(pk, cases[project, pk]) for pk in schedule.cases if (project, pk) in cases]
    kept_modules = [Named(pk, modules[project, pk]) for pk in schedule.modules if (project, pk) in modules]
    chosen = len(schedule.cases) + len(schedule.modules)
    return Choice(
        everything=False,
        cases=kept_cases,
        modules=kept_modules,
        gone=chosen - len(kept_cases) - len(kept_modules),
        chosen=chosen,
    )
