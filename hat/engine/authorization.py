"""Make Authorization headers: basic at once, digest as the answer to a challenge (RFC 7616)."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Final
from urllib.parse import urlsplit

from hat.engine.outgoing import Auth

_HASHES: Final = {
    "MD5": "md5",
    "SHA-256": "sha256",
    "SHA": "sha1",
    "SHA-512": "sha512",
}
# A name is tried from its beginning alone: the header is as long as a service likes.
_FIELD: Final = r'(?<![\w-])(\w[\w-]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))'


def basic(auth: Auth) -> str:
    """The header of basic authentication, latin-1 as requests does, UTF-8 where that is not enough."""
    text = f"{auth.user}:{auth.password}"
    try:
        raw = text.encode("latin-1")
    except UnicodeEncodeError:
        raw = text.encode()
    return "Basic " + b64encode(raw).decode("ascii")


def digest(auth: Auth, challenge: str, method: str, url: str) -> str:
    """The answer to a WWW-Authenticate challenge; empty when it is not a digest challenge we know."""
    kind, _, rest = challenge.partition(" ")
    if kind.lower() != "digest":
        return ""
    given = {name.lower(): quoted or plain for name, quoted, plain in re.findall(_FIELD, rest)}
    algorithm = given.get("algorithm", "MD5")
    session = algorithm.upper().endswith("-SESS")
    name = _HASHES.get(algorithm.upper().removesuffix("-SESS"), "")
    qop = _qop(given.get("qop", ""))
    if not name or qop is None or "nonce" not in given:
        return ""

    import hashlib  # noqa: PLC0415  few runs need it
    import secrets  # noqa: PLC0415  few runs need it

    def hashed(text: str) -> str:
        return hashlib.new(name, text.encode()).hexdigest()

    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    nonce, count, client = given["nonce"], "00000001", secrets.token_hex(8)
    who = hashed(f"{auth.user}:{given.get('realm', '')}:{auth.password}")
    if session:
        who = hashed(f"{who}:{nonce}:{client}")
    what = hashed(f"{method}:{target}")
    proof = f"{nonce}:{count}:{client}:{qop}" if qop else nonce
    fields = [
        f'username="{auth.user}"',
        f'realm="{given.get("realm", "")}"',
        f'nonce="{nonce}"',
        f'uri="{target}"',
        f'response="{hashed(f"{who}:{proof}:{what}")}"',
    ]
    if "opaque" in given:
        fields.append(f'opaque="{given["opaque"]}"')
    if "algorithm" in given:
        fields.append(f"algorithm={algorithm}")
    if qop:
        fields += [f"qop={qop}", f"nc={count}", f'cnonce="{client}"']
    return "Digest " + ", ".join(fields)


def _qop(offered: str) -> str | None:
    """The quality we answer with: auth, none if none is offered, None if only others are."""
    if not offered:
        return ""
    return "auth" if "auth" in [word.strip() for word in offered.split(",")] else None
