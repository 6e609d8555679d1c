"""Fuzz the loading of case files: errors, never a traceback, never endless: `start.py bench fuzz`."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from hat.case import DIALECTS
from hat.engine import examine
from hat.error import HatError
from hat.formats import load

_SLOW_S = 20.0
_PIECES = (
    "config: {name: x}\n",
    "teststeps:\n",
    "- name: a\n",
    "  request: {method: GET, url: /x}\n",
    "  validate: [{eq: [status_code, 200]}]\n",
    "  variables: {a: $b, b: $a}\n",
    "  extract: {t: body.a[0].b, u: '$..x', v: 'regex:(', w: 'xpath://['}\n",
    "  auth: {type: oauth2, token_url: 5}\n",
    "- test: {name: a, request: 5, validate: {a: b}}\n",
    "testcases: [{name: a, testcase: a.yml}]\n",
    "  setup_hooks: ['${f(a=b=c)}', {a: 1, b: 2}]\n",
    "  parameters: {a-b: [[1], [2, 3]]}\n",
    "  retry: {until: {eq: [1]}, interval: .inf}\n",
    "&a [*a, !!python/object:os.system x]\n",
    "? {a: b}\n",
    "\t- x: 0x\n",
    "\x00\ud7ff\n",
    "{",
    "]",
    "'",
    '"',
    "$${a}$b${",
    "1e999",
    "- - - - -\n",
    "<<: *a\n",
)


def _bombs() -> Iterator[tuple[str, str]]:
    """Files made to hurt."""
    yield "deep.yml", "config: " + "[" * 10_000 + "]" * 10_000
    yield "deep.json", '{"config": ' + "[" * 10_000 + "]" * 10_000 + "}"
    nested = "teststeps: [{name: a, request: {url: /x, json: " + "{a: " * 10_000 + "1" + "}" * 10_000 + "}}]"
    yield "deep_body.yml", nested
    levels = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))
    yield "laughs.yml", f"a0: &a0 [lol]\n{levels}\nconfig: {{name: x, variables: {{x: *a11}}}}\nteststeps: []"
    circle = ", ".join(f"v{n}: $v{(n + 1) % 3000}" for n in range(3000))
    step = "teststeps: [{name: a, request: {url: /$v0}}]"
    yield "circle.yml", f"dialect: hat\nconfig: {{name: x, variables: {{{circle}}}}}\n{step}"
    yield "itself.yml", "config: {name: x}\nteststeps: [{name: a, testcase: itself.yml}]"
    yield "huge.json", '{"config": {"name": "' + "x" * (100 * 1024 * 1024) + '"}, "teststeps": []}'
    yield "many.yml", "config: {name: x}\nteststeps:\n" + "- {name: a, request: {url: /x}}\n" * 5_000
    yield (
        "dollars.yml",
        f"config: {{name: x}}\nteststeps: [{{name: a, request: {{url: '{'${a($b,' * 20_000}'}}}}]",
    )


def _noise(chance: random.Random, seeds: list[bytes]) -> bytes:
    """A text of pieces, or a real file with some of its bytes changed."""
    if seeds and chance.random() < 0.6:
        raw = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 12)):
            place = chance.randrange(len(raw) + 1)
            piece = chance.choice(_PIECES).encode("utf-8", "replace")
            raw[place : place + chance.randint(0, 9)] = piece[: chance.randint(1, 30)]
        return bytes(raw)
    return "".join(chance.choices(_PIECES, k=chance.randint(1, 14))).encode("utf-8", "replace")


def _look(path: Path, say: Callable[[str], None]) -> bool:
    """Load and check a file in every dialect; whether it went as it should."""
    good = True
    for dialect in (None, *DIALECTS):
        started = time.monotonic()
        try:
            loaded = load(path, dialect=dialect)
            examine(loaded.cases)
        except HatError:
            pass
        except BaseException:  # noqa: BLE001 - this is what it looks for
            good = False
            say(f"{path.name} as {dialect}:\n{traceback.format_exc(limit=-6)}")
        if time.monotonic() - started > _SLOW_S:
            good = False
            say(f"{path.name} as {dialect}: {time.monotonic() - started:.0f} s")
    return good


def main() -> int:
    """Fuzz for some seconds; the exit code says whether something was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="a folder for files that made trouble")
    chosen = parser.parse_args()
    chance = random.Random(chosen.seed)
    root = Path(__file__).parents[1]
    seeds = [path.read_bytes() for path in sorted((root / "tests/conformance/files/own").rglob("*.yml"))]
    bad = count = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "debugtalk.py").touch()
        for file, text in _bombs():
            (folder / file).write_text(text, encoding="utf-8")
            bad += not _look(folder / file, print)
            (folder / file).unlink()
        end = time.monotonic() + chosen.seconds
        while time.monotonic() < end:
            path = folder / f"noise{chance.choice(('.yml', '.json'))}"
            path.write_bytes(_noise(chance, seeds))
            count += 1
            if not _look(path, print):
                bad += 1
                if chosen.keep:
                    (chosen.keep / f"{count}{path.suffix}").write_bytes(path.read_bytes())
    print(f"{count} files and the bombs, {bad} made trouble (seed {chosen.seed})")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
