"""Ask the databases of known holes about our packages; where none answers, compare with the newest ones."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hatch_build import PagesError, node_program, npm_script
from tools.checks import UNREACHED
from tools.console import say
from tools.environment import PINS, ROOT

CLEAN: Final = 0
HOLES: Final = 1
_PIN: Final = re.compile(r"([A-Za-z0-9._-]+)==([^ ;\\]+)")
_PIP_AUDIT: Final = ("-m", "pip_audit", "--disable-pip", "--progress-spinner=off", "--format=json")
_PIP_OUTDATED: Final = ("-m", "pip", "list", "--outdated", "--format=json", "--disable-pip-version-check")
_DATABASES: Final = ("pypi", "osv")
_NO_CONNECTION: Final = ("requests.exceptions.", "ConnectionError", "ServiceError")


@dataclass(frozen=True)
class Said:
    """What a program printed, and its exit code."""

    code: int
    output: str
    errors: str

    @property
    def document(self) -> Any:
        """The JSON it printed; None when there is none."""
        try:
            return json.loads(self.output)
        except ValueError:
            return None

    @property
    def last_line(self) -> str:
        return next((line for line in reversed(self.errors.splitlines()) if line.strip()), "it said nothing")


Ask = Callable[[Sequence[str]], Said]


def python_packages(ask: Ask) -> int:
    """The pins of requirements/run.txt: first PyPI's database is asked, then OSV's."""
    for database in _DATABASES:
        said = ask((*_PIP_AUDIT, f"--vulnerability-service={database}", "-r", str(PINS / "run.txt")))
        packages = said.document["dependencies"] if said.document else []
        if packages and not all("skip_reason" in one for one in packages):
            return _judge(packages)
        if not packages and not any(word in said.errors for word in _NO_CONNECTION):
            say(said.errors.rstrip())  # it did not even begin to ask
            return HOLES
        why = packages[0]["skip_reason"] if packages else said.last_line
        say(f"the database of {database} could not be reached: {why}")
    _compare("Python", ask(_PIP_OUTDATED).document or [], _pinned())
    return UNREACHED


def _judge(packages: Sequence[dict[str, Any]]) -> int:
    """Holes, and packages nobody could look up, which count as holes: nothing was found out about them."""
    bad = [one for one in packages if one.get("vulns") or "skip_reason" in one]
    for one in bad:
        holes = ", ".join(f"{hole['id']} (mended in {_mended(hole)})" for hole in one.get("vulns", ()))
        say(f"{one['name']} {one.get('version', '')}: {holes or one['skip_reason']}")
    say(f"{len(packages)} packages, {len(bad)} with known holes")
    return HOLES if bad else CLEAN


def _mended(hole: dict[str, Any]) -> str:
    return ", ".join(hole.get("fix_versions", ())) or "no version yet"


def page_packages(ask: Ask) -> int:
    """What the pages are built from, as package-lock.json pins it."""
    said = ask(("audit", "--omit=dev", "--json"))
    report = said.document
    if isinstance(report, dict) and "auditReportVersion" in report:
        for name, one in report["vulnerabilities"].items():
            say(f"{name} {one['range']}: {one['severity']}")
        say(f"{len(report['vulnerabilities'])} packages with known holes")
        return HOLES if said.code else CLEAN
    if not isinstance(report, dict) or "error" not in report or "message" not in report:
        say(said.errors.rstrip())
        return HOLES
    say(f"the database of npm could not be reached: {report['message']}")
    newest = ask(("outdated", "--json")).document or {}
    found = [
        {"name": name, "version": one.get("current", "?"), "latest_version": one["latest"]}
        for name, one in newest.items()
    ]
    _compare("page", found, {one["name"] for one in found})
    return UNREACHED


def _compare(kind: str, older: Sequence[dict[str, Any]], ours: set[str]) -> None:
    """Say which packages have a newer version: no answer about holes, but the next best thing."""
    behind = [one for one in older if _plain(one["name"]) in ours]
    say(f"instead, compared with the index: {len(behind)} {kind} packages have a newer version")
    for one in behind:
        say(f"  {one['name']} {one['version']} < {one['latest_version']}")


def _pinned() -> set[str]:
    return set(_names((PINS / "run.txt").read_text(encoding="utf-8").splitlines()))


def _names(lines: Sequence[str]) -> Iterator[str]:
    return (_plain(found[1]) for line in lines if (found := _PIN.match(line)))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _python(arguments: Sequence[str]) -> Said:
    return _said([sys.executable, *arguments])


def _npm(arguments: Sequence[str]) -> Said:
    return _said([str(node_program()), str(npm_script()), *arguments], folder="frontend")


def _said(command: Sequence[str], *, folder: str = ".") -> Said:
    done = subprocess.run(command, cwd=ROOT / folder, capture_output=True, encoding="utf-8", check=False)
    return Said(done.returncode, done.stdout, done.stderr)


KINDS: Final = {"python": (python_packages, _python), "pages": (page_packages, _npm)}


def main(words: Sequence[str]) -> int:
    """Audit one kind of packages."""
    audit, ask = KINDS[words[0]]
    try:
        return audit(ask)
    except PagesError as error:
        say(str(error))
        return HOLES


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
