from __future__ import annotations

import datetime
import math
from pathlib import Path
from typing import Any

import pytest

from hat.engine.encode import prepare
from hat.engine.multipart import Multipart
from hat.engine.outgoing import Auth, Outgoing, TransportError
from hat.engine.sandbox import Handle, OpenedFile

URL = "http://127.0.0.1/x"
PAIRS = {"a": 1, "b": ["x", "y"], "c": None, "d": True, "e": "sp ace&", "f": "é"}
FORM = "application/x-www-form-urlencoded"


def made(dialect: str = "httprunner2", **fields: Any) -> Outgoing:
    return prepare({"method": "POST", "url": URL, **fields}, dialect)


def header(request: Outgoing, name: str) -> str | None:
    return next((value for known, value in request.headers if known.lower() == name.lower()), None)


def refusal(dialect: str = "httprunner2", **fields: Any) -> TransportError:
    with pytest.raises(TransportError) as caught:
        made(dialect, **fields)
    assert caught.value.kind == "request"
    return caught.value


def test_the_usual_headers_are_those_of_requests() -> None:
    names = [name for name, _ in made().headers]

    assert names == ["User-Agent", "Accept-Encoding", "Accept", "Connection"]
    assert str(header(made(), "User-Agent")).startswith("python-requests/")


def test_our_own_dialect_says_who_it_is() -> None:
    assert str(header(made("hat"), "User-Agent")).startswith("HAT/")


def test_own_headers_replace_the_usual_ones_in_place_and_null_takes_them_out() -> None:
    request = made(headers={"accept": "a/b", "X-New": "1", "USER-AGENT": None, "X-None": None})

    assert request.headers == [
        ("Accept-Encoding", "gzip, deflate"),
        ("accept", "a/b"),
        ("Connection", "keep-alive"),
        ("X-New", "1"),
    ]


@pytest.mark.parametrize(
    ("fields", "body", "kind"),
    [
        ({}, None, None),
        ({"data": PAIRS}, b"a=1&b=x&b=y&d=True&e=sp+ace%26&f=%C3%A9", FORM),
        ({"data": [["a", "b"], ["a", "c"]]}, b"a=b&a=c", FORM),
        ({"data": "raw text"}, b"raw text", None),
        ({"data": "caf\xe9"}, b"caf\xe9", None),
        ({"data": b"\x00\xff"}, b"\x00\xff", None),
        ({"data": ""}, None, None),
        ({"data": {}}, None, None),
        ({"data": OpenedFile("n.txt", b"file")}, b"file", None),
        ({"data": Multipart(b"parts", "multipart/x")}, b"parts", None),
        ({"json": {"a": [1, "王", None]}}, b'{"a": [1, "\\u738b", null]}', "application/json"),
        ({"json": {}}, b"{}", "application/json"),
        ({"json": 0}, b"0", "application/json"),
        ({"json": "text"}, b'"text"', "application/json"),
        ({"json": 2**70}, b"1180591620717411303424", "application/json"),
        ({"json": None}, None, None),
        ({"json": {"b": 1}, "data": {"a": 1}}, b"a=1", FORM),
        ({"json": {"b": 1}, "headers": {"content-type": "x/y"}}, b'{"b": 1}', "x/y"),
    ],
)  # fmt: skip
def test_bodies_are_the_bytes_requests_sends(
    fields: dict[str, Any], body: bytes | None, kind: str | None
) -> None:
    request = made(**fields)

    assert request.body == body
    assert header(request, "Content-Type") == kind


def test_files_and_fields_become_one_multipart_body() -> None:
    request = made(
        files={
            "f": ["n.txt", "hello", "text/plain"],
            "g": "alone",
            'q"': ["文\n.txt", b"x", None, {"X-Y": "1"}],
        },
        data={"k": ["1", 2, None]},
    )

    boundary = str(header(request, "Content-Type")).removeprefix("multipart/form-data; boundary=")
    assert request.body is not None
    assert request.body.decode().replace(boundary, "B").split("\r\n") == [
        "--B", 'Content-Disposition: form-data; name="k"', "", "1",
        "--B", 'Content-Disposition: form-data; name="k"', "", "2",
        "--B", 'Content-Disposition: form-data; name="f"; filename="n.txt"', "Content-Type: text/plain", "",
        "hello",
        "--B", 'Content-Disposition: form-data; name="g"; filename="g"', "", "alone",
        "--B", 'Content-Disposition: form-data; name="q%22"; filename="文%0A.txt"', "X-Y: 1", "", "x",
        "--B--", "",
    ]  # fmt: skip


