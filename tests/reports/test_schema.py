"""The published schema of the JSON report: fresh, and every real result fits it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from hat.reports import json as reports
from hat.reports.schema import document
from tests.cli.terminal import ENGLISH, hat
from tests.demo.api import CASES, demo_api
from tests.reports import results
from tools.schema import PAGE

GOLDEN = sorted((Path(__file__).parents[1] / "golden").glob("*/*.json"))
CHECKER = jsonschema_rs.validator_for(document())


def problems(result: Any) -> list[str]:
    """Where a result does not fit."""
    return [error.message for error in CHECKER.iter_errors(result)]


def test_the_schema_in_the_docs_is_made_from_the_types() -> None:
    assert json.loads(PAGE.read_text(encoding="utf-8")) == document(), "hint: python3 start.py generate"


def test_a_result_with_one_of_everything_fits() -> None:
    assert problems(reports.as_dict(results.RUN)) == []


@pytest.mark.parametrize("file", GOLDEN, ids=lambda file: file.stem)
def test_the_golden_results_fit(file: Path) -> None:
    assert problems(json.loads(file.read_text(encoding="utf-8"))) == []


def test_the_result_of_the_demo_project_fits(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    with demo_api() as api:
        hat("run", CASES, "--explain", "-q", "--json", target, env={**ENGLISH, "DEMO_URL": api})

    assert problems(json.loads(target.read_text(encoding="utf-8"))) == []


def test_a_field_nobody_described_is_found() -> None:
    result = reports.as_dict(results.RUN)
    result["cases"][0]["mood"] = "good"

    assert problems(result) != []
