"""No page, dialog or menu breaks a rule of WCAG A or AA or loses something in a small window."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.narrow import lost
from tests.browser.scenes import dialogs, menus, pages, sources
from tests.browser.scenes.scene import Scene, World
from tests.browser.scenes.world import build
from tests.browser.watch import Watch
from tests.browser.words import Words
from tests.web.people import Asker
from tests.web.shop import ShopServer, serving

Look = Callable[[Page], list[str]]
SCENES = [*pages.PAGES, *dialogs.DIALOGS, *menus.MENUS]
AT_ONCE = 10  # scenes that share a world, which takes longer to make than to look at
GROUPS = [SCENES[start : start + AT_ONCE] for start in range(0, len(SCENES), AT_ONCE)]
FLOATING = "[role=menu], details[open] > .pop"


@pytest.fixture
def target() -> Iterator[ShopServer]:
    with serving() as server:
        yield server


@pytest.fixture
def language() -> str:
    return "en"


@pytest.fixture
def world(sign_in: Callable[..., Any], target: ShopServer, language: str) -> World:
    return build(Asker(sign_in("root", is_admin=True, language=language)), target.url)


def check(page: Page, look: Look, scenes: Sequence[Scene], say: Words, world: World) -> dict[str, list[str]]:
    titles = sources.dialogs()
    wrong = {}
    for scene in scenes:
        scene.enter(page, say, world)
        if scene in dialogs.DIALOGS:
            names = titles[scene.shows]
            shown = page.get_by_role("dialog")
            found = [page.get_by_role("dialog", name=say.about(key)) for key in names]
            expect(found[0].or_(found[-1]) if found else shown).to_be_visible()
        elif scene in menus.MENUS:
            expect(page.locator(FLOATING)).to_be_visible()
        if complaints := [*look(page), *lost(page)]:
            wrong[f"{scene.shows} at {page.url}"] = complaints
    return wrong


@pytest.mark.timeout(300)  # ten scenes in two themes and three windows
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("group", GROUPS, ids=lambda group: f"from {group[0].shows}")
def test_nothing_breaks_a_rule(
    page: Page, world: World, look: Look, watch: Watch, language: str, group: list[Scene]
) -> None:
    watch.expect(503, 409)  # no worker is alive here; some scenes save what somebody saved before
    page.on("dialog", lambda question: question.accept())  # leaving what is not saved

    assert check(page, look, group, Words(language), world) == {}


@pytest.mark.django_db(transaction=True)
def test_nothing_breaks_a_rule_before_anybody_is_signed_in(page: Page, look: Look, language: str) -> None:
    from tests.web.people import make_user

    beginning = check(page, look, pages.BEGINNERS, Words(language), {})
    make_user("alice")

    assert {**beginning, **check(page, look, pages.STRANGERS, Words(language), {})} == {}


def test_every_route_is_looked_at() -> None:
    looked = [scene.shows for scene in [*pages.PAGES, *pages.STRANGERS, *pages.BEGINNERS]]

    assert Counter(looked) == Counter(sources.routes())


def test_every_dialog_is_looked_at() -> None:
    assert Counter(scene.shows for scene in dialogs.DIALOGS) == Counter(list(sources.dialogs()))


def test_every_menu_is_looked_at() -> None:
    assert Counter(scene.shows for scene in menus.MENUS) == Counter(sources.menus())


def test_a_dialog_nobody_looks_at_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "router.ts").write_text("{ path: '/x', name: 'fresh', component: page('FreshPage') },")
    (tmp_path / "Fresh.vue").write_text(
        "<script setup>\nconst open = 1\n</script>\n<template>\n"
        "<UiDialog\n  v-model:open=\"open\"\n  :title=\"old ? t('a.b') : t('a.c', { n })\"\n></UiDialog>\n"
        '<UiMenu :items="one" /><UiMenu :items="two" />\n</template>\n'
    )

    assert sources.routes(tmp_path) == {"fresh"}
    assert sources.dialogs(tmp_path) == {"Fresh.vue": ["a.b", "a.c"]}
    assert sources.menus(tmp_path) == {"Fresh.vue": 2}


def test_what_a_small_window_loses_is_found(page: Page) -> None:
    page.set_content(
        "<title>x</title><main style='width: 600px'><div style='overflow: hidden; width: 100px'>"
        "<button style='width: 200px'>Half</button></div>"
        "<button style='width: 20px; overflow: hidden; white-space: nowrap'>A long word</button></main>"
        "<div role='dialog' style='position: fixed; top: 390px'><button>Below</button></div>"
    )

    found = lost(page)

    assert '640 px: outside: button "Half"' in found
    assert '640 px: outside: button "Below"' in found
    assert '640 px: cut: button "A long word"' in found
    assert any(line.startswith("390 px: scrolls sideways by") for line in found)
