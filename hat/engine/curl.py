"""Tell a curl handle what to send, and read from it what happened."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any, Final

import pycurl
from msgspec import Struct, field

from hat.engine.outgoing import Outgoing, TransportKind
from hat.result import Timing

_EXPECT_FROM: Final = 1024 * 1024


class Received(Struct):
    """What one transfer left: raw header lines, raw body, and why it failed if it did."""

    header_lines: list[bytes] = []
    chunks: list[bytes] = []
    timing: Timing = field(default_factory=Timing)
    size: int = 0
    truncated: bool = False
    remote_address: str = ""
    certificate_end: str = ""
    rare: bool = False
    failure: tuple[TransportKind, str] | None = None
    hint: str = ""

    def refuse(self, why: tuple[str, str]) -> None:
        """Note that the target must not be reached, and what would help."""
        fact, self.hint = why
        self.failure = "request", f"refused by the outbound policy: {fact}"


def handle() -> pycurl.Curl:
    """A new curl handle with the options all requests share."""
    easy = pycurl.Curl()
    share_options(easy)
    return easy


def share_options(easy: pycurl.Curl) -> None:
    """Set what all requests share; after a reset, too."""
    easy.setopt(pycurl.NOSIGNAL, 1)
    easy.setopt(pycurl.PATH_AS_IS, 1)
    easy.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
    easy.setopt(pycurl.PROXY, "")
    easy.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1)


def configure(
    easy: pycurl.Curl, request: Outgoing, headers: list[tuple[str, str]], received: Received
) -> None:
    """Tell the handle what to send and where to put what comes."""
    setopt = easy.setopt
    setopt(pycurl.URL, request.url)
    setopt(pycurl.TIMEOUT_MS, max(1, int(request.timeout_s * 1000)))
    body, method = request.body, request.method
    has_body = body is not None or method not in ("GET", "HEAD")
    setopt(pycurl.HTTPHEADER, _header_lines(headers, len(body or b"") if has_body else None))
    setopt(pycurl.HEADERFUNCTION, received.header_lines.append)
    setopt(pycurl.WRITEFUNCTION, _writer(received, request.max_body))
    if has_body:
        setopt(pycurl.POSTFIELDS, body or b"")
        setopt(pycurl.CUSTOMREQUEST, method)
    _configure_rare(easy, request, received)


def tidy(easy: pycurl.Curl, request: Outgoing, received: Received) -> None:
    """Make the handle ready for any other request."""
    if received.rare:
        easy.reset()
        share_options(easy)
    elif request.body is not None or request.method != "GET":
        easy.unsetopt(pycurl.CUSTOMREQUEST)
        easy.setopt(pycurl.HTTPGET, 1)


def _configure_rare(easy: pycurl.Curl, request: Outgoing, received: Received) -> None:
    """What few requests need; a handle that had it is reset afterwards."""
    secure = request.url[:6].lower() == "https:"
    received.rare = (
        secure or request.http2 or request.method == "HEAD" or bool(request.proxies or request.hosts)
    )
    if request.method == "HEAD":
        # With a body, a plain HEAD would wait for one in the answer, and NOBODY alone would send none.
        easy.setopt(pycurl.NOBODY, 1)
        if request.body is not None:
            easy.setopt(pycurl.POSTFIELDS, request.body)
        easy.setopt(pycurl.CUSTOMREQUEST, "HEAD")
    if request.connect_timeout_s is not None:
        received.rare = True
        easy.setopt(pycurl.CONNECTTIMEOUT_MS, max(1, int(request.connect_timeout_s * 1000)))
    if request.http2:
        version = pycurl.CURL_HTTP_VERSION_2TLS if secure else pycurl.CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE
        easy.setopt(pycurl.HTTP_VERSION, version)
    if secure:
        _configure_tls(easy, request)
    if request.proxies or request.hosts:
        _configure_route(easy, request)


def _header_lines(headers: list[tuple[str, str]], length: int | None) -> list[bytes]:
    """Every header as curl wants it, and an empty line for each one curl would add by itself."""
    lines = [_header_line(name, value) for name, value in headers]
    names = {name.lower() for name, _ in headers}
    if "accept" not in names:
        lines.append(b"Accept:")
    if "user-agent" not in names:
        lines.append(b"User-Agent:")
    if length is not None:
        if "content-type" not in names:
            lines.append(b"Content-Type:")
        if length > _EXPECT_FROM and "expect" not in names:
            lines.append(b"Expect:")
    return lines


@lru_cache(maxsize=1024)
def _header_line(name: str, value: str) -> bytes:
    """Header bytes as browsers and requests send them, and UTF-8 where latin-1 has no such letter."""
    text = f"{name}: {value}" if value else f"{name};"
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode()


def _writer(received: Received, limit: int) -> Callable[[bytes], int | None]:
    append = received.chunks.append
    size = 0

    def write(chunk: bytes) -> int | None:
        nonlocal size
        append(chunk)
        size += len(chunk)
        if size <= limit:
            return None
        received.truncated = True
        return -1

    return write


def _configure_tls(easy: pycurl.Curl, request: Outgoing) -> None:
    easy.setopt(pycurl.OPT_CERTINFO, 1)
    if request.verify is False:
        easy.setopt(pycurl.SSL_VERIFYPEER, 0)
        easy.setopt(pycurl.SSL_VERIFYHOST, 0)
    else:
        bundle, folder = _authorities() if request.verify is True else _split(request.verify)
        if bundle:
            easy.setopt(pycurl.CAINFO, bundle)
        if folder:
            easy.setopt(pycurl.CAPATH, folder)
    if isinstance(request.cert, str):
        easy.setopt(pycurl.SSLCERT, request.cert)
    elif request.cert:
        easy.setopt(pycurl.SSLCERT, request.cert[0])
        easy.setopt(pycurl.SSLKEY, request.cert[1])
        if request.cert[2:] and request.cert[2]:
            easy.setopt(pycurl.KEYPASSWD, request.cert[2])


def _split(path: str) -> tuple[str, str]:
    """A bundle, or a folder of certificates: curl takes each through its own option."""
    try:
        with open(path, "rb"):
            return path, ""
    except IsADirectoryError:
        return "", path
    except OSError:
        return path, ""


@cache
def _authorities() -> tuple[str, str]:
    """The certificate authorities of this machine, for libcurl builds that know none."""
    import ssl  # noqa: PLC0415  costs 6 ms at start-up, and it is libcurl that speaks TLS

    paths = ssl.get_default_verify_paths()
    return paths.cafile or "", paths.capath or ""


def _configure_route(easy: pycurl.Curl, request: Outgoing) -> None:
    proxy = request.proxy
    if proxy:
        easy.setopt(pycurl.PROXY, proxy)
        easy.setopt(pycurl.NOPROXY, request.proxies.get("no_proxy") or "")
    routes = []
    for name, address in request.hosts.items():
        host, _, port = name.partition(":")
        target, _, target_port = address.partition(":")
        routes.append(f"{host}:{port}:{target}:{target_port or port}")
    if routes:
        easy.setopt(pycurl.CONNECT_TO, routes)


def measure(easy: pycurl.Curl, request: Outgoing, received: Received) -> None:
    """Read curl's clocks (microseconds from the start) as the lengths of the phases."""
    getinfo = easy.getinfo
    dns = getinfo(pycurl.NAMELOOKUP_TIME_T)
    connect = getinfo(pycurl.CONNECT_TIME_T)
    tls = getinfo(pycurl.APPCONNECT_TIME_T)
    ready = getinfo(pycurl.PRETRANSFER_TIME_T)
    first = getinfo(pycurl.STARTTRANSFER_TIME_T)
    received.timing = Timing(
        dns=dns / 1000,
        connect=max(connect - dns, 0) / 1000,
        tls=max(tls - connect, 0) / 1000 if tls else 0.0,
        first_byte=max(first - ready, 0) / 1000,
        total=getinfo(pycurl.TOTAL_TIME_T) / 1000,
    )
    received.size = getinfo(pycurl.SIZE_DOWNLOAD_T)
    address = getinfo(pycurl.PRIMARY_IP)
    if address:
        received.remote_address = f"{address}:{getinfo(pycurl.PRIMARY_PORT)}"
    if request.url[:6].lower() == "https:":
        received.certificate_end = _certificate_end(easy)


def _certificate_end(easy: pycurl.Curl) -> str:
    chain: list[tuple[tuple[str, str], ...]] = easy.getinfo(pycurl.INFO_CERTINFO) or []
    for name, value in chain[0] if chain else ():
        if name == "Expire date":
            return value
    return ""


def reason(error: Exception) -> Any:
    return error.args[-1] if error.args else error
