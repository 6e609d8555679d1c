from __future__ import annotations

import asyncio
import contextlib
import gzip
import socket
import ssl
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
import pytest
from backports import zstd

from hat.engine.client import Outgoing, TransportError
from hat.engine.coding import plain
from hat.result import Exchange
from tests.target import certificate
from tests.target.asking import ask, never, refusal
from tests.target.guest import Client
from tests.target.refusing import asking_for_certificate, listening
from tests.target.wire import Heard, Target, reply

PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}


def test_it_returns_what_the_server_answered() -> None:
    [[exchange]], _ = ask(reply("201 Made So", b"hello", "X-One: 1", "X-One: 2"), "/a?b=1")

    answer = exchange.response
    assert answer is not None
    assert (answer.status_code, answer.reason, answer.body, answer.size) == (201, "Made So", b"hello", 5)
    assert answer.headers == (("Content-Length", "5"), ("X-One", "1"), ("X-One", "2"))
    assert answer.http_version == "1.1"
    assert not answer.truncated


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("GET", None),
        ("GET", b"with a body"),
        ("POST", b"x" * 3_000_000),
        ("POST", None),
        ("PUT", b""),
        ("PATCH", b"\x00\xff"),
        ("DELETE", None),
        ("OPTIONS", None),
        ("PURGE", b"own method"),
    ],
)
def test_the_request_is_recorded_as_it_went_over_the_wire(method: str, body: bytes | None) -> None:
    headers = [
        ("User-Agent", "t/1"),
        ("X-Empty", ""),
        ("X-Letters", "h\xe9"),
        ("X-Twice", "1"),
        ("X-Twice", "2"),
    ]

    [[exchange]], target = ask(reply(), "/p?q=1", method=method, headers=headers, body=body)

    [heard] = target.heard
    assert (heard.method, heard.target, heard.body) == (method, "/p?q=1", body or b"")
    assert exchange.request.headers == heard.headers
    assert (exchange.request.method, exchange.request.body) == (method, body or b"")
    assert exchange.request.url == f"{target.url}/p?q=1"


def test_only_get_and_head_without_a_body_have_no_length() -> None:
    _, post = ask(reply(), "/", method="POST")
    _, get = ask(reply(), "/")

    assert post.heard[0].header("Content-Length") == "0"
    assert get.heard[0].header("Content-Length") is None


def test_it_adds_no_header_nobody_asked_for() -> None:
    _, target = ask(reply(), "/", method="POST", body=b"x")

    assert [name for name, _ in target.heard[0].headers] == ["Host", "Content-Length"]


def test_an_own_host_header_is_kept() -> None:
    [[exchange]], target = ask(reply(), "/", headers=[("X-A", "1"), ("Host", "shop.example")])

    assert target.heard[0].headers == exchange.request.headers == (("Host", "shop.example"), ("X-A", "1"))


def test_a_head_request_does_not_wait_for_a_body() -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"

    [[exchange], [second]], _ = ask(answer, "/", "/", method="HEAD")

    assert exchange.response is not None
    assert exchange.response.body == b""
    assert second.response is not None


def test_connections_are_kept_for_the_next_request() -> None:
    _, target = ask(reply(body=b"x"), *["/"] * 10)

    assert target.connections == 1


def test_many_requests_run_at_once() -> None:
    async def talk() -> int:
        waiting = asyncio.Barrier(20)

        async def meet(_: Heard) -> bytes:
            await waiting.wait()
            return reply()

        async with Target(meet) as target, Client() as client:
            request = Outgoing("GET", target.url + "/", timeout_s=20)
            answers = await asyncio.gather(*(client.send(request, client.new_jar()) for _ in range(20)))
            return len(answers)

    assert asyncio.run(talk()) == 20


