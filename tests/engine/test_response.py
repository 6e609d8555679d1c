"""Reading one answer: parsed once, exact, in the charset it came in."""

from __future__ import annotations

import pytest

from hat.engine.charset import label
from hat.engine.response import HeaderMap, ResponseView
from hat.number import spell
from tests.engine.answers import answer


def test_it_parses_json_once() -> None:
    view = answer({"a": [1]})

    assert view.body is view.body


def test_it_keeps_the_order_of_keys() -> None:
    assert list(answer('{"z": 1, "a": 2, "m": 3}').body) == ["z", "a", "m"]


@pytest.mark.parametrize("number", [9007199254740993, 123456789012345678901234567890, -9223372036854775809])
def test_it_keeps_large_integers_exact(number: int) -> None:
    assert answer(f'{{"n": {number}}}').body == {"n": number}


def test_it_keeps_every_digit_of_a_long_decimal() -> None:
    value = answer('{"n": 0.12345678901234567890123}').body["n"]

    assert spell(value) == "0.12345678901234567890123"


@pytest.mark.parametrize("text", ["1.5", "0.1", "3.141592653589793"])
def test_a_short_decimal_is_a_float(text: str) -> None:
    value = answer(text).body

    assert type(value) is float
    assert value == float(text)


def test_the_last_of_two_equal_keys_counts() -> None:
    assert answer('{"a": 1, "a": 2}').body == {"a": 2}


@pytest.mark.parametrize("body", ['{"a": NaN}', '["\\ud800"]'], ids=["NaN", "half a character"])
def test_it_reads_json_that_strict_parsers_refuse(body: str) -> None:
    assert answer(body).is_json


@pytest.mark.parametrize("body", ['{"a": 1,', "plain", ""], ids=["broken", "text", "empty"])
def test_a_body_that_is_no_json_is_text(body: str) -> None:
    assert answer(body).body == body


def test_json_nested_without_end_is_text() -> None:
    body = "[" * 100_000

    assert answer(body).body == body


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert answer('{"a": 1}'.encode("utf-8-sig")).body == {"a": 1}


@pytest.mark.parametrize("dialect", ["httprunner3", "httprunner4"])
def test_httprunner_3_and_4_leave_a_text_body_as_bytes(dialect: str) -> None:
    assert answer("plain", dialect=dialect).body == b"plain"


def test_httprunner_2_reads_a_text_body_as_text() -> None:
    assert answer("plain", dialect="httprunner2").body == "plain"


def test_no_answer_has_status_zero_and_no_body() -> None:
    view = ResponseView(None, dialect="httprunner4")

    assert (view.status_code, view.body, dict(view.headers)) == (0, None, {})


CHINESE = "用户登录成功,订单的价格是一百元,请在今天支付。"


@pytest.mark.parametrize("charset", ["gbk", "gb2312", "gb18030", "big5", "utf-8", "utf-16"])
def test_the_header_names_the_charset(charset: str) -> None:
    text = "訂單的價格" if charset == "big5" else CHINESE.replace(",", "")
    view = answer(text.encode(charset), type=f"text/plain; charset={charset}")

    assert (view.text, view.encoding) == (text, charset)


def test_a_meta_tag_names_the_charset() -> None:
    page = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head>{CHINESE}'
    view = answer(page.encode("gb18030"), type="text/html")

    assert view.text == page
    assert view.encoding == "gb2312"


def test_an_xml_declaration_names_the_charset() -> None:
    page = f'<?xml version="1.0" encoding="GBK"?><a>{CHINESE}</a>'

    assert answer(page.encode("gbk"), type="application/xml").text == page


@pytest.mark.parametrize("charset", ["gbk", "utf-8"])
def test_an_unlabelled_chinese_body_is_recognised(charset: str) -> None:
    assert answer(CHINESE.encode(charset), type="text/plain").text == CHINESE


def test_an_unlabelled_traditional_chinese_body_is_recognised() -> None:
    text = "這個訂單的價格有錯誤，請檢查後再試一次，謝謝您的使用。"

    assert answer(text.encode("big5"), type=None).text == text


