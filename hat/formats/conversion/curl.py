"""cURL commands: each becomes a step."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, quote

from msgspec import Struct

from hat.formats.conversion.conversion import Conversion, case_document
from hat.formats.conversion.request import (
    Pair,
    cookies_of,
    drop_header,
    pairs,
    path_of,
    put_body,
    split_url,
)
from hat.formats.conversion.shell import commands

_COMMAND = re.compile(r"\s*(?:#[^\n]*\n\s*)*(?:\$\s+)?curl(?:\.exe)?\s")

# Short options with the long ones they stand for; those with a value are in _VALUED.
_SHORT = {
    "X": "request", "H": "header", "d": "data", "F": "form", "u": "user", "b": "cookie", "A": "user-agent",
    "e": "referer", "k": "insecure", "L": "location", "G": "get", "I": "head", "m": "max-time", "x": "proxy",
    "o": "output", "E": "cert", "w": "write-out", "T": "upload-file", "c": "cookie-jar", "r": "range",
    "s": "silent", "S": "show-error", "v": "verbose", "i": "include", "f": "fail", "g": "globoff",
    "N": "no-buffer", "O": "remote-name", "4": "ipv4", "6": "ipv6", "#": "progress-bar",
}  # fmt: skip
_VALUED = {
    "request", "header", "data", "data-raw", "data-binary", "data-ascii", "data-urlencode", "json", "form",
    "form-string", "user", "cookie", "user-agent", "referer", "max-time", "connect-timeout", "proxy",
    "output", "cert", "key", "cacert", "url", "write-out", "upload-file", "cookie-jar", "range", "retry",
    "resolve", "oauth2-bearer", "max-redirs", "interface", "limit-rate", "connect-to", "retry-delay",
    "url-query",
}  # fmt: skip
_READ = {
    "request", "header", "data", "data-raw", "data-binary", "data-ascii", "data-urlencode", "json", "form",
    "form-string", "user", "digest", "basic", "cookie", "user-agent", "referer", "max-time", "proxy",
    "connect-timeout", "oauth2-bearer", "insecure", "location", "get", "head", "url", "url-query", "http2",
    "cert", "key",
}  # fmt: skip
# What shows progress, keeps answers or is how HAT sends anyway.
_QUIET = {
    "silent", "show-error", "verbose", "include", "fail", "globoff", "no-buffer", "compressed", "output",
    "write-out", "remote-name", "progress-bar", "ipv4", "ipv6", "http1.1", "max-redirs", "no-progress-meter",
    "fail-with-body", "path-as-is", "cookie-jar",
}  # fmt: skip


class _Command(Struct):
    """One command: its addresses, and its options in the order written."""

    urls: list[str] = []
    options: list[Pair] = []

    def all(self, *names: str) -> list[str]:
        return [value for name, value in self.options if name in names]

    def last(self, *names: str) -> str | None:
        return next(reversed(self.all(*names)), None)

    def has(self, name: str) -> bool:
        return any(option == name for option, _ in self.options)


def recognise(text: str) -> bool:
    """Whether a text begins with a cURL command."""
    return _COMMAND.match(text) is not None


def convert(text: str, file: str, name: str) -> Conversion:
    """Every cURL command of a text as a step of one case."""
    conversion = Conversion(file, name)
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    steps: list[dict[str, Any]] = []
    for words in commands(lines):
        words = words[1:] if words[0] == "$" else words
        if not words or words[0] not in ("curl", "curl.exe"):
            continue
        command = _read(words[1:])
        place = f"curl {len(steps) + 1}"
        if not command.urls:
            conversion.note(place, "the command has no address and is left out")
            continue
        for url in command.urls:
            steps.append(_step(conversion, command, url, place))
    conversion.add((), case_document(name, steps))
    return conversion


def _read(words: list[str]) -> _Command:
    command = _Command()
    rest = iter(words)
    for word in rest:
        if not word.startswith("-") or word == "-":
            command.urls.append(word)
            continue
        option, joined = (word[2:], None) if word.startswith("--") else _expand(word[1:], command)
        if option.partition("=")[0] in _VALUED and "=" in option:  # some write --data=x
            option, _, joined = option.partition("=")
        if option not in _VALUED:
            command.options.append((option, ""))
            continue
        value = joined if joined is not None else next(rest, "")
        if option == "url":
            command.urls.append(value)
        else:
            command.options.append((option, value))
    return command


def _expand(letters: str, command: _Command) -> tuple[str, str | None]:
    """`-sSLXPOST` is `-s -S -L -X POST`: all up to the first letter that takes a value."""
    for at, letter in enumerate(letters):
        name = _SHORT.get(letter, letter)
        if name in _VALUED:
            return name, letters[at + 1 :] or None
        if at < len(letters) - 1:
            command.options.append((name, ""))
    return _SHORT.get(letters[-1], letters[-1]), None


def _step(conversion: Conversion, command: _Command, url: str, place: str) -> dict[str, Any]:
    address = url if re.match(r"(?i)[a-z][\w+.-]*://|[$/]", url) else f"http://{url}"
    address, params = split_url(address)
    params += [pair for text in command.all("url-query") for pair in parse_qsl(text, keep_blank_values=True)]
    headers = _headers(command)
    data = [
        _data(name, value) for name, value in command.options if name.startswith("data") or name == "json"
    ]
    forms = command.all("form", "form-string")
    request: dict[str, Any] = {"method": _method(command, data, forms), "url": address}
    if command.has("get"):
        params += parse_qsl("&".join(data), keep_blank_values=True)
    if params:
        request["params"] = pairs(params)
    _put_cookies(request, command, headers)
    if data and not command.has("get"):
        put_body(request, "&".join(data), headers, is_json=command.has("json"))
        if any(text.startswith("@") for text in data):
            conversion.note(place, "a body read from a file stays as text", "put its content into the step")
    if forms:
        request["upload"] = dict(map(_form_field, forms))
        drop_header(headers, "content-type")
    if headers:
        request["headers"] = headers
    _put_options(request, command)
    for option in dict.fromkeys(name for name, _ in command.options if name not in _READ | _QUIET):
        conversion.note(place, f"the option {'-' if len(option) == 1 else '--'}{option} is left out")
    return {"name": f"{request['method']} {path_of(address) or address}", "request": request}


def _method(command: _Command, data: list[str], forms: list[str]) -> str:
    sends = forms or (data and not command.has("get"))
    return (
        command.last("request") or ("HEAD" if command.has("head") else "POST" if sends else "GET")
    ).upper()


def _headers(command: _Command) -> dict[str, str]:
    headers: dict[str, str] = {}
    named = {"user-agent": "User-Agent", "referer": "Referer"}
    for option, value in command.options:
        if option == "header":
            name, colon, text = value.partition(":")
            if colon and text.strip():
                drop_header(headers, name.strip().lower())
                headers[name.strip()] = text.strip()
        elif option in named:
            headers[named[option]] = value
    return headers


def _data(name: str, value: str) -> str:
    if name != "data-urlencode":
        return value
    head, equals, text = value.partition("=")
    return f"{head}={quote(text, safe='')}" if equals and head else quote(text if equals else value, safe="")


def _form_field(text: str) -> Pair:
    name, _, value = text.partition("=")
    return name, re.sub(r";.*$", "", value[1:]) if value.startswith("@") else value


def _put_cookies(request: dict[str, Any], command: _Command, headers: dict[str, str]) -> None:
    given = [text for text in command.all("cookie") if "=" in text]
    cookies = cookies_of("; ".join([*given, drop_header(headers, "cookie")]))
    if cookies:
        request["cookies"] = cookies


def _put_options(request: dict[str, Any], command: _Command) -> None:
    user, token = command.last("user"), command.last("oauth2-bearer")
    if user is not None:
        name, _, password = user.partition(":")
        kind = "digest" if command.has("digest") else "basic"
        request["auth"] = {"type": kind, "username": name, "password": password}
    elif token is not None:
        request["auth"] = {"type": "bearer", "token": token}
    if command.has("insecure"):
        request["verify"] = False
    if command.has("http2"):
        request["http2"] = True
    if proxy := command.last("proxy"):
        request["proxies"] = {"http": proxy, "https": proxy}
    if cert := command.last("cert"):
        key = command.last("key")
        request["cert"] = [cert, key] if key else cert
    for option, field in (("max-time", "timeout"), ("connect-timeout", "connect_timeout")):
        value = command.last(option)
        if value and re.fullmatch(r"\d+(\.\d+)?", value):
            request[field] = float(value) if "." in value else int(value)