def test_timing_gives_the_length_of_each_phase() -> None:
    [[first], [second]], _ = ask(reply(body=b"x"), "/", "/")

    assert first.timing.connect > 0
    assert first.timing.first_byte > 0
    assert first.timing.total >= first.timing.first_byte
    assert (second.timing.dns, second.timing.connect) == (0, 0)


def test_an_interim_answer_is_not_the_answer() -> None:
    [[exchange]], _ = ask(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + reply("200 OK", b"x", "A: b"), "/")

    assert exchange.response is not None
    assert exchange.response.status_code == 200
    assert exchange.response.headers == (("Content-Length", "1"), ("A", "b"))


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(b"plain text", mtime=0)),
        ("x-gzip", gzip.compress(b"plain ", mtime=0) + gzip.compress(b"text", mtime=0)),
        ("deflate", zlib.compress(b"plain text")),
        ("deflate", zlib.compress(b"plain text")[2:-4]),
        ("br", brotli.compress(b"plain text")),
        ("zstd", zstd.compress(b"plain text")),
        ("zstd", zstd.compress(b"plain ") + zstd.compress(b"text")),
        ("gzip, zstd", zstd.compress(gzip.compress(b"plain text", mtime=0))),
        ("zstd, br", brotli.compress(zstd.compress(b"plain text"))),
        ("gzip, gzip", gzip.compress(gzip.compress(b"plain text", mtime=0), mtime=0)),
        ("identity", b"plain text"),
        ("utf-8", b"plain text"),
    ],
)
def test_content_codings_are_undone_and_unknown_ones_left(coding: str, packed: bytes) -> None:
    [[exchange]], _ = ask(reply("200 OK", packed, f"Content-Encoding: {coding}"), "/")

    assert exchange.response is not None
    assert exchange.response.body == b"plain text"
    assert exchange.response.size == len(packed)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, zstd"])
def test_a_body_that_is_not_packed_as_it_says_is_a_protocol_error(coding: str) -> None:
    error = refusal(reply("200 OK", b"hello world", f"Content-Encoding: {coding}"))

    answer = error.exchanges[-1].response
    assert (error.kind, answer and answer.body) == ("protocol", b"hello world")
    assert error.message.endswith(f": the body is not {coding} as it says")


def test_a_body_over_the_limit_is_cut() -> None:
    [[exchange]], _ = ask(reply(body=b"x" * 100_000), "/", max_body=1000)

    assert exchange.response is not None
    assert exchange.response.body == b"x" * 1000
    assert exchange.response.truncated


