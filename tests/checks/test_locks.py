"""The lock files are complete, hashed, without addresses, and agree with each other and pyproject.toml."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

import pytest

from tests.checks.sources import ROOT

PIN = re.compile(r"^(?P<name>[a-z0-9.-]+)==(?P<version>[^ ;\\]+)(?P<marker> ; [^\\]+)? \\$")
PIN_FILES = ("build", "run", "dev")
COMPILED_NEEDS = {"macos", "manylinux", "windows"}


def pins(text: str) -> dict[str, tuple[str, int]]:
    """Read a pin file: name -> version and number of hashes; any other line is refused."""
    found: dict[str, tuple[str, int]] = {}
    name = ""
    for line in text.splitlines():
        if match := PIN.match(line):
            name = match["name"]
            found[name] = (match["version"], 0)
        else:
            assert re.match(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$", line), f"not a pin: {line}"
            found[name] = (found[name][0], found[name][1] + 1)
    return found


def pin_file(name: str) -> str:
    return (ROOT / f"requirements/{name}.txt").read_text()


def versions(name: str) -> dict[str, str]:
    return {package: version for package, (version, _) in pins(pin_file(name)).items()}


def npm_lock() -> dict[str, Any]:
    lock: dict[str, Any] = json.loads((ROOT / "frontend/package-lock.json").read_text())
    return lock


def npm_faults(lock: dict[str, Any]) -> list[str]:
    """Say what an npm lock file lacks, or has too much."""
    packages = lock["packages"]
    faults = []
    for path, entry in packages.items():
        if path and "integrity" not in entry and not entry.get("inBundle"):  # that is inside another one
            faults.append(f"{path}: no integrity")
        if "resolved" in entry:
            faults.append(f"{path}: holds an address")
        for name in entry.get("optionalDependencies", {}):
            if f"node_modules/{name}" not in packages and f"{path}/node_modules/{name}" not in packages:
                faults.append(f"{path}: {name} is missing, so some platform cannot build the pages")
    return faults


@pytest.mark.parametrize("name", PIN_FILES)
def test_every_python_pin_has_hashes(name: str) -> None:
    bare = [package for package, (_, hashes) in pins(pin_file(name)).items() if not hashes]

    assert bare == []


def test_the_reader_of_pins_notices_a_pin_without_a_hash_and_an_address() -> None:
    assert pins("six==1.17.0 \\\n") == {"six": ("1.17.0", 0)}
    with pytest.raises(AssertionError, match="not a pin"):
        pins("--index-url somewhere\n")


@pytest.mark.parametrize("name", ["build", "run"])
def test_the_development_pins_hold_the_other_pins(name: str) -> None:
    development = versions("dev")

    assert {package: development.get(package) for package in versions(name)} == versions(name)


def test_the_build_requirements_are_exact_and_pinned_the_same() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())

    required = dict(text.split("==") for text in project["build-system"]["requires"])

    assert project["dependency-groups"]["build"] == project["build-system"]["requires"]
    assert {name: versions("build").get(name) for name in required} == required


def test_every_dependency_of_the_project_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["web"]]

    names = {re.split(r"[\[<>=~! ]", text)[0].lower() for text in wanted}

    assert names - set(versions("run")) == set()


def test_every_compiled_package_has_wheels_for_windows_macos_and_linux() -> None:
    lines = [re.split("==|: ", line) for line in pin_file("wheels").splitlines()]
    platforms = {name: set(words.split()) for name, _, words in lines}
    known = {name: version for name, version, _ in lines}

    assert known == versions("run") | versions("build"), "hint: python3 start.py lock"
    assert [
        name for name, words in platforms.items() if words != {"any"} and not words >= COMPILED_NEEDS
    ] == []


def test_every_npm_package_has_a_hash_no_address_and_every_platform() -> None:
    assert npm_faults(npm_lock()) == []


def test_it_notices_an_incomplete_npm_lock() -> None:
    planted = {
        "packages": {
            "": {"name": "hat-pages"},
            "node_modules/a": {"resolved": "somewhere", "integrity": "sha512-x"},
            "node_modules/b": {"optionalDependencies": {"@b/windows": "1.0.0"}},
        }
    }

    assert npm_faults(planted) == [
        "node_modules/a: holds an address",
        "node_modules/b: no integrity",
        "node_modules/b: @b/windows is missing, so some platform cannot build the pages",
    ]


def test_the_npm_lock_is_the_one_of_package_json() -> None:
    package = json.loads((ROOT / "frontend/package.json").read_text())
    root = npm_lock()["packages"][""]

    for part in ("dependencies", "devDependencies"):
        assert root[part] == package[part]
        assert [text for text in package[part].values() if not re.fullmatch(r"\d+\.\d+\.\d+", text)] == []


@pytest.mark.parametrize(
    "name", ["frontend/package-lock.json", *(f"requirements/{name}.txt" for name in PIN_FILES)]
)
def test_no_lock_file_names_an_address(name: str) -> None:
    assert re.findall(r"[a-z+]+://\S*|\bfile:\S*", (ROOT / name).read_text()) == []