def test_an_upload_sends_files_of_the_project_and_other_values_as_fields(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"text")
    (tmp_path / "p.bin").write_bytes(b"\x89PNG\r\n\x1a\n....")

    request = prepare(
        {"url": URL, "upload": {"file": "a.txt", "picture": "p.bin", "note": "hello", "n": 5}},
        "hat",
        tmp_path,
    )

    assert request.body is not None
    assert b'name="file"; filename="a.txt"\r\nContent-Type: text/html\r\n\r\ntext\r\n' in request.body
    assert b'filename="p.bin"\r\nContent-Type: image/png' in request.body
    assert b'name="note"\r\n\r\nhello\r\n' in request.body
    assert b'name="n"\r\n\r\n5\r\n' in request.body


def test_a_confined_upload_does_not_leave_the_project(tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (tmp_path / "secret.txt").write_text("hidden")
    fields = {"url": URL, "upload": {"a": "../secret.txt", "b": str(tmp_path / "secret.txt")}}

    confined = prepare(fields, "hat", root, confined=True)
    free = prepare(fields, "hat", root)

    assert confined.body is not None
    assert b"hidden" not in confined.body
    assert free.body is not None
    assert free.body.count(b"hidden") == 2


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"headers": {"X": 5}}, "InvalidHeader"),
        ({"headers": {"X": "a\r\nB: c"}}, "InvalidHeader"),
        ({"headers": {"X": " a"}}, "InvalidHeader"),
        ({"headers": {"": "a"}}, "InvalidHeader"),
        ({"headers": {"X:Y": "a"}}, "InvalidHeader"),
        ({"headers": "text"}, "ValueError"),
        ({"data": "你好"}, "UnicodeEncodeError"),
        ({"data": ["a", "b"]}, "ValueError"),
        ({"data": "text", "files": {"f": "x"}}, "ValueError"),
        ({"files": {"f": ["only"]}}, "ValueError"),
        ({"files": {"f": 5}}, "TypeError"),
        ({"json": datetime.date(2026, 1, 1)}, "TypeError"),
        ({"json": math.nan}, "InvalidJSONError"),
        ({"data": Handle(1, "Strange")}, "TypeError"),
        ({"files": {"f": Handle(1, "Strange")}}, "TypeError"),
        ({"json": Handle(1, "Strange")}, "TypeError"),
        ({"auth": ["u", "p"]}, "TypeError"),
        ({"nosuch": 1}, "TypeError"),
        ({"timeout": "soon"}, "ValueError"),
        ({"timeout": 0}, "ValueError"),
        ({"timeout": math.nan}, "ValueError"),
        ({"cookies": {"a": "b\r\nX: y"}}, "InvalidURL"),
        ({"url": "nowhere"}, "MissingSchema"),
    ],
)
def test_an_impossible_request_is_refused(fields: dict[str, Any], name: str) -> None:
    assert refusal(**fields).name == name


def test_a_line_break_never_gets_into_a_header_of_our_own_dialect() -> None:
    assert "line break" in refusal("hat", headers={"X": "a\nb"}).message


def test_our_own_dialect_takes_numbers_and_writes_json_words() -> None:
    request = made(
        "hat", headers={"X": 5, "Y": True}, params={"a": True, "b": None, "c": 1.5}, data={"d": False}
    )

    assert (header(request, "X"), header(request, "Y")) == ("5", "true")
    assert request.url == URL + "?a=true&c=1.5"
    assert request.body == b"d=false"


