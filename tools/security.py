"""The long search for holes: `start.py security`, its checks and what they are allowed to find."""

from __future__ import annotations

import os
import shutil

from tools.checks import RESULTS, Answer, Check, live, quiet, summary
from tools.console import say
from tools.environment import prepare

# Bandit looks at all but: B102 exec and B307 eval stand in the sandbox's child alone (a test says so), B104
# and B108 are names that are compared or mounted at, not used, B608 statements have no value in their text.
BANDIT = (
    "-m", "bandit", "--quiet", "--recursive", "hat", "--severity-level", "medium",
    "--skip", "B102,B104,B108,B307,B608",
)  # fmt: skip
FUZZ = {"HAT_TEST_FUZZ": "30"}

STATIC = (
    Check("security", "bandit", BANDIT),
    Check("security", "pip-audit", ("-m", "tools.audit", "python")),
    Check("security", "npm audit", ("-m", "tools.audit", "pages")),
)
LIVE = (
    Check("security", "roles, canaries, fuzz", ("-m", "pytest", "-n", "2", *(
        "tests/web/test_routes.py", "tests/web/test_stranger.py", "tests/web/test_settings.py",
        "tests/web/test_fuzz.py", "tests/web/runs/test_canaries.py", "tests/web/test_bad_input.py",
        "tests/cli/test_bad_input.py", "tests/engine/test_door.py", "tests/engine/test_targets.py",
        "tests/engine/test_hostile.py", "tests/engine/test_rebinding.py", "tests/web/test_hint_content.py",
        "tests/engine/sandbox", "tests/checks/test_evaluation.py",
    )), pytest=True),
    Check("security", "hostile report", ("-m", "pytest", "tests/browser/test_hostile.py"), pytest=True),
)  # fmt: skip


def security(arguments: list[str]) -> int:
    """Audit the code and its packages, fuzz the API as every role, attack the sandbox."""
    prepare(development=True)
    shutil.rmtree(RESULTS, ignore_errors=True)
    RESULTS.mkdir()
    os.environ |= {name: value for name, value in FUZZ.items() if name not in os.environ}
    answers: list[Answer] = quiet(STATIC)
    answers += [live(check, arguments) for check in LIVE]
    say("\nattacks")
    answers += quiet([Check("security", "attacks", ("-m", "tests.attacks"))])
    return summary(answers)
