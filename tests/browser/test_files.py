"""The files of a project as a tree: upload, look, edit, move, delete with undo."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.people import Asker

pytestmark = pytest.mark.django_db(transaction=True)

# One grey point.
PICTURE = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)

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
        "pictures/a.png": PICTURE,
        "pictures/b.bin": b"\x89\x00",
        "lib/words.py": b"A = 1\n",
    }
    save_files(alice, project, files, replace=False)
    return project


def files_of(page: Page, shop: Any) -> Locator:
    page.goto(f"/p/{shop.pk}/functions")
    files = page.get_by_role("region", name="Files of the project")
    row(files, "words.py").wait_for()
    return files


def stored(alice: Any, shop: Any) -> dict[str, Any]:
    items = Asker(alice).get(f"/projects/{shop.pk}/files").json()["items"]
    return {item["path"]: item for item in items}


def row(files: Locator, name: str) -> Locator:
    """A file or folder in the tree."""
    return files.get_by_role("treeitem").filter(has_text=name)


def menu(page: Page, path: str, item: str) -> None:
    page.get_by_role("treeitem").filter(has_text=path.rpartition("/")[2]).hover()
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
    row(files, "accounts.csv").click()
    editor = page.get_by_role("textbox", name="Text of users/accounts.csv")
    expect(editor).to_contain_text("ann,7")
    editor.click()
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.insert_text("bob,8")
    page.keyboard.press("ControlOrMeta+s")

    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    file = stored(alice, shop)["users/accounts.csv"]
    text = Asker(alice).get(f"/files/{file['id']}").json()["text"]
    assert text == "name,age\r\nann,7\r\nbob,8"


def test_going_to_another_file_asks_for_unsaved_text(page: Page, shop: Any) -> None:
    files = files_of(page, shop)
    row(files, "accounts.csv").click()
    page.get_by_role("textbox", name="Text of users/accounts.csv").click()
    page.keyboard.insert_text("x")
    row(files, "words.py").click()
    question = page.get_by_role("dialog", name="Save your changes?")
    question.get_by_role("button", name="Stay here").click()
    expect(page.get_by_role("textbox", name="Text of users/accounts.csv")).to_contain_text("x")

    row(files, "words.py").click()
    question.get_by_role("button", name="Discard").click()
    expect(page.get_by_role("textbox", name="Text of lib/words.py")).to_contain_text("A = 1")


def test_what_is_no_text_is_downloaded(page: Page, shop: Any) -> None:
    files = files_of(page, shop)
    row(files, "b.bin").click()
    pane = page.get_by_role("region", name="pictures/b.bin")
    expect(pane).to_contain_text("cannot be shown as text")

    with page.expect_download() as found:
        pane.get_by_role("link", name="Download").click()

    assert found.value.suggested_filename == "b.bin"
    assert Path(found.value.path()).read_bytes() == b"\x89\x00"


def test_a_picture_is_drawn(page: Page, shop: Any) -> None:
    files = files_of(page, shop)
    row(files, "a.png").click()

    picture = page.get_by_role("img", name="pictures/a.png")
    expect(picture).to_be_visible()
    assert picture.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") == 1


def test_the_tree_is_walked_folded_and_renamed_by_keys(page: Page, shop: Any, alice: Any) -> None:
    files = files_of(page, shop)
    row(files, "debugtalk.py").focus()
    page.keyboard.press("ArrowDown")
    expect(row(files, "lib")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(row(files, "words.py")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    row(files, "words.py").press("F2")
    page.get_by_role("textbox", name="words.py").fill("terms.py")
    page.keyboard.press("Enter")

    expect(row(files, "terms.py")).to_be_visible()
    assert "lib/terms.py" in stored(alice, shop)


def test_a_file_is_moved(page: Page, shop: Any, alice: Any) -> None:
    files = files_of(page, shop)
    menu(page, "lib/words.py", "Move or rename")
    dialog = page.get_by_role("dialog", name="Move or rename lib/words.py")
    dialog.get_by_label("Path").fill("users/words.py")
    dialog.get_by_role("button", name="Save").click()

    expect(dialog).to_be_hidden()
    expect(row(files, "lib")).to_have_count(0)
    assert set(stored(alice, shop)) == {
        "users/accounts.csv", "users/words.py", "pictures/a.png", "pictures/b.bin",
    }  # fmt: skip


def test_a_deleted_file_comes_back(page: Page, shop: Any, alice: Any) -> None:
    files = files_of(page, shop)
    menu(page, "lib/words.py", "Delete")
    expect(row(files, "words.py")).to_have_count(0)
    assert "lib/words.py" not in stored(alice, shop)

    page.get_by_role("button", name="Undo").click()

    expect(row(files, "words.py")).to_be_visible()


def test_a_reader_looks_and_changes_nothing(page: Page, shop: Any, sign_in: Callable[..., Any]) -> None:
    from hat.web.projects.models import Member

    Member.objects.create(project=shop, user=sign_in("carol"), role="reader")
    files = files_of(page, shop)
    row(files, "words.py").hover()
    page.get_by_role("button", name="Actions for lib/words.py").click()

    expect(page.get_by_role("menuitem", name="Download")).to_be_visible()
    expect(page.get_by_role("menuitem", name="Delete")).to_be_hidden()
    expect(files.get_by_label("Choose files to upload")).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_use_it(page: Page, shop: Any, axe: Callable[[Page], list[str]], theme: Theme) -> None:
    page.emulate_media(color_scheme=theme)
    files = files_of(page, shop)
    assert axe(page) == []
    row(files, "accounts.csv").click()
    expect(page.get_by_role("textbox", name="Text of users/accounts.csv")).to_be_visible()

    assert axe(page) == []
