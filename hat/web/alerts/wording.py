"""What a run, a silent schedule or a test says to a channel, in the language of the channel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings

from hat.result import Outcome
from hat.web.alerts.digest import Cause, Digest
from hat.web.alerts.message import Message, Section, one_line
from hat.web.alerts.models import Channel
from hat.web.alerts.words import WORDS, say
from hat.web.runs.models import Run, pass_rate
from hat.web.schedules.models import Fire

MOST_LINES: Final = 5
MOST_NAMES: Final = 3
_ICONS: Final = {"passed": "✅", "failed": "❌", "error": "❌", "skipped": "⏭️"}
_NAME: Final = 80


def about_run(run: Run, found: Digest, language: str) -> Message:
    """How a run went."""
    counts = {outcome.value: getattr(run, outcome.value) for outcome in Outcome}
    url = _url(f"/runs/{run.pk}")
    return Message(
        say(
            language,
            "title",
            icon=_ICONS[run.outcome],
            run=one_line(run.name),
            summary=_summary(run, language),
        ),
        _lines(run, counts, language),
        _sections(found, language),
        link=url,
        link_text=say(language, "report"),
        facts={
            "event": "run",
            "project": _project(run.project),
            "run": _run(run, counts, url),
            **found.value,
        },
    )


def about_fire(fire: Fire, language: str) -> Message:
    """That a schedule came to a time and started no run, and why."""
    schedule, url = fire.schedule, _url(f"/projects/{fire.schedule.project_id}/schedules")
    at = fire.fire_at.astimezone(ZoneInfo(schedule.zone)).strftime("%Y-%m-%d %H:%M")
    known = f"why.{fire.note_code}"
    lines = [
        say(language, "place", project=one_line(schedule.project.name)),
        say(language, "due", at=at, zone=schedule.zone),
        say(language, known) if known in WORDS[language] else one_line(fire.note),
        *([] if schedule.enabled else [say(language, "off")]),
    ]
    facts = {
        "event": "schedule",
        "project": _project(schedule.project),
        "schedule": {"id": schedule.pk, "name": schedule.name, "enabled": schedule.enabled, "url": url},
        "due_at": fire.fire_at.isoformat(),
        "code": fire.note_code,
        "reason": fire.note,
    }
    title = say(language, "late_title", name=one_line(schedule.name))
    return Message(title, tuple(lines), link=url, link_text=say(language, "open_schedules"), facts=facts)


def about_nothing(channel: Channel) -> Message:
    """The message of a test."""
    project, language = channel.project, channel.language
    url = _url(f"/projects/{project.pk}/settings")
    return Message(
        say(language, "test_title", name=one_line(channel.name)),
        (say(language, "test", project=one_line(project.name)),),
        link=url,
        link_text=say(language, "open_project"),
        facts={"event": "test", "project": _project(project)},
    )


def _url(path: str) -> str:
    return f"{settings.HAT_SITE_URL}{path}" if settings.HAT_SITE_URL else ""


def _project(project: Any) -> dict[str, Any]:
    return {"id": project.pk, "name": project.name}


def _run(run: Run, counts: dict[str, int], url: str) -> dict[str, Any]:
    return {
        "id": run.pk,
        "name": run.name,
        "outcome": run.outcome,
        "reason": run.reason,
        "environment": run.environment_name,
        "trigger": run.trigger,
        "started_by": run.created_by.username if run.created_by else "",
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "elapsed_ms": run.elapsed_ms,
        "counts": {**counts, "flaky": run.flaky},
        "pass_rate": pass_rate(run.passed, run.failed, run.error),
        "url": url,
    }


def _summary(run: Run, language: str) -> str:
    red = [say(language, name, n=getattr(run, name)) for name in ("failed", "error") if getattr(run, name)]
    if red:
        return say(language, "comma").join(red)
    if run.reason:
        return one_line(run.reason)
    return say(language, "all_passed", n=run.passed) if run.passed else say(language, "nothing")


def _lines(run: Run, counts: dict[str, int], language: str) -> tuple[str, ...]:
    place = [say(language, "place", project=one_line(run.project.name))]
    if run.environment_name:
        place.append(say(language, "environment", environment=one_line(run.environment_name)))
    told = say(language, "comma").join(
        say(language, name, n=count) for name, count in counts.items() if count
    )
    numbers = [say(language, "cases", total=run.done, counts=told or say(language, "nothing"))]
    if (rate := pass_rate(run.passed, run.failed, run.error)) is not None:
        numbers.append(say(language, "rate", rate=rate))
    who = run.created_by.display_name if run.created_by else say(language, "nobody")
    began = [say(language, run.trigger, who=one_line(who))]
    if run.elapsed_ms is not None:
        began.append(say(language, "took", time=_time(run.elapsed_ms / 1000, language)))
    lines = [" · ".join(part) for part in (place, numbers, began)]
    if run.reason:
        lines.append(say(language, "ended", reason=one_line(run.reason)))
    return tuple(lines)


def _time(seconds: float, language: str) -> str:
    if seconds < 60:
        return say(language, "seconds", s=round(seconds, 1))
    return say(language, "minutes", m=int(seconds // 60), s=int(seconds % 60))


def _sections(found: Digest, language: str) -> tuple[Section, ...]:
    groups = {
        "new": [_cause(cause, language) for cause in found.new[:MOST_LINES]],
        "still": [_cause(cause, language) for cause in found.still[:MOST_LINES]],
        "recovered": _some(found.recovered, language),
        "flaky": _some(found.flaky, language),
    }
    for name, causes in (("new", found.new), ("still", found.still)):
        if len(causes) > MOST_LINES:
            groups[name].append(say(language, "more_lines", n=len(causes) - MOST_LINES))
    return tuple(Section(say(language, name), tuple(lines)) for name, lines in groups.items() if lines)


def _cause(cause: Cause, language: str) -> str:
    reason = one_line(cause.reason) or say(language, "unknown")
    return say(language, "cause", reason=reason, cases=_some(cause.cases, language)[0])


def _some(names: Sequence[str], language: str) -> list[str]:
    """The first names as one line; none for nobody."""
    if not names:
        return []
    shown = say(language, "comma").join(one_line(name, _NAME) for name in names[:MOST_NAMES])
    more = len(names) - MOST_NAMES
    return [say(language, "more_cases", cases=shown, n=more) if more > 0 else shown]
