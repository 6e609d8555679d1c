from __future__ import annotations

import pytest

from hat.engine.address import credentials, fit, follow
from hat.engine.outgoing import TransportError


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("http://h.com", "http://h.com/"),
        ("HTTP://ExAmple.COM/Path", "http://example.com/Path"),
        ("  http://h.com/a", "http://h.com/a"),
        ("http://h.com?x=1", "http://h.com/?x=1"),
        ("http://h.com/a b/é?q=ü x#fr ag", "http://h.com/a%20b/%C3%A9?q=%C3%BC%20x#fr%20ag"),
        ("http://h.com/%7efoo/%2f?a=%20%41", "http://h.com/~foo/%2F?a=%20A"),
        ("http://h.com/%7efoo/%zz", "http://h.com/%257Efoo/%25zz"),
        ("http://h.com/a%", "http://h.com/a%25"),
        ("http://h.com/a?b=[1]&c={x}|y", "http://h.com/a?b=%5B1%5D&c=%7Bx%7D%7Cy"),
        ("http://h.com/a\\b^c`d", "http://h.com/a%5Cb%5Ec%60d"),
        ('http://h.com/"<>', "http://h.com/%22%3C%3E"),
        ("http://h.com/a/../b/./c/..", "http://h.com/b/"),
        ("http://h.com/../../x", "http://h.com/x"),
        ("http://中国.cn/路", "http://xn--fiqs8s.cn/%E8%B7%AF"),
        ("http://u%40:p@h.com:80/", "http://u%40:p@h.com:80/"),
        ("http://[::1]:80/a", "http://[::1]:80/a"),
        ("https://h.com:8443/a?", "https://h.com:8443/a"),
    ],
)
def test_a_url_is_sent_as_requests_sends_it(url: str, sent: str) -> None:
    assert fit(url) == sent


@pytest.mark.parametrize(
    ("url", "name", "said"),
    [
        ("", "MissingSchema", "no scheme"),
        ("/relative", "MissingSchema", "no scheme"),
        ("//h.com/x", "MissingSchema", "no scheme"),
        ("h.com/x", "MissingSchema", "no scheme"),
        ("ftp://h.com/x", "InvalidSchema", "the scheme is 'ftp'"),
        ("http://", "InvalidURL", "no host"),
        ("http:///path", "InvalidURL", "no host"),
        ("http://*.h.com/", "InvalidURL", "the host is"),
        ("http://h.com:99999/", "InvalidURL", "the port is '99999'"),
        ("http://h.com:http/", "InvalidURL", "the port is 'http'"),
        ("http://a b/", "InvalidURL", "the host is"),
        ("http://[::1", "InvalidURL", "the host is"),
        ("http://\x7f中\udc80/", "InvalidURL", "the host is"),
    ],
)
def test_what_is_no_url_is_refused(url: str, name: str, said: str) -> None:
    with pytest.raises(TransportError, match=said) as caught:
        fit(url)

    assert caught.value.kind == "request"
    assert caught.value.name == name


def test_a_query_joins_the_one_that_is_there() -> None:
    assert fit("http://h.com/a?z=0#part", "b=1&b=2") == "http://h.com/a?z=0&b=1&b=2#part"


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/end", "http://h.com/end"),
        ("end?x=1", "http://h.com/dir/end?x=1"),
        ("?x=1", "http://h.com/dir/start?x=1"),
        ("//other.com/x", "http://other.com/x"),
        ("https://other.com/a b", "https://other.com/a%20b"),
        ("http://other.com", "http://other.com/"),
        ("/caf\xc3\xa9", "http://h.com/caf%C3%A9"),
        ("/caf\xe9", "http://h.com/caf%C3%A9"),
    ],
)
def test_a_location_is_read_from_where_it_was_given(location: str, target: str) -> None:
    assert follow("http://h.com/dir/start", location) == target


def test_a_fragment_is_inherited_unless_the_location_has_one() -> None:
    assert follow("http://h.com/a#old", "/b") == "http://h.com/b#old"
    assert follow("http://h.com/a#old", "/b#new") == "http://h.com/b#new"


def test_credentials_inside_a_url_are_found() -> None:
    assert credentials("http://us%40er:p%3A@h.com/x@y") == ("us@er", "p:")
    assert credentials("http://h.com/x@y") is None
