from __future__ import annotations

import pytest

from hat.engine.cookies import CookieJar, read_cookie

URL = "http://shop.example.com/a/b"


def header(line: str, url: str = URL, *, at: str = URL) -> str:
    """The Cookie header for a URL after one Set-Cookie."""
    jar = CookieJar()
    jar.store(at, [("Content-Type", "x/y"), ("set-cookie", line)])
    return jar.header(url, {})


@pytest.mark.parametrize(
    ("line", "url", "sent"),
    [
        ("a=1", URL, "a=1"),
        ("a=1=2; HttpOnly; SameSite=Lax", URL, "a=1=2"),
        ('a="quoted value"', URL, 'a="quoted value"'),
        ("a=", URL, "a="),
        ("a=1", "http://shop.example.com/a/other", "a=1"),
        ("a=1", "http://shop.example.com/x", ""),
        ("a=1; Path=/", "http://shop.example.com/x", "a=1"),
        ("a=1; Path=/a", "http://shop.example.com/ab", ""),
        ("a=1; Path=relative", "http://shop.example.com/a/x", "a=1"),
        ("a=1; Path=/", "http://example.com/", ""),
        ("a=1; Path=/; Domain=example.com", "http://www.example.com/", "a=1"),
        ("a=1; Path=/; Domain=.example.com", "http://example.com/", "a=1"),
        ("a=1; Path=/; Domain=other.com", "http://other.com/", ""),
        ("a=1; Path=/; Domain=com", "http://other.com/", ""),
        ("a=1; Secure", URL, ""),
        ("a=1; Secure", "https://shop.example.com/a/b", "a=1"),
        ("a=1; Max-Age=0", URL, ""),
        ("a=1; Max-Age=60", URL, "a=1"),
        ("a=1; Max-Age=soon", URL, "a=1"),
        ("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", URL, ""),
        ("a=1; Expires=Thu, 01-Jan-1970 00:00:00 GMT", URL, ""),
        ("a=1; Expires=Fri, 01 Jan 2100 00:00:00 GMT", URL, "a=1"),
        ("a=1; Expires=never", URL, "a=1"),
        ("no pair", URL, ""),
        ("=1", URL, ""),
    ],
)
def test_a_cookie_goes_where_it_belongs(line: str, url: str, sent: str) -> None:
    assert header(line, url) == sent


def test_an_address_has_no_names_below_it() -> None:
    assert header("a=1; Domain=0.0.1", "http://127.0.0.1/", at="http://127.0.0.1/") == ""


def test_a_cookie_is_replaced_and_forgotten() -> None:
    jar = CookieJar()
    jar.store(URL, [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    jar.store(URL, [("Set-Cookie", "a=3"), ("Set-Cookie", "b=; Max-Age=0")])

    assert jar.header(URL, {}) == "a=3"
    assert len(jar) == 1
    assert [cookie.name for cookie in jar] == ["a"]


def test_the_longest_path_comes_first_and_given_cookies_last() -> None:
    jar = CookieJar()
    jar.store(URL, [("Set-Cookie", "short=1; Path=/"), ("Set-Cookie", "long=1; Path=/a")])

    assert jar.header(URL, {"own": "1", "short": "2"}) == "long=1; short=2; own=1"


def test_a_cookie_tells_what_it_is() -> None:
    cookie = read_cookie("a=1; Domain=example.com; Secure", URL)

    assert cookie is not None
    assert (cookie.name, cookie.value, cookie.domain, cookie.path) == ("a", "1", "example.com", "/a")
    assert (cookie.secure, cookie.host_only, cookie.expires) == (True, False, None)
