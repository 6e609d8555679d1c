"""Checks by JSON Schema: inline, in files of the project, never from the network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hat.engine import Options
from hat.engine.sandbox import STRICT
from hat.result import CheckResult, Outcome
from tests.engine.running import echo, run_case

USER = {"type": "object", "required": ["id", "name"], "properties": {"id": {"type": "integer"}}}


def judged(base: str, body: Any, schema: Any, root: Path | None = None, **options: Any) -> CheckResult:
    """The result of checking what the service echoes."""
    step = echo(body, validate=[{"json_schema": ["body.json", schema]}])
    chosen = Options(**options) if options else None
    return run_case(base, step, root=str(root or ""), options=chosen).steps[0].checks[0]


def test_a_value_that_matches_passes(sample: str) -> None:
    assert judged(sample, {"id": 2**70, "name": "ann"}, USER).outcome is Outcome.PASSED


def test_one_problem_is_one_line_with_its_place(sample: str) -> None:
    result = judged(sample, {"id": "x", "name": "ann"}, USER)

    assert result.outcome is Outcome.FAILED
    assert result.message == 'body.json.id: "x" is not of type "integer"'


def test_all_problems_are_told(sample: str) -> None:
    result = judged(sample, {"id": "x"}, USER)

    assert result.message == (
        "body.json: does not match the schema in 2 places\n"
        '  body.json: "name" is a required property\n'
        '  body.json.id: "x" is not of type "integer"'
    )


def test_the_first_of_many_problems_are_told(sample: str) -> None:
    result = judged(sample, ["x"] * 9, {"items": {"type": "integer"}})

    assert result.message.splitlines()[0] == "body.json: does not match the schema in 9 places"
    assert result.message.splitlines()[1:] == [
        *(f'  body.json[{n}]: "x" is not of type "integer"' for n in range(5)),
        "  and 4 more",
    ]


def test_a_schema_may_be_a_file_that_refers_to_others(sample: str, tmp_path: Path) -> None:
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas/common.json").write_text(json.dumps({"$defs": {"id": {"type": "integer"}}}))
    user = {"properties": {"id": {"$ref": "common.json#/$defs/id"}}}
    (tmp_path / "schemas/user.json").write_text(json.dumps(user))

    good = judged(sample, {"id": 1}, "schemas/user.json", tmp_path)
    bad = judged(sample, {"id": "x"}, "schemas/user.json", tmp_path)

    assert good.outcome is Outcome.PASSED
    assert bad.message == 'body.json.id: "x" is not of type "integer"'
    assert bad.expected == "schemas/user.json"


UNUSABLE: list[tuple[str, Any, str]] = [
    (
        "no such file",
        "schemas/none.json",
        "there is no schema file 'schemas/none.json' in the project folder",
    ),
    ("no schema", {"type": "nonsense"}, "this is no JSON Schema: "),
    ("a number", 5, "a schema is a mapping or the name of a file, not 5"),
    ("no JSON", "broken.json", "'broken.json' is no JSON: "),
    (
        "the network",
        {"$ref": "http://127.0.0.1:1/user.json"},
        "'http://127.0.0.1:1/user.json' is not fetched, references lead to files of the project",
    ),
    ("the machine", {"$ref": "file:///etc/passwd"}, "'file:///etc/passwd' is not fetched, references lead"),
    ("outside", {"$ref": "../../etc/passwd"}, "there is no schema file 'etc/passwd' in the project folder"),
]


@pytest.mark.parametrize(
    ("schema", "message"), [row[1:] for row in UNUSABLE], ids=[row[0] for row in UNUSABLE]
)
def test_a_schema_that_cannot_be_used_is_an_error(
    sample: str, tmp_path: Path, schema: Any, message: str
) -> None:
    (tmp_path / "broken.json").write_text("{")

    result = judged(sample, {"id": 1}, schema, tmp_path)

    assert result.outcome is Outcome.ERROR
    assert message in result.message


def test_a_confined_run_reads_no_schema_outside_its_folder(sample: str, tmp_path: Path) -> None:
    (tmp_path / "schema.json").write_text("{}")
    (tmp_path / "project").mkdir()

    result = judged(sample, 1, "../schema.json", tmp_path / "project", sandbox=STRICT)

    assert result.outcome is Outcome.ERROR


def test_a_pattern_that_would_never_end_does(sample: str) -> None:
    assert judged(sample, "a" * 60 + "b", {"pattern": "^(a+)+$"}).outcome is not Outcome.PASSED
