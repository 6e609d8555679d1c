"""The one-page report: the built page with the result inside."""

from __future__ import annotations

from pathlib import Path

import pytest

from hat.error import UsageError
from hat.reports import html, render, write
from hat.reports.json import as_dict
from tests.reports.pages import inside, page
from tests.reports.results import RUN

__all__ = ["page"]


@pytest.mark.usefixtures("page")
def test_the_page_holds_the_whole_result() -> None:
    held = inside(render(RUN, "html"))

    assert held["cases"] == as_dict(RUN)["cases"]
    assert held["run"]["name"] == "Nightly"
    assert held["run"]["status"] == "finished"
    assert held["run"]["environment"] == {"id": None, "name": "staging"}
    assert held["run"]["finished_at"] == "2026-11-22T02:00:01.357Z"
    assert held["run"]["counts"] == as_dict(RUN)["counts"]


@pytest.mark.usefixtures("page")
def test_nothing_of_the_result_stands_in_the_page_as_markup() -> None:
    assert b"quoted" not in render(RUN, "html")


@pytest.mark.usefixtures("page")
def test_a_run_of_the_platform_is_packed_case_by_case() -> None:
    held = inside(html.page({"id": 7}, iter([b'{"a": 1}', b'{"b": 2}'])))

    assert held == {"run": {"id": 7}, "cases": [{"a": 1}, {"b": 2}]}


def test_a_page_without_a_place_for_the_result_is_refused(page: Path) -> None:
    page.write_text("<html></html>")

    with pytest.raises(UsageError, match="has no place for a result"):
        render(RUN, "html")


def test_a_missing_page_says_how_to_build_it(page: Path, tmp_path: Path) -> None:
    page.unlink()

    with pytest.raises(UsageError, match="the page of the HTML report is not built\n  hint: build the pages"):
        write(RUN, tmp_path / "out.html")
    assert not (tmp_path / "out.html").exists()
