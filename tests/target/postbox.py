"""A mail server of few words: takes mail by SMTP, keeps it, or refuses recipients it is told of."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass(slots=True)
class Mail:
    """One mail with its envelope."""

    sender: str = ""
    recipients: list[str] = field(default_factory=list)
    raw: bytes = b""

    @property
    def message(self) -> EmailMessage:
        found = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found

    @property
    def text(self) -> str:
        return str(self.message.get_content()).replace("\r\n", "\n")


class _Session(socketserver.StreamRequestHandler):
    server: Postbox

    def handle(self) -> None:
        self._say("220 postbox")
        mail = Mail()
        while line := self.rfile.readline().decode().strip():
            word, argument = line[:4].upper(), line.partition(":")[2].strip().strip("<>")
            if word == "MAIL":
                mail = Mail(sender=argument.partition(">")[0])
                self._say("250 ok")
            elif word == "RCPT" and argument in self.server.refused:
                self._say(f"550 no such mailbox {argument}")
            elif word == "RCPT":
                mail.recipients.append(argument)
                self._say("250 ok")
            elif word == "DATA":
                self._say("354 go on")
                mail.raw = self._data()
                self.server.mails.append(mail)
                self._say("250 taken")
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _data(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


class Postbox(socketserver.ThreadingTCPServer):
    """The server; what it took is in `mails`."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.mails: list[Mail] = []
        self.refused: set[str] = set()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


@contextmanager
def taking_mail() -> Iterator[Postbox]:
    """The server, open as long as somebody needs it."""
    server = Postbox()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
