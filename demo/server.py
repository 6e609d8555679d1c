"""The demo API, a small shop behind a token: python demo/server.py --port 8701"""

from __future__ import annotations

import argparse
import base64
import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from shop import GrantError, RefusedError, Shop, World

PAGE_SIZE = 10
HOME = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>HAT demo shop</title></head>
<body><h1>HAT demo shop 演示商店</h1>
<p class="about">A small API to try HAT with. Nothing here is kept when it stops.</p>
<ul id="links"><li><a href="/api/items">Items</a></li><li><a href="/api/users">Users</a></li>
<li><a href="/api/orders">Orders</a></li></ul></body></html>
"""


@dataclass
class Call:
    """One request as the routes see it."""

    shop: Shop
    device: str
    token: str
    headers: Any
    query: dict[str, str]
    fields: dict[str, Any]
    parts: dict[str, str] = field(default_factory=dict)

    @property
    def world(self) -> World:
        return self.shop.world(self.device, self.token)

    @property
    def number(self) -> int:
        return int(self.parts["number"])


@dataclass
class Answer:
    """What a route answers; `content` bytes go out as they are."""

    content: Any
    status: int = 200
    type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()


def page(call: Call, items: list[Any]) -> Answer:
    """One page of a list."""
    number = int(call.query.get("page", 1))
    size = int(call.query.get("page_size", PAGE_SIZE))
    if number < 1 or not 1 <= size <= 100:
        raise RefusedError(400, "page begins at 1, page_size is 1 to 100.")
    shown = items[(number - 1) * size : number * size]
    return Answer({"ok": True, "total": len(items), "page": number, "page_size": size, "items": shown})


def get_token(call: Call) -> Answer:
    platform, version = call.headers.get("X-Platform", ""), call.headers.get("X-Version", "")
    token = call.shop.token(call.device, platform, version, str(call.fields.get("sign", "")))
    cookie = ("Set-Cookie", f"device={call.device}; Path=/; HttpOnly")
    return Answer({"ok": True, "token": token, "expires_in": 3600}, headers=(cookie,))


def list_users(call: Call) -> Answer:
    word = call.query.get("search", "").lower()
    return page(call, [user for name, user in call.world.users.items() if word in name.lower()])


def create_user(call: Call) -> Answer:
    user = call.shop.create_user(call.world, call.parts["name"], call.fields)
    return Answer({"ok": True, "message": "User created.", "user": user}, 201)


def read_user(call: Call) -> Answer:
    return Answer({"ok": True, "user": call.shop.user(call.world, call.parts["name"])})


def update_user(call: Call) -> Answer:
    return Answer({"ok": True, "user": call.shop.update_user(call.world, call.parts["name"], call.fields)})


def delete_user(call: Call) -> Answer:
    call.shop.delete_user(call.world, call.parts["name"])
    return Answer({"ok": True, "message": "User deleted."})


def reset(call: Call) -> Answer:
    gone = len(call.world.users) + len(call.world.orders)
    call.world.users.clear()
    call.world.orders.clear()
    return Answer({"ok": True, "removed": gone})


def list_items(call: Call) -> Answer:
    return page(call, call.shop.items(call.query))


def read_item(call: Call) -> Answer:
    return Answer({"ok": True, "item": call.shop.item(call.number)})


def list_orders(call: Call) -> Answer:
    status = call.query.get("status")
    return page(call, [order for order in call.world.orders.values() if status in (None, order["status"])])


def create_order(call: Call) -> Answer:
    order = call.shop.create_order(call.world, call.fields)
    place = ("Location", f"/api/orders/{order['number']}")
    return Answer({"ok": True, "order": order}, 201, headers=(place,))


def read_order(call: Call) -> Answer:
    return Answer({"ok": True, "order": call.shop.order(call.world, call.number)})


def pay_order(call: Call) -> Answer:
    return Answer({"ok": True, "order": call.shop.advance_order(call.world, call.number, "paid")})


def cancel_order(call: Call) -> Answer:
    return Answer({"ok": True, "order": call.shop.advance_order(call.world, call.number, "cancelled")})


def home(_: Call) -> Answer:
    return Answer(HOME.encode(), type="text/html; charset=utf-8")


def notice(_: Call) -> Answer:
    return Answer("本店今日营业,欢迎光临。".encode("gbk"), type="text/plain; charset=gbk")


def slow(call: Call) -> Answer:
    time.sleep(min(int(call.query.get("ms", 100)), 5000) / 1000)
    return Answer({"ok": True})


def old_items(_: Call) -> Answer:
    return Answer({"ok": True}, 302, headers=(("Location", "/api/items"),))


def grant_token(call: Call) -> Answer:
    """OAuth2: the client says who it is by basic authentication or in the form."""
    header, form = call.headers.get("Authorization", ""), call.fields
    client = f"{form.get('client_id', '')}:{form.get('client_secret', '')}"
    if header.startswith("Basic "):
        client = unquote(base64.b64decode(header.removeprefix("Basic ")).decode())
    try:
        return Answer(call.shop.grant(client, form), headers=(("Cache-Control", "no-store"),))
    except GrantError as refusal:
        return Answer({"error": refusal.error}, refusal.status)


def me(call: Call) -> Answer:
    return Answer({"ok": True, "name": call.shop.who(call.headers.get("Authorization", ""))})


Route = Callable[[Call], Answer]
ROUTES: tuple[tuple[str, str, Route], ...] = (
    ("POST", "/api/token", get_token),
    ("POST", "/oauth/token", grant_token),
    ("GET", "/api/me", me),
    ("POST", "/api/reset", reset),
    ("GET", "/api/users", list_users),
    ("POST", "/api/users/(?P<name>[^/]+)", create_user),
    ("GET", "/api/users/(?P<name>[^/]+)", read_user),
    ("PUT", "/api/users/(?P<name>[^/]+)", update_user),
    ("DELETE", "/api/users/(?P<name>[^/]+)", delete_user),
    ("GET", "/api/items", list_items),
    ("GET", r"/api/items/(?P<number>\d+)", read_item),
    ("GET", "/api/old-items", old_items),
    ("GET", "/api/orders", list_orders),
    ("POST", "/api/orders", create_order),
    ("GET", r"/api/orders/(?P<number>\d+)", read_order),
    ("POST", r"/api/orders/(?P<number>\d+)/pay", pay_order),
    ("DELETE", r"/api/orders/(?P<number>\d+)", cancel_order),
    ("GET", "/api/notice", notice),
    ("GET", "/api/slow", slow),
    ("GET", "/", home),
)


def find_route(method: str, path: str) -> tuple[dict[str, str], Route]:
    """The route of a request and the parts of its path; 404 or 405 if there is none."""
    allowed = []
    for name, pattern, route in ROUTES:
        found = re.fullmatch(pattern, path)
        if found and name == method:
            return {key: unquote(value) for key, value in found.groupdict().items()}, route
        if found:
            allowed.append(name)
    if allowed:
        raise RefusedError(405, f"{method} is not possible here, but {', '.join(allowed)}.")
    raise RefusedError(404, "There is nothing here.")


class Server(ThreadingHTTPServer):
    """The shop at an address; one lock keeps its rules simple."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Exchange)
        self.shop = Shop()
        self.lock = Lock()