def test_our_own_dialect_sends_text_in_the_charset_it_names() -> None:
    assert made("hat", data="你好").body == "你好".encode()
    assert made(
        "hat", data="你好", headers={"Content-Type": "text/plain; charset=gbk"}
    ).body == "你好".encode("gbk")
    assert made("hat", data="x", headers={"Content-Type": "text/plain; charset=nosuch"}).body == b"x"
    assert (
        refusal("hat", data="你好", headers={"Content-Type": "a/b; charset=ascii"}).name
        == "UnicodeEncodeError"
    )


@pytest.mark.parametrize(
    ("given", "auth"),
    [
        (("u", "p"), Auth("basic", "u", "p")),
        (["u", "p"], Auth("basic", "u", "p")),
        ({"username": "u", "password": "p"}, Auth("basic", "u", "p")),
        ({"type": "digest", "user": "u", "password": "p"}, Auth("digest", "u", "p")),
        (None, None),
    ],
)
def test_credentials_of_our_own_dialect(given: Any, auth: Auth | None) -> None:
    assert made("hat", auth=given).auth == auth


def test_a_bearer_token_is_a_header() -> None:
    assert header(made("hat", auth={"type": "bearer", "token": "t"}), "Authorization") == "Bearer t"
    assert refusal("hat", auth={"type": "nosuch"}).name == "TypeError"


def test_credentials_inside_the_url_are_used() -> None:
    assert made(url="http://u:p@127.0.0.1/").auth == Auth("basic", "u", "p")


@pytest.mark.parametrize(
    ("params", "query"),
    [
        (PAIRS, "?a=1&b=x&b=y&d=True&e=sp+ace%26&f=%C3%A9"),
        ("raw=é x", "?raw=%C3%A9%20x"),
        (b"raw=1", "?raw=1"),
        ({}, ""),
        ([["a", 1], ["a", 2]], "?a=1&a=2"),
    ],
)  # fmt: skip
def test_parameters_join_the_url(params: Any, query: str) -> None:
    assert made(params=params).url == URL + query


def test_other_fields_are_taken_over() -> None:
    request = made(
        "hat",
        timeout=[3, 20],
        allow_redirects=False,
        verify=False,
        cookies={"a": 1, "b": None},
        cert=["c.pem", "k.pem"],
        proxies={"all": "http://p:1"},
        http2=True,
        max_body=5,
    )

    assert (request.connect_timeout_s, request.timeout_s) == (3, 23)
    assert (request.allow_redirects, request.verify, request.http2, request.max_body) == (
        False,
        False,
        True,
        5,
    )
    assert request.cookies == {"a": "1"}
    assert request.cert == ("c.pem", "k.pem")
    assert request.proxies == {"all": "http://p:1"}


@pytest.mark.parametrize(
    ("kind", "value", "body"),
    [
        ("application/json; charset=utf-8", {"a": 1}, b'{"a": 1}'),
        (FORM, {"a": 1}, b"a=1"),
        ("text/plain", "text", b"text"),
    ],
)
def test_a_body_is_encoded_by_its_content_type(kind: str, value: Any, body: bytes) -> None:
    assert made("httprunner4", body=value, headers={"Content-Type": kind}).body == body


def test_an_object_as_body_is_json_in_our_own_dialect() -> None:
    assert made("hat", body={"a": 1}).body == b'{"a": 1}'


@pytest.mark.parametrize("field", ["cert", "verify"])
def test_a_certificate_is_a_file_of_the_project_alone_when_confined(tmp_path: Path, field: str) -> None:
    outside, root = tmp_path / "other.pem", tmp_path / "project"
    root.mkdir()
    for path in (outside, root / "own.pem"):
        path.write_text("a certificate")
    fields = {"method": "GET", "url": "https://api.example/"}

    own = prepare({**fields, field: "own.pem"}, "hat", root, confined=True)

    assert getattr(own, field) == str(root / "own.pem")
    for named in (str(outside), "../other.pem", "/etc/ssl/private/key.pem"):
        with pytest.raises(TransportError, match=f"request.{field}: the project has no file"):
            prepare({**fields, field: named}, "hat", root, confined=True)
    assert getattr(prepare({**fields, field: str(outside)}, "hat", root), field) == str(outside)