def test_a_body_without_end_stops_at_the_limit() -> None:
    async def talk() -> Exchange:
        async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2147483648\r\n\r\n")
            with contextlib.suppress(ConnectionError):
                while not writer.is_closing():
                    writer.write(b"x" * 65536)
                    await writer.drain()
            writer.close()

        server = await asyncio.start_server(flood, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, Client() as client:
            request = Outgoing("GET", f"http://127.0.0.1:{port}/", timeout_s=20, max_body=500_000)
            [exchange] = await client.send(request, client.new_jar())
            return exchange

    exchange = asyncio.run(talk())
    assert exchange.response is not None
    assert len(exchange.response.body) == 500_000
    assert exchange.response.truncated


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, zstd"])
def test_a_compression_bomb_stops_at_the_limit(coding: str) -> None:
    bomb = b"0" * 20_000_000
    for name in coding.split(", "):
        bomb = PACK[name](bomb)

    [[exchange]], _ = ask(reply("200 OK", bomb, f"Content-Encoding: {coding}"), "/", max_body=100_000)

    assert exchange.response is not None
    assert len(exchange.response.body) == 100_000
    assert exchange.response.truncated


def test_a_body_that_ends_early_is_shown_as_far_as_it_goes() -> None:
    for name, pack in PACK.items():
        whole = pack(bytes(range(256)) * 400)

        found, cut = plain(whole[: len(whole) // 2], name, 10**6)

        assert cut
        assert len(found) < 256 * 400


def test_zstd_with_a_window_larger_than_agreed_for_http_is_refused() -> None:
    packer = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
    packed = packer.compress(b"plain text") + packer.flush()

    assert refusal(reply("200 OK", packed, "Content-Encoding: zstd")).kind == "protocol"


def test_a_refused_connection_is_an_error_with_a_plain_message() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/login"

        async def talk() -> None:
            async with Client() as client:
                await client.send(Outgoing("POST", url), client.new_jar())

        with pytest.raises(TransportError) as caught:
            asyncio.run(talk())

    assert caught.value.kind == "connect"
    assert caught.value.message == f"POST {url}: connection refused"
    [exchange] = caught.value.exchanges
    assert exchange.response is None
    assert exchange.request.url == url


def test_an_unknown_host_is_an_error() -> None:
    async def talk() -> None:
        async with Client() as client:
            await client.send(Outgoing("GET", "http://nowhere.invalid/"), client.new_jar())

    with pytest.raises(TransportError, match="the host name cannot be resolved") as caught:
        asyncio.run(talk())

    assert caught.value.kind == "connect"


def test_a_server_that_hangs_is_a_timeout() -> None:
    error = refusal(never, "/slow", timeout_s=0.2)

    assert error.kind == "timeout"
    assert error.message.endswith("/slow: no response within 0.2 s")


def test_a_body_that_hangs_is_a_timeout_and_what_came_is_kept() -> None:
    error = refusal(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", timeout_s=0.2)

    assert error.message.endswith("no complete response within 0.2 s")
    answer = error.exchanges[-1].response
    assert answer is not None
    assert (answer.body, answer.truncated) == (b"half", True)


def test_a_closed_connection_is_a_protocol_error() -> None:
    error = refusal(lambda _: None)

    assert error.kind == "protocol"
    assert error.message.endswith("the connection was closed without a response")


def test_a_reset_connection_is_an_error() -> None:
    async def talk() -> None:
        async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            raw = writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

        server = await asyncio.start_server(reset, "127.0.0.1", 0)
        async with server, Client() as client:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
            await client.send(Outgoing("GET", url), client.new_jar())

    with pytest.raises(TransportError, match="connection reset") as caught:
        asyncio.run(talk())

    assert caught.value.kind == "connect"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nnot hex\r\n",
        b"SMTP ready\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"x" * 1_000_000 + b"\r\n\r\n",
    ],
    ids=["broken chunks", "no HTTP", "no status", "negative length", "huge header"],
)
def test_a_broken_answer_is_a_protocol_error(answer: bytes) -> None:
    assert refusal(answer, timeout_s=5).kind == "protocol"


def test_a_body_that_ends_too_early_is_a_protocol_error() -> None:
    async def talk() -> None:
        async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(half, "127.0.0.1", 0)
        async with server, Client() as client:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
            await client.send(Outgoing("GET", url), client.new_jar())

    with pytest.raises(TransportError, match="the response is incomplete") as caught:
        asyncio.run(talk())

    assert caught.value.kind == "protocol"


def test_after_an_error_the_client_goes_on() -> None:
    async def talk() -> int:
        async with (
            Target(lambda heard: None if heard.target == "/bad" else reply()) as target,
            Client() as client,
        ):
            jar = client.new_jar()
            with pytest.raises(TransportError):
                await client.send(Outgoing("GET", target.url + "/bad"), jar)
            [exchange] = await client.send(Outgoing("GET", target.url + "/good"), jar)
            assert exchange.response is not None
            return exchange.response.status_code

    assert asyncio.run(talk()) == 200


def test_cancelling_removes_the_request_at_once() -> None:
    async def talk() -> int:
        def answer(heard: Heard) -> Any:
            return never(heard) if heard.target == "/wait" else reply()

        async with Target(answer) as target, Client() as client:
            jar = client.new_jar()
            waiting = asyncio.create_task(client.send(Outgoing("GET", target.url + "/wait"), jar))
            while not target.heard:
                await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            [exchange] = await client.send(Outgoing("GET", target.url + "/"), jar)
            assert exchange.response is not None
            return exchange.response.status_code

    assert asyncio.run(talk()) == 200


def test_a_name_can_be_mapped_to_an_address() -> None:
    async def talk() -> str | None:
        async with Target(reply()) as target, Client() as client:
            url = f"http://shop.invalid:{target.port}/"
            await client.send(Outgoing("GET", url, hosts={"shop.invalid": "127.0.0.1"}), client.new_jar())
            return target.heard[0].header("Host")

    assert str(asyncio.run(talk())).startswith("shop.invalid:")


def test_a_proxy_is_used_only_when_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")

    async def talk() -> list[str]:
        async with Target(reply()) as target, Target(reply()) as proxy, Client() as client:
            jar = client.new_jar()
            await client.send(Outgoing("GET", target.url + "/direct"), jar)
            await client.send(Outgoing("GET", "http://far.invalid/x", proxies={"http": proxy.url}), jar)
            return [target.heard[0].target, proxy.heard[0].target]

    assert asyncio.run(talk()) == ["/direct", "http://far.invalid/x"]


def test_http2_is_spoken_when_asked_for() -> None:
    async def talk() -> bytes:
        seen = asyncio.get_running_loop().create_future()

        async def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            seen.set_result(await reader.readexactly(14))
            writer.close()

        server = await asyncio.start_server(note, "127.0.0.1", 0)
        async with server, Client() as client:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
            with pytest.raises(TransportError):
                await client.send(Outgoing("GET", url, http2=True), client.new_jar())
            preface: bytes = await seen
            return preface

    assert asyncio.run(talk()) == b"PRI * HTTP/2.0"


def test_no_proxy_names_the_hosts_that_are_asked_directly() -> None:
    async def talk() -> tuple[int, int]:
        async with Target(reply()) as target, Target(reply()) as proxy, Client() as client:
            proxies = {"http": proxy.url, "no_proxy": "127.0.0.1"}
            await client.send(Outgoing("GET", target.url, proxies=proxies), client.new_jar())
            return len(target.heard), len(proxy.heard)

    assert asyncio.run(talk()) == (1, 0)


def test_a_proxy_that_is_not_there_is_named_without_its_password() -> None:
    problem = refusal(reply(), proxies={"http": "http://user:secret@127.0.0.1:9"})

    assert problem.message.endswith("connection refused (by way of the proxy 127.0.0.1:9)")


def test_a_proxy_that_refuses_says_its_status() -> None:
    async def talk() -> str:
        async with Target(reply("407 Proxy Authentication Required")) as proxy, Client() as client:
            request = Outgoing("GET", "https://far.invalid/", proxies={"https": proxy.url})
            with pytest.raises(TransportError) as caught:
                await client.send(request, client.new_jar())
            return str(caught.value)

    assert "the proxy answered 407" in asyncio.run(talk())


@pytest.mark.parametrize(
    ("version", "told"),
    [
        (ssl.TLSVersion.TLSv1_2, "TLS: the server refuses the handshake"),
        (ssl.TLSVersion.TLSv1_3, "TLS: the server asks for a client certificate"),
    ],
)
def test_a_server_that_asks_for_a_client_certificate_is_told(
    version: ssl.TLSVersion, told: str, tmp_path: Path
) -> None:
    async def talk(port: int) -> TransportError:
        async with Client() as client:
            with pytest.raises(TransportError) as caught:
                await client.send(
                    Outgoing("GET", f"https://127.0.0.1:{port}/", verify=False), client.new_jar()
                )
            return caught.value

    with listening(asking_for_certificate(certificate.make(tmp_path), version)) as port:
        error = asyncio.run(talk(port))

    assert (error.kind, error.message) == ("connect", f"GET https://127.0.0.1:{port}/: {told}")
    assert "certificate" in error.hint
