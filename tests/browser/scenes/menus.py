"""A way to every menu, named by the component that has it; one with two menus comes twice."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.scenes.dialogs import CASE, CASE_LIST, FILES, answer, tick, tick_step
from tests.browser.scenes.scene import Scene, button, module, then
from tests.browser.words import Words


def answer_again(page: Page, say: Words) -> None:
    answer(page, say)
    expect(page.get_by_role("button", name=say("editor.response.attempts"))).to_be_visible()


def raw_mark(page: Page, say: Words) -> None:
    """Mark a word of the answer as it came."""
    page.get_by_text(say("editor.response.raw"), exact=True).last.click()
    page.get_by_role("region", name=say("editor.response.title")).locator(".cm-line").first.dblclick()


def marked(page: Page, say: Words) -> None:
    page.get_by_role("button", name=say.about("editor.response.marked")).click()


def value(page: Page, say: Words) -> None:
    page.locator(".json-value").nth(1).click()


def header(page: Page, say: Words) -> None:
    page.get_by_role("tab", name=say("editor.response.headers")).last.click()
    page.get_by_role("table", name=say("editor.response.headers")).get_by_role("button").first.click()


def copy(page: Page, say: Words) -> None:
    page.locator("summary").filter(has_text=say("report.copy")).click()


def about_user(page: Page, say: Words) -> None:
    page.get_by_role("button", name=say.about("app.userMenu")).click()


def project(page: Page, say: Words) -> None:
    page.get_by_role("button", name=say.about("app.projectIs")).click()


LISTS = [
    Scene("components/cases/ListTools.vue", CASE_LIST, button("view.filters")),
    Scene("components/cases/ListTools.vue", CASE_LIST, button("view.columns")),
    Scene(
        "components/cases/ModuleTree.vue", CASE_LIST, then(module, button("cases.modules.more", name="Users"))
    ),
    Scene("components/cases/SelectionBar.vue", CASE_LIST, then(tick, button("cases.selection.move"))),
    Scene(
        "components/cases/SelectionBar.vue",
        CASE_LIST,
        then(tick, button("cases.selection.change", exact=True)),
    ),
    Scene("components/ProjectSwitcher.vue", CASE_LIST, project),
    Scene("components/UserMenu.vue", CASE_LIST, about_user),
    Scene("components/report/CopyButtons.vue", "/runs/{run}", copy),
    Scene("components/runs/RunActions.vue", "/runs/{run}", button("runs.export")),
    Scene("components/runs/RunTable.vue", "/p/{project}/runs", button("runs.actionsFor", name="Nightly")),
    Scene("pages/ProjectsPage.vue", "/projects", button("projects.menuOf", name="Shop")),
    Scene("pages/SchedulesPage.vue", "/p/{project}/schedules", button("runs.actionsFor", name="Nightly")),
    Scene("pages/SuitesPage.vue", "/p/{project}/suites", button("suites.actionsFor", name="Smoke")),
    Scene("components/functions/FileTree.vue", FILES, button("files.menu", path="accounts.csv")),
    Scene(
        "components/environments/EnvironmentForm.vue",
        "/p/{project}/environments",
        button("app.more", exact=True),
    ),
    Scene("pages/SharedPage.vue", "/shared#{share}", button("report.language")),
    Scene(
        "components/AuthFrame.vue",
        "/invite#{invitation}",
        lambda page, say: page.locator("button").first.click(),
    ),
]

EDITOR = [
    Scene(
        "components/editor/StepsBar.vue", CASE, then(tick_step, button("editor.chosen.change", exact=True))
    ),
    Scene(
        "components/editor/ResponsePanel.vue",
        CASE,
        then(answer, answer_again, button("editor.response.attempts")),
    ),
    Scene("components/StepList.vue", CASE, button("editor.steps.add")),
    Scene("components/StepList.vue", CASE, button("editor.steps.more", name="GET /users")),
    Scene("components/editor/EditorHeader.vue", CASE, button("app.more", exact=True)),
    Scene("components/editor/RequestLine.vue", CASE, button("editor.send.more")),
    Scene("components/JsonTree.vue", CASE, then(answer, value)),
    Scene("components/editor/ResponseValues.vue", CASE, then(answer, header)),
    Scene("components/editor/ResponseBody.vue", CASE, then(answer, raw_mark, marked)),
]

MENUS = [*LISTS, *EDITOR]
