"""Sign-in with a directory (LDAP): find the entry of a name, then ask whether the password is its.

Named in AUTHENTICATION_BACKENDS where a directory is set, and loaded nowhere else.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest
from ldap3 import NONE, SIMPLE, Connection, Server, Tls
from ldap3.core.exceptions import LDAPException
from ldap3.utils.conv import escape_filter_chars

from hat.web.accounts.identity import Vouched, user_of
from hat.web.accounts.models import User
from hat.web.refusal import RefusedError

TIMEOUT_S = 10
# What never changes of an entry: OpenLDAP and its like, Active Directory, FreeIPA, eDirectory.
_SUBJECTS = ("entryUUID", "objectGUID", "ipaUniqueID", "GUID")
_NAMES = ("displayName", "cn")

log = logging.getLogger("hat.web")


class DirectoryBackend(BaseBackend):
    """Users of the directory; asked after HAT's own passwords, so that an administrator always comes in."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> User | None:
        # A directory takes an empty password for "nobody asks", and says yes.
        if not username or not password or "\0" in username + password:
            return None
        try:
            entry = _entry(username)
            if entry is None or not _is_password(entry["dn"], password):
                return None
        except (LDAPException, OSError) as problem:
            raise _away(problem) from problem
        return user_of(_vouched(username, entry), may_create=settings.HAT_LDAP_CREATE_USERS)

    def get_user(self, user_id: int) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()


def vouched_for(username: str) -> Vouched | None:
    """Who the directory would vouch for under that name; None when it knows nobody, or several."""
    if not username or "\0" in username:
        return None
    try:
        entry = _entry(username)
    except (LDAPException, OSError) as problem:
        raise _away(problem) from problem
    return _vouched(username, entry) if entry else None


def _away(problem: Exception) -> RefusedError:
    log.error("the directory does not answer", exc_info=problem)
    words = "the directory does not answer; try again in a moment"
    return RefusedError(words, status=503, code="directory_away")


def _entry(username: str) -> dict[str, Any] | None:
    """The one entry of that name; none when there are several: nobody knows who is meant."""
    wanted = settings.HAT_LDAP_FILTER.replace("{username}", escape_filter_chars(username))
    with _connection(settings.HAT_LDAP_BIND_DN, settings.HAT_LDAP_BIND_PASSWORD) as connection:
        if not connection.bind():
            raise LDAPException("HAT_LDAP_BIND_DN and its password are refused")
        attributes = [*_SUBJECTS, *_NAMES]
        connection.search(settings.HAT_LDAP_BASE_DN, wanted, attributes=attributes, size_limit=2)
        found = [entry for entry in connection.response or () if entry["type"] == "searchResEntry"]
    return found[0] if len(found) == 1 else None


def _is_password(name: str, password: str) -> bool:
    with _connection(name, password) as connection:
        return bool(connection.bind())


class _Verified(Tls):  # type: ignore[misc]
    """TLS as Python does it for any client: the certificate must be known, and be that of the host."""

    def wrap_socket(self, connection: Connection, do_handshake: bool = False) -> None:
        context = ssl.create_default_context(cafile=settings.HAT_LDAP_CA_FILE or None)
        connection.socket = context.wrap_socket(
            connection.socket, server_hostname=connection.server.host, do_handshake_on_connect=do_handshake
        )


@contextmanager
def _connection(name: str, password: str) -> Iterator[Connection]:
    """A connection that is encrypted before any password goes over it, unless settings say otherwise."""
    server = Server(settings.HAT_LDAP_URL, tls=_Verified(), get_info=NONE, connect_timeout=TIMEOUT_S)
    connection = Connection(
        server,
        user=name or None,
        password=password or None,
        authentication=SIMPLE if name else None,
        read_only=True,
        auto_referrals=False,
        receive_timeout=TIMEOUT_S,
        check_names=False,
    )
    try:
        connection.open()
        if not server.ssl and settings.HAT_LDAP_STARTTLS and not connection.start_tls():
            raise LDAPException("the directory refuses StartTLS")
        yield connection
    finally:
        opened = connection.socket
        connection.unbind()
        if opened is not None:
            opened.close()  # after a failed beginning nobody else does


def _vouched(username: str, entry: dict[str, Any]) -> Vouched:
    raw: dict[str, list[bytes]] = entry["raw_attributes"]
    subjects = (f"{name}:{_text(raw[name][0])}" for name in _SUBJECTS if raw.get(name))
    names = (_text(raw[name][0]) for name in _NAMES if raw.get(name))
    return Vouched(
        provider=f"ldap:{settings.HAT_LDAP_BASE_DN}",
        subject=next(subjects, f"dn:{entry['dn'].lower()}"),
        usernames=(username,),
        name=next(names, ""),
    )


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.hex()
