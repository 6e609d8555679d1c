"""The examples of the docs are cases."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hat.engine import examine, run_all
from hat.engine.functions import names
from hat.formats import load, parse, problems, read
from hat.result import Outcome
from tests.target.sample import serve

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ["case-format.md", "case-format.zh-CN.md"]
TEXTS = {
    page: (DOCS / page).read_text(encoding="utf-8")
    for page in (*PAGES, "quickstart.md", "quickstart.zh-CN.md")
}
EXAMPLES = {page: re.findall(r"```yaml\n(.*?)```", text, re.DOTALL) for page, text in TEXTS.items()}
CALLED = {"config": {"export": ["token"]}, "teststeps": []}  # what an example may need or call
ALL = [text for texts in EXAMPLES.values() for text in texts]


@pytest.mark.parametrize("text", ALL, ids=range(len(ALL)))
def test_an_example_is_a_case_without_problems(text: str) -> None:
    document = parse(text)

    assert document["dialect"] == "hat"
    assert problems(document) == []
    found = examine([read(document, resolve=lambda _: CALLED)])
    assert found == []


@pytest.mark.parametrize("page", PAGES)
def test_the_first_example_passes(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with serve() as address:
        (tmp_path / ".env").write_text(f"BASE_URL=http://{address}")
        (tmp_path / "case.yml").write_text(EXAMPLES[page][0], encoding="utf-8")

        result = run_all(load("case.yml").cases)

    assert result.outcome is Outcome.PASSED, result


FIELDS = re.findall(
    r"\w+",
    """
    name description id request testcase wait variables extract validate export
    setup_hooks teardown_hooks enabled skip skipIf skipUnless if times parameters for_each
    retry continue always function steps while max_iterations needs expires setup teardown
    base_url tags headers verify method url params
    cookies json data files upload auth timeout allow_redirects cert proxies
    http2
    """,
)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_documented(field: str, page: str) -> None:
    assert re.search(rf"`{field}\b", TEXTS[page])


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", names("hat"))
def test_every_built_in_function_is_documented(name: str, page: str) -> None:
    assert re.search(rf"`{name}\b", TEXTS[page])
