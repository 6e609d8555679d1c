"""A name that is another address at the second look: what was judged is what is connected to, live."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# A machine with one name server, which is ours, and one public address, which is itself.
MACHINE = (
    "ip link set lo up && ip addr add 93.184.216.34/32 dev lo && mount --bind {conf} /etc/resolv.conf "
    "&& exec {python} -m tests.target.resolver"
)
OWN = ("unshare", "--user", "--map-root-user", "--mount", "--net")
REFUSED = "refused by the outbound policy: 127.0.0.1:"


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    if not (shutil.which("unshare") and shutil.which("ip")):
        pytest.skip("unshare and ip are not here: no name server of our own can be put in place")
    if subprocess.run([*OWN, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this system allows no namespaces: no name server of our own can be put in place")
    conf = tmp_path_factory.mktemp("names") / "resolv.conf"
    conf.write_text("nameserver 127.0.0.1\noptions timeout:2\n")
    script = MACHINE.format(conf=conf, python=sys.executable)
    command = [*OWN, "sh", "-c", script]
    done = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=60)
    told: dict[str, object] = json.loads(done.stdout)
    return told


def test_the_second_address_of_a_name_is_judged_as_the_first_one(outcome: dict[str, object]) -> None:
    told = outcome["told"]

    assert isinstance(told, dict)
    assert {what for what, error in told.items() if not error} == {
        "first look", "both at once", "proxy", "behind a proxy",
    }  # fmt: skip
    assert [what for what, error in told.items() if error and REFUSED not in error] == []


def test_no_connection_was_opened_to_any_other_address(outcome: dict[str, object]) -> None:
    seen = outcome["seen"]

    assert isinstance(seen, list)
    assert {address for address, _ in seen} == {"93.184.216.34"}
    assert [path for _, path in seen] == [
        "/first", "/both", "/away?http://inner.test:8080/inner", "http://public.test/proxied",
        "http://behind.test/behind",
    ]  # fmt: skip
