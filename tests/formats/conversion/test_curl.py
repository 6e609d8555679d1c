"""cURL commands become steps."""

from __future__ import annotations

from typing import Any

import pytest

from hat import formats
from hat.formats.conversion import convert_text


def steps(text: str) -> list[dict[str, Any]]:
    found = convert_text(text, "calls.sh")
    assert found is not None
    (document,) = found.cases.values()
    assert formats.problems(document) == []
    return list(document["teststeps"])


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("curl http://a.test/x", {"method": "GET", "url": "http://a.test/x"}),
        ("curl a.test", {"method": "GET", "url": "http://a.test"}),
        (
            "curl 'http://a.test/x?q=1&q=2'",
            {
                "method": "GET",
                "url": "http://a.test/x",
                "params": [{"name": "q", "value": "1"}, {"name": "q", "value": "2"}],
            },
        ),
        (
            "curl -sSLXPUT a.test -H 'X-Id: 7' -H 'Cookie: a=1; b=2' --json '{\"n\": 9007199254740993}'",
            {
                "method": "PUT",
                "url": "http://a.test",
                "cookies": {"a": "1", "b": "2"},
                "json": {"n": 9007199254740993},
                "headers": {"X-Id": "7"},
            },
        ),
        (
            "curl a.test -d a=1 -d 'b=x y' --data-urlencode 'c=&'",
            {"method": "POST", "url": "http://a.test", "data": {"a": "1", "b": "x y", "c": "&"}},
        ),
        ("curl -G a.test -d a=1", {"method": "GET", "url": "http://a.test", "params": {"a": "1"}}),
        ("curl -I a.test", {"method": "HEAD", "url": "http://a.test"}),
        (
            "curl -F file=@a.png -F note=hi a.test",
            {"method": "POST", "url": "http://a.test", "upload": {"file": "a.png", "note": "hi"}},
        ),
        (
            "curl --digest -u ann:p:1 -k -m 5 --connect-timeout 0.5 -x http://proxy.test:1 a.test",
            {
                "method": "GET",
                "url": "http://a.test",
                "auth": {"type": "digest", "username": "ann", "password": "p:1"},
                "verify": False,
                "proxies": {"http": "http://proxy.test:1", "https": "http://proxy.test:1"},
                "timeout": 5,
                "connect_timeout": 0.5,
            },
        ),
        (
            "curl a.test --data-raw $'{\"a\": \"it\\'s \\u4f60\"}' -H 'content-type: text/plain'",
            {
                "method": "POST",
                "url": "http://a.test",
                "data": '{"a": "it\'s 你"}',
                "headers": {"content-type": "text/plain"},
            },
        ),
        (
            'curl.exe ^"http://a.test/x^" ^\r\n  -H ^"A: b^"',
            {"method": "GET", "url": "http://a.test/x", "headers": {"A": "b"}},
        ),
    ],
)
def test_a_command_becomes_its_request(text: str, request_: dict[str, Any]) -> None:
    assert [step["request"] for step in steps(text)] == [request_]


def test_every_command_of_a_file_is_a_step() -> None:
    text = "# first\ncurl a.test/one \\\n  -k\n\n# second\n$ curl a.test/two && curl a.test/three; echo\n"

    assert [step["name"] for step in steps(text)] == ["GET /one", "GET /two", "GET /three"]


def test_an_option_that_hat_has_no_word_for_is_told() -> None:
    found = convert_text("curl --limit-rate 1k --ntlm -s a.test", "calls.sh")

    assert found is not None
    assert [note.message for note in found.notes] == [
        "the option --limit-rate is left out",
        "the option --ntlm is left out",
    ]


@pytest.mark.parametrize("text", ["", "wget a.test", "a curl command", "curly"])
def test_other_texts_are_none(text: str) -> None:
    assert convert_text(text, "a.txt") is None


@pytest.mark.parametrize("text", ["curl", "curl -H", "curl 'open", "curl \\", "curl -", "curl --", "curl -d"])
def test_a_command_that_is_cut_short_is_no_fault_of_ours(text: str) -> None:
    found = convert_text(f"{text} ", "a.sh")

    assert found is not None
    assert formats.problems(next(iter(found.cases.values()))) == []
