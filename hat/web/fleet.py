"""`hat worker`: the worker processes of one machine of a fleet, and their restart; without Django."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence

from hat.error import UsageError
from hat.web.process import Part, Supervisor, hat_web


def watch_over_workers(
    name: str, *, processes: int, slots: int, drain_s: float, transport: str, more: Sequence[str] = ()
) -> int:
    """Start the processes, start again what dies (it gives back what its forerunner held), end all."""
    if transport == "celery" and not os.environ.get("HAT_BROKER_URL"):
        raise UsageError(
            "--transport celery: HAT_BROKER_URL names no broker",
            hint="redis://host:6379/0, amqp://user:password@host:5672//, or --transport db",
        )
    if processes < 1 or slots < 1:
        raise UsageError("--processes and --slots: at least 1")
    name = name or f"{socket.gethostname()}:{os.getpid()}"
    numbers = range(1, processes + 1)
    return Supervisor(grace_s=drain_s + 10).run(
        [
            Part(
                f"worker {number}",
                hat_web(
                    *("work", "--transport", transport, "--recover", "--name", f"{name}/{number}"),
                    *("--slots", str(slots), "--drain", str(drain_s), *more),
                ),
            )
            for number in numbers
        ]
    )
