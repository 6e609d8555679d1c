"""The web process: Django behind waitress, on a socket of its own or one the supervisor opened."""

from __future__ import annotations

import os
import signal
import socket
from types import FrameType

import waitress.server
from django.db import DatabaseError

from hat.error import UsageError
from hat.web.accounts.services import setup_required, setup_token
from hat.web.process import address, end_with_parent, say
from hat.web.wsgi import application

THREADS = 8


def serve(sock: socket.socket) -> None:
    """Answer requests until SIGTERM or Ctrl+C."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    _welcome(sock)
    server = waitress.server.create_server(
        application,
        sockets=[sock],
        threads=THREADS,
        ident=None,
        asyncore_use_poll=True,
        clear_untrusted_proxy_headers=False,  # middleware.client_address judges them, and must see them
        max_request_body_size=256 * 1024 * 1024,
    )
    end_with_parent(lambda: os.kill(os.getpid(), signal.SIGTERM))
    server.run()
    server.close()


def _welcome(sock: socket.socket) -> None:
    """On the first start, say where the first user is made; elsewhere that takes the word in the link."""
    try:
        is_first = setup_required()
    except DatabaseError as problem:
        raise UsageError("the database is not up to date", hint="hat migrate") from problem
    if is_first and os.environ.get("HAT_DEMO") != "1":
        say(f"no user yet; make the first one here: {address(sock)}/setup#{setup_token()}")


def _leave(_number: int, _frame: FrameType | None) -> None:
    # waitress ends its loop and lets running requests finish when it sees SystemExit.
    raise SystemExit(0)
