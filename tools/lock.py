"""Make the pin files in requirements/ from pyproject.toml: hashed, for every platform, without addresses."""

from __future__ import annotations

import subprocess
import tempfile
import tomllib
from pathlib import Path

from tools.console import StartError, say
from tools.environment import PINS, PYTHON, ROOT, prepare

FILES = {
    "build": ["--group", "build"],
    "run": ["pyproject.toml", "--extra", "web", "--extra", "ldap"],
    "dev": ["pyproject.toml", "--extra", "web", "--extra", "ldap", "--group", "build", "--group", "dev"],
}
PLATFORMS = {"macosx": "macos", "manylinux": "manylinux", "win": "windows"}
HOW = ["--universal", "--python-version", "3.11", "--only-binary", ":all:", "--quiet"]
PLAIN = ["--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]


def lock(arguments: list[str]) -> int:
    """Write build.txt, run.txt, dev.txt and wheels.txt; versions stay unless `--upgrade` is given."""
    prepare(development=True, pages=False)
    constraints: list[str] = []
    for name, selection in FILES.items():
        target = PINS / f"{name}.txt"
        compile_pins([*selection, *PLAIN, *arguments, *constraints, "--output-file", str(target)])
        constraints += ["--constraint", str(target)]
        say(f"  requirements/{name}.txt")
    (PINS / "wheels.txt").write_text(wheels_table())
    say("  requirements/wheels.txt")
    return 0


def compile_pins(options: list[str]) -> None:
    """Let uv resolve pyproject.toml."""
    command = [str(PYTHON), "-m", "uv", "pip", "compile", *HOW, *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StartError(f"the pins could not be made:\n{done.stderr.strip()}")


def wheels_table() -> str:
    """List for each package of run.txt and build.txt for which platforms its release has wheels."""
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in ("build", "run"):
            target = Path(folder) / f"pylock.{name}.toml"
            constraint = ["--constraint", str(PINS / f"{name}.txt")]
            compile_pins([*FILES[name], *constraint, "--format", "pylock.toml", "--output-file", str(target)])
            for package in tomllib.loads(target.read_text())["packages"]:
                files = [wheel.get("name") or wheel["url"].rpartition("/")[2] for wheel in package["wheels"]]
                rows[package["name"]] = f"{package['name']}=={package['version']}: {platforms(files)}\n"
    return "".join(rows[name] for name in sorted(rows))


def platforms(files: list[str]) -> str:
    """Say for which platforms there are wheels, from the names of the files."""
    tags = [file.removesuffix(".whl").split("-")[-1] for file in files]
    if "any" in tags:
        return "any"
    return " ".join(word for start, word in PLATFORMS.items() if any(tag.startswith(start) for tag in tags))