def test_json_in_gbk_is_read() -> None:
    assert answer(f'{{"msg": "{CHINESE}"}}'.encode("gbk")).body == {"msg": CHINESE}


@pytest.mark.parametrize("text", ["café", "Tïtle and more", "naïve Übergrößenträger"])
def test_western_text_is_not_taken_for_chinese(text: str) -> None:
    assert answer(text.encode("latin-1"), type=None).text == text


def test_an_unknown_charset_is_detected_instead() -> None:
    assert answer("Grüße", type="text/plain; charset=nonsense").text == "Grüße"


@pytest.mark.parametrize(
    ("type", "encoding"),
    [
        ("text/plain", "ISO-8859-1"),
        ("application/json", "utf-8"),
        ("image/png", None),
        ("text/html; charset=GBK", "gbk"),
    ],
)
def test_httprunner_takes_the_charset_as_requests_does(type: str, encoding: str | None) -> None:  # noqa: A002
    assert answer("x", type=type, dialect="httprunner2").encoding == encoding


@pytest.mark.parametrize(
    ("body", "type", "name"),
    [
        (b"", "text/plain", ""),
        (b'{"a": 1}', "application/json", "utf-8"),
        (CHINESE.encode(), "", "utf-8"),
        (CHINESE.encode("gbk"), "text/plain", "gb18030"),
        (CHINESE.encode("gbk"), "text/plain; charset=gbk", "gbk"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image/png", ""),
        (b"\xff\xd8\xff\xe0JFIF\xe9\xe9", "image/jpeg", ""),
        (b"<svg/>", "image/svg+xml", "utf-8"),
        ("ab".encode("utf-16"), "text/plain", "utf-16"),
    ],
)
def test_a_body_is_labelled_for_those_who_show_it(body: bytes, type: str, name: str) -> None:  # noqa: A002
    assert label(body, type) == name


def test_headers_are_found_in_any_case() -> None:
    headers = HeaderMap([("X-One", "1"), ("x-two", "2")])

    assert headers["x-one"] == "1"
    assert "X-TWO" in headers
    assert list(headers) == ["X-One", "x-two"]


def test_the_values_of_a_repeated_header_are_joined() -> None:
    assert HeaderMap([("Vary", "a"), ("vary", "b")])["Vary"] == "a, b"


@pytest.mark.parametrize(
    ("set_cookie", "cookies"),
    [
        ("a=1; Path=/; HttpOnly", {"a": "1"}),
        ("a=x=y", {"a": "x=y"}),
        ("a=", {"a": ""}),
        ("a=1; Max-Age=0", {}),
        ("a=1; Max-Age=60", {"a": "1"}),
        ("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", {}),
        ("a=1; Expires=never", {"a": "1"}),
        ("a=1; Domain=example.org", {"a": "1"}),
        ("a=1; Domain=other.org", {}),
        ("nonsense", {}),
    ],
)
def test_it_reads_the_cookies_of_the_answer(set_cookie: str, cookies: dict[str, str]) -> None:
    assert answer(headers=(("Set-Cookie", set_cookie),)).cookies == cookies


@pytest.mark.parametrize("name", ["json", "body", "content", "text"])
def test_a_hook_can_replace_the_body(name: str) -> None:
    view = answer()
    view.replace(name, {"new": 1})

    assert view.body == {"new": 1}


def test_a_hook_can_replace_headers_and_cookies() -> None:
    view = answer()
    view.replace("headers", {"X-New": 1})
    view.replace("cookies", {"a": "b"})

    assert view.headers["x-new"] == "1"
    assert view.cookies == {"a": "b"}


def test_hooks_see_plain_values() -> None:
    view = answer({"a": 1}, status=404)
    view.replace("mine", [1])

    seen = view.for_hooks()

    assert seen["status_code"] == 404
    assert seen["ok"] is False
    assert seen["json"] == {"a": 1}
    assert seen["headers"] == {"Content-Type": "application/json"}
    assert seen["elapsed"] == 0.0125
    assert seen["mine"] == [1]
