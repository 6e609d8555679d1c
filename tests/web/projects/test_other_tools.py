"""Importing files of other tools: Postman, HAR, OpenAPI, cURL."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.formats.conversion.samples import COLLECTION, ENVIRONMENT, PETS, RECORDING
from tests.web.people import Asker
from tests.web.projects.uploads import upload


def test_a_collection_becomes_cases_that_call_by_id(bob: Asker, project: Any) -> None:
    report = upload(bob, project, {"shop.postman_collection.json": json.dumps(COLLECTION)}).json()

    ids = {case["name"]: case["id"] for case in report["created"]}
    assert (set(ids), report["problems"], report["environment"]) == ({"Auth", "Users"}, [], True)
    assert bob.get(f"/cases/{ids['Users']}").json()["document"]["config"]["needs"] == [ids["Auth"]]
    assert {case["module"] for case in report["created"]} == {"Shop API"}


def test_what_is_not_as_it_was_is_told(bob: Asker, project: Any) -> None:
    notes = upload(bob, project, {"shop.json": json.dumps(COLLECTION)}).json()["notes"]

    assert ("Auth/Log in: test", "the script line is left out: if (data.admin) {") in {
        (note["path"], note["message"]) for note in notes
    }


def test_environments_come_with_their_secrets(bob: Asker, project: Any) -> None:
    upload(bob, project, {"staging.postman_environment.json": json.dumps(ENVIRONMENT)})

    answer = bob.get(f"/projects/{project.pk}/environments")

    (environment,) = answer.json()["items"]
    assert environment["name"] == "Staging"
    assert environment["variables"] == {"baseUrl": "https://staging.test"}
    assert environment["secrets"] == {"pin": True}


def test_a_second_import_leaves_what_was_filled_in(bob: Asker, project: Any) -> None:
    files = {"pets.json": json.dumps(PETS)}
    upload(bob, project, files)
    (pets, _local) = bob.get(f"/projects/{project.pk}/environments").json()["items"]
    own = {"base_url": "http://mine.test", "variables": {"key": "k-7"}}
    assert bob.patch(f"/environments/{pets['id']}", own).status_code == 200

    report = upload(bob, project, files).json()

    (pets, _local) = bob.get(f"/projects/{project.pk}/environments").json()["items"]
    assert (report["created"], len(report["updated"])) == ([], 2)
    assert (pets["base_url"], pets["variables"]) == ("http://mine.test", {"key": "k-7"})


@pytest.mark.parametrize(
    ("name", "text", "case"),
    [
        ("shop.har", json.dumps(RECORDING), "shop"),
        ("pasted.curl", "curl http://a.test/x -H 'A: b'", "pasted"),
        ("folder/calls.sh", "# two\ncurl http://a.test/x\ncurl http://a.test/y", "calls"),
    ],
)
def test_recordings_and_commands_become_a_case(
    name: str, text: str, case: str, bob: Asker, project: Any
) -> None:
    report = upload(bob, project, {name: text}).json()

    assert ([made["name"] for made in report["created"]], report["problems"]) == ([case], [])


def test_other_scripts_and_texts_stay_files(bob: Asker, project: Any) -> None:
    report = upload(bob, project, {"notes.txt": "about curl", "build.sh": "make all"}).json()

    assert (report["created"], sorted(report["files"])) == ([], ["build.sh", "notes.txt"])


def test_the_platforms_own_api_can_be_imported(bob: Asker, project: Any) -> None:
    document = bob.client.get("/api/v1/openapi.json").content

    report = upload(bob, project, {"hat.json": document}).json()

    assert len(report["created"]) > 100
    assert report["problems"] == []
