"""The Celery application: a carrier of hints without content, never of work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from celery import Celery
from django.conf import settings
from kombu.exceptions import KombuError

from hat.web.hints import BrokerAwayError

WAKE = "hat.wake"
MOST_LYING = 64  # hints in the broker while no worker takes any; more would say nothing new

_ON_REDIS = {
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 10,
    "visibility_timeout": 3600,
}
_ON_RABBITMQ = {"connect_timeout": 2, "read_timeout": 5, "write_timeout": 5}
_IS_REDIS = settings.HAT_BROKER_URL.startswith("redis")

# No fixups: threads close their own database connections.
app = Celery("hat", fixups=[], set_as_current=False)
app.conf.update(
    broker_url=settings.HAT_BROKER_URL,
    broker_transport_options=_ON_REDIS if _IS_REDIS else _ON_RABBITMQ,
    broker_connection_timeout=2,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    accept_content=["json"],
    task_serializer="json",
    task_default_queue=settings.HAT_BROKER_QUEUE,
    task_default_delivery_mode="transient",
    # Early acknowledgement: the lease in the database does the recovery, not the broker.
    task_acks_late=False,
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
    worker_disable_prefetch=_IS_REDIS,
    worker_enable_remote_control=False,
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    # A run that was under way when the broker went belongs to us, not to Celery.
    worker_cancel_long_running_tasks_on_connection_loss=False,
)


def queue_of(label: str) -> str:
    """The queue in which hints for workers with a label lie."""
    return f"{settings.HAT_BROKER_QUEUE}.{label}" if label else str(settings.HAT_BROKER_QUEUE)


class Broker:
    """Publishes over a new connection each time: one that lies open may be dead without knowing it."""

    def send(self, counts: Mapping[str, int]) -> None:
        """Publish so many hints for each label, unless plenty lie there already."""
        with app.connection_for_write(heartbeat=0) as connection:
            errors = (KombuError, OSError, *connection.connection_errors, *connection.channel_errors)
            try:
                connection.ensure_connection(max_retries=1, interval_start=0, interval_step=0, interval_max=0)
                for label, count in counts.items():
                    self._send(connection, queue_of(label), count)
            except errors as reason:
                raise BrokerAwayError(str(reason)) from reason

    def _send(self, connection: Any, name: str, count: int) -> None:
        queue = connection.default_channel.queue_declare(name, durable=True, auto_delete=False)
        for _ in range(count if queue.message_count < MOST_LYING else 0):
            app.send_task(WAKE, connection=connection, retry=False, queue=name)
