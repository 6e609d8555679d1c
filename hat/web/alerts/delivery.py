"""Bring one message to a channel: within the limits of requests, without redirects, telling no secret."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Final
from urllib.parse import parse_qsl, urlsplit

import msgspec

from hat.engine import loop
from hat.engine.client import Client
from hat.engine.mask import Mask
from hat.engine.outgoing import Outgoing, TransportError
from hat.engine.targets import Targets
from hat.error import HatError
from hat.result import Response
from hat.web.alerts import mail
from hat.web.alerts.kinds import KINDS, Destination
from hat.web.alerts.message import Message, one_line
from hat.web.alerts.models import Channel
from hat.web.projects.services.targets import targets_of
from hat.web.projects.vault import seal, unseal

TIMEOUT_S: Final = 10.0
MOST_BYTES: Final = 64 * 1024
NAME: Final = "alert channel"  # what the ciphertext is bound to, beside its project
LONGEST: Final = 300


def sealed(destination: Destination, *, project_id: int) -> str:
    """A destination as it is stored."""
    return seal(json.dumps(asdict(destination)), project_id=project_id, name=NAME)


def destination_of(channel: Channel) -> Destination:
    """Where a channel leads; HatError when no key opens it."""
    return Destination(**json.loads(unseal(channel.sealed, project_id=channel.project_id, name=NAME)))


def deliver(channel: Channel, message: Message) -> str:
    """Send a message now; answers what went wrong in one sentence, or nothing."""
    try:
        to = destination_of(channel)
    except HatError as problem:
        return str(problem)
    kind = KINDS[channel.kind]
    if kind.request is None:
        wrong = mail.fault_of_sending(message, to.address)
    else:
        request = msgspec.structs.replace(
            kind.request(message, to, int(time.time())),
            timeout_s=TIMEOUT_S,
            allow_redirects=False,
            max_body=MOST_BYTES,
        )
        wrong = _fault_of_posting(request, targets_of(channel.project), kind.complaint)
    return one_line(_mask(to).text(wrong), LONGEST)


def _fault_of_posting(request: Outgoing, targets: Targets, complaint: Callable[[Response], str]) -> str:
    try:
        answer = loop.run(_answer(request, targets))
    except TransportError as problem:
        more = f" ({problem.hint})" if problem.hint else ""
        return problem.message.removeprefix(f"POST {request.url}: ") + more
    if answer is None or not 200 <= answer.status_code < 300:
        return f"the answer was {answer.status_code} {answer.reason}" if answer else "there was no answer"
    wrong = complaint(answer)
    return f"the message was refused: {wrong}" if wrong else ""


async def _answer(request: Outgoing, targets: Targets) -> Response | None:
    async with Client(targets) as client:
        return (await client.send(request, client.new_jar()))[-1].response


def _mask(to: Destination) -> Mask:
    """Hides the address and each part of it that may be a credential."""
    parts = urlsplit(to.address)
    words = {to.address, to.secret, *parts.path.split("/"), *(value for _, value in parse_qsl(parts.query))}
    return Mask(word for word in words | set(to.address.replace(",", " ").split()) if len(word) > 5)
