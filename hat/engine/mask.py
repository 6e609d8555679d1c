"""Hide secrets before a result leaves the engine."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote, quote_plus

from msgspec.structs import replace

from hat.number import spell
from hat.result import Exchange, SentRequest

HIDDEN = "***"
_SHORTEST = 4  # a secret of one to three characters would blot out half a report
_SHORTEST_ENCODED = 6
_HEADERS = re.compile(
    r"authorization|cookie2?$|token|password|passwd|secret|api-?_?key|signature|credential", re.IGNORECASE
)
_NOT_SECRET = frozenset(("www-authenticate", "proxy-authenticate", "access-control-request-headers"))
_WORDS = r"[\w-]*(?:password|passwd|pwd|client_?secret|secret_?key)"
_FIELDS = rf"{_WORDS}[\w-]*"
_KEY = re.compile(r'"([\w-]++)(\\?)"\s*+:\s*+')  # of a field in JSON, or in JSON in a text of JSON
_TEXT = re.compile(r'"(?:[^"\\]|\\.)+(?=")')
_NESTED_TEXT = re.compile(r'\\"(?:[^"\\]|\\\\\\"|\\\\\\\\|\\\\[^"\\])+(?=\\")')
_NUMBER = re.compile(r"-?\d[\d.eE+-]*")
_FORM_FIELD = re.compile(rf"((?:^|[?&]){_FIELDS}=)([^&#\s]+)", re.IGNORECASE)
_FIELD_NAME = re.compile(rf"{_FIELDS}\Z", re.IGNORECASE)
_NUMBER_NAME = re.compile(rf"{_WORDS}\Z", re.IGNORECASE)  # a password_length is none


class Mask:
    """Hides the values of secrets, encoded ones too, and headers and fields that are credentials by name.

    It costs next to nothing when there is nothing to hide.
    """

    def __init__(self, secrets: Iterable[str] = (), names: Iterable[str] | None = None) -> None:
        """`names` replaces the names of headers and fields that are hidden; empty hides none by name."""
        self._known: set[str] = set()
        self._secrets: re.Pattern[str] | None = None
        self._in_bytes: re.Pattern[bytes] | None = None
        self.hide(secrets)
        self._names = None if names is None else frozenset(name.lower() for name in names)

    def hide(self, secrets: Iterable[str]) -> None:
        """Hide more values from now on."""
        new = {secret for secret in map(str, secrets) if secret} - self._known
        if not new:
            return
        self._known |= new
        forms = {form for secret in self._known for form in encoded_forms(secret)}
        ordered = sorted(forms, key=lambda form: (-len(form), form))
        self._secrets = re.compile("|".join(map(re.escape, ordered))) if ordered else None
        self._in_bytes = re.compile("|".join(map(re.escape, ordered)).encode()) if ordered else None

    @property
    def hides_values(self) -> bool:
        """Whether there are secrets at all; without them only exchanges and rows need a look."""
        return self._secrets is not None

    def text(self, text: str) -> str:
        """A text without the values of secrets."""
        return self._secrets.sub(HIDDEN, text) if self._secrets is not None else text

    def value(self, value: Any) -> Any:
        """A JSON value without the values of secrets, in its keys as well; what holds none is not copied."""
        if self._secrets is None:
            return value
        if isinstance(value, str):
            return self._secrets.sub(HIDDEN, value)
        if isinstance(value, bytes):
            return self._bytes(value)
        if isinstance(value, Mapping):
            return {self.value(key): self.value(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.value(item) for item in value]
        if value is None or value.__class__ in (bool, float):
            return value
        shown = spell(value)
        masked = self._secrets.sub(HIDDEN, shown)
        return value if masked == shown else masked

    def exchange(self, exchange: Exchange) -> Exchange:
        """An exchange as it may be shown: secrets by value, credentials in headers and passwords by name."""
        request, response = self._request(exchange.request), exchange.response
        if response is not None:
            headers, body = self._headers(response.headers), self._body(response.body)
            if headers is not response.headers or body is not response.body:
                response = replace(response, headers=headers, body=body)
        if request is exchange.request and response is exchange.response:
            return exchange
        return replace(exchange, request=request, response=response)

    def _request(self, sent: SentRequest) -> SentRequest:
        url, headers, body = self._url(sent.url), self._headers(sent.headers), self._body(sent.body)
        if url is sent.url and headers is sent.headers and body is sent.body:
            return sent
        return SentRequest(sent.method, url, headers, body)

    def row(self, row: dict[str, Any] | None) -> dict[str, Any] | None:
        """A row of parameters as it may be shown: passwords by name as well."""
        if row is None:
            return None
        if self._names is not None:
            return {name: self.value(value) for name, value in row.items()}
        return {name: HIDDEN if is_password(name) else self.value(value) for name, value in row.items()}

    def _bytes(self, body: bytes) -> bytes:
        return self._in_bytes.sub(HIDDEN.encode(), body) if self._in_bytes is not None else body

    def _headers(self, headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        hidden = _credentials(tuple([name for name, _ in headers]), self._names)
        if self._secrets is None and not hidden:
            return headers
        shown = list(headers)
        if self._secrets is not None:
            shown = [(name, self._secrets.sub(HIDDEN, value)) for name, value in headers]
        for position in hidden:
            name, value = headers[position]
            shown[position] = name, hide_credential(name, value)
        return tuple(shown)

    def _url(self, url: str) -> str:
        url = self.text(url)
        return _FORM_FIELD.sub(rf"\1{HIDDEN}", url) if self._names is None and "?" in url else url

    def _body(self, body: bytes) -> bytes:
        body = self._bytes(body)
        if self._names is not None or not body or not _may_hold_password(body):
            return body
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return body
        masked = _without_fields(text)
        if masked == text and b"=" in body and not body.lstrip().startswith((b"{", b"[", b"<")):
            masked = _FORM_FIELD.sub(rf"\1{HIDDEN}", text)
        return body if masked == text else masked.encode()


def _without_fields(text: str) -> str:
    """JSON without the values of fields that are passwords by name: texts, numbers, and JSON in a text."""
    parts: list[str] = []
    end = 0
    for key in _KEY.finditer(text):
        if key.start() >= end and is_password(key[1]):
            value, shown = _value_of(key, text)
            if value is not None:
                parts += text[end : value.start()], shown
                end = value.end()
    return "".join((*parts, text[end:])) if parts else text


def _value_of(key: re.Match[str], text: str) -> tuple[re.Match[str] | None, str]:
    """The value of a field, and what is shown in its place."""
    before = key.start() - 1
    escape = "\\" if before >= 0 and text[before] == "\\" else ""
    if not key[2] and (value := _TEXT.match(text, key.end())):
        return value, f'"{HIDDEN}'
    if escape and key[2] and (value := _NESTED_TEXT.match(text, key.end())):
        return value, f'\\"{HIDDEN}'
    value = _NUMBER.match(text, key.end()) if _NUMBER_NAME.match(key[1]) else None
    return value, f'{escape}"{HIDDEN}{escape}"'


def _may_hold_password(body: bytes) -> bool:
    """A quick look before the expressions, which are slow in a long body."""
    lower = body.lower()
    return b"passw" in lower or b"pwd" in lower or b"secret" in lower


def is_credential(name: str) -> bool:
    """Whether a header is a credential by its name."""
    return _HEADERS.search(name) is not None and name.lower() not in _NOT_SECRET


@lru_cache(maxsize=1024)
def _credentials(names: tuple[str, ...], hidden: frozenset[str] | None) -> tuple[int, ...]:
    """Which of these headers are hidden: those in `hidden`, without it those that are credentials by name."""
    return tuple(
        position
        for position, name in enumerate(names)
        if (is_credential(name) if hidden is None else name.lower() in hidden)
    )


@lru_cache(maxsize=4096)
def is_password(name: str) -> bool:
    """Whether a field is a password by its name."""
    return _FIELD_NAME.match(name) is not None


def hide_credential(name: str, value: str) -> str:
    """A credential's value hidden; its scheme, and the names of cookies, stay."""
    lower = name.lower()
    if lower == "cookie":
        return "; ".join(f"{part.partition('=')[0].strip()}={HIDDEN}" for part in value.split(";"))
    if lower == "set-cookie":
        first, separator, rest = value.partition(";")
        return f"{first.partition('=')[0]}={HIDDEN}{separator}{rest}"
    scheme, separator, _ = value.partition(" ")
    if "authorization" in lower and separator and scheme.isalpha():
        return f"{scheme} {HIDDEN}"
    return HIDDEN


def encoded_forms(secret: str) -> Iterator[str]:
    """The ways a secret may stand in a text: as it is, for URLs, in JSON, in base64 at any offset, in hex."""
    if len(secret) < _SHORTEST:
        return
    yield secret
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    if len(secret) < _SHORTEST_ENCODED:
        return
    for form in (quote(secret, safe=""), quote(secret), quote_plus(secret)):
        yield form
        yield re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), form)
    raw = secret.encode()
    yield raw.hex()
    yield raw.hex().upper()
    yield from _in_base64(raw)


def _in_base64(raw: bytes) -> Iterator[str]:
    """The base64 characters that these bytes alone decide, at each of the three offsets in a larger text."""
    for offset in range(3):
        text = base64.b64encode(b"\0" * offset + raw).decode().rstrip("=")
        start = (offset * 8 + 5) // 6
        end = (offset + len(raw)) * 8 // 6
        if end - start >= _SHORTEST_ENCODED:
            yield text[start:end]
            yield text[start:end].replace("+", "-").replace("/", "_")
