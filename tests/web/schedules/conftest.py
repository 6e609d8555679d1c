"""Schedules made as the page makes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)  # a Monday


@pytest.fixture
def make_schedule(project: Any, make_case: Callable[..., Any]) -> Callable[..., Any]:
    """Makes a schedule of bob's that is due at noon: `make_schedule(cases=[1], missed="skip")`."""
    from hat.web.accounts.models import User
    from hat.web.schedules.models import Schedule

    def make(**fields: Any) -> Any:
        if not fields.keys() & {"cases", "modules", "everything"}:
            fields["cases"] = [make_case("Log in").pk]
        usual = {"project": project, "name": "Nightly", "cron": "0 * * * *", "zone": "UTC", "next_at": NOON}
        owner = User.objects.get(username="bob")
        return Schedule.objects.create(**{**usual, "owner": owner, **fields})

    return make
