"""hat check: every problem of case files at once, with file and line; nothing is sent."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping

from hat import engine, formats
from hat.cli import environment as environments
from hat.cli import language
from hat.cli.exit import Exit
from hat.cli.failure import told
from hat.error import FormatError, UsageError


def carry_out(chosen: argparse.Namespace, env: Mapping[str, str]) -> int:
    """Read the chosen paths and print what is wrong with them."""
    say = language.choose(env)
    around = environments.build(chosen.env, chosen.var, chosen.paths, chosen.auth)
    loaded = formats.load(
        *chosen.paths, dialect=chosen.dialect, dotenv=environments.existing(chosen.env_file)
    )
    if not loaded.cases and not loaded.problems:
        raise UsageError(say("the paths hold no case"))
    found = [*loaded.problems, *engine.examine(loaded.cases, around), *loaded.warnings]
    found.sort(key=lambda problem: (problem.file, problem.line or 0))
    wrong = [problem for problem in found if problem.level == "error"]
    if chosen.format == "json":
        document = {
            "cases": len(loaded.cases),
            "problems": [_as_dict(problem) for problem in found],
        }
        print(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        for problem in found:
            print(told(problem, say))
        cases = say.count(len(loaded.cases), "case")
        problems = say.count(len(wrong), "problem")
        warnings = say.count(len(found) - len(wrong), "warning")
        text = "{cases} read, {problems}" if wrong else "{cases} read, no problems"
        parts = [say(text, cases=cases, problems=problems), *([warnings] if len(found) > len(wrong) else [])]
        print(say.join(parts), file=sys.stderr)
    return Exit.USAGE if wrong else Exit.PASSED


def _as_dict(problem: FormatError) -> dict[str, str | int | None]:
    return {
        "level": problem.level,
        "file": problem.file,
        "line": problem.line,
        "path": problem.path,
        "message": problem.message,
        "hint": problem.hint,
    }
