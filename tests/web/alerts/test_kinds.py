"""How each kind of channel writes and signs a message, computed a second time by other means."""

from __future__ import annotations

import base64
import json
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from hat.result import Response
from hat.web.alerts.kinds import KINDS, Destination
from hat.web.alerts.message import Message, Section

NOW = 1_700_000_000
SECRET = "SEC-of-the-robot"
HOSTILE = "a*b_c `d` [x](http://evil.example) <@all> <font color='red'> & \\ 支付|#~"
MESSAGE = Message(
    "❌ Nightly: 1 failed",
    ("Project: Shop", HOSTILE),
    (Section("Newly red", (f"{HOSTILE} (Pay)",)),),
    link="https://hat.example.org/runs/7",
    link_text="Open the report",
    facts={"event": "run"},
)


def written(kind: str, *, secret: str = "", message: Message = MESSAGE) -> Any:
    """The request of a kind."""
    request = KINDS[kind].request
    assert request is not None
    return request(message, Destination("https://robot.example/send?access_token=t%3D1", secret), NOW)


def by_definition(key: str, text: str) -> bytes:
    """HMAC-SHA256 as RFC 2104 writes it down, without the library that has it."""
    block = (sha256(key.encode()).digest() if len(key.encode()) > 64 else key.encode()).ljust(64, b"\0")
    inner = sha256(bytes(byte ^ 0x36 for byte in block) + text.encode()).digest()
    return sha256(bytes(byte ^ 0x5C for byte in block) + inner).digest()


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.request])
def test_it_posts_json_to_the_address(kind: str) -> None:
    sent = written(kind)

    assert (sent.method, urlsplit(sent.url).hostname) == ("POST", "robot.example")
    assert parse_qs(urlsplit(sent.url).query)["access_token"] == ["t=1"]
    assert dict(sent.headers)["Content-Type"] == "application/json; charset=utf-8"
    assert "Nightly" in json.dumps(json.loads(sent.body))


def test_feishu_signs_nothing_with_time_and_secret_as_the_key() -> None:
    body = json.loads(written("feishu", secret=SECRET).body)

    assert body["timestamp"] == str(NOW)
    assert base64.b64decode(body["sign"]) == by_definition(f"{NOW}\n{SECRET}", "")


def test_dingtalk_signs_milliseconds_and_secret_with_the_secret() -> None:
    query = parse_qs(urlsplit(written("dingtalk", secret=SECRET).url).query)

    assert query["timestamp"] == [f"{NOW}000"]
    assert base64.b64decode(query["sign"][0]) == by_definition(SECRET, f"{NOW}000\n{SECRET}")


def test_a_webhook_signs_time_and_body() -> None:
    sent = written("webhook", secret=SECRET)
    headers = dict(sent.headers)

    expected = by_definition(SECRET, f"{NOW}.{sent.body.decode()}").hex()
    assert (headers["X-HAT-Timestamp"], headers["X-HAT-Signature"]) == (str(NOW), f"sha256={expected}")


def test_feishu_gets_literal_text_and_one_link() -> None:
    post = json.loads(written("feishu").body)["content"]["post"]["zh_cn"]
    elements = [element for line in post["content"] for element in line]

    assert post["title"] == MESSAGE.title
    assert HOSTILE in [element.get("text") for element in elements if element["tag"] == "text"]
    assert [element["href"] for element in elements if element["tag"] == "a"] == [MESSAGE.link]
    assert {element["tag"] for element in elements} == {"text", "a"}


@pytest.mark.parametrize(("kind", "field"), [("dingtalk", "text"), ("wecom", "content")])
def test_markdown_holds_no_markup_of_the_message(kind: str, field: str) -> None:
    text = json.loads(written(kind).body)["markdown"][field]
    plain = text.replace("\\\\", "").replace("\\[", "").replace("\\]", "")

    assert text.startswith("### ❌ Nightly: 1 failed\n\n")
    assert plain.count("](") == 1, "the link to the report alone"
    assert "[Open the report](https://hat.example.org/runs/7)" in text
    assert "<" not in text


def test_slack_gets_no_markup_and_no_mention() -> None:
    body = json.loads(written("slack").body)

    assert body["mrkdwn"] is False
    assert "&lt;@all&gt;" in body["text"]
    assert "<" not in body["text"]


def test_a_webhook_gets_facts_and_text() -> None:
    body = json.loads(written("webhook").body)

    assert (body["event"], body["title"]) == ("run", MESSAGE.title)
    assert "- " + MESSAGE.sections[0].lines[0] in body["text"]


def test_wecom_gets_as_much_as_it_takes() -> None:
    lines = tuple(f"{number} 支付失败 " * 20 for number in range(50))
    long = Message(
        "Nightly", ("Shop",), (Section("Newly red", lines),), link="https://hat.example.org/runs/7"
    )

    content = json.loads(written("wecom", message=long).body)["markdown"]["content"]

    assert 3000 < len(content.encode()) <= 4096
    assert "https://hat.example.org/runs/7" in content


@pytest.mark.parametrize(
    ("kind", "answer", "complaint"),
    [
        ("feishu", {"code": 0, "msg": "success"}, ""),
        ("feishu", {"StatusCode": 0, "StatusMessage": "success"}, ""),
        ("feishu", {"code": 19021, "msg": "sign match fail"}, "19021: sign match fail"),
        ("dingtalk", {"errcode": 0, "errmsg": "ok"}, ""),
        ("dingtalk", {"errcode": 310000, "errmsg": "sign not match"}, "310000: sign not match"),
        ("wecom", {"errcode": 93000, "errmsg": "invalid webhook url"}, "93000: invalid webhook url"),
        ("wecom", ["what"], "the answer is not that of such a robot"),
        ("slack", "ok", ""),
        ("webhook", "", ""),
    ],
)
def test_a_polite_refusal_is_understood(kind: str, answer: Any, complaint: str) -> None:
    assert KINDS[kind].complaint(Response(200, body=json.dumps(answer).encode())) == complaint
