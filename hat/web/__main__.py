"""The commands of the platform: up, serve, worker, clock, migrate, rotate-key, packages and others"""

from __future__ import annotations

import argparse
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from hat.error import UsageError
from hat.web import process

PORT = 8700
DEMO_PORT = 8701


def main(arguments: Sequence[str]) -> int:
    """Carry out one command; answers the exit code."""
    options = _parser().parse_args(arguments)
    if options.data:
        os.environ["HAT_DATA"] = str(Path(options.data).expanduser().absolute())
    try:
        code: int = options.command(options)
    except KeyboardInterrupt:
        return 130
    except UsageError as problem:
        print(f"hat: {problem}", file=sys.stderr)
        return process.WRONG_USAGE
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hat", description="The HAT platform.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    up = commands.add_parser("up", help="everything on this machine: web and worker")
    up.set_defaults(command=_up)
    _add_address(up)
    _add_slots(up)
    demo = commands.add_parser("demo", help="like up, with the demo API and a project that tests it")
    demo.set_defaults(command=_demo)
    _add_address(demo)
    _add_slots(demo)
    demo.add_argument("--demo-port", type=int, default=DEMO_PORT, help="port of the demo API (%(default)s)")
    demo.add_argument("--exit", action="store_true", help="end when the report is finished")
    serve = commands.add_parser("serve", help="the web process alone")
    serve.set_defaults(command=_serve)
    _add_address(serve)
    serve.add_argument("--migrate", action="store_true", help="bring the database up to date first")
    serve.add_argument("--listen-fd", type=int, help=argparse.SUPPRESS)
    worker = commands.add_parser("worker", help="worker processes, started again when they die")
    worker.set_defaults(command=_worker)
    _add_work(worker, slots=16)
    worker.add_argument("--processes", type=int, default=1, help="one for each core (%(default)s)")
    work = commands.add_parser("work", help="one worker process, as `worker` starts it")
    work.set_defaults(command=_work)
    _add_work(work, slots=16)
    work.add_argument("--recover", action="store_true", help="give back what a worker of this name held")
    clock = commands.add_parser("clock", help="start what is scheduled, sweep for lost runs")
    clock.set_defaults(command=_clock)
    migrate = commands.add_parser("migrate", help="bring the database up to date")
    migrate.set_defaults(command=_migrate)
    rotate = commands.add_parser("rotate-key", help="store all secrets under a new secret key")
    rotate.set_defaults(command=_rotate_key)
    packages = commands.add_parser("packages", help="which packages functions may import, on this machine")
    packages.set_defaults(command=_packages)
    packages.add_argument("--install", type=Path, metavar="FILE", help="the list: NAME==VERSION, one a line")
    packages.add_argument(
        "--wheels", default="", metavar="FOLDER", help="take wheels from here, ask no index"
    )
    retention = commands.add_parser(
        "retention", help="forget what is not kept any longer: runs, deleted things, audit"
    )
    retention.set_defaults(command=_retention)
    openapi = commands.add_parser("openapi", help="print the OpenAPI document")
    openapi.set_defaults(command=_openapi)
    project = commands.add_parser("demo-project", help="import and run the demo project")
    project.set_defaults(command=_demo_project)
    project.add_argument("--api", required=True, help="address of the demo API")
    project.add_argument("--site", required=True, help="address of the platform")
    project.add_argument("--cases", type=Path, required=True, help="folder of the demo cases")
    for command in commands.choices.values():
        command.add_argument("--data", default="", help="the data folder (HAT_DATA, else ~/.local/share/hat)")
    return parser


def _add_address(parser: argparse.ArgumentParser) -> None:
    host = os.environ.get("HAT_HOST") or "127.0.0.1"
    port = os.environ.get("HAT_PORT") or str(PORT)
    parser.add_argument("--host", default=host, help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=port, help="port to listen on (%(default)s)")


def _add_work(parser: argparse.ArgumentParser, *, slots: int) -> None:
    _add_slots(parser, slots=slots)
    parser.add_argument(
        "--transport",
        choices=("celery", "db"),
        default="celery" if os.environ.get("HAT_BROKER_URL") else "db",
        help="wait for hints of a broker, or ask the database (%(default)s)",
    )
    parser.add_argument("--name", default="", help="the worker's name (default: machine and process)")
    parser.add_argument(
        "--label",
        type=_label,
        action="append",
        default=[],
        help="take only runs that ask for this label, such as the worker's network zone; may be repeated",
    )
    parser.add_argument(
        "--unlabelled", action="store_true", help="with --label: also take runs that ask for none"
    )


def _label(text: str) -> str:
    from hat.web.text import fault_in_label

    if fault := fault_in_label(text):
        raise argparse.ArgumentTypeError(fault)
    return text


