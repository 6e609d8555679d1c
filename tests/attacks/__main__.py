"""`python3 start.py attacks`: every attack with every set of layers, as root and as an ordinary user."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.attacks.form import OWN, Attack, apart, attacks
from tests.attacks.scene import ENVIRONMENT
from tests.attacks.table import GUARDED, Results, differences, keep, printed, totals
from tests.attacks.trial import SETS

ROOT = Path(__file__).parents[2]
ORDINARY = 61234  # belongs to nobody
PATIENCE_S = 3600


def carry_out(
    name: str, user: str, folders: Sequence[Path], limit_s: float, slack_s: float = 3.0, *, parts: int = 1
) -> tuple[dict[str, dict[str, str]], str]:
    """One trial: the result of each attack by its id, and the layers that held.

    It is mostly waiting, so parts of it may go on at once, each with a scene of its own; only where layers
    hold, since attacks that get out leave things for others to find.
    """
    limits = [f"--set={name}", f"--limit={limit_s}", f"--slack={slack_s}", f"--parts={parts}"]
    jobs = [[*limits, f"--part={part}"] for part in range(parts)]
    with ThreadPoolExecutor(max_workers=parts) as pool:
        done = list(pool.map(lambda options: _carry_out(options, user, folders), jobs))
    return {key: told for results, _ in done for key, told in results.items()}, done[0][1]


def _carry_out(
    options: Sequence[str], user: str, folders: Sequence[Path]
) -> tuple[dict[str, dict[str, str]], str]:
    """A part of a trial in a process of its own."""
    module = ["tests.attacks.trial", *options, *(f"--folder={folder}" for folder in folders)]
    command = [sys.executable, "-m", *module]
    if user == "user" and not os.geteuid():
        command = [sys.executable, "-m", "tests.attacks.ordinary", str(ORDINARY), *module]
    environment = {
        "PATH": os.environ.get("PATH", ""),
        ENVIRONMENT: f"ENVCANARY_{secrets.token_hex(8)}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    results: dict[str, dict[str, str]] = {}
    begun, layers = "", ""
    for line in done.stdout.splitlines():
        told = json.loads(line)
        begun = told.get("begun", begun)
        layers = " ".join(told["layers"]) if "layers" in told else layers
        if "id" in told:
            results[told["id"]] = told
    if done.returncode or not layers:
        if not begun:
            raise SystemExit(f"the trial {options[0]} as {user} could not begin:\n{done.stdout}{done.stderr}")
        results[begun] = {"verdict": "succeeded", "proof": "worker dead", "said": done.stderr[-300:]}
    return results, layers


def users() -> list[str]:
    """Who attacks: root and an ordinary user, or this user alone where it is not root."""
    return ["user"] if os.geteuid() else ["root", "user"]


def trials(
    chosen: Sequence[Attack], jobs: Sequence[tuple[str, str]], folders: Sequence[Path], limit_s: float
) -> tuple[Results, dict[tuple[str, str], str]]:
    """Every job (set of layers, user), two at a time."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        done = list(pool.map(lambda job: carry_out(job[0], job[1], folders, limit_s), jobs))
    missing = {"verdict": "not tried", "proof": "", "said": ""}
    results = {
        job: {one.id: found.get(one.id, missing) for one in chosen}
        for job, (found, _) in zip(jobs, done, strict=True)
    }
    return results, {job: layers for job, (_, layers) in zip(jobs, done, strict=True)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table and the sums; 1 when an attack succeeded although all layers were on."""
    parser = argparse.ArgumentParser(prog="start.py attacks", description=__doc__)
    parser.add_argument("--extra", type=Path, action="append", default=[], help="a folder with attack files")
    parser.add_argument("--sets", nargs="+", choices=SETS, help="sets of layers; all of them by default")
    parser.add_argument("--limit", type=float, default=2.0, help="seconds a call may take")
    parser.add_argument("--keep", action="store_true", help="write the table into docs/security*.md")
    parser.add_argument("--compare", action="store_true", help="1 when docs/security*.md has another table")
    given = parser.parse_args(arguments)
    if (given.compare or given.keep) and (given.sets or os.geteuid()):
        parser.error("the table of the documents has all sets of layers, and root; leave --sets out, be root")
    missing = [folder for folder in given.extra if not list(folder.glob("*.py"))]
    if missing:
        parser.error(f"{missing[0]} has no attack files (*.py)")
    try:
        own, extra = attacks(OWN), attacks([folder.resolve() for folder in given.extra])
    except (ValueError, SyntaxError) as error:
        parser.error(str(error))
    shown: list[Attack] = []
    jobs = [(name, user) for name in given.sets or SETS for user in users()]
    results, layers = trials(own, jobs, OWN, given.limit)
    if extra:
        some = [job for job in jobs if given.sets or job[0] in GUARDED]
        more, _ = trials(extra, some, [folder.resolve() for folder in given.extra], given.limit)
        shown = apart(extra, own)
        names = dict(zip((one.id for one in extra), (one.id for one in shown), strict=True))
        for job, found in more.items():
            results[job] |= {names[name]: one for name, one in found.items()}
    print(printed([*own, *shown], results, layers))
    print(totals(results))
    if given.keep:
        keep(own, results)
    aged = differences(own, results) if given.compare else []
    print("\n".join(aged) if aged else "The documents have this table." if given.compare else "")
    guarded = [found for job, found in results.items() if job[0] == "all"]
    works = any(one["verdict"] == "succeeded" for found in guarded for one in found.values())
    return int(works or bool(aged))


if __name__ == "__main__":
    sys.exit(main())
