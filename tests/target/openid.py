"""A real OpenID provider for tests, as a process of its own: the npm package oidc-provider."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
import requests

FRONTEND = Path(__file__).parents[2] / "frontend"
CLIENT = {"HAT_OIDC_CLIENT_ID": "hat", "HAT_OIDC_CLIENT_SECRET": "a secret between the two"}


@contextmanager
def openid(*redirects: str) -> Iterator[str]:
    """The issuer of a provider that sends people back to these addresses."""
    if not (FRONTEND / "node_modules/oidc-provider").is_dir():
        pytest.skip("oidc-provider is not installed: it comes with the development packages")
    sys.path.insert(0, str(FRONTEND.parent))
    from hatch_build import node_program

    sys.path.pop(0)
    script = Path(__file__).with_suffix(".mjs")
    command = [str(node_program()), str(script), str(FRONTEND), *redirects]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def agree(url: str, name: str) -> str:
    """Signs in at the provider as a browser would, and agrees; answers the address it sends one back to."""
    browser = requests.Session()
    page = browser.get(url, timeout=10)
    for fields in ({"login": name, "password": "x"}, {}):
        action = re.search(r'<form[^>]* action="([^"]+)"', page.text)
        prompt = re.search(r'name="prompt" value="(\w+)"', page.text)
        assert action, page.text
        assert prompt, page.text
        answer = browser.post(action[1], {"prompt": prompt[1], **fields}, timeout=10, allow_redirects=False)
        while answer.is_redirect:
            address = urljoin(answer.url, answer.headers["Location"])
            if urlsplit(address).netloc != urlsplit(url).netloc:
                return address
            answer = browser.get(address, timeout=10, allow_redirects=False)
        page = answer
    raise AssertionError(page.text)
