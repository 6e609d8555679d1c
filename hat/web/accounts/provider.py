"""The OpenID provider: where to send people, and who they are when they come back.

Loaded where a provider is set and nowhere else: its libraries take some 30 MB of memory.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from authlib.integrations.base_client import OAuthError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from joserfc.errors import JoseError

from hat.web.accounts.identity import Vouched
from hat.web.refusal import RefusedError

TIMEOUT_S = 10
# Signed with a private key of the provider, never with a secret that is known here too.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]


def send(request: HttpRequest, back: str) -> HttpResponseBase:
    """The way to the provider, with state, nonce and PKCE; `back` is where it sends people afterwards."""
    try:
        answer: HttpResponseBase = _client().authorize_redirect(request, back)
    except (OSError, ValueError, RuntimeError) as problem:
        raise _unreachable() from problem
    return answer


def vouched(request: HttpRequest) -> Vouched:
    """Who came back, by an ID token whose signature, issuer, audience, time and nonce were checked."""
    try:
        claims = _claims(request)
    except OSError as problem:
        raise _unreachable() from problem
    except (OAuthError, JoseError, ValueError, RuntimeError, KeyError) as problem:
        words = "the provider did not confirm who you are; try again"
        raise RefusedError(words, status=403, code="oidc") from problem
    email = str(claims.get("email") or "") if claims.get("email_verified") is True else ""
    return Vouched(
        provider=str(claims["iss"]),
        subject=str(claims["sub"]),
        usernames=(str(claims.get("preferred_username") or ""), email, str(claims.get("name") or "")),
        name=str(claims.get("name") or ""),
        emails=(email,) if email else (),
    )


def _claims(request: HttpRequest) -> dict[str, Any]:
    client = _client()
    metadata = client.load_server_metadata()
    offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    metadata["id_token_signing_alg_values_supported"] = [name for name in offered if name in ALGORITHMS]
    if str(metadata.get("issuer", "")).rstrip("/") != settings.HAT_OIDC_ISSUER.rstrip("/"):
        raise ValueError("the provider calls itself by another name than HAT_OIDC_ISSUER")
    options = {
        "iss": {"essential": True, "value": metadata["issuer"]},
        "sub": {"essential": True},
        "aud": {"essential": True, "value": settings.HAT_OIDC_CLIENT_ID},
        "nonce": {"essential": True},
    }
    token = client.authorize_access_token(request, claims_options=options)
    claims = dict(token["userinfo"])
    if "name" not in claims and "userinfo_endpoint" in metadata:
        more = dict(client.userinfo(token=token))
        if more.get("sub") != claims["sub"]:
            raise ValueError("the provider speaks of two people")
        claims = {**more, **claims}
    return claims


def _client() -> Any:
    return _registered(settings.HAT_OIDC_ISSUER, settings.HAT_OIDC_CLIENT_ID, settings.HAT_OIDC_CLIENT_SECRET)


@cache
def _registered(issuer: str, client_id: str, client_secret: str) -> Any:
    """What is known of the provider, its keys too, kept as long as the process lives."""
    return OAuth().register(
        "oidc",
        client_id=client_id,
        client_secret=client_secret or None,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": settings.HAT_OIDC_SCOPES,
            "code_challenge_method": "S256",
            "default_timeout": TIMEOUT_S,
        },
    )


def _unreachable() -> RefusedError:
    words = "the provider of the sign-in does not answer; try again in a moment"
    return RefusedError(words, status=503, code="oidc_away")
