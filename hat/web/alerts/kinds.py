"""The kinds of channels: how each writes a message, signs it and says that it did not take it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from hat.engine.outgoing import Outgoing
from hat.result import Response
from hat.web.alerts.message import Message, fitted

_JSON: Final = ("Content-Type", "application/json; charset=utf-8")


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a channel leads, in the clear: for the sender alone, never for a page."""

    address: str
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: the request for a message at a time (none: it goes by mail), and what a refusal says.

    `complaint` is asked about answers of 2xx only, because some services refuse politely.
    """

    request: Callable[[Message, Destination, int], Outgoing] | None
    complaint: Callable[[Response], str] = lambda answer: ""
    takes_secret: bool = True


def _post(url: str, body: Any, *headers: tuple[str, str]) -> Outgoing:
    return Outgoing("POST", url, [_JSON, *headers], body if isinstance(body, bytes) else _json(body))


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def _signature(key: str, text: bytes) -> bytes:
    return hmac.new(key.encode(), text, hashlib.sha256).digest()


def _webhook(message: Message, to: Destination, now: int) -> Outgoing:
    """Our own: JSON for programs, signed over time and body."""
    body = _json({**message.facts, "title": message.title, "text": message.text})
    if not to.secret:
        return _post(to.address, body)
    sign = _signature(to.secret, f"{now}.".encode() + body).hex()
    return _post(to.address, body, ("X-HAT-Timestamp", str(now)), ("X-HAT-Signature", f"sha256={sign}"))


def _feishu(message: Message, to: Destination, now: int) -> Outgoing:
    """A rich-text post, whose text elements are literal, so nothing needs escaping."""
    lines = [[{"tag": "text", "text": line}] for line in message.text.split("\n")]
    if message.link:
        lines[-1] = [{"tag": "a", "text": message.link_text, "href": message.link}]
    post = {"zh_cn": {"title": message.title, "content": lines}}
    body: dict[str, Any] = {"msg_type": "post", "content": {"post": post}}
    if to.secret:
        sign = base64.b64encode(_signature(f"{now}\n{to.secret}", b"")).decode()
        body = {"timestamp": str(now), "sign": sign, **body}
    return _post(to.address, body)


def _dingtalk(message: Message, to: Destination, now: int) -> Outgoing:
    """Markdown, with the signature in the address."""
    url = to.address
    if to.secret:
        stamp = str(now * 1000)
        sign = base64.b64encode(_signature(to.secret, f"{stamp}\n{to.secret}".encode())).decode()
        parts = urlsplit(url)
        query = urlencode(
            [*parse_qsl(parts.query, keep_blank_values=True), ("timestamp", stamp), ("sign", sign)]
        )
        url = urlunsplit(parts._replace(query=query))
    text = fitted(message, lambda one: _markdown(one, _backslashed), 18_000)
    return _post(url, {"msgtype": "markdown", "markdown": {"title": message.title, "text": text}})


def _wecom(message: Message, to: Destination, now: int) -> Outgoing:
    """Markdown of few words; the key in the address is all it asks for."""
    text = fitted(message, lambda one: _markdown(one, _look_alike), 4096)
    return _post(to.address, {"msgtype": "markdown", "markdown": {"content": text}})


def _slack(message: Message, to: Destination, now: int) -> Outgoing:
    """Text without formatting; three characters are escaped all the same."""
    text = f"{message.title}\n{message.text}"
    for plain, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(plain, escaped)
    return _post(to.address, {"text": text, "mrkdwn": False})


def _markdown(message: Message, escaped: Callable[[str], str]) -> str:
    parts = [f"### {escaped(message.title)}", *map(escaped, message.lines)]
    for section in message.sections:
        lines = "\n".join(f"- {escaped(line)}" for line in section.lines)
        parts.append(f"**{escaped(section.title)}**\n\n{lines}")
    if message.link:
        parts.append(f"[{escaped(message.link_text)}]({message.link})")
    return "\n\n".join(parts)


_SPECIAL: Final = {ord(sign): f"\\{sign}" for sign in "\\`*_[]#~|"} | {ord("<"): "&lt;", ord(">"): "&gt;"}
# WeCom knows no way to escape: what would be markup or a mention is shown by its wide twin.
_TWINS: Final = str.maketrans("<>[]`*", "＜＞［］｀＊")


def _backslashed(text: str) -> str:
    return text.translate(_SPECIAL)


def _look_alike(text: str) -> str:
    return text.translate(_TWINS)


def _numbered(*names: str, word: str) -> Callable[[Response], str]:
    """Services that answer 200 with a number that is 0 when they took it."""

    def complaint(answer: Response) -> str:
        try:
            found = json.loads(answer.body)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            return "the answer is not that of such a robot"
        code = next((found[name] for name in names if name in found), None)
        return "" if code == 0 else f"{code}: {found.get(word) or ''}"

    return complaint


_ERRCODE: Final = _numbered("errcode", word="errmsg")

KINDS: Final[dict[str, Kind]] = {
    "feishu": Kind(_feishu, _numbered("code", "StatusCode", word="msg")),
    "dingtalk": Kind(_dingtalk, _ERRCODE),
    "wecom": Kind(_wecom, _ERRCODE, takes_secret=False),
    "slack": Kind(_slack, takes_secret=False),
    "webhook": Kind(_webhook),
    "mail": Kind(None, takes_secret=False),
}
