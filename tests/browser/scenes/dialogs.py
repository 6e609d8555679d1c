"""A way to every dialog and drawer, named by the component that has it."""

from __future__ import annotations

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.errand import send
from tests.browser.scenes.scene import Press, Scene, button, item, keys, module, settle, then
from tests.browser.scenes.world import CASES
from tests.browser.words import Words

CASE_LIST = "/p/{project}/cases"
CASE = "/p/{project}/cases/{case}"
FUNCTIONS = "/p/{project}/functions"
FILES = "/p/{project}/functions?file=accounts.csv"


def tick(page: Page, say: Words) -> None:
    page.get_by_role("checkbox", name=say("app.selectRow", name=CASES[1])).check()


def tick_step(page: Page, say: Words) -> None:
    page.get_by_role("checkbox", name=say("editor.chosen.tick", name="GET /users")).check(force=True)


def answer(page: Page, say: Words) -> None:
    """Send the chosen step and wait for what comes."""
    send(page, page.get_by_role("button", name=say("editor.send.send"), exact=True).first.click)
    shown = page.get_by_role("region", name=say("editor.response.title"))
    shown.get_by_role("tab", name=say("editor.response.body")).click()  # another scene may have left another
    shown.get_by_text(say("editor.response.tree"), exact=True).last.click()
    expect(page.locator(".json-value").first).to_be_visible()


def write(page: Page, label: str, text: str) -> None:
    page.get_by_role("textbox", name=label).first.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text)


def write_url(page: Page, say: Words) -> None:
    write(page, say("editor.request.url"), "/mine")


def leave(page: Page, say: Words) -> None:
    page.get_by_role("navigation").get_by_role("link", name=say("app.nav.runs"), exact=True).click()


def saved_meanwhile(page: Page, _: Words) -> None:
    """Somebody else saves the case that is open here."""
    from hat.web.projects.models import Case

    case = Case.objects.get(pk=int(page.url.rpartition("/")[2].partition("?")[0]))
    document = case.document
    document["teststeps"][1]["request"]["url"] = "/theirs"
    Case.objects.filter(pk=case.pk).update(document=document, version=case.version + 1)


def functions_saved_meanwhile(page: Page, say: Words) -> None:
    from hat.web.projects.models import Functions

    write(page, say("functions.source"), "MINE = 1\n")
    project = int(page.url.rpartition("/p/")[2].partition("/")[0])
    functions = Functions.objects.get(project=project)
    Functions.objects.filter(pk=functions.pk).update(version=functions.version + 1)


def upload_again(page: Page, say: Words) -> None:
    file: FilePayload = {"name": "accounts.csv", "mimeType": "text/csv", "buffer": b"name\n"}
    page.get_by_label(say("files.choose")).set_input_files(file)


def add_step(key: str) -> Press:
    return then(button("editor.steps.add"), item(key))


LISTS = [
    Scene("components/cases/NewCaseDialog.vue", CASE_LIST, keys("c")),
    Scene("components/cases/FilterDialog.vue", CASE_LIST, then(button("view.filters"), item("view.manage"))),
    Scene("components/cases/TagDialog.vue", CASE_LIST, then(tick, button("cases.selection.tag", exact=True))),
    Scene(
        "components/cases/ModuleAuthDialog.vue",
        CASE_LIST,
        then(module, button("cases.modules.more", name="Users"), item("cases.modules.auth")),
    ),
    Scene("components/edits/EditDialog.vue", CASE_LIST, keys("h")),
    Scene("components/RunDialog.vue", CASE_LIST, button("cases.runAll")),
    Scene("ui/UiCommand.vue", CASE_LIST, keys("ControlOrMeta+k")),
    Scene("ui/UiShortcuts.vue", CASE_LIST, keys("?")),
    Scene(
        "components/suites/SuiteDialog.vue",
        "/p/{project}/suites?suite={suite}",
        lambda page, say: settle(page),
    ),
    Scene("components/runs/ShareDialog.vue", "/runs/{run}", button("report.share.button")),
    Scene("components/schedules/ScheduleDialog.vue", "/p/{project}/schedules?schedule={schedule}"),
    Scene(
        "components/schedules/FiresDialog.vue",
        "/p/{project}/schedules",
        then(button("runs.actionsFor", name="Nightly"), item("schedules.history")),
    ),
    Scene("pages/EnvironmentsPage.vue", "/p/{project}/environments", button("environments.create")),
]

EDITOR = [
    Scene(
        "components/editor/StepsEdit.vue",
        CASE,
        then(tick_step, button("editor.chosen.change", exact=True), item("editor.chosen.header")),
    ),
    Scene("components/editor/CasePicker.vue", CASE, add_step("editor.steps.addCall")),
    Scene("components/editor/CurlDialog.vue", CASE, add_step("editor.steps.addCurl")),
    Scene("components/editor/SuggestDialog.vue", CASE, then(answer, button("editor.response.suggest"))),
    Scene(
        "components/editor/RevisionsDialog.vue",
        CASE,
        then(button("app.more", exact=True), item("editor.header.revisions")),
    ),
    Scene(
        "components/editor/DeleteDialog.vue",
        CASE,
        then(button("app.more", exact=True), item("editor.header.delete")),
    ),
    Scene("components/editor/LeaveDialog.vue", CASE, then(write_url, leave)),
    Scene(
        "components/editor/ConflictDialog.vue",
        CASE,
        then(write_url, saved_meanwhile, keys("ControlOrMeta+s")),
    ),
]

FUNCTIONS_AND_FILES = [
    Scene("components/functions/VersionsDialog.vue", FUNCTIONS, button("functions.versions")),
    Scene("pages/FunctionsPage.vue", FUNCTIONS, then(functions_saved_meanwhile, keys("ControlOrMeta+s"))),
    Scene(
        "components/functions/MoveDialog.vue",
        FILES,
        then(button("files.menu", path="accounts.csv"), item("files.rename")),
    ),
    Scene("components/functions/FileTree.vue", FILES, upload_again),
    Scene("components/functions/ReviewBar.vue", "/p/{reviewed}/functions", button("functions.review.look")),
]

PEOPLE = [
    Scene("components/ProjectDialog.vue", "/projects", keys("c")),
    Scene("components/InviteDialog.vue", "/users", button("users.invite")),
    Scene("components/UserDialog.vue", "/users", button("users.create")),
    Scene("components/settings/ChannelDialog.vue", "/p/{project}/settings", button("settings.alerts.add")),
    Scene("components/me/TokenTable.vue", "/me", button("me.newToken")),
    Scene(
        "components/audit/EntryDrawer.vue",
        "/audit",
        lambda page, say: page.locator("[data-row-link]").first.click(),
    ),
]

DIALOGS = [*LISTS, *EDITOR, *FUNCTIONS_AND_FILES, *PEOPLE]
