"""The server the benchmarks run against: five kinds of requests, answered as fast as plain Python can."""

from __future__ import annotations

import asyncio
import json
import sys

ITEMS = [
    {
        "id": number,
        "name": f"item-{number}",
        "price": number + 0.5,
        "tags": ["red", "round", "sold by weight"],
        "owner": {"id": number % 7, "name": f"owner-{number % 7}"},
        "note": "x" * 40,
    }
    for number in range(100)
]


def _answer(status: str, value: object) -> bytes:
    body = json.dumps(value).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


SMALL = _answer("200 OK", {"code": 0, "ok": True})
LIST = _answer("200 OK", {"code": 0, "total": 100, "items": ITEMS})
MISSING = _answer("404 Not Found", {"code": 404})
FORBIDDEN = _answer("401 Unauthorized", {"code": 401})


class Connection(asyncio.Protocol):
    """One connection: requests in, answers out; nothing but what the suite asks is understood."""

    count = 0
    owners: dict[int, int] = {}
    delay_s = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.waiting = b""

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        while True:
            end = self.waiting.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self.waiting[:end]
            lower = head.lower()
            begin = lower.find(b"\r\ncontent-length:")
            length = int(lower[begin + 17 :].split(b"\r", 1)[0]) if begin >= 0 else 0
            if len(self.waiting) < end + 4 + length:
                return
            body = self.waiting[end + 4 : end + 4 + length]
            self.waiting = self.waiting[end + 4 + length :]
            Connection.count += 1
            answer = self.route(head, lower, body)
            if Connection.delay_s:
                asyncio.get_running_loop().call_later(Connection.delay_s, self.transport.write, answer)
            else:
                self.transport.write(answer)

    def route(self, head: bytes, lower: bytes, body: bytes) -> bytes:
        method, target = head.split(b" ", 2)[:2]
        if target == b"/small":
            return SMALL
        if target == b"/stats":
            return _answer("200 OK", {"requests": Connection.count - 1})
        if target == b"/login":
            user = json.loads(body)["username"]
            return _answer("200 OK", {"code": 0, "token": f"t-{user.removeprefix('user')}"})
        begin = lower.find(b"\r\nauthorization: bearer t-")
        if begin < 0:
            return FORBIDDEN
        owner = int(lower[begin + 26 :].split(b"\r", 1)[0])
        if target == b"/me":
            user = {"id": owner, "name": f"user{owner}", "active": True}
            return _answer("200 OK", {"code": 0, "user": user})
        if target == b"/items" and method == b"POST":
            number = len(self.owners) + 1
            self.owners[number] = owner
            return _answer("201 Created", {"code": 0, "id": number, "item": json.loads(body)})
        if target.startswith(b"/items?"):
            return LIST
        if target.startswith(b"/items/"):
            number = int(target[7:])
            return _answer("200 OK", {"code": 0, "id": number, "owner": self.owners.get(number)})
        return MISSING


async def main(delay_s: float) -> None:
    """Serve on a free port and say which."""
    Connection.delay_s = delay_s
    server = await asyncio.get_running_loop().create_server(Connection, "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]) / 1000 if len(sys.argv) > 1 else 0.0))
