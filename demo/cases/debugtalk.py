"""The functions of the demo project: a case calls every function here as ${name(arguments)}."""

from __future__ import annotations

import hashlib
import hmac
import uuid

SECRET = "hat-demo"


def new_device():
    """A device nobody else uses, so that cases can run at the same time and again."""
    return f"device-{uuid.uuid4().hex[:12]}"


def new_name(prefix="user"):
    """A name that no other case uses."""
    return f"{prefix}-{uuid.uuid4().hex[:8]}"


def sign(device, platform, version):
    """The signature the demo API asks for: HMAC-SHA1 over three headers."""
    return hmac.new(SECRET.encode(), f"{device}{platform}{version}".encode(), hashlib.sha1).hexdigest()


def sign_request(request):
    """A setup hook: read the headers of a request and put the signature into its body."""
    headers = request["headers"]
    request["json"] = {"sign": sign(headers["X-Device"], headers["X-Platform"], headers["X-Version"])}


def note_total(response):
    """A teardown hook: give the response a field of our own, for checks to look at."""
    response.average = response.json["order"]["total"] / len(response.json["order"]["items"])


def prices(items):
    """The prices of a list of items."""
    return [item["price"] for item in items]


def ascending(actual, expected):
    """A comparator of our own: the list is in ascending order of a field."""
    values = [item[expected] for item in actual]
    assert values == sorted(values), f"{expected} is not ascending: {values}"
