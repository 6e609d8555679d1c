"""The entry of the command line: pick the command, turn what goes wrong into an exit code."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from io import TextIOWrapper
from types import TracebackType
from typing import NoReturn, Self

from hat import __version__
from hat.cli.exit import Exit
from hat.cli.lean import import_lean
from hat.error import HatError

PLATFORM = ("up", "serve", "worker", "clock", "migrate", "rotate-key", "packages", "demo")


def program() -> NoReturn:
    """The program `hat`: carry out one command and end the process, without taking it apart first."""
    code: int = Exit.FAILED  # also where the reader of our output went away
    with suppress(BrokenPipeError):
        code = main()
    atexit._run_exitfuncs()
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except BrokenPipeError:
        code = Exit.FAILED
    os._exit(code)


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
    import_lean()
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
        from hat.cli import failure, language

        print(failure.told(problem, language.choose(env)), file=sys.stderr)
        return Exit.USAGE
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  closed when Python ends
        return Exit.FAILED
    return guard.code


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
