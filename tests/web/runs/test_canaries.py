"""Plant secrets of several shapes, run cases that use them everywhere, then look for them everywhere."""

from __future__ import annotations

import base64
import io
import json
import logging
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from django.apps import apps

from hat.engine.sandbox.nursery import nursery
from hat.web.projects.models import Environment, Functions
from hat.web.projects.vault import seal
from hat.web.runs.execution import execute
from hat.web.runs.models import LongBody
from tests.target.postbox import Postbox, taking_mail
from tests.target.robot import Robot, listening
from tests.web.people import Asker
from tests.web.shop import ShopServer

CANARIES = {
    "plain": "canary0plain0word0Xq7",
    "symbols": "cän&ary=+/%20\"quoted\\<b>'0Xq8",
    "chinese": "金丝雀密钥0Xq9",
    "padded": "Y2FuYXJ5LXBhZGRlZA==0Xq10",
    "lines": "-----BEGIN CANARY-----\nMIIcanary0Xq11\n-----END CANARY-----",
    "json": '{"canary": "0Xq12", "n": [1]}',
}
HOOKS = ("feishu", "dingtalk", "wecom", "slack", "webhook")
LONG = "much before it " * 20_000  # so that the secret is past the part of a body that is in the result
FUNCTIONS = """\
def noisy(word):
    print("printed", word)
    return word

def broken(word):
    raise ValueError("cannot use " + word)
"""


def shapes(secret: str) -> Iterator[bytes]:
    """A secret as it may be written down."""
    raw = secret.encode()
    yield raw
    yield secret.encode("utf-16-le")
    yield json.dumps(secret)[1:-1].encode()
    yield json.dumps(json.dumps(secret))[1:-1].encode()
    yield quote(secret, safe="").encode()
    yield quote_plus(secret).encode()
    yield raw.hex().encode()
    for shift in range(3):
        coded = base64.b64encode(b"x" * shift + raw)
        yield coded[4 if shift else 0 : -4]


ALL = {name: tuple(shapes(secret)) for name, secret in CANARIES.items()}


def found_in(content: bytes) -> set[str]:
    """The names of the secrets that some content gives away."""
    return {name for name, forms in ALL.items() if any(form in content for form in forms)}


def database() -> Iterator[tuple[str, bytes]]:
    """Every value of every row of every table; what is packed both as it is and unpacked."""
    for model in apps.get_models():
        for row in model._default_manager.values():
            for column, value in row.items():
                place = f"{model._meta.label}.{column}"
                yield from ((place, form) for form in forms_of(value))


def forms_of(value: Any) -> Iterator[bytes]:
    """A value of a column as bytes: as it is, and unpacked where it is packed."""
    if not isinstance(value, (bytes, memoryview)):
        yield json.dumps(value, default=str, ensure_ascii=False).encode()
        yield str(value).encode()
        return
    yield bytes(value)
    with suppress(zlib.error):
        yield zlib.decompress(value)


def everywhere(secret: str) -> list[dict[str, Any]]:
    """Steps that carry a secret in every place a step has, to a service that sends it back."""
    return [
        {"name": "body", "request": {"method": "POST", "url": "/users", "json": [secret]}},
        {
            "name": f"send {secret}",
            "variables": {"copy": secret, "made": f"${{noisy({secret})}}"},
            "request": {
                "method": "POST",
                "url": "/users",
                "params": {"q": secret},
                "headers": {
                    "X-Word": "${base64_encode(" + secret + ")}",
                    "Authorization": f"Bearer {secret}",
                },
                "cookies": {"word": "${url_encode(" + secret + ")}"},
                "json": {"word": secret, "deep": [{"again": f"before {secret} after"}]},
            },
            "extract": {"path": "body.path"},
            "validate": [{"eq": ["$path", secret]}, {"contains": [secret, "nothing of it"]}],
            "continue": True,
        },
        {"name": "long", "request": {"method": "POST", "url": "/users", "data": LONG + secret}},
        {"name": "fail", "request": {"method": "GET", "url": f"/{{}}?w=${{broken({secret})}}"}},
    ]


@pytest.fixture
def planted(project: Any, environment: Any) -> Environment:
    """The environment with every canary as a secret."""
    row = Environment.objects.get(pk=environment.pk)
    row.secrets = {name: seal(text, project_id=project.pk, name=name) for name, text in CANARIES.items()}
    row.save()
    Functions.objects.update_or_create(project=project, defaults={"source": FUNCTIONS})
    return row


