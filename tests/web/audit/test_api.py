"""Reading the audit log: filters, pages, CSV, and who may."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.web.people import Asker


@pytest.fixture
def entries(project: Any) -> None:
    """Three deeds in the project and one elsewhere."""
    from hat.web.audit.models import Entry

    def add(at: str, user: str, action: str, name: str, **fields: Any) -> None:
        known = {"noun": "case", "object_id": 7, "address": "127.0.0.1", "project_id": project.pk, **fields}
        entry = Entry.objects.create(user_name=user, action=action, object_name=name, **known)
        Entry.objects.filter(pk=entry.pk).update(at=datetime.fromisoformat(at).replace(tzinfo=UTC))

    add("2026-01-01T10:00", "alice", "create", "Log in")
    add("2026-01-02T10:00", "bob", "change", "Log in", address="192.0.2.7")
    add("2026-01-03T20:00", "bob", "delete", "Pay", object_id=8)
    add("2026-01-04T10:00", "root", "create", "dora", noun="user", project_id=None)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["dora", "Pay", "Log in", "Log in"]),
        ({"who": "Bob"}, ["Pay", "Log in"]),
        ({"action": "create"}, ["dora", "Log in"]),
        ({"object": "user"}, ["dora"]),
        ({"object": "case", "object_id": 8}, ["Pay"]),
        ({"from": "2026-01-02", "to": "2026-01-03"}, ["Pay", "Log in"]),
        ({"from": "2026-01-04", "zone": "Asia/Shanghai"}, ["dora", "Pay"]),
        ({"search": "log bob"}, ["Log in"]),
        ({"search": "192.0.2"}, ["Log in"]),
        ({"search": "nothing"}, []),
        ({"page": 2, "page_size": 3}, ["Log in"]),
    ],
    ids=str,
)
def test_filters_narrow_the_list(query: dict[str, Any], names: list[str], entries: None, root: Asker) -> None:
    answer = root.get("/audit", **query).json()

    assert [entry["object_name"] for entry in answer["items"]] == names


@pytest.mark.parametrize("query", [{"from": "soon"}, {"to": "9999-12-31"}, {"zone": "Mars"}], ids=str)
def test_it_refuses_a_filter_it_cannot_read(query: dict[str, str], root: Asker) -> None:
    assert root.get("/audit", **query).status_code == 422


def test_an_owner_sees_the_project_and_nothing_else(entries: None, alice: Asker, project: Any) -> None:
    answer = alice.get(f"/projects/{project.pk}/audit").json()

    assert {entry["project_id"] for entry in answer["items"]} == {project.pk}
    assert answer["total"] == 3


def test_the_csv_has_the_filtered_entries(entries: None, root: Asker) -> None:
    answer = root.get("/audit/export", who="alice")
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))

    assert [row["object_name"] for row in rows] == ["Log in"]
    assert "attachment" in answer["Content-Disposition"]


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\nx", "＝1+1", "＋1", "－1", "＠A1"]


@pytest.mark.parametrize("name", FORMULAS)
def test_a_spreadsheet_finds_no_formula_in_it(name: str, project: Any, alice: Asker) -> None:
    from hat.web.audit.models import Entry

    Entry.objects.create(
        user_name="bob", action="create", noun="case", object_name=name, project_id=project.pk
    )

    answer = alice.get(f"/projects/{project.pk}/audit/export")
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"), newline="")))

    assert rows[0]["object_name"] == f"'{name}"


@pytest.mark.parametrize("separator", [";", "|", "\t"])
@pytest.mark.parametrize("start", ["=1+1", '"=1+1', "-1", "＝1"])
def test_a_spreadsheet_that_splits_elsewhere_finds_no_formula_either(
    start: str, separator: str, project: Any, alice: Asker
) -> None:
    from hat.web.audit.models import Entry

    name = f"a{separator}{start}{separator}{separator}{start}\n{start}"
    Entry.objects.create(
        user_name="bob", action="create", noun="case", object_name=name, project_id=project.pk
    )

    answer = alice.get(f"/projects/{project.pk}/audit/export")
    text = io.StringIO(answer.getvalue().decode("utf-8-sig"), newline="")
    cells = [cell for row in csv.reader(text, delimiter=separator) for cell in row]

    assert len(cells) > 5, "it does split there"
    assert [cell for cell in cells if cell.startswith(("=", "-", "＝"))] == []
