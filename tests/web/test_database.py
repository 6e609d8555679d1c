"""The address of a database."""

from __future__ import annotations

from pathlib import Path

import pytest

from hat.error import UsageError
from hat.web.database import database

HERE = Path("/data")


def test_without_an_address_it_is_a_file_in_the_data_folder() -> None:
    found = database("", folder=HERE)

    assert found["NAME"] == "/data/hat.sqlite3"
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in found["OPTIONS"]["init_command"]
    assert "synchronous=FULL" in found["OPTIONS"]["init_command"]


@pytest.mark.parametrize(
    ("url", "name"), [("sqlite:////var/hat.db", "/var/hat.db"), ("sqlite:///hat.db", "hat.db")]
)
def test_sqlite_by_path(url: str, name: str) -> None:
    assert database(url, folder=HERE)["NAME"] == name


def test_postgresql_with_everything() -> None:
    found = database("postgresql://us%40er:p%2Fw@db.local:5433/hat?sslmode=require", folder=HERE)

    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"]) == (
        "us@er",
        "p/w",
        "db.local",
        "5433",
    )
    assert (found["NAME"], found["OPTIONS"]["sslmode"]) == ("hat", "require")


def test_postgresql_by_its_socket() -> None:
    found = database("postgres:///hat", folder=HERE)

    assert (found["NAME"], found["HOST"], found["PORT"]) == ("hat", "", "")


@pytest.mark.parametrize("url", ["mysql://x/y", "hat.db", "postgres://h:port/x"])
def test_anything_else_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(UsageError, match="HAT_DATABASE_URL"):
        database(url, folder=HERE)
