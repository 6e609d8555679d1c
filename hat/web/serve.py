"""The web process: Django behind waitress, on a socket of its own or one the supervisor opened."""

from __future__ import annotations

import os
import signal
import socket
from types import FrameType

import waitress.server

from hat.web.process import end_with_parent
from hat.web.wsgi import application

THREADS = 8


def serve(sock: socket.socket) -> None:
    """Answer requests until SIGTERM or Ctrl+C."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    server = waitress.server.create_server(
        application,
        sockets=[sock],
        threads=THREADS,
        ident=None,
        asyncore_use_poll=True,
        clear_untrusted_proxy_headers=True,
        max_request_body_size=256 * 1024 * 1024,
    )
    end_with_parent(lambda: os.kill(os.getpid(), signal.SIGTERM))
    server.run()
    server.close()


def _leave(_number: int, _frame: FrameType | None) -> None:
    # waitress ends its loop and lets running requests finish when it sees SystemExit.
    raise SystemExit(0)
