from __future__ import annotations

import ipaddress

import pytest

from hat.engine.targets import Policy, Targets, meanings, places, rule

OPEN = Targets([Policy(private=True)])
CLOSED = Targets([Policy(private=False)])


def refused(targets: Targets, address: str, host: str = "h", port: int = 80) -> str:
    """Why, or nothing."""
    found = targets.refusal(host, address, port)
    return found[0] if found else ""


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "::a9fe:a9fe",
        "fd00:ec2::254",
        "100.100.100.200",
        "168.63.129.16",
        "169.254.10.1",
        "fe80::1%eth0",
    ],
)
def test_metadata_and_link_local_addresses_are_refused_even_where_private_ones_are_not(address: str) -> None:
    assert refused(OPEN, address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.9.9.9",
        "::1",
        "0.0.0.0",
        "::",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "fd12::1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "::7f00:1",
        "224.0.0.1",
        "255.255.255.255",
    ],
)
def test_the_switch_decides_about_inner_addresses(address: str) -> None:
    assert refused(CLOSED, address).endswith("is an address of this machine or a private network")
    assert refused(OPEN, address) == ""


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_public_addresses_are_reached(address: str) -> None:
    assert refused(CLOSED, address) == ""


@pytest.mark.parametrize(
    ("text", "host", "address", "port", "covered"),
    [
        ("10.0.0.0/8", "h", "10.9.9.9", 1, True),
        ("10.0.0.0/8", "h", "11.0.0.1", 1, False),
        ("10.0.0.5:8080", "h", "10.0.0.5", 8080, True),
        ("10.0.0.5:8080", "h", "10.0.0.5", 80, False),
        ("[fd00::/8]:443", "h", "fd01::1", 443, True),
        ("fd00::1", "h", "fd00::1", 443, True),
        ("api.example.org", "API.example.org.", "10.0.0.1", 1, True),
        ("api.example.org", "x.api.example.org", "10.0.0.1", 1, False),
        ("*.example.org:443", "a.b.example.org", "10.0.0.1", 443, True),
        ("*.example.org", "example.org", "10.0.0.1", 443, False),
        ("bücher.example", "xn--bcher-kva.example", "10.0.0.1", 443, True),
        ("*:25", "anything", "10.0.0.1", 25, True),
    ],
)
def test_a_rule_covers_hosts_networks_and_ports(
    text: str, host: str, address: str, port: int, covered: bool
) -> None:
    denied = Targets([Policy(private=True, deny=(text,))])
    allowed = Targets([Policy(private=False, allow=(text,))])

    assert bool(refused(denied, address, host, port)) is covered
    if ipaddress.ip_address(address).is_private:
        assert (refused(allowed, address, host, port) == "") is covered


@pytest.mark.parametrize(
    "text", ["", "a b", "10.0.0.0/99", "host:0", "host:http", "[::1", "a/b", "**", "x*y", "http://host"]
)
def test_a_rule_that_is_none_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="'"):
        rule(text)


def test_a_denied_target_cannot_be_allowed_by_the_same_policy() -> None:
    both = Targets([Policy(allow=("10.0.0.0/8",), deny=("10.0.0.5",))])

    assert refused(both, "10.0.0.5") == "10.0.0.5:80 is denied by the rule '10.0.0.5'"
    assert refused(both, "10.0.0.6") == ""


def test_a_star_denies_what_is_not_allowed() -> None:
    only = Targets([Policy(allow=("api.example.org:443",), deny=("*",))])

    assert refused(only, "93.184.216.34", "api.example.org", 443) == ""
    assert refused(only, "93.184.216.34", "api.example.org", 80).endswith("is denied by the rule '*'")


def test_an_exception_permits_link_local_addresses() -> None:
    assert refused(Targets([Policy(allow=("169.254.169.254",))]), "169.254.169.254") == ""


def test_every_policy_must_agree() -> None:
    installation = Policy(private=False)
    project = Policy(private=True, allow=("10.0.0.0/8",), whose="the project")

    assert refused(Targets([installation, project]), "10.0.0.1")
    assert refused(Targets([Policy(), Policy(deny=("10.0.0.1",), whose="the project")]), "10.0.0.1") == (
        "the project: 10.0.0.1:80 is denied by the rule '10.0.0.1'"
    )


def test_services_of_hat_are_refused_by_every_name_and_allowed_by_nobody() -> None:
    own = Targets([Policy(allow=("*", "127.0.0.0/8"))], places("localhost", 5432))

    assert refused(own, "127.0.0.1", "localhost", 5432) == "127.0.0.1:5432 is a service of HAT itself"
    assert refused(own, "127.0.0.1", "db.test", 5432)
    assert refused(own, "::ffff:127.0.0.1", "db.test", 5432)
    assert refused(own, "127.0.0.9", "db.test", 5432)
    assert refused(own, "127.0.0.1", "localhost", 80) == ""
    assert refused(own, "93.184.216.34", "db.test", 5432) == ""


def test_a_refusal_says_what_would_help() -> None:
    assert CLOSED.refusal("inner.test", "10.0.0.1", 80) == (
        "10.0.0.1:80 is an address of this machine or a private network",
        "add '10.0.0.1' to the allowed targets to permit it",
    )


def test_a_mapped_address_means_the_inner_one_alone() -> None:
    assert meanings(ipaddress.ip_address("::ffff:93.184.216.34")) == [ipaddress.ip_address("93.184.216.34")]