def _add_slots(parser: argparse.ArgumentParser, *, slots: int = 4) -> None:
    parser.add_argument("--slots", type=int, default=slots, help="runs at once in a process (%(default)s)")
    parser.add_argument("--drain", type=float, default=10.0, help="seconds running runs may take at the stop")


def _up(options: argparse.Namespace) -> int:
    from hat.web.up import up

    return up(options.host, options.port, slots=options.slots, drain_s=options.drain)


def _demo(options: argparse.Namespace) -> int:
    from hat.web.up import Demo, up

    demo = Demo(port=options.demo_port, ends=options.exit)
    return up(options.host, options.port, slots=options.slots, drain_s=options.drain, demo=demo)


def _serve(options: argparse.Namespace) -> int:
    process.allow_host(options.host)
    _refuse_weak_key()
    _set_up_django()
    from hat.web.serve import serve

    if options.migrate:
        _migrate(options)
        if api := os.environ.get("HAT_DEMO_API"):
            from hat.web.projects.demo import follow

            follow(api)
    if options.listen_fd is not None:
        sock = socket.socket(fileno=options.listen_fd)
    else:
        sock = process.listen(options.host, options.port)
        process.say(f"web listens on {process.address(sock)}")
    serve(sock)
    return 0


def _worker(options: argparse.Namespace) -> int:
    from hat.web.fleet import watch_over_workers

    more = [f"--label={label}" for label in options.label] + (["--unlabelled"] if options.unlabelled else [])
    return watch_over_workers(
        options.name,
        processes=options.processes,
        slots=options.slots,
        drain_s=options.drain,
        transport=options.transport,
        more=more,
    )


def _work(options: argparse.Namespace) -> int:
    _refuse_weak_key()
    _set_up_django()
    from hat.web.duties import duty
    from hat.web.runs.labels import Taste

    if options.transport == "celery":
        from hat.web.runs.tasks import work_by_hints as work
    else:
        from hat.web.runs.worker import work

    return work(
        duty(
            name=options.name,
            slots=options.slots,
            drain_s=options.drain,
            recover=options.recover,
            taste=Taste(tuple(options.label), unlabelled=options.unlabelled or not options.label),
        )
    )


def _clock(_options: argparse.Namespace) -> int:
    _set_up_django()
    from hat.web.duties import duty
    from hat.web.runs.worker import keep_time

    return keep_time(duty())


def _migrate(_options: argparse.Namespace) -> int:
    _set_up_django()
    from django.core.management import call_command
    from django.db import DatabaseError

    try:
        call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as problem:
        raise UsageError(f"the database cannot be brought up to date: {problem}") from problem
    return 0


def _rotate_key(_options: argparse.Namespace) -> int:
    from hat.web.folder import change_secret_key, data_folder, forget_old_secret_key
    from hat.web.lock import FolderLock

    lock = FolderLock(data_folder())
    lock.take()  # processes that go on know the old key alone
    change_secret_key()
    _set_up_django()
    from hat.web.rotation import rotate

    done = rotate()
    for words in done.lost:
        print(f"hat: no key opens the {words}; set it again", file=sys.stderr)
    process.say(f"{done.count} secrets are stored under the new key")
    if not done.lost:
        forget_old_secret_key()
    lock.release()
    return 1 if done.lost else 0


def _packages(options: argparse.Namespace) -> int:
    from hat.web.packages import install_packages, installed_packages, installing, pins_of

    if options.install is not None:
        try:
            text = options.install.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as problem:
            raise UsageError(f"{options.install}: cannot be read: {problem}") from None
        with installing():
            install_packages(text, options.wheels, place=str(options.install))
    folder = installed_packages()
    for pin in pins_of(folder) if folder else []:
        print(pin)
    return 0


def _retention(_options: argparse.Namespace) -> int:
    _set_up_django()
    from hat.web.nightly import nightly

    done = nightly()
    process.say(f"forgotten: {done.runs} runs, {done.deleted} deleted things, {done.entries} audit entries")
    return 0


def _openapi(_options: argparse.Namespace) -> int:
    _set_up_django()
    import json

    from hat.web.api import openapi_document

    print(json.dumps(openapi_document(), indent=2, ensure_ascii=False))
    return 0


def _demo_project(options: argparse.Namespace) -> int:
    _set_up_django()
    from hat.web.demo import run_demo

    return run_demo(api=options.api, site=options.site, cases=options.cases)


def _refuse_weak_key() -> None:
    """At the start and not at the first sign-in."""
    from hat.web.folder import secret_key

    secret_key()


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hat.web.settings")
    import django

    django.setup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
