"""What depends on the database is tested on PostgreSQL too, where one can be reached."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).parents[2]
ADDRESSES = (
    "postgresql://postgres@/postgres",
    "postgresql://postgres@127.0.0.1/postgres",
    "postgresql:///postgres",
)
FILES = (
    "tests/web/accounts/test_session.py",
    "tests/web/projects/test_cases.py",
    "tests/web/projects/test_concurrency.py",
    "tests/web/projects/test_import.py",
    "tests/web/projects/test_list.py",
    "tests/web/schedules/test_clock.py",
    "tests/web/schedules/test_two_clocks.py",
)


def reachable() -> str:
    """The first address where databases can be made, '' if there is none."""
    chosen = os.environ.get("HAT_TEST_POSTGRES")
    for address in [chosen] if chosen else ADDRESSES:
        try:
            with psycopg.connect(address, connect_timeout=2) as connection:
                row = connection.execute(
                    "SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user"
                ).fetchone()
        except psycopg.OperationalError:
            continue
        if row and row[0]:
            return address
    return ""


@pytest.mark.timeout(300)
def test_it_works_on_postgresql_too() -> None:
    address = reachable()
    if not address:
        pytest.skip("no PostgreSQL here that lets us make a database (HAT_TEST_POSTGRES names one)")

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *FILES],
        cwd=ROOT,
        env={**os.environ, "HAT_DATABASE_URL": address},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
