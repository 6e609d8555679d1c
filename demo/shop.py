"""What the demo API sells and remembers: a catalogue for all, a small world for each device."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import secrets
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

SECRET = "hat-demo"
_NAMES = {
    "tea": "Green tea 绿茶,Black tea 红茶,Oolong 乌龙茶,Jasmine tea 茉莉花茶,Pu'er 普洱茶,White tea 白茶",
    "coffee": "Espresso,Filter coffee,Cold brew,Cappuccino,Mocha",
    "soft drink": "Lemonade 柠檬水,Ginger beer,Orange juice 橙汁,Apple juice",
    "snack": "Almond biscuit,Rice cracker 米饼,Mooncake 月饼,Brownie,Cheesecake",
    "ware": "Teapot 茶壶,Cup,Strainer,Kettle 水壶",
}


class RefusedError(Exception):
    """What the API will not do: the status and the sentence of its answer."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error


class GrantError(Exception):
    """Why there is no OAuth2 token, in the words of RFC 6749."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error


@dataclass
class World:
    """What one device made: its token, its users and its orders."""

    token: str = field(default_factory=lambda: secrets.token_hex(16))
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    orders: dict[int, dict[str, Any]] = field(default_factory=dict)
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1001))


def catalogue() -> list[dict[str, Any]]:
    """The items of the shop; the serial numbers are larger than a JavaScript number can hold."""
    named = [(name, category) for category, names in _NAMES.items() for name in names.split(",")]
    return [
        {
            "id": number,
            "serial": 9007199254740993 + number,
            "name": name,
            "category": category,
            "price": float(Decimal(150 + 85 * number) / 100),
            "stock": 0 if number % 8 == 0 else 5 * number,
            "tags": sorted({category, "new" if number % 3 == 0 else "classic"}),
        }
        for number, (name, category) in enumerate(named, 1)
    ]


def sign(device: str, platform: str, version: str) -> str:
    """The signature a client proves itself with: HMAC-SHA1 over its three headers."""
    return hmac.new(SECRET.encode(), f"{device}{platform}{version}".encode(), hashlib.sha1).hexdigest()


class Shop:
    """The rules of the demo: tokens, users, items and orders."""

    def __init__(self) -> None:
        self._worlds: dict[str, World] = {}
        self._grants: dict[str, str] = {}  # OAuth2 tokens and whose they are
        self._items = {item["id"]: item for item in catalogue()}

    def token(self, device: str, platform: str, version: str, signature: str) -> str:
        """A token for a device that signs its headers as it should."""
        if not device:
            raise RefusedError(400, "The header X-Device is missing.")
        if not hmac.compare_digest(sign(device, platform, version).encode(), signature.encode()):
            raise RefusedError(403, "The signature is wrong.")
        return self._worlds.setdefault(device, World()).token

    def grant(self, client: str, fields: dict[str, str]) -> dict[str, Any]:
        """An OAuth2 token for the client hat-demo, for itself or for the user ann."""
        kind = fields.get("grant_type")
        if client != "hat-demo:hat-demo-secret":
            raise GrantError(401, "invalid_client")
        if kind == "password" and (fields.get("username"), fields.get("password")) != ("ann", "ann-password"):
            raise GrantError(400, "invalid_grant")
        if kind == "refresh_token" and fields.get("refresh_token", "") not in self._grants:
            raise GrantError(400, "invalid_grant")
        if kind not in ("client_credentials", "password", "refresh_token"):
            raise GrantError(400, "unsupported_grant_type")
        who = "ann" if kind == "password" else self._grants.get(fields.get("refresh_token", ""), "hat-demo")
        access, refresh = secrets.token_hex(16), secrets.token_hex(16)
        self._grants |= {access: who, refresh: who}
        return {"access_token": access, "token_type": "Bearer", "expires_in": 3600, "refresh_token": refresh}

    def who(self, authorization: str) -> str:
        """Whose bearer token this is; 401 when it is nobody's."""
        found = self._grants.get(authorization.removeprefix("Bearer "))
        if not authorization.startswith("Bearer ") or found is None:
            raise RefusedError(401, "A bearer token is needed; ask POST /oauth/token for one.")
        return found

    def world(self, device: str, token: str) -> World:
        """The world of a device; without a token 401, with a wrong one 403."""
        if not device or not token:
            raise RefusedError(401, "A token is needed; ask POST /api/token for one.")
        world = self._worlds.get(device)
        if world is None or not hmac.compare_digest(world.token.encode(), token.encode()):
            raise RefusedError(403, "The token is wrong.")
        return world

    def create_user(self, world: World, name: str, fields: dict[str, Any]) -> dict[str, Any]:
        if name in world.users:
            raise RefusedError(500, f"User {name!r} exists already.")
        if not fields.get("password"):
            raise RefusedError(422, "A password is needed.")
        world.users[name] = {
            "name": name,
            "email": fields.get("email", f"{name}@example.org"),
            "age": fields.get("age"),
            "roles": fields.get("roles", ["customer"]),
            "active": True,
            "address": fields.get("address", {"city": "上海", "lines": ["人民广场 1 号"], "zip": "200003"}),
        }
        return world.users[name]

    def user(self, world: World, name: str) -> dict[str, Any]:
        if name not in world.users:
            raise RefusedError(404, f"There is no user {name!r}.")
        return world.users[name]

    def update_user(self, world: World, name: str, fields: dict[str, Any]) -> dict[str, Any]:
        user = self.user(world, name)
        user.update({key: value for key, value in fields.items() if key in user and key != "name"})
        return user

    def delete_user(self, world: World, name: str) -> None:
        self.user(world, name)
        del world.users[name]

    def items(self, query: dict[str, str]) -> list[dict[str, Any]]:
        """The items of a category, with a word in their name, in a range of prices, sorted."""
        found = [
            item
            for item in self._items.values()
            if query.get("category", item["category"]) == item["category"]
            and query.get("search", "").lower() in item["name"].lower()
            and float(query.get("min_price", 0)) <= item["price"] <= float(query.get("max_price", 1e9))
        ]
        key = query.get("sort", "id")
        if key.lstrip("-") not in ("id", "price", "name"):
            raise RefusedError(400, f"Items cannot be sorted by {key!r}.")
        return sorted(found, key=lambda item: item[key.lstrip("-")], reverse=key.startswith("-"))

    def item(self, number: int) -> dict[str, Any]:
        if number not in self._items:
            raise RefusedError(404, f"There is no item {number}.")
        return self._items[number]

    def create_order(self, world: World, fields: dict[str, Any]) -> dict[str, Any]:
        """An order of some items; nothing is taken from stock, so that every run finds the same shop."""
        lines = fields.get("items")
        if not isinstance(lines, list) or not lines:
            raise RefusedError(422, "An order needs items.")
        chosen = [(self.item(line.get("id", 0)), line.get("count", 1)) for line in lines]
        for item, count in chosen:
            if count > item["stock"]:
                raise RefusedError(409, f"Only {item['stock']} of {item['name']} left.")
        total = sum(Decimal(str(item["price"])) * count for item, count in chosen)
        number = next(world.numbers)
        world.orders[number] = {
            "number": number,
            "status": "new",
            "note": fields.get("note", ""),
            "items": [{"id": item["id"], "name": item["name"], "count": count} for item, count in chosen],
            "total": float(total),
        }
        return world.orders[number]

    def order(self, world: World, number: int) -> dict[str, Any]:
        if number not in world.orders:
            raise RefusedError(404, f"There is no order {number}.")
        return world.orders[number]

    def advance_order(self, world: World, number: int, status: str) -> dict[str, Any]:
        """Pay or cancel an order that is still new."""
        order = self.order(world, number)
        if order["status"] != "new":
            raise RefusedError(409, f"Order {number} is {order['status']} already.")
        order["status"] = status
        return order
