"""The entry of the command line: pick the command, turn what goes wrong into an exit code."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from io import TextIOWrapper
from types import ModuleType, TracebackType
from typing import Any, Self

from hat import __version__
from hat.cli.exit import Exit
from hat.error import HatError

PLATFORM = ("up", "serve", "worker", "clock", "migrate", "rotate-key", "packages", "demo")


def main(argv: Sequence[str] | None = None, env: Mapping[str, str] | None = None) -> int:
    """Carry out one command; the exit code says how it went (see Exit)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments in (["--version"], ["-V"], ["version"]):
        print(f"hat {__version__}")
        return Exit.PASSED
    if arguments and arguments[0] in PLATFORM:
        from hat.cli import platform

        return platform.become(arguments)
    return _carry_out(arguments, os.environ if env is None else env)


def _carry_out(arguments: list[str], env: Mapping[str, str]) -> int:
    gc.set_threshold(100_000, 50, 50)  # modules and results last, and there is hardly a cycle to find
    _import_lean()
    from hat.cli import options

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a name the terminal has no characters for is no fault
    try:
        chosen = options.parse(arguments)
    except SystemExit as stop:  # argparse has said what is wrong, or printed the help
        return Exit.PASSED if not stop.code else Exit.USAGE
    guard = Guard()
    try:
        with guard:
            guard.code = chosen.command(chosen, env)
    except HatError as problem:
        print(problem, file=sys.stderr)
        return Exit.USAGE
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  closed when Python ends
        return Exit.FAILED
    return guard.code


def _import_lean() -> None:
    """Import msgspec and pycurl without what they only offer to others: a tenth of a cold start.

    HAT drives libcurl by a loop of its own, and its annotations need no typing_extensions.
    """
    nothing: Any = None  # an import that finds it says that there is no such module
    driver: Any = ModuleType("pycurl.async_multi")
    driver.AsyncCurlMulti = None
    spared = {"typing_extensions": nothing, driver.__name__: driver}
    spared = {name: module for name, module in spared.items() if name not in sys.modules}
    sys.modules.update(spared)
    for name in ("msgspec", "pycurl"):
        import_module(name)
    for name in spared:
        del sys.modules[name]


class Guard:
    """Lets what is expected to go wrong pass; anything else is a fault of HAT: shown whole, exit code 3."""

    def __init__(self) -> None:
        self.code: int = Exit.PASSED

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(problem, Exception) or isinstance(problem, (HatError, BrokenPipeError)):
            return False
        from traceback import print_exception

        print_exception(problem)
        print(f"internal error: {problem}\n  hint: {_REPORT}", file=sys.stderr)
        self.code = Exit.INTERNAL
        return True


_REPORT = "this is a fault of HAT, not of your cases; please report it with the lines above"
