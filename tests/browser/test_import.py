"""The import page: what came in, and what did not with file and line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.formats.conversion.samples import COLLECTION

pytestmark = pytest.mark.django_db(transaction=True)

Theme = Literal["light", "dark"]

GOOD = """config: {name: Log in}
teststeps:
- name: ask
  request: {method: GET, url: "http://127.0.0.1:1/x"}
  validate: [{eq: [status_code, 200]}]
"""
BROKEN = "config: {name: Broken}\nteststeps:\n- name: [\n"


@pytest.fixture
def shop(sign_in: Callable[..., Any]) -> Any:
    from hat.web.projects.services.projects import create_project

    return create_project(sign_in("alice"), name="Shop")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small HttpRunner project: cases in two folders, one of them broken, and functions."""
    for name, text in {
        "users/login.yml": GOOD,
        "orders/broken.yml": BROKEN,
        "orders/order.yml": GOOD.replace("Log in", "Order"),
        "debugtalk.py": "def sign():\n    return 1\n",
        "users/accounts.csv": "name\nann\n",
        ".gitignore": "not for the import",
    }.items():
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "project"


def test_files_come_in_and_the_broken_one_is_named_with_its_line(page: Page, shop: Any, folder: Path) -> None:
    page.goto(f"/p/{shop.pk}/import")

    chosen = [folder / "users/login.yml", folder / "orders/broken.yml"]
    page.get_by_label("Choose files").set_input_files(chosen)
    expect(page.get_by_role("region", name="Chosen files")).to_contain_text("2 files")
    page.get_by_role("button", name="Import", exact=True).click()
    result = page.get_by_role("status", name="Result of the import")
    expect(result).to_contain_text("1 created")
    expect(result).to_contain_text(re.compile(r"broken\.yml:\d"))
    result.get_by_role("link", name="Log in").click()

    expect(page.get_by_role("button", name="Log in", exact=True)).to_be_visible()


def test_a_folder_becomes_modules_and_functions(page: Page, shop: Any, folder: Path) -> None:
    from hat.web.projects.models import Module

    page.goto(f"/p/{shop.pk}/import")

    page.get_by_label("Choose a folder").set_input_files(folder)
    expect(page.get_by_role("region", name="Chosen files")).to_contain_text("5 files")
    page.get_by_role("button", name="Import", exact=True).click()
    result = page.get_by_role("status", name="Result of the import")
    expect(result).to_contain_text("Functions imported")
    result.get_by_role("link", name="1 file kept").click()
    expect(page.get_by_role("region", name="Files of the project")).to_contain_text("accounts.csv")

    assert set(Module.objects.filter(project=shop).values_list("name", flat=True)) >= {"users", "orders"}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_shuts_nobody_out(
    page: Page, shop: Any, folder: Path, axe: Callable[[Page], list[str]], theme: Theme
) -> None:
    page.emulate_media(color_scheme=theme)
    page.goto(f"/p/{shop.pk}/import")
    page.get_by_label("Choose files").set_input_files([folder / "orders/broken.yml"])
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("status", name="Result of the import")).to_be_visible()

    assert axe(page) == []


def test_a_collection_comes_in_and_what_is_not_as_it_was_is_told(
    page: Page, shop: Any, tmp_path: Path
) -> None:
    file = tmp_path / "shop.postman_collection.json"
    file.write_text(json.dumps(COLLECTION))
    page.goto(f"/p/{shop.pk}/import")

    page.get_by_label("Choose files").set_input_files(file)
    page.get_by_role("button", name="Import", exact=True).click()

    result = page.get_by_role("status", name="Result of the import")
    expect(result).to_contain_text("2 created")
    expect(result).to_contain_text("Environment imported")
    notes = result.get_by_role("list", name="Not as it was")
    expect(notes).to_contain_text("the script line is left out: if (data.admin) {")


def test_pasted_commands_become_a_case(page: Page, shop: Any) -> None:
    page.goto(f"/p/{shop.pk}/import")

    page.get_by_role("textbox", name="Or paste text").fill(
        "curl http://127.0.0.1:1/x\ncurl http://127.0.0.1:1/y"
    )
    page.get_by_role("button", name="Take this text").click()
    expect(page.get_by_role("region", name="Chosen files")).to_contain_text("pasted.curl")
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_role("status", name="Result of the import").get_by_role("link", name="pasted").click()

    expect(page.get_by_role("button", name="GET GET /y")).to_be_visible()
