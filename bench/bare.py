"""The floor: the requests of the suite in a bare pycurl loop, no cases, no checks, no results."""

from __future__ import annotations

import json
import sys
from io import BytesIO
from typing import Any

import pycurl


def main(base: str, cases: int) -> None:
    """Five requests for each case over one connection."""
    easy = pycurl.Curl()
    easy.setopt(pycurl.NOSIGNAL, 1)

    def send(path: str, token: str = "", value: object = None) -> Any:
        headers = [f"Authorization: Bearer {token}"] if token else []
        answer = BytesIO()
        easy.setopt(pycurl.URL, base + path)
        if value is None:
            easy.setopt(pycurl.HTTPGET, 1)
        else:
            headers.append("Content-Type: application/json")
            easy.setopt(pycurl.POSTFIELDS, json.dumps(value))
        easy.setopt(pycurl.HTTPHEADER, headers)
        easy.setopt(pycurl.WRITEDATA, answer)
        easy.perform()
        return json.loads(answer.getvalue())

    for number in range(cases):
        token = send("/login", value={"username": f"user{number}", "password": f"secret{number}"})["token"]
        send("/me", token)
        item = {"name": f"widget-{number}", "qty": 3, "price": 12.5, "tags": ["a", "b"]}
        made = send("/items", token, item)["id"]
        send("/items?page=1&size=100", token)
        send(f"/items/{made}", token)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
