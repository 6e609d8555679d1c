"""A decimal keeps its digits: imported file, editor, wire, report and back to a file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.errand import execute
from tests.target.echo import Echo, echo
from tests.web.people import Asker
from tests.web.projects.uploads import upload_zip, zipped

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "3.14159265358979323846264338327950288"
BIG = "12345678901234567890"
CASE = f"""
dialect: hat
config: {{name: Exact, variables: {{price: 1.10}}}}
teststeps:
- name: send
  request: {{method: POST, url: URL/, json: {{price: $price, long: {LONG}, id: {BIG}}}}}
  extract: {{kept: body.long}}
  validate:
  - eq: [body.price, 1.20]
"""
TWICE = """
dialect: hat
config: {name: Twice, variables: {body: '{"z": 2.50, "a": 1, "z": 1e2}'}}
teststeps:
- name: send
  request: {method: POST, url: URL/, headers: {Content-Type: application/json}, data: $body}
"""


@pytest.fixture
def target() -> Iterator[Echo]:
    with echo() as server:
        yield server


@pytest.fixture
def project(sign_in: Callable[..., Any], target: Echo) -> tuple[Asker, Any]:
    from hat.web.projects.services.projects import create_project

    alice = sign_in("alice")
    project = create_project(alice, name="Shop")
    files: dict[str, str | bytes] = {
        f"testcases/{name}.yml": text.replace("URL", target.url)
        for name, text in (("exact", CASE), ("twice", TWICE))
    }
    answer = upload_zip(Asker(alice), project, zipped(files))
    assert answer.json()["problems"] == []
    return Asker(alice), project


def case_of(project: Any, name: str) -> Any:
    from hat.web.projects.models import Case

    return Case.objects.get(project=project, name=name)


def test_digits_survive_from_the_file_to_the_report(
    page: Page, project: tuple[Asker, Any], target: Echo
) -> None:
    asker, shop = project
    case = case_of(shop, "Exact")
    page.goto(f"/p/{shop.pk}/cases/{case.pk}")
    page.get_by_text("YAML", exact=True).click()
    editor = page.get_by_role("textbox", name="The case as YAML")
    expect(editor).to_contain_text("price: 1.10")
    expect(editor).to_contain_text(f"long: {LONG}")
    page.get_by_text("Form", exact=True).click()
    page.get_by_role("textbox", name="URL").click()
    page.keyboard.press("End")
    page.keyboard.type("changed")
    page.keyboard.press("ControlOrMeta+s")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    run = asker.post(f"/projects/{shop.pk}/runs", {"cases": [case.pk]}).json()["id"]
    execute(run)

    assert (target.paths, target.bodies) == (
        ["/changed"],
        [f'{{"price": 1.10, "long": {LONG}, "id": {BIG}}}'.encode()],
    )
    page.goto(f"/runs/{run}")
    expect(page.get_by_text("body.price: expected 1.20, got 1.10").first).to_be_visible()
    page.keyboard.press("2")
    answer = page.get_by_role("tabpanel")
    for digits in ("1.10", LONG, BIG):
        expect(answer).to_contain_text(digits)
    page.get_by_role("tab", name="Variables").click()
    expect(page.get_by_role("tabpanel")).to_contain_text(LONG)


def test_a_name_that_comes_twice_in_an_answer_is_told(page: Page, project: tuple[Asker, Any]) -> None:
    asker, shop = project
    run = asker.post(f"/projects/{shop.pk}/runs", {"cases": [case_of(shop, "Twice").pk]}).json()["id"]
    execute(run)

    page.goto(f"/runs/{run}")
    page.get_by_role("treeitem", name="Twice").click()
    page.get_by_role("tab", name="Response").click()

    answer = page.get_by_role("tabpanel")
    expect(answer).to_contain_text("2.50")
    expect(answer).to_contain_text("1e2")
    expect(answer).to_contain_text("Written more than once: z. Checks see the last one.")


def test_the_export_holds_what_the_import_held(project: tuple[Asker, Any]) -> None:
    asker, shop = project

    answer = asker.get(f"/projects/{shop.pk}/export")

    packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    text = next(packed.read(name).decode() for name in packed.namelist() if b"Exact" in packed.read(name))
    assert "price: 1.10" in text
    assert f"long: {LONG}" in text
