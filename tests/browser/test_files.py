"""The files of a project: upload, look, edit, move, delete with undo."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.people import Asker

pytestmark = pytest.mark.django_db(transaction=True)

Theme = Literal["light", "dark"]


@pytest.fixture
def alice(sign_in: Callable[..., Any]) -> Any:
    return sign_in("alice")


@pytest.fixture
def shop(alice: Any) -> Any:
    from hat.web.projects.services.files import save_files
    from hat.web.projects.services.projects import create_project

    project = create_project(alice, name="Shop")
    files = {
        "users/accounts.csv": b"name,age\r\nann,7\r\n",
        "pictures/a.png": b"\x89PNG\x00",
        "lib/words.py": b"A = 1\n",
    }
    save_files(alice, project, files, replace=False)
    return project


def files_of(page: Page, shop: Any) -> Locator:
    page.goto(f"/p/{shop.pk}/functions?side=files")
    return page.get_by_role("region", name="Files of the project")


def stored(alice: Any, shop: Any) -> dict[str, Any]:
    items = Asker(alice).get(f"/projects/{shop.pk}/files").json()["items"]
    return {item["path"]: item for item in items}


def row(files: Locator, path: str) -> Locator:
    """The button that opens a file."""
    return files.get_by_role("listitem").filter(has_text=path).get_by_role("button").first


def menu(page: Page, path: str, item: str) -> None:
    page.get_by_role("button", name=f"Actions for {path}").click()
    page.get_by_role("menuitem", name=item).click()


def test_files_are_chosen_and_replaced_after_a_question(
    page: Page, shop: Any, alice: Any, watch: Any
) -> None:
    watch.expect(409)
    files = files_of(page, shop)
    chooser = files.get_by_label("Choose files to upload")
    chooser.set_input_files({"name": "new.csv", "mimeType": "text/csv", "buffer": b"a\n1\n"})
    expect(row(files, "new.csv")).to_be_visible()

    chooser.set_input_files({"name": "new.csv", "mimeType": "text/csv", "buffer": b"a\n2\n"})
    dialog = page.get_by_role("dialog", name="Replace 1 file?")
    expect(dialog).to_contain_text("new.csv")
    with page.expect_response(lambda answer: answer.ok and answer.request.method != "GET"):
        dialog.get_by_role("button", name="Replace").click()

    expect(dialog).to_be_hidden()
    assert stored(alice, shop)["new.csv"]["version"] == 2


def test_a_text_is_edited_and_keeps_its_line_ends(page: Page, shop: Any, alice: Any) -> None:
    files = files_of(page, shop)
    row(files, "users/accounts.csv").click()
    editor = page.get_by_role("textbox", name="Text of users/accounts.csv")
    expect(editor).to_contain_text("ann,7")
    editor.click()
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.insert_text("bob,8")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()

    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    file = stored(alice, shop)["users/accounts.csv"]
    text = Asker(alice).get(f"/files/{file['id']}").json()["text"]
    assert text == "name,age\r\nann,7\r\nbob,8"


def test_what_is_no_text_is_downloaded(page: Page, shop: Any) -> None:
    files = files_of(page, shop)
    row(files, "pictures/a.png").click()
    dialog = page.get_by_role("dialog", name="pictures/a.png")
    expect(dialog).to_contain_text("cannot be shown as text")

    with page.expect_download() as found:
        dialog.get_by_role("link", name="Download").click()

    assert found.value.suggested_filename == "a.png"
    assert Path(found.value.path()).read_bytes() == b"\x89PNG\x00"


def test_a_file_is_moved(page: Page, shop: Any, alice: Any) -> None:
    files = files_of(page, shop)
    expect(files).to_contain_text("lib/words.py")
    menu(page, "lib/words.py", "Move or rename")
    dialog = page.get_by_role("dialog", name="Move or rename lib/words.py")
    dialog.get_by_label("Path").fill("words.py")
    dialog.get_by_role("button", name="Save").click()

    expect(dialog).to_be_hidden()
    expect(row(files, "words.py")).to_be_visible()
    assert set(stored(alice, shop)) == {"users/accounts.csv", "pictures/a.png", "words.py"}


def test_a_deleted_file_comes_back(page: Page, shop: Any, alice: Any) -> None:
    files = files_of(page, shop)
    expect(files).to_contain_text("lib/words.py")
    menu(page, "lib/words.py", "Delete")
    expect(files.get_by_text("lib/words.py")).to_be_hidden()
    assert "lib/words.py" not in stored(alice, shop)

    page.get_by_role("button", name="Undo").click()

    expect(files.get_by_text("lib/words.py")).to_be_visible()


def test_a_reader_looks_and_changes_nothing(page: Page, shop: Any, sign_in: Callable[..., Any]) -> None:
    from hat.web.projects.models import Member

    Member.objects.create(project=shop, user=sign_in("carol"), role="reader")
    files = files_of(page, shop)
    expect(files).to_contain_text("lib/words.py")
    page.get_by_role("button", name="Actions for lib/words.py").click()

    expect(page.get_by_role("menuitem", name="Download")).to_be_visible()
    expect(page.get_by_role("menuitem", name="Delete")).to_be_hidden()
    expect(files.get_by_label("Choose files to upload")).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_use_it(page: Page, shop: Any, axe: Callable[[Page], list[str]], theme: Theme) -> None:
    page.emulate_media(color_scheme=theme)
    files = files_of(page, shop)
    expect(files).to_contain_text("lib/words.py")
    assert axe(page) == []
    row(files, "users/accounts.csv").click()
    expect(page.get_by_role("textbox", name="Text of users/accounts.csv")).to_be_visible()

    assert axe(page) == []