class Exchange(BaseHTTPRequestHandler):
    """Reads a request, finds its route, writes the answer."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def __getattr__(self, name: str) -> Callable[[], None]:
        """One way through for every method, `do_GET` and the others."""
        if name.startswith("do_"):
            return self._exchange
        raise AttributeError(name)

    def _exchange(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            answer = self._answer(body)
        except RefusedError as refusal:
            answer = Answer({"ok": False, "error": refusal.error}, refusal.status)
        except (ValueError, TypeError, AttributeError) as problem:
            answer = Answer({"ok": False, "error": f"The request is wrong: {problem}"}, 400)
        self._send(answer)

    def _answer(self, body: bytes) -> Answer:
        url = urlsplit(self.path)
        fields: Any = {}
        if url.path == "/oauth/token":
            fields = dict(parse_qsl(body.decode()))
        elif body:
            fields = json.loads(body)
        call = Call(
            shop=self.server.shop,
            device=self.headers.get("X-Device", ""),
            token=self.headers.get("X-Token", ""),
            headers=self.headers,
            query=dict(parse_qsl(url.query)),
            fields=fields if isinstance(fields, dict) else {},
        )
        call.parts, route = find_route(self.command, url.path)
        if route is slow:
            return route(call)
        with self.server.lock:
            return route(call)

    def _send(self, answer: Answer) -> None:
        content = answer.content
        if not isinstance(content, bytes):
            content = json.dumps(content, ensure_ascii=False).encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.type)
        self.send_header("Content-Length", str(len(content)))
        for name, value in answer.headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def version_string(self) -> str:
        return "HAT-demo"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the name is the base class's
        """Say nothing; the runs of HAT say it better."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until somebody stops it."""
    parser = argparse.ArgumentParser(description="The demo API of HAT.")
    parser.add_argument("--port", type=int, default=8701, help="port on 127.0.0.1; 0 takes a free one")
    server = Server(parser.parse_args(arguments).port)
    print(f"Demo API: http://127.0.0.1:{server.server_address[1]}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()


if __name__ == "__main__":
    main()
