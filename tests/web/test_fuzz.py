"""schemathesis against the whole OpenAPI document, as each role: no 500, no answer against its schema.

HAT_TEST_FUZZ says how many requests each route gets from the administrator and the owner; the others, who are
stopped at the door more often, ask a third. `start.py security` asks for many.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some
from schemathesis.checks import CHECKS as KNOWN
from schemathesis.checks import load_all_checks
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok

from hat.web.accounts.models import User
from hat.web.accounts.services import new_token
from hat.web.wsgi import application

EXAMPLES = int(os.environ.get("HAT_TEST_FUZZ", "2"))
WHOLE = ("root", "alice")
ROLES = ("root", "alice", "bob", "ruth", "carol", "charlie") if EXAMPLES > 2 else WHOLE
load_all_checks()
CHECKS = [KNOWN.get_one(name) for name in ("not_a_server_error", "response_schema_conformance")]
# A process, a mail or a file of its own follows from these; other tests look at them.
ELSEWHERE = ("openapi.json",)


# Schemathesis closes no answer; the zip of an export is left to the garbage collector then.
@pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning")
@pytest.mark.timeout(7200 if EXAMPLES > 2 else 900)
@pytest.mark.parametrize("name", ROLES)
def test_no_route_breaks(
    project: Any, root: Any, make_case: Callable[..., Any], one_connection: None, name: str
) -> None:
    case = make_case("one")
    _, word = new_token(User.objects.get(username=name), name="fuzz", scope="write", project_id=None, days=1)
    real = {"project_id": project.pk, "case_id": case.pk, "module_id": case.module_id}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    problems: list[str] = []
    asked = 0
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        if operation.path.endswith(ELSEWHERE):
            continue
        asked += 1
        problems += broken(operation, word, real, EXAMPLES if name in WHOLE else EXAMPLES // 3)
    assert asked > 100
    assert problems == []


def broken(operation: Any, word: str, real: dict[str, int], examples: int) -> list[str]:
    """What is wrong with the answers of one route; nothing it does lasts."""
    problems: list[str] = []

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(request=operation.as_strategy(), known=some.booleans())
    def ask(request: Any, known: bool) -> None:
        if known:
            for key in {*request.path_parameters} & real.keys():
                request.path_parameters[key] = real[key]
        with transaction.atomic():
            answer = request.call(headers={"Authorization": f"Bearer {word}"})
            transaction.set_rollback(True)
        try:
            request.validate_response(answer, checks=CHECKS)
        except FailureGroup as found:
            problems.append(f"{operation.label}: {found.exceptions}"[:2000])

    ask()
    return problems[:3]


@pytest.fixture
def one_connection(settings: Any) -> Iterator[None]:
    """A request keeps the connection of the test, as Django's own client has it; no limit for tokens."""
    settings.HAT_TOKEN_RATE = 0
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)
