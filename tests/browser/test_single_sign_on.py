"""Sign-in by an OpenID provider and by a directory, both real, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.watch import Watch
from tests.target.openid import CLIENT, openid
from tests.target.slapd import PASSWORD, Directory, directory
from tests.web.people import make_user

pytestmark = pytest.mark.django_db(transaction=True)

Axe = Callable[[Page], list[str]]
WORDS = {
    "en-GB": {
        "button": "Sign in with Example",
        "name": "User name",
        "password": "Password",
        "go": "Sign in",
        "refused": "You have no account here yet. Ask an administrator for one.",
        "wrong": "The user name or the password is wrong.",
        "menu": "User menu of",
    },
    "zh-CN": {
        "button": "\u4f7f\u7528 Example \u767b\u5f55",
        "name": "\u7528\u6237\u540d",
        "password": "\u5bc6\u7801",
        "go": "\u767b\u5f55",
        "refused": "\u60a8\u5728\u8fd9\u91cc\u8fd8\u6ca1\u6709\u8d26\u53f7",
        "wrong": "\u7528\u6237\u540d\u6216\u5bc6\u7801\u4e0d\u6b63\u786e",
        "menu": "\u7684\u7528\u6237\u83dc\u5355",
    },
}


@pytest.fixture(params=sorted(WORDS))
def tongue(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def guest(browser: Any, site: str, watch: Watch, tongue: str) -> Iterator[Page]:
    """A page of somebody who is not signed in, in a browser of that language."""
    context = browser.new_context(base_url=site, locale=tongue, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(10_000)
    page = context.new_page()
    watch.follow(page)
    yield page
    context.close()


@pytest.fixture(scope="module")
def issuer(live_server: Any) -> Iterator[str]:
    with openid(f"{live_server.url}/sign-in/oidc/back") as address:
        yield address


@pytest.fixture
def provider(issuer: str, settings: Any, watch: Watch) -> str:
    settings.HAT_OIDC_ISSUER = issuer
    settings.HAT_OIDC_NAME = "Example"
    for name, value in CLIENT.items():
        setattr(settings, name, value)
    watch.allow(issuer)
    watch.expect(404)  # the provider has no icon
    make_user("root", is_admin=True)
    return issuer


@pytest.fixture(scope="module")
def slapd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    with directory(tmp_path_factory.mktemp("slapd")) as running:
        yield running


def _agree(page: Page) -> None:
    """What one does at the provider."""
    page.get_by_placeholder("Enter any login").fill("dora")
    page.get_by_placeholder("and password").fill("x")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


def test_somebody_comes_in_by_the_provider(
    guest: Page,
    provider: str,
    tongue: str,
    axe: Axe,
) -> None:
    words = WORDS[tongue]
    guest.goto("/projects")
    expect(guest.get_by_role("link", name=words["button"])).to_be_visible()
    assert axe(guest) == []

    guest.get_by_role("link", name=words["button"]).click()
    _agree(guest)

    expect(guest).to_have_url(f"{guest.url.split('/projects')[0]}/projects")
    expect(guest.get_by_role("button", name=words["menu"])).to_contain_text("Dora Example")
    expect(guest.get_by_text("Shop")).to_have_count(0)
    guest.goto("/me")
    expect(guest.get_by_text(provider)).to_be_visible()
    assert axe(guest) == []


def test_who_has_no_account_is_told_so(
    guest: Page, provider: str, tongue: str, axe: Axe, settings: Any
) -> None:
    settings.HAT_OIDC_CREATE_USERS = False
    guest.goto("/login")

    guest.get_by_role("link", name=WORDS[tongue]["button"]).click()
    _agree(guest)

    expect(guest.get_by_role("alert")).to_contain_text(WORDS[tongue]["refused"])
    assert axe(guest) == []


def test_somebody_comes_in_by_the_directory(
    guest: Page, slapd: Directory, settings: Any, tongue: str, watch: Watch
) -> None:
    watch.expect(401)
    for name, value in slapd.settings.items():
        setattr(settings, name, value)
    make_user("root", is_admin=True)
    words = WORDS[tongue]
    guest.goto("/login")

    for password in ("wrong", PASSWORD):
        guest.get_by_label(words["name"]).fill("wangwei")
        guest.get_by_label(words["password"], exact=True).fill(password)
        guest.get_by_role("button", name=words["go"], exact=True).click()
        if password == "wrong":
            expect(guest.get_by_role("alert")).to_contain_text(words["wrong"])

    expect(guest.get_by_role("button", name=words["menu"])).to_contain_text("\u738b\u4f1f")
