"""Make `.venv` as the pin files say: environment, packages, pages, the package itself; what is current stays."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.console import Refusal, Step, say, together

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
PINS = ROOT / "requirements"
NEEDED_MB = 1500  # environment, npm packages and caches of a development installation

CAUSES = (
    (
        r"No space left on device|Errno 28|ENOSPC|Disk quota exceeded",
        "the disk is full: HAT needs about 1.5 GB for its environment.",
    ),
    (
        r"DO NOT MATCH THE HASHES|EINTEGRITY",
        "a downloaded package is not the one this version of HAT was tested with (its hash differs).\n"
        "  hint: a proxy or mirror may have changed it; try another network, then run the same command again",
    ),
    (
        r"Max retries exceeded|NewConnectionError|ConnectionError|getaddrinfo|Temporary failure in name|Name or service"
        r"|Network is unreachable|ProxyError|ENOTFOUND|ETIMEDOUT|ECONNREFUSED|ECONNRESET|EAI_AGAIN|Read timed out"
        r"|SSLError|No matching distribution found",
        "no package server could be reached.\n"
        "  hint: check the network; behind a mirror or proxy set it for pip (PIP_INDEX_URL, HTTPS_PROXY)"
        " and npm (npm_config_registry)",
    ),
)


def prepare(*, development: bool = False, pages: bool = True) -> None:
    """Bring `.venv` and the built pages up to date; does nothing, quickly, when they are."""
    pages = pages and not os.environ.get("HAT_SKIP_FRONTEND")
    if is_current(development=development, pages=pages):
        return
    say("Preparing HAT, about a minute the first time")
    with one_at_a_time():
        make_environment()
        install_pins("build", "the tools that build the pages")
        kind = "dev" if development else "run"
        steps = []
        if not stamp_is_current(kind):
            command = pip("install", "--require-hashes", "--no-deps", "-r", str(PINS / f"{kind}.txt"))
            steps.append((begin("Python packages", command), explain))
        if pages and (ROOT / "frontend/package.json").is_file():
            command = [str(PYTHON), str(ROOT / "hatch_build.py"), *(["--development"] if development else [])]
            steps.append((begin("Pages (npm packages, then vite)", command), explain))
        together(steps)
        write_stamp(kind)
        install_package()
        if pages:
            (VENV / ".hat-pages").write_text(pages_digest(development))


def is_current(*, development: bool, pages: bool) -> bool:
    """Say whether a start has nothing to prepare."""
    return (
        PYTHON.exists()
        and stamp_is_current("dev" if development else "run")
        and stamp_is_current("package")
        and (not pages or pages_are_current(development))
    )


def make_environment() -> None:
    """Make `.venv`, or make it anew when it is of another Python or was moved here."""
    if PYTHON.exists() and stamp_is_current("environment"):
        return
    free_mb = shutil.disk_usage(ROOT).free // 2**20
    if free_mb < NEEDED_MB:
        raise Refusal(f"the disk is full: HAT needs about {NEEDED_MB} MB in {ROOT}, {free_mb} MB are free.")
    arguments = ["--clear"] if VENV.exists() and not PYTHON.exists() else []
    say(f"  Environment {VENV.name} (Python {sys.version_info[0]}.{sys.version_info[1]}) ...")
    made = subprocess.run(
        [sys.executable, "-m", "venv", *arguments, str(VENV)], capture_output=True, text=True, check=False
    )
    if made.returncode:
        raise Refusal(explain_venv(made.stdout + made.stderr))
    write_stamp("environment")


def explain_venv(output: str) -> str:
    """Say in a sentence why `python -m venv` did not work."""
    if "ensurepip" in output or "No module named venv" in output:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        return (
            "this Python cannot make virtual environments: its venv module is missing.\n"
            f"  hint: on Debian or Ubuntu: sudo apt install python{version}-venv"
        )
    return explain(output)


def install_pins(kind: str, title: str) -> None:
    """Install one pin file, each package checked by its hash."""
    if not stamp_is_current(kind):
        command = pip("install", "--require-hashes", "--no-deps", "-r", str(PINS / f"{kind}.txt"))
        begin(title[0].upper() + title[1:], command).wait(explain)
        write_stamp(kind)


def install_package() -> None:
    """Install this checkout itself, editable, so that the command `hat` exists and code changes count at once."""
    if stamp_is_current("package"):
        return
    command = pip("install", "--no-deps", "--no-index", "--no-build-isolation", "--editable", str(ROOT))
    begin("HAT itself", command, HAT_SKIP_FRONTEND="1").wait(explain)
    write_stamp("package")


def pip(*arguments: str) -> list[str]:
    """Build a pip command of the environment."""
    quiet = ["--disable-pip-version-check", "--no-input", "--retries", "2"]
    return [str(PYTHON), "-m", "pip", arguments[0], *quiet, *arguments[1:]]


def begin(title: str, command: list[str], **environment: str) -> Step:
    """Begin one step of the preparation, its output in a log inside `.venv`."""
    name = re.sub(r"\W+", "-", title.lower()).strip("-")
    return Step(title, command, log=VENV / f"hat-{name}.log", env={**os.environ, **environment})


def explain(log: str) -> str:
    """Turn the output of pip or npm into a sentence about the cause."""
    for pattern, sentence in CAUSES:
        if re.search(pattern, log):
            return sentence
    return "preparing did not work. The last lines were:\n\n" + "\n".join(log.strip().splitlines()[-15:])


def stamp_is_current(kind: str) -> bool:
    """Say whether a part of the environment was made from the files as they are now."""
    stamp = VENV / f".hat-{kind}"
    return stamp.is_file() and stamp.read_text() == digest(kind)


def write_stamp(kind: str) -> None:
    """Note that a part of the environment is current; development pins hold the pins for running."""
    (VENV / f".hat-{kind}").write_text(digest(kind))
    if kind == "dev":
        write_stamp("run")


def digest(kind: str) -> str:
    """Hash what a part of the environment is made from."""
    made_from = {
        "environment": [],
        "package": ["pyproject.toml", "hatch_build.py"],
        "dev": ["requirements/dev.txt", "requirements/run.txt"],
    }.get(kind, [f"requirements/{kind}.txt"])
    text = hashlib.sha256(f"{ROOT} {sys.version_info[:2]}\n".encode())
    for name in made_from:
        text.update((ROOT / name).read_bytes())
    return text.hexdigest()


def pages_are_current(development: bool) -> bool:
    """Say whether nothing in frontend/ is newer than what was built from it last."""
    stamp = VENV / ".hat-pages"
    built = (ROOT / "hat/web/dist/app/index.html").is_file() and (ROOT / "hat/reports/dist/report.html").is_file()
    if not (ROOT / "frontend/package.json").is_file():
        return True
    if development and not (ROOT / "frontend/node_modules/.hat-lock").is_file():
        return False
    return built and stamp.is_file() and stamp.read_text() == pages_digest(development)


def pages_digest(development: bool) -> str:
    """Hash names, sizes and times of the front-end sources: quick, and any touch counts."""
    kind = "full" if development else "lean"
    facts = [kind]
    frontend = ROOT / "frontend"
    for folder, folders, files in os.walk(frontend):
        folders[:] = sorted(name for name in folders if name not in {"node_modules", "test", "dist"})
        for name in sorted(files):
            status = os.stat(os.path.join(folder, name))
            facts.append(f"{folder}/{name} {status.st_size} {status.st_mtime_ns}")
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let a second start in the same checkout wait until the first one has prepared."""
    if os.name == "nt":  # no waiting lock of the whole file there: two first starts at once are not guarded
        yield
        return
    import fcntl

    with (ROOT / ".start.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("  Another start is preparing HAT here, waiting for it ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
