"""A real directory for tests: slapd of Debian, private, on a free port of this machine."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.target import certificate

BASE = "dc=example,dc=org"
READER = f"cn=reader,{BASE}"
READER_PASSWORD = "the reader's word"
PASSWORD = "directory horse battery"
_CONFIG = """\
include {schema}/core.schema
include {schema}/cosine.schema
include {schema}/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {folder}/pid
TLSCertificateFile {certificate}
TLSCertificateKeyFile {certificate}
TLSCACertificateFile {certificate}
security simple_bind=128
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="{reader}" read by * none
database mdb
suffix "{base}"
rootdn "cn=admin,{base}"
directory {folder}/data
"""
_ENTRIES = f"""\
dn: {BASE}
objectClass: dcObject
objectClass: organization
dc: example
o: Example

dn: {READER}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: reader
userPassword: {READER_PASSWORD}

dn: uid=dora,{BASE}
objectClass: inetOrgPerson
uid: dora
cn: Dora Example
sn: Example
userPassword: {PASSWORD}

dn: uid=wangwei,{BASE}
objectClass: inetOrgPerson
uid: wangwei
cn: Wang Wei
displayName:: 546L5Lyf
sn: Wang
userPassword: {PASSWORD}

dn: cn=twin one,{BASE}
objectClass: inetOrgPerson
uid: twin
cn: twin one
sn: Twin
userPassword: {PASSWORD}

dn: cn=twin two,{BASE}
objectClass: inetOrgPerson
uid: twin
cn: twin two
sn: Twin
userPassword: {PASSWORD}
"""


@dataclass(frozen=True, slots=True)
class Directory:
    """Where it answers, and by which certificate one knows it."""

    url: str
    secure_url: str
    certificate: Path

    @property
    def settings(self) -> dict[str, object]:
        """What HAT must know of it."""
        return {
            "HAT_LDAP_URL": self.url,
            "HAT_LDAP_CA_FILE": str(self.certificate),
            "HAT_LDAP_BIND_DN": READER,
            "HAT_LDAP_BIND_PASSWORD": READER_PASSWORD,
            "HAT_LDAP_BASE_DN": BASE,
            "AUTHENTICATION_BACKENDS": [
                "django.contrib.auth.backends.ModelBackend",
                "hat.web.accounts.directory.DirectoryBackend",
            ],
        }


@contextmanager
def directory(folder: Path) -> Iterator[Directory]:
    """slapd with some people; it takes passwords over an encrypted connection alone."""
    program = shutil.which("slapd", path="/usr/sbin:/usr/local/sbin:/usr/lib/openldap:/usr/bin")
    if program is None or not Path("/etc/ldap/schema/core.schema").is_file():
        pytest.skip("slapd is not installed: apt-get install slapd")
    pem = certificate.make(folder)
    (folder / "data").mkdir()
    config = folder / "slapd.conf"
    facts = {
        "schema": "/etc/ldap/schema",
        "folder": folder,
        "certificate": pem,
        "base": BASE,
        "reader": READER,
    }
    config.write_text(_CONFIG.format(**facts))
    add = ["/usr/sbin/slapadd", "-f", str(config)]
    subprocess.run(add, input=_ENTRIES, text=True, check=True, capture_output=True, timeout=30)
    plain, secure = _free_ports()
    urls = f"ldap://127.0.0.1:{plain} ldaps://127.0.0.1:{secure}"
    command = [program, "-f", str(config), "-h", urls, "-d", "0"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(plain)
            yield Directory(f"ldap://127.0.0.1:{plain}", f"ldaps://127.0.0.1:{secure}", pem)
        finally:
            process.terminate()
            process.wait(20)


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError("slapd does not answer")
