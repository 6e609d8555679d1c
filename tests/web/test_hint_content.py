"""What a broker gets to see: that something waits, and nothing of what it is."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
import redis
from amqp import Connection as RabbitConnection

from hat.web.celery import WAKE, Broker
from tests.web.fleet import forget_queue, private_redis, rabbitmq

# What Celery writes around a task; `origin` is the process and the machine, `id` a random number.
HEADERS = {
    "lang", "task", "id", "shadow", "eta", "expires", "group", "group_index", "retries", "timelimit",
    "root_id", "parent_id", "argsrepr", "kwargsrepr", "origin", "ignore_result", "replaced_task_nesting",
    "stamped_headers", "stamps",
}  # fmt: skip
NOTHING = [[], {}, {"callbacks": None, "errbacks": None, "chain": None, "chord": None}]


@pytest.fixture
def queue(settings: Any) -> str:
    settings.HAT_BROKER_QUEUE = f"hat-test-{token_hex(4)}"
    return str(settings.HAT_BROKER_QUEUE)


def assert_empty(headers: dict[str, Any], body: bytes) -> None:
    assert set(headers) <= HEADERS
    assert (headers["task"], headers["argsrepr"], headers["kwargsrepr"]) == (WAKE, "()", "{}")
    assert json.loads(body) == NOTHING


def test_a_hint_on_redis_says_nothing(queue: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with private_redis(tmp_path) as server:
        monkeypatch.setenv("CELERY_BROKER_WRITE_URL", server.url)
        Broker().send({"": 1})
        with redis.Redis.from_url(server.url) as client:
            (message,) = [json.loads(one) for one in client.lrange(queue, 0, -1)]

    assert_empty(message["headers"], base64.b64decode(message["body"]))


def test_a_hint_on_rabbitmq_says_nothing(queue: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", rabbitmq())
    try:
        Broker().send({"": 1})
        with RabbitConnection("127.0.0.1:5672", "guest", "guest") as connection:
            message = connection.channel().basic_get(queue, no_ack=True)
    finally:
        forget_queue(queue)

    assert_empty(message.properties["application_headers"], message.body.encode())
