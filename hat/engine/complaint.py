"""Why a transfer failed, in plain words: libcurl's codes and texts as kinds and sentences of our own."""

from __future__ import annotations

import errno
import re
from typing import Final
from urllib.parse import urlsplit

import pycurl

from hat.engine.curl import Received
from hat.engine.outgoing import Outgoing, TransportKind

_CONNECT: Final[dict[int, str]] = {
    pycurl.E_COULDNT_RESOLVE_HOST: "the host name cannot be resolved",
    pycurl.E_COULDNT_RESOLVE_PROXY: "the name of the proxy cannot be resolved",
    pycurl.E_COULDNT_CONNECT: "no connection",
    pycurl.E_SEND_ERROR: "the connection broke while sending",
}
_TLS: Final = frozenset(
    {
        pycurl.E_PEER_FAILED_VERIFICATION,
        pycurl.E_SSL_CONNECT_ERROR,
        pycurl.E_SSL_CERTPROBLEM,
        pycurl.E_SSL_CIPHER,
        pycurl.E_SSL_CACERT_BADFILE,
        pycurl.E_SSL_ISSUER_ERROR,
    }
)
# https://docs.openssl.org/3.0/man1/openssl-verification-options/ and x509_vfy.h
_CERTIFICATE: Final = {
    9: "the certificate is not valid yet",
    10: "the certificate has expired",
    18: "the certificate is self-signed",
    19: "the certificate is self-signed",
    20: "nobody known here has signed the certificate",
    21: "nobody known here has signed the certificate",
    23: "the certificate was revoked",
}
_TRUST: Final = "verify names a file of certificates to trust; with verify: false nobody looks"
# What OpenSSL and libcurl say, and what that means; facts and hints.
_ALERTS: Final = {
    "alert certificate required": (
        "the server asks for a client certificate",
        "cert: [certificate.pem, key.pem] shows one",
    ),
    "alert handshake failure": (
        "the server refuses the handshake",
        "it may ask for a client certificate, or speak other versions of TLS",
    ),
    "wrong version number": ("the server speaks no TLS", "does it speak http: on this port?"),
    "packet length too long": ("the server speaks no TLS", "does it speak http: on this port?"),
}
_UNREADABLE: Final = {
    "HTTP/0.9": "it is not HTTP",
    "HTTP/1 subversion": "its first line is not one of HTTP",
    "Content-Length": "its Content-Length is no length",
    "chunk hex-length": "a chunk of it has no length",
    "NUL byte": "a header of it holds a NUL byte",
    "Carriage return": "a header of it holds a carriage return",
    "Too many response headers": "it has more than 5,000 headers",
    "Too large response headers": "its headers are longer than 300 KB together",
}
_TOO_LARGE: Final = "a header is longer than 100 KB"  # what curl has no words for
_ERRNO: Final = {
    errno.ECONNREFUSED: "connection refused",
    errno.ECONNRESET: "connection reset",
    errno.EHOSTUNREACH: "no route to the host",
    errno.ENETUNREACH: "the network cannot be reached",
    errno.EPIPE: "connection reset",
}


def failure(
    easy: pycurl.Curl, code: int, text: str, request: Outgoing, received: Received
) -> tuple[TransportKind, str]:
    """Curl's code and text as one of our kinds and a plain sentence; a hint is left in what was received."""
    if code == pycurl.E_OPERATION_TIMEDOUT:
        return "timeout", _what_was_late(easy, request, received)
    for told, (fact, hint) in _ALERTS.items():
        if told in text:
            received.hint = hint
            return "connect", f"TLS: {fact}"
    if code in _TLS:
        return "connect", f"TLS: {_no_trust(easy, code, text, request, received)}"
    if "reset by peer" in text or "Broken pipe" in text:
        return "connect", "connection reset"
    if code in _CONNECT:
        return "connect", _by_way_of(_no_connection(easy, code), request)
    if code == pycurl.E_GOT_NOTHING or "unexpected eof" in text:
        return "protocol", "the connection was closed without a response"
    if code == pycurl.E_PARTIAL_FILE:
        return "protocol", f"the response is incomplete: {_missing(text)}"
    if code == pycurl.E_URL_MALFORMAT:
        return "request", f"the request cannot be sent: {text}"
    why = next((words for told, words in _UNREADABLE.items() if told in text), text or _TOO_LARGE)
    return "protocol", f"the response cannot be read: {why}"


def _no_trust(easy: pycurl.Curl, code: int, text: str, request: Outgoing, received: Received) -> str:
    """What is wrong with the certificate of the server."""
    if code != pycurl.E_PEER_FAILED_VERIFICATION:
        return text
    received.hint = _TRUST
    if "subject name" in text:
        return f"the certificate is not for '{urlsplit(request.url).hostname}'"
    return _CERTIFICATE.get(easy.getinfo(pycurl.SSL_VERIFYRESULT), text)


def _missing(text: str) -> str:
    found = re.search(r"(\d+) bytes", text)
    return f"{found[1]} bytes of it are missing" if found else text


def _no_connection(easy: pycurl.Curl, code: int) -> str:
    answered = easy.getinfo(pycurl.HTTP_CONNECTCODE)
    if answered and answered != 200:
        return f"the proxy answered {answered}"
    known = _ERRNO.get(easy.getinfo(pycurl.OS_ERRNO)) if code != pycurl.E_COULDNT_RESOLVE_HOST else None
    return known or _CONNECT[code]


def _by_way_of(text: str, request: Outgoing) -> str:
    """The fact, with the proxy that was to be used."""
    proxy = request.proxy
    return f"{text} (by way of the proxy {urlsplit(proxy).netloc.rpartition('@')[2]})" if proxy else text


def _what_was_late(easy: pycurl.Curl, request: Outgoing, received: Received) -> str:
    secure = request.url[:6].lower() == "https:"
    limit = min(request.timeout_s, request.connect_timeout_s or request.timeout_s)
    if easy.getinfo(pycurl.CONNECT_TIME_T) == 0:
        return f"no connection within {limit:g} s"
    if secure and easy.getinfo(pycurl.APPCONNECT_TIME_T) == 0:
        return f"connected, but no TLS within {limit:g} s"
    if received.header_lines:
        return f"no complete response within {request.timeout_s:g} s"
    return f"no response within {request.timeout_s:g} s"
