from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from hat.engine.client import Outgoing, TransportError
from hat.result import Exchange
from tests.target.certificate import make, server_context
from tests.target.guest import Client
from tests.target.wire import Target, reply


def ask(certificate: Path, *, ask_client: bool = False, times: int = 1, **fields: Any) -> list[Exchange]:
    """Send a request over TLS some times; the exchanges."""

    async def talk() -> list[Exchange]:
        secure = server_context(certificate, ask_client=ask_client)
        async with Target(reply(body=b"safe"), secure) as target, Client() as client:
            request = Outgoing("GET", target.url + "/", timeout_s=20, **fields)
            return [(await client.send(request, client.new_jar()))[0] for _ in range(times)]

    return asyncio.run(talk())


def test_a_certificate_nobody_vouches_for_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TransportError, match="TLS: ") as caught:
        ask(make(tmp_path))

    assert caught.value.kind == "connect"


def test_a_given_authority_is_trusted(tmp_path: Path) -> None:
    certificate = make(tmp_path)

    [exchange] = ask(certificate, verify=str(certificate))

    assert exchange.response is not None
    assert exchange.response.body == b"safe"
    assert exchange.verify
    assert exchange.timing.tls > 0


def test_verification_can_be_switched_off_and_that_is_noted(tmp_path: Path) -> None:
    [exchange] = ask(make(tmp_path), verify=False)

    assert exchange.response is not None
    assert not exchange.verify


def test_the_days_a_certificate_is_good_for_are_told_on_every_exchange(tmp_path: Path) -> None:
    first, second = ask(make(tmp_path, days=12), verify=False, times=2)

    assert first.response is not None
    assert second.response is not None
    assert first.response.certificate_days_left == 12
    assert second.response.certificate_days_left == 12


def test_a_client_certificate_is_shown_when_given(tmp_path: Path) -> None:
    certificate = make(tmp_path)

    [exchange] = ask(
        certificate, ask_client=True, verify=str(certificate), cert=(str(certificate), str(certificate))
    )

    assert exchange.response is not None
    assert exchange.response.status_code == 200


def test_without_a_client_certificate_the_server_refuses(tmp_path: Path) -> None:
    certificate = make(tmp_path)

    with pytest.raises(TransportError):
        ask(certificate, ask_client=True, verify=str(certificate))