@pytest.fixture
def told(alice: Asker, project: Any, settings: Any) -> Iterator[tuple[Robot, Postbox]]:
    """A receiver of alerts of every kind; each hears of every run."""
    from hat.web.alerts.kinds import KINDS

    settings.HAT_SMTP_HOST, settings.HAT_SMTP_SECURITY = "127.0.0.1", "none"
    settings.HAT_SMTP_FROM, settings.HAT_SITE_URL = "hat@example.org", "https://hat.example.org"
    with listening() as robot, taking_mail() as postbox:
        settings.HAT_SMTP_PORT = postbox.port
        for kind in KINDS:
            address = "qa@example.com" if kind == "mail" else f"{robot.url}/{kind}"
            body = {"name": kind, "kind": kind, "address": address, "when": "always", "triggers": ["manual"]}
            assert alice.post(f"/projects/{project.pk}/channels", body).status_code == 201
        yield robot, postbox


def alerts(robot: Robot, postbox: Postbox) -> Iterator[tuple[str, bytes]]:
    """What was said to each channel; also with the escapes of JSON and mail undone."""
    from hat.web.alerts.outbox import turn

    turn()
    for one in robot.received:
        yield f"alert {one.path}", one.body
        yield f"alert {one.path}", json.dumps(one.json, ensure_ascii=False).encode()
    for mail in postbox.mails:
        yield "alert mail", mail.raw
        yield "alert mail", f"{mail.message['Subject']} {mail.text}".encode()


def test_no_secret_is_written_anywhere(
    planted: Environment,
    start: Callable[..., Any],
    make_case: Callable[..., Any],
    alice: Asker,
    shop: ShopServer,
    told: tuple[Robot, Postbox],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    cases = [make_case(name, steps=everywhere(f"${name}")).pk for name in CANARIES]

    run = start(cases=cases, environment=planted.pk)
    execute(run.pk)

    assert shop.bodies, "the secrets were really sent"
    sent = b"".join(shop.bodies)
    assert found_in(sent) == set(CANARIES)
    assert LongBody.objects.filter(run=run).count() >= len(CANARIES)
    said = list(alerts(*told))
    assert all(b"***" in content for where, content in said if where == "alert /webhook")
    assert {where for where, _ in said} == {"alert mail", *(f"alert /{kind}" for kind in HOOKS)}
    places = {where: names for where, content in database() if (names := found_in(content))}
    places |= {"log": found_in(caplog.text.encode())} if found_in(caplog.text.encode()) else {}
    link = alice.post(f"/runs/{run.pk}/share-links", {"days": 1}).json()["secret"]
    guest = Asker(HTTP_X_SHARE_SECRET=link)
    rows = list(run.case_runs.values_list("pk", "case_id"))
    answers = [(alice, path) for path in answers_about(run.pk, planted.project_id, rows)]
    answers += [(guest, path) for path in shared_answers([pk for pk, _ in rows])]
    for asker, path in answers:
        answer = asker.get(path)
        assert answer.status_code == 200, path
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        places |= {path: found_in(content)} if found_in(plain(content)) else {}
    places |= {where: names for where, content in said if (names := found_in(content))}
    places |= {where: names for where, content in processes() if (names := found_in(content))}
    assert places == {}


def shared_answers(case_runs: list[int]) -> list[str]:
    """Every way to read a report by its link."""
    return ["/shared/delta", *(f"/shared/cases/{pk}" for pk in case_runs)]


def answers_about(run: int, project: int, rows: list[tuple[int, int]]) -> list[str]:
    """Every way to read a run, its reports, its cases' history, and the project it belongs to."""
    reports = [f"/runs/{run}/report.{kind}" for kind in ("html", "json", "xml")]
    return [
        *reports,
        *(f"/runs/{run}/cases/{pk}" for pk, _ in rows),
        *(f"/cases/{case}/revisions" for _, case in rows),
        f"/runs/{run}/events",
        f"/runs/{run}/changes",
        f"/runs/{run}",
        f"/runs/{run}/delta",
        f"/projects/{project}/runs",
        f"/projects/{project}/environments",
        f"/projects/{project}/export",
        f"/projects/{project}/audit",
        f"/projects/{project}/audit/export",
    ]


def plain(content: bytes) -> bytes:
    """The content of an archive, or the content itself."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def processes() -> Iterator[tuple[str, bytes]]:
    """Environment and command line of this process, of the warm process and of every box."""
    warm = nursery()._process.pid
    children = Path(f"/proc/{warm}/task/{warm}/children")
    pids = [
        os.getpid(),
        warm,
        *(int(one) for one in (children.read_text() if children.exists() else "").split()),
    ]
    for pid in pids:
        for name in ("environ", "cmdline"):
            file = Path(f"/proc/{pid}/{name}")
            if file.exists():
                yield f"process {name}", file.read_bytes()


@pytest.mark.parametrize("name", CANARIES)
def test_the_search_finds_a_secret_in_every_shape(name: str) -> None:
    for form in ALL[name]:
        assert found_in(b"before " + form + b" after") >= {name}
