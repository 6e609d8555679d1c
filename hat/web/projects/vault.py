"""Secrets of environments at rest: AES-256-GCM, bound to project and name, keyed from the secret key."""

from __future__ import annotations

import base64
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from hat.error import HatError
from hat.web.projects.models import Environment

_NONCE = 12


def seal(value: str, *, project_id: int, name: str) -> str:
    """A secret as it is stored."""
    nonce = os.urandom(_NONCE)
    sealed = _cipher(str(settings.SECRET_KEY)).encrypt(nonce, value.encode(), _bound(project_id, name))
    return "v1:" + base64.b64encode(nonce + sealed).decode()


def unseal(stored: str, *, project_id: int, name: str) -> str:
    """A stored secret in the clear; HatError if no key opens it or the row was tampered with.

    While the key is changed, what was sealed with the one before opens too.
    """
    for key in (str(settings.SECRET_KEY), *settings.SECRET_KEY_FALLBACKS):
        try:
            raw = base64.b64decode(stored.removeprefix("v1:"), validate=True)
            return _cipher(key).decrypt(raw[:_NONCE], raw[_NONCE:], _bound(project_id, name)).decode()
        except (InvalidTag, ValueError):
            continue
    raise HatError(
        f"the secret '{name}' cannot be read: it was stored with another secret key",
        hint="restore HAT_SECRET_KEY (or secret.key in the data folder), or set the secret again",
    )


def reseal(stored: str, *, project_id: int, name: str) -> str:
    """A stored secret as it is stored with the present key."""
    return seal(unseal(stored, project_id=project_id, name=name), project_id=project_id, name=name)


def secrets_of(environment: Environment) -> dict[str, str]:
    """The secrets of an environment in the clear; for the worker alone, never for a page."""
    return {
        name: unseal(stored, project_id=environment.project_id, name=name)
        for name, stored in environment.secrets.items()
    }


def _bound(project_id: int, name: str) -> bytes:
    """What a ciphertext belongs to, so that it cannot be moved to another project or name."""
    return f"{project_id}:{name}".encode()


@cache
def _cipher(key: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"hat secrets v1").derive(key.encode()))
