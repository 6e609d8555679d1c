"""Saved filters and chosen columns of the case list: one's own, on the server."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.people import Asker

REDS = {"name": "Reds", "query": {"outcome": "failed", "tag": "smoke"}}


def test_it_keeps_what_one_chose_for_oneself(project: Any, alice: Asker, carol: Asker) -> None:
    path = f"/projects/{project.pk}/cases/view"
    assert carol.get(path).json() == {"filters": [], "columns": None}

    carol.put(path, {"filters": [REDS], "columns": ["tags", "owner", "tags"]})

    kept = carol.get(path).json()
    assert [one["name"] for one in kept["filters"]] == ["Reds"]
    assert (kept["filters"][0]["query"]["outcome"], kept["columns"]) == ("failed", ["tags", "owner"])
    assert alice.get(path).json() == {"filters": [], "columns": None}


def test_it_is_kept_for_each_project(project: Any, alice: Asker) -> None:
    other = alice.post("/projects", {"name": "Other"}).json()["id"]

    alice.put(f"/projects/{project.pk}/cases/view", {"filters": [REDS], "columns": None})

    assert alice.get(f"/projects/{other}/cases/view").json()["filters"] == []


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"filters": [{"name": " ", "query": {}}]}, "filters[0].name"),
        ({"filters": [REDS, REDS]}, "filters"),
        ({"filters": [{"name": "x", "query": {"outcome": "great"}}]}, "filters[0].query.outcome"),
        ({"columns": ["salary"]}, "columns[0]"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_place(
    project: Any, carol: Asker, body: Any, place: str
) -> None:
    answer = carol.put(f"/projects/{project.pk}/cases/view", body)

    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, place)
