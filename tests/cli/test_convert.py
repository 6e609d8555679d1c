"""hat convert: a file of HttpRunner becomes a HAT case."""

from __future__ import annotations

from pathlib import Path

from tests.cli.terminal import hat

OLD = """\
- config: {name: old, base_url: "http://api"}
- test: {name: one, request: {method: GET, url: /a}, validate: [{eq: [status_code, 200]}]}
"""


def test_it_writes_a_case_that_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "old.yml").write_text(OLD)
    finished = hat("convert", "old.yml", "new.yml", folder=tmp_path)

    assert finished.code == 0
    assert "- eq: [status_code, 200]" in (tmp_path / "new.yml").read_text()
    assert hat("check", "new.yml", folder=tmp_path).code == 0


def test_it_writes_to_the_standard_output(tmp_path: Path) -> None:
    (tmp_path / "old.yml").write_text(OLD)

    assert "teststeps:" in hat("convert", "old.yml", "-", folder=tmp_path).out


def test_it_refuses_what_it_cannot_read_or_write(tmp_path: Path) -> None:
    (tmp_path / "old.yml").write_text(OLD)
    (tmp_path / "broken.yml").write_text("a: {")

    assert hat("convert", "nowhere.yml", "-", folder=tmp_path).code == 2
    assert hat("convert", "broken.yml", "-", folder=tmp_path).code == 2
    assert hat("convert", "old.yml", "no/folder.yml", folder=tmp_path).code == 2
