"""What became of the accepted runs, as the database itself has it."""

from __future__ import annotations

import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hat.web.runs.packing import unpack
from tests.faults.plant import Plant
from tests.faults.target import Target

RESULTS = {0: "quick", 1_000_000: "greeting", 2_000_001: "rows", 2_000_002: "rows", 2_000_003: "rows"}
RESULTS |= {3_000_000: "slow"}
ENDS = ("finished", "interrupted", "cancelled")


@dataclass
class Audit:
    """The figures of a trial."""

    seed: int
    kills: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    accepted: int = 0
    scheduled: int = 0
    sharded: int = 0
    lost: int = 0
    stuck: int = 0
    doubled: int = 0
    missing: int = 0
    interrupted: int = 0
    retaken: int = 0
    repeated: int = 0
    minutes: float = 0.0
    is_back: bool = False
    ended_by_itself: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether every demanded zero is zero, something was accepted, and all is well again."""
        harm = self.lost or self.stuck or self.doubled or self.missing
        return self.accepted > 0 and self.is_back and not harm

    def table(self, mode: str) -> str:
        """The figures as Markdown: one row, and below it what was broken how often."""
        columns = {
            "mode": mode,
            "seed": self.seed,
            "kills": self.kills.total(),
            "other faults": self.troubles.total(),
            "accepted": self.accepted,
            "by schedule": self.scheduled,
            "in shards": self.sharded,
            "lost": self.lost,
            "stuck": self.stuck,
            "results doubled": self.doubled,
            "results missing": self.missing,
            "interrupted": self.interrupted,
            "taken up again": self.retaken,
            "requests repeated": self.repeated,
            "minutes": f"{self.minutes:.0f}",
        }
        lines = (columns.keys(), ["---"] * len(columns), columns.values())
        table = "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)
        words = {
            "killed": self.kills,
            "troubled": self.troubles,
            "ended by itself and started again": self.ended_by_itself,
            "starts refused and repeated": self.refused,
        }
        told = [f"{what}: {_listed(counts)}" for what, counts in words.items() if counts]
        return "\n".join(
            [table, "", *told, *(() if self.is_back else ("not ready afterwards",)), *self.notes]
        )


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))


def audit_runs(audit: Audit, plant: Plant, accepted: Mapping[str, int], target: Target) -> None:
    """Compare what was accepted with what is stored, and what is stored with what the target gave."""
    columns = 'id, idempotency_key, "trigger", status, outcome, reason, total, done'
    runs = {row[0]: row[1:] for row in plant.rows(f"SELECT {columns} FROM runs_run WHERE part_of_id IS NULL")}
    ends: Counter[int] = Counter()
    for run_id, kind in plant.rows("SELECT run_id, kind FROM runs_runevent"):
        ends[run_id] += kind in ENDS
        audit.retaken += kind == "lost"
    results: dict[int, list[tuple[int, Any]]] = defaultdict(list)
    for run_id, seq, packed in plant.rows("SELECT run_id, seq, packed FROM runs_caserun"):
        results[run_id].append((seq, unpack(packed)))
    audit.doubled += _put_together(audit, plant, results)
    audit.sharded = _audit_shards(audit, plant)
    audit.accepted = len(accepted)
    audit.lost = len(set(accepted.values()) - runs.keys())
    audit.doubled = audit.accepted - len(set(accepted.values()))
    used: Counter[int] = Counter()
    for run_id, (key, trigger, status, outcome, reason, total, done) in runs.items():
        audit.scheduled += trigger == "schedule"
        if trigger != "schedule" and accepted.get(key) != run_id:
            audit.doubled += 1
            audit.notes.append(f"run {run_id}: nobody was told of it")
        if status in ("queued", "running"):
            audit.notes.append(f"run {run_id}: still {status}")
            continue
        fault = _fault(ends[run_id], results[run_id])
        audit.doubled += bool(fault)
        for seq, result in results[run_id]:
            used.update(_numbers(result, target, RESULTS.get(seq)))
        if "interrupted: " in reason:  # of one in shards: "shard 1 of 2: interrupted: ..."
            audit.interrupted += 1
        elif (outcome, total, done, len(results[run_id])) != ("passed", *[len(RESULTS)] * 3):
            audit.missing += 1
            fault += f" {status} {outcome} {reason!r}: {done} of {total}, {len(results[run_id])} stored"
            fault += "".join(_why_red(seq, result) for seq, result in results[run_id])
        if fault:
            audit.notes.append(f"run {run_id}:{fault}")
    _audit_answers(audit, used, target)
    _audit_fires(audit, plant)


def _why_red(seq: int, result: Any) -> str:
    """What a result that is not green says of itself; empty for a green one."""
    if result["outcome"] == "passed":
        return ""
    checks = [check["message"] for step in result["steps"] for check in step["checks"]]
    return f"\n  result {seq}: {result['error']} {[step['error'] for step in result['steps']]} {checks}"


def _put_together(audit: Audit, plant: Plant, results: Mapping[int, list[tuple[int, Any]]]) -> int:
    """Give each result the rests of its bodies; how many of them belong to none, or are there twice."""
    by_place = {(run_id, seq): result for run_id, found in results.items() for seq, result in found}
    strange = 0
    for run_id, seq, packed in plant.rows("SELECT run_id, seq, packed FROM runs_longbody"):
        result = by_place.get((run_id, seq))
        response = result and result["steps"][0]["exchanges"][0]["response"]
        if response and response.pop("rest", None):
            response["body"] += zlib.decompress(packed).decode()
        else:
            strange += 1
    if strange:
        audit.notes.append(f"{strange} rests of bodies belong to no result, or are there twice")
    return strange


def _audit_shards(audit: Audit, plant: Plant) -> int:
    """How many runs went in shards; a shard that is not over while its run is, is one that is stuck."""
    sql = "SELECT id, part_of_id, status FROM runs_run WHERE part_of_id IS NOT NULL"
    shards = plant.rows(sql)
    left = [pk for pk, _, status in shards if status in ("queued", "running")]
    audit.stuck += len(left)
    if left:
        audit.notes.append(f"shards {left} are not over")
    return len({whole for _, whole, _ in shards})


def _fault(ends: int, results: list[tuple[int, Any]]) -> str:
    """What is there more than once, or does not belong there."""
    places = Counter(seq for seq, _ in results)
    wrong = [seq for seq, count in places.items() if count > 1 or seq not in RESULTS]
    words = f" results {wrong} doubled or strange" if wrong else ""
    return words if ends == 1 else f"{words} {ends} ends"


def _numbers(result: Any, target: Target, name: str | None) -> list[int]:
    """The answers a stored result shows; one that the target never gave counts as number 0."""
    bodies = [
        exchange["response"]["body"]
        for step in result["steps"]
        for exchange in step["exchanges"]
        if exchange["response"] is not None
    ]
    numbers = [int(_json(body).get("number", 0)) for body in bodies]
    return [number if target.given.get(number) == name else 0 for number in numbers]


def _json(body: Any) -> dict[str, Any]:
    """A whole answer of the target; one that was cut or put together wrongly is none."""
    try:
        value = json.loads(body)
    except (TypeError, ValueError):
        return {}
    return value if isinstance(value, dict) and value.get("end") == value.get("number") else {}


def _audit_answers(audit: Audit, used: Counter[int], target: Target) -> None:
    invented = used.pop(0, 0)
    twice = sum(1 for count in used.values() if count > 1)
    audit.doubled += invented + twice
    if invented or twice:
        audit.notes.append(f"{invented} results show what the target never answered, {twice} the same twice")
    audit.repeated = len(target.given) - len(used)


def _audit_fires(audit: Audit, plant: Plant) -> None:
    """Each time a schedule came has one run, and each of its runs such a time."""
    ((empty,),) = plant.rows(
        "SELECT COUNT(*) FROM schedules_fire WHERE result = 'started' AND run_id IS NULL"
    )
    ((started,),) = plant.rows("SELECT COUNT(*) FROM schedules_fire WHERE result = 'started'")
    audit.lost += empty
    audit.doubled += abs(audit.scheduled - started)
    if empty or audit.scheduled != started:
        audit.notes.append(
            f"{audit.scheduled} scheduled runs, {started} times started, {empty} without a run"
        )
