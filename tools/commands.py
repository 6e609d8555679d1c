"""The commands of start.py, as a small table, and the way from a command line to one of them."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tools import checks, dev, lock, security
from tools.console import StartError, say, warn
from tools.environment import DISK_FULL, PYTHON, ROOT, prepare

PORTS = {"--port": ("HAT_PORT", 8700), "--demo-port": ("", 8701)}  # option: variable, default


@dataclass(frozen=True)
class Command:
    """One word after `start.py`: what it does in a sentence, and the function that does it."""

    sentence: str
    run: Callable[[list[str]], int]


def up(arguments: list[str]) -> int:
    """Start the platform on this machine."""
    return platform("up", arguments, ports=["--port"])


def demo(arguments: list[str]) -> int:
    """Start the platform with the demo project and the demo API."""
    return platform("demo", arguments, ports=["--port", "--demo-port"])


def develop(arguments: list[str]) -> int:
    """Start the platform anew after each change, with Vite before it; `types` writes the types of the API."""
    prepare(development=True)
    if arguments[:1] == ["types"]:
        return call("-m", "tools.pages", "write-schema")
    check_port("--port", arguments)
    if value_of("--data", arguments) is None and not os.environ.get("HAT_DATA"):
        arguments = [*arguments, "--data", str(ROOT / "data")]
    port = value_of("--port", arguments) or os.environ.get("HAT_PORT") or "8700"
    if int(port) == 0:
        raise StartError("--port: Vite must know the port.\n  hint: name one, for example: --port 8710")
    return dev.serve(arguments, port=port)


def platform(word: str, arguments: list[str], *, ports: Sequence[str]) -> int:
    """Prepare, then become `python -m hat.web WORD`."""
    if not {"-h", "--help"} & set(arguments):
        for option in ports:
            check_port(option, arguments)
    prepare()
    if value_of("--data", arguments) is None and not os.environ.get("HAT_DATA"):
        arguments = [*arguments, "--data", str(ROOT / "data")]
    return become("-m", "hat.web", word, *arguments)


def bench(arguments: list[str]) -> int:
    """Run one of the benchmarks, or list them."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "bench").glob("*.py")}
    names = sorted(name for name, text in texts.items() if f"start.py bench {name}" in text)
    if not arguments or arguments[0] not in names:
        raise StartError(f"which benchmark?\n  hint: python3 start.py bench {'|'.join(names)}")
    in_browser = arguments[0] == "pages"
    prepare(development=in_browser, pages=in_browser)
    return become(str(ROOT / "bench" / f"{arguments[0]}.py"), *arguments[1:])


def faults(arguments: list[str]) -> int:
    """Kill parts of a platform while it works, and see that no run suffers."""
    prepare(development=True, pages=False)
    return become("-m", "tests.faults", *arguments)


def attacks(arguments: list[str]) -> int:
    """Attack the sandbox of functions with every set of layers, and print what came of it."""
    prepare(development=True, pages=False)
    return become("-m", "tests.attacks", *arguments)


def generate(_: list[str]) -> int:
    """Write the files that are made from others."""
    prepare(development=True)
    codes = [call("-m", "tools.tree"), call("-m", "tools.schema"), call("-m", "tools.pages", "write-schema")]
    return max(codes)


def show_help(_: list[str]) -> int:
    """List the commands."""
    say("python3 start.py [COMMAND] [OPTIONS]\n")
    for name, command in COMMANDS.items():
        say(f"  {name or '(nothing)':<12} {command.sentence}")
    return 0


def prepare_only(arguments: list[str]) -> int:
    """Make the environment and the pages, start nothing."""
    prepare(development="--dev" in arguments)
    say(f"Ready: {PYTHON.relative_to(ROOT)}")
    return 0


COMMANDS = {
    "": Command("the platform: --port N, --data DIR", up),
    "demo": Command("the platform with a demo project: --port N, --demo-port N, --data DIR, --exit", demo),
    "test": Command(
        "every check, or some: test [lint|types|pages|python|browser ...] [pytest options]", checks.test
    ),
    "bench": Command("a benchmark: bench NAME", bench),
    "faults": Command(
        "kill parts of a platform while it works: --mode embedded|redis|rabbitmq --kills N --seed S", faults
    ),
    "attacks": Command(
        "attack the sandbox of functions: --extra FOLDER for your own, --keep or --compare the table in docs",
        attacks,
    ),
    "security": Command(
        "the long search for holes: audits, fuzzing as every role, attacks", security.security
    ),
    "dev": Command(
        "for work on HAT: the platform with reload, the pages by Vite; dev types writes schema.d.ts", develop
    ),
    "prepare": Command(
        "make the environment and the pages, start nothing: --dev for the development tools", prepare_only
    ),
    "generate": Command(
        "write what is made from other files: in docs the tree and the schema; schema.d.ts", generate
    ),
    "lock": Command(
        "make the pin files in requirements/ anew from pyproject.toml: --upgrade for newer versions",
        lock.lock,
    ),
    "help": Command("this list", show_help),
}


def main(arguments: list[str]) -> int:
    """Run one command; whatever stands in the way is told in a sentence, with exit code 2."""
    word = arguments[0] if arguments and not arguments[0].startswith("-") else ""
    if {"-h", "--help"} & set(arguments[:1]):
        word = "help"
    try:
        if word not in COMMANDS:
            raise StartError(f"there is no command '{word}'.\n  hint: python3 start.py help")
        return COMMANDS[word].run(arguments[1:] if word and arguments[0] == word else arguments)
    except StartError as refusal:
        warn(f"HAT cannot start: {refusal}")
        return 2
    except OSError as error:
        warn(f"HAT cannot start: {sentence_of(error)}")
        return 2
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def sentence_of(error: OSError) -> str:
    """Say what the operating system refused, and where."""
    if error.errno == errno.ENOSPC:
        return DISK_FULL
    where = f": {error.filename}" if error.filename else ""
    return f"{error.strerror or error}{where}"


def check_port(option: str, arguments: Sequence[str]) -> None:
    """Refuse a port that is taken before a minute is spent on preparing."""
    variable, default = PORTS[option]
    text = value_of(option, arguments) or os.environ.get(variable) or str(default)
    if not text.isdecimal() or int(text) > 65535:
        raise StartError(
            f"{option}: '{text}' is not a port.\n  hint: a number from 1 to 65535, or 0 for any free one"
        )
    host = value_of("--host", arguments) or os.environ.get("HAT_HOST") or "127.0.0.1"
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(text)))
        except OSError:
            raise StartError(
                f"port {text} on {host} is taken by another program.\n"
                f"  hint: choose another one, for example: {option} {int(text) + 10}"
            ) from None


def value_of(option: str, arguments: Sequence[str]) -> str | None:
    """Find the value of an option, written `--port 1` or `--port=1`; the last one counts."""
    value = None
    for index, argument in enumerate(arguments):
        if argument == option and index + 1 < len(arguments):
            value = arguments[index + 1]
        elif argument.startswith(f"{option}="):
            value = argument.partition("=")[2]
    return value


def call(*arguments: str) -> int:
    """Run the environment's Python and wait for it."""
    return subprocess.run([str(PYTHON), *arguments], cwd=ROOT, check=False).returncode


def become(*arguments: str) -> int:
    """Replace this process by the environment's Python, so that signals and the exit code are its own."""
    sys.stdout.flush()
    command = [str(PYTHON), *arguments]
    if os.name == "nt":  # exec there starts a second process and returns to the shell at once
        return subprocess.call(command)
    return os.execv(command[0], command)
