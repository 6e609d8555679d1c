"""The commands and options of the command line."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from typing import Any

from hat import __version__

DIALECTS = ("hat", "httprunner2", "httprunner25", "httprunner3", "httprunner4")
_EPILOG = """\
platform:  hat up      everything on this machine: pages, workers, clock
           hat demo    the same with a demo project
           hat serve, worker, clock, migrate   the parts of a fleet, one by one
           hat rotate-key                      store all secrets under a new secret key
           hat packages                        which packages functions of projects may import

exit codes: 0 all passed, 1 something failed or could not be carried out, 2 wrong usage or unreadable case,
            3 internal error, 130 interrupted
"""


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The command asked for and its options; SystemExit when they are wrong."""
    return parser(arguments[:1]).parse_args(arguments)


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal; argparse would import shutil, and with it what packs archives."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_width())


def _width() -> int:
    try:
        return int(os.environ.get("COLUMNS") or os.get_terminal_size().columns) - 2
    except (ValueError, OSError):  # no number, no terminal
        return 78


def parser(first: Sequence[str] = ()) -> argparse.ArgumentParser:
    """The whole command line, or as much of it as counts where the first word is known to be a command."""
    top = argparse.ArgumentParser(
        prog="hat",
        description="HAT tests HTTP APIs.",
        epilog=_EPILOG,
        formatter_class=_Help,
        allow_abbrev=False,
    )
    top.add_argument("-V", "--version", action="version", version=f"hat {__version__}")
    commands = top.add_subparsers(dest="name", required=True, metavar="COMMAND", prog="hat")
    adding = {"run": _add_run, "check": _add_check, "convert": _add_convert}
    for name in adding.keys() & first or adding:
        adding[name](commands)
    return top


def _add_run(commands: Any) -> None:
    run = commands.add_parser("run", help="run cases", formatter_class=_Help, allow_abbrev=False)
    run.set_defaults(command=_run)
    _add_paths(run)
    chosen = run.add_argument_group("what to run")
    chosen.add_argument(
        "--tag", metavar="T", action="append", default=[], help="only cases with this tag (any of several)"
    )
    chosen.add_argument(
        "--rows",
        metavar="ROWS",
        default="",
        help="only these rows of parameters: numbers and values such as 1,4-6,user=ann",
    )
    _add_values(run)
    how = run.add_argument_group("how")
    how.add_argument(
        "--concurrency",
        metavar="N",
        type=_count,
        help="cases at once in a process (10; 1 for HttpRunner's dialects)",
    )
    how.add_argument(
        "-j",
        "--jobs",
        metavar="N",
        type=_count,
        default=1,
        help="processes that share the cases out (1)",
    )
    how.add_argument("--fail-fast", action="store_true", help="stop after the first case that does not pass")
    how.add_argument(
        "--retries",
        metavar="N",
        type=_natural,
        default=0,
        help="run a case that does not pass up to N times more",
    )
    how.add_argument(
        "--max-body",
        metavar="MB",
        type=_count,
        default=10,
        help="read at most so much of a response's body (10)",
    )
    how.add_argument(
        "--sandbox",
        metavar="LEVEL",
        choices=("limits", "strict", "network"),
        help="functions run as you: limits; isolated: strict; isolated with a network: network (limits)",
    )
    out = run.add_argument_group("output")
    out.add_argument("--json", metavar="FILE", help="write the result as JSON")
    out.add_argument("--junit", metavar="FILE", help="write the result as JUnit XML")
    out.add_argument("--html", metavar="FILE", help="write the report as one HTML page")
    out.add_argument(
        "-q", "--quiet", action="store_true", help="print only what did not pass, and the summary"
    )
    out.add_argument("--explain", action="store_true", help="print where every value of a step comes from")


def _add_check(commands: Any) -> None:
    check = commands.add_parser(
        "check",
        help="find problems in case files; sends nothing",
        formatter_class=_Help,
        allow_abbrev=False,
    )
    check.set_defaults(command=_check)
    _add_paths(check)
    _add_values(check)
    check.add_argument("--format", choices=("text", "json"), default="text", help="how to print the problems")


def _add_convert(commands: Any) -> None:
    convert = commands.add_parser(
        "convert",
        help="turn a case file, or a file of another tool, into HAT cases",
        formatter_class=_Help,
        allow_abbrev=False,
    )
    convert.set_defaults(command=_convert)
    convert.add_argument(
        "source",
        metavar="IN",
        help="a case file, a Postman collection or environment, HAR, OpenAPI, cURL commands",
    )
    convert.add_argument(
        "target", metavar="OUT", help="the file (.yml) or folder to write, - for the standard output"
    )


def _add_paths(command: argparse.ArgumentParser) -> None:
    command.add_argument("paths", metavar="PATH", nargs="+", help="a case file, or a folder with case files")
    command.add_argument(
        "--dialect", metavar="D", choices=DIALECTS, help="read files as " + ", ".join(DIALECTS)
    )


def _add_values(command: argparse.ArgumentParser) -> None:
    around = command.add_argument_group("with which values")
    around.add_argument(
        "--env", metavar="NAME", default="", help="environment: values of the file .env.NAME of the project"
    )
    around.add_argument("--env-file", metavar="FILE", help="this file instead of the project's .env")
    around.add_argument(
        "--var", metavar="K=V", action="append", default=[], help="a variable; K:=V for a value in JSON"
    )
    around.add_argument(
        "--auth",
        metavar="AUTH",
        default="",
        help="credentials of requests without own ones: bearer:TOKEN, basic:USER:PASSWORD, {type: ...}, none",
    )


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a number above 0, not {text!r}")
    return int(text)


def _natural(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"expected a number, not {text!r}")
    return int(text)


def _run(chosen: argparse.Namespace, env: Mapping[str, str]) -> int:
    from hat.cli import run

    return run.carry_out(chosen, env)


def _check(chosen: argparse.Namespace, env: Mapping[str, str]) -> int:
    from hat.cli import check

    return check.carry_out(chosen, env)


def _convert(chosen: argparse.Namespace, env: Mapping[str, str]) -> int:
    from hat.cli import convert

    return convert.carry_out(chosen, env)
