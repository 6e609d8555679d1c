"""What docs/deploy.md has people copy holds together: the containers, the units, the commands in them."""

from __future__ import annotations

import configparser
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from hat.web.__main__ import _parser

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("deploy.md", "deploy.zh-CN.md")
INSTANCES = ("serve", "worker", "clock", "migrate")


def blocks(page: str, kind: str) -> list[str]:
    """The blocks of code of a kind on a page."""
    return re.findall(rf"^```{kind}\n(.*?)^```", (DOCS / page).read_text("utf-8"), re.MULTILINE | re.DOTALL)


def compose(page: str) -> dict[str, Any]:
    """The file for containers, its merges carried out."""
    (text,) = [block for block in blocks(page, "yaml") if "services:" in block]
    value: dict[str, Any] = yaml.safe_load(text)
    return value


def understood(words: list[str]) -> bool:
    """Whether HAT's platform understands a command line."""
    try:
        _parser().parse_args(words)
    except SystemExit:
        return False
    return True


@pytest.mark.parametrize("page", PAGES)
def test_the_services_name_only_what_is_there(page: str) -> None:
    whole = compose(page)
    services = whole["services"]

    assert compose(PAGES[0]) == whole
    for name, service in services.items():
        assert {"image", "build"} & service.keys(), name
        assert set(service.get("depends_on", {})) <= services.keys()
        volumes = {volume.partition(":")[0] for volume in service.get("volumes", [])}
        assert volumes <= whole["volumes"].keys()
        if "build" in service:
            assert understood(service["command"]), name


@pytest.mark.parametrize("page", PAGES)
def test_each_setting_of_the_services_is_documented(page: str) -> None:
    settings = (DOCS / "settings.md").read_text("utf-8")
    services = [service for service in compose(page)["services"].values() if "build" in service]

    names = {name for service in services for name in service["environment"]}

    assert [name for name in sorted(names) if f"`{name}`" not in settings] == []


@pytest.mark.parametrize("page", PAGES)
def test_the_units_start_commands_that_exist(page: str) -> None:
    for text in blocks(page, "ini"):
        unit = configparser.ConfigParser(strict=False, interpolation=None)
        unit.read_string(text)
        started = unit["Service"].get("execstart")
        if started is None:
            continue
        words = shlex.split(started)[1:]
        for instance in INSTANCES:
            assert understood([word.replace("%i", instance) for word in words if word != "$OPTIONS"])


def test_a_command_that_is_not_there_is_noticed() -> None:
    assert not understood(["serv"])
    assert not understood(["serve", "--hots", "0.0.0.0"])
