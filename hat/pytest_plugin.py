"""The pytest plugin: `pytest --hat` collects HAT and HttpRunner files; without it, nothing is loaded."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

_SUFFIXES = (".yml", ".yaml", ".json")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options."""
    group = parser.getgroup("hat", "HAT: HTTP API cases in YAML and JSON files")
    group.addoption("--hat", action="store_true", help="collect HAT and HttpRunner case files, too")
    group.addoption("--hat-env", default="", metavar="NAME", help="environment: the project's .env.NAME")
    group.addoption("--hat-var", action="append", default=[], metavar="K=V", help="a variable of all cases")
    group.addoption("--hat-dialect", default=None, metavar="D", help="read files as this dialect")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A case file, if they were asked for."""
    if not parent.config.getoption("hat") or file_path.suffix.lower() not in _SUFFIXES:
        return None
    # Imported here: whoever does not use the option pays for none of it.
    found: pytest.Collector = import_module("hat.cli.collect").CaseFile.from_parent(parent, path=file_path)
    return found
