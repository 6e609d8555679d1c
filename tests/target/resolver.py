"""A name server that changes its mind, and a server that notes at which address it was reached.

Run as a program in network and mount namespaces of its own, where it is the only name server: asks for what
a rebinding attack asks for, and prints what came of it as JSON.
"""

from __future__ import annotations

import http.server
import json
import socket
import struct
import threading
from collections.abc import Mapping, Sequence

from hat.engine import Options
from hat.engine.targets import Policy, Targets
from tests.engine.running import get, run_case

PUBLIC, HERE = "93.184.216.34", "127.0.0.1"
PORT = 8080
# What a name is at the first, the second, … look; the last answer stays.
NAMES: Mapping[str, Sequence[Sequence[str]]] = {
    "twice.test": [[PUBLIC], [HERE]],
    "both.test": [[HERE, PUBLIC]],
    "public.test": [[PUBLIC]],
    "inner.test": [[HERE]],
    "proxy.test": [[PUBLIC], [HERE]],
    "behind.test": [[PUBLIC], [HERE]],
}


class Resolver(threading.Thread):
    """Answers questions for IPv4 addresses by the table, and all others with nothing."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._looks = {name: list(answers) for name, answers in NAMES.items()}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((HERE, 53))

    def run(self) -> None:
        while True:
            question, asker = self._socket.recvfrom(512)
            self._socket.sendto(self._answer(question), asker)

    def _answer(self, question: bytes) -> bytes:
        labels, at = [], 12
        while length := question[at]:
            labels.append(question[at + 1 : at + 1 + length].decode())
            at += length + 1
        asked, kind = question[12 : at + 5], struct.unpack(">H", question[at + 1 : at + 3])[0]
        looks = self._looks.get(".".join(labels), [[]])
        found: Sequence[str] = []
        if kind == 1:
            found = looks.pop(0) if len(looks) > 1 else looks[0]
        rows = b"".join(
            b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 0, 4) + socket.inet_aton(one) for one in found
        )
        return question[:2] + struct.pack(">HHHHH", 0x8180, 1, len(found), 0, 0) + asked + rows


class Visit(http.server.BaseHTTPRequestHandler):
    """Notes the address it was reached at; /away redirects to where the question says."""

    seen: list[tuple[str, str]] = []

    def do_GET(self) -> None:
        self.seen.append((self.connection.getsockname()[0], self.path))
        away = "/away?" in self.path
        self.send_response(302 if away else 200)
        if away:
            self.send_header("Location", self.path.partition("?")[2])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


def ask(url: str, proxy: str = "") -> str:
    """The error of a request under a policy that lets nobody into this machine; empty when it got there."""
    step = get(url)
    step["request"] |= {"timeout": 5, **({"proxies": {"http": proxy}} if proxy else {})}
    result = run_case("", step, options=Options(targets=Targets([Policy(private=False)]))).steps[0]
    return result.error.message if result.error else ""


def main() -> None:
    Resolver().start()
    server = http.server.ThreadingHTTPServer(("0.0.0.0", PORT), Visit)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told = {
        "first look": ask(f"http://twice.test:{PORT}/first"),
        "second look": ask(f"http://twice.test:{PORT}/second"),
        "both at once": ask(f"http://both.test:{PORT}/both"),
        "redirect": ask(f"http://public.test:{PORT}/away?http://inner.test:{PORT}/inner"),
        "proxy": ask("http://public.test/proxied", f"http://proxy.test:{PORT}"),
        "proxy, second look": ask("http://public.test/proxied again", f"http://proxy.test:{PORT}"),
        "behind a proxy": ask("http://behind.test/behind", f"http://{PUBLIC}:{PORT}"),
        "behind a proxy, second look": ask("http://behind.test/behind again", f"http://{PUBLIC}:{PORT}"),
    }
    print(json.dumps({"told": told, "seen": Visit.seen}))


if __name__ == "__main__":
    main()
