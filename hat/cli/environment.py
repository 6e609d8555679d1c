"""The environment of a run on the command line: .env.NAME, --var, and variables of the shell."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from hat.case import Case, Environment, Need, Step
from hat.engine.targets import Policy, Targets
from hat.error import UsageError
from hat.formats.auth import parse_auth
from hat.formats.files import find_root, read_dotenv
from hat.number import read_number

_HIDDEN = r"(?i)token|password|passwd|secret|credential|api_?key|private_?key"
_JSON = msgspec.json.Decoder(float_hook=read_number)


def build(name: str, pairs: Iterable[str], paths: Iterable[str], auth: str = "") -> Environment:
    """The environment chosen by --env, --var and --auth.

    BASE_URL in its file is the base URL of the cases, AUTH their credentials.
    """
    values = _named(name, Path(next(iter(paths)))) if name else {}
    return Environment(
        name=name,
        base_url=values.get("BASE_URL", ""),
        variables={key: value for key, value in values.items() if not re.search(_HIDDEN, key)},
        secrets={key: value for key, value in values.items() if re.search(_HIDDEN, key)},
        overrides=dict(map(read_pair, pairs)),
        env=values,
        auth=_auth(auth, "--auth") or _auth(values.get("AUTH", ""), f".env.{name}: AUTH"),
    )


def _auth(text: str, place: str) -> Any:
    return parse_auth(text, place) if text else None


def _named(name: str, path: Path) -> dict[str, str]:
    root = find_root(path)
    file = root / f".env.{name}"
    if not file.is_file():
        known = sorted(other.name.removeprefix(".env.") for other in root.glob(".env.*") if other.is_file())
        hint = (
            f"known here: {', '.join(known)}"
            if known
            else f"write its values to {file.name}, one NAME=value a line"
        )
        raise UsageError(f"no environment {name!r} in {root.name}", hint=hint)
    return read_dotenv(file)


def existing(path: str | None) -> Path | None:
    """The file of --env-file, which has to be there."""
    if path is not None and not Path(path).is_file():
        raise UsageError(f"no such file: '{path}'")
    return Path(path) if path else None


def read_pair(pair: str) -> tuple[str, Any]:
    """`name=text` or `name:=json`."""
    name, separator, text = pair.partition("=")
    if not separator or not name.rstrip(":").isidentifier():
        raise UsageError(
            f"--var {pair!r} is not NAME=value", hint="write --var user=ann, or --var count:=3 for JSON"
        )
    if not name.endswith(":"):
        return name, text
    try:
        return name[:-1], _JSON.decode(text)
    except msgspec.DecodeError as problem:
        raise UsageError(f"--var {pair!r}: the value is no JSON: {problem}") from problem


def localised(case: Case, number: int, env: Mapping[str, str]) -> Case:
    """A case as this run knows it: under a key, in the module of its folder, with the shell's values."""
    module = case.module or _module(os.path.dirname(os.path.abspath(case.file)), case.root)
    named = replace(case, key=f"{case.file}#{number}", module=module)
    return with_shell(named, env)


@lru_cache
def _module(folder: str, root: str) -> str:
    """A folder as the name of a module: its path in the project."""
    place = Path(folder).resolve()
    return place.relative_to(root).as_posix().strip(".") if root and place.is_relative_to(root) else ""


def with_shell(case: Case, env: Mapping[str, str]) -> Case:
    """A case of dialect hat whose .env values give way to variables of the shell of the same name."""
    if case.dialect != "hat":
        return case
    stronger = {name: env[name] for name in case.env if name in env}
    steps = _steps_with_shell(case.steps, env)
    needs = tuple(replace(need, case=with_shell(need.case, env)) for need in case.needs)
    if not stronger and steps is case.steps and all(map(_is_same, needs, case.needs)):
        return case
    return replace(case, env={**case.env, **stronger}, steps=steps, needs=needs)


def _is_same(new: Need, old: Need) -> bool:
    return new.case is old.case


def _steps_with_shell(steps: tuple[Step, ...], env: Mapping[str, str]) -> tuple[Step, ...]:
    """The steps with the cases they call so; the same ones when nothing changes."""
    found = tuple(
        replace(
            step,
            case=with_shell(step.case, env) if step.case else None,
            steps=_steps_with_shell(step.steps, env),
        )
        if step.case or step.steps
        else step
        for step in steps
    )
    same = all(new.case is old.case and new.steps is old.steps for new, old in zip(found, steps, strict=True))
    return steps if same else found


def targets(env: Mapping[str, str]) -> Targets:
    """Where requests may go from the command line: everywhere but to what the shell makes no exception of."""
    allow = tuple(word.strip() for word in env.get("HAT_ALLOW_TARGETS", "").split(",") if word.strip())
    try:
        return Targets([Policy(allow=allow)])
    except ValueError as problem:
        raise UsageError(f"HAT_ALLOW_TARGETS: {problem}") from None
