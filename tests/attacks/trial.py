"""Carry out every attack with one set of layers, as this process's user, and judge it by evidence.

Prints a line of JSON for each attack as it is begun and as it is judged: a dead process tells who killed it.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import os
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hat.engine import loop
from hat.engine.sandbox import Answer, Call, CallError, Terms
from hat.engine.sandbox.box.lockdown import LAYERS
from hat.engine.sandbox.host import Sandbox
from hat.engine.sandbox.nursery import nursery
from hat.engine.targets import Policy, Targets, places
from hat.engine.waiting import sleep
from hat.error import FunctionsError
from tests.attacks.form import Attack, attacks, dealt
from tests.attacks.scene import Scene

# The sets of layers, by what each leaves out. The first is what HAT does, the second what it does where the
# system allows no namespaces (default Docker). The last one shows that the attacks are real.
SETS: dict[str, tuple[str, ...]] = {
    "all": (),
    "container": ("namespaces", "tree"),
    "no-landlock": ("landlock",),
    "no-seccomp": ("seccomp",),
    "limits": LAYERS,
}
MEMORY = int((512 << 20) * 1.25)
LARGE_RESULT = 4 << 20
LARGE_PRINT = 256 << 10
NETWORKED = "broker"  # the family of attacks whose project has a network
HONEST = "def honest(a):\n    return a + 1\n"
CONTAINED = ("Timeout", "Lost", "TooLarge", "MemoryError", "SystemExit", "RecursionError", "Load")


class Watch:
    """Looks at the memory of all boxes while an attack goes on."""

    def __init__(self) -> None:
        self.peak = 0
        self.pids: set[int] = set()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.01):
            for pid in boxes():
                self.pids.add(pid)
                self.peak = max(self.peak, resident(pid))


def boxes() -> list[int]:
    """The processes forked from the warm one."""
    warm = nursery()._process.pid
    with contextlib.suppress(OSError):
        return [int(pid) for pid in Path(f"/proc/{warm}/task/{warm}/children").read_text().split()]
    return []


def resident(pid: int) -> int:
    """How much memory a process holds."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
    return 0


class Trial:
    """All attacks against one scene; an honest project runs beside them all the while."""

    def __init__(
        self, scene: Scene, folder: Path, without: tuple[str, ...], limit_s: float, slack_s: float
    ) -> None:
        self.scene = scene
        self.folder = folder
        self.without = without
        self.limit_s = limit_s
        self.slack_s = slack_s
        self.honest: Sandbox | None = None

    def sandbox(self, root: Path) -> Sandbox:
        network = self.targets() if root.name == NETWORKED else None
        return Sandbox(root, {}, Terms("strict", without=self.without, agreed=True, network=network))

    def targets(self) -> Targets:
        """The policy of attacks with a network: this machine may be reached, but for one service."""
        return Targets([Policy(private=True)], own=places("127.0.0.1", self.scene.told(None)["port"]))

    async def begin(self) -> None:
        """Start the honest neighbour."""
        root = self.folder / "honest"
        root.mkdir()
        (root / "debugtalk.py").write_text(HONEST)
        self.honest = self.sandbox(root)
        if not await self.works():
            raise SystemExit("even an honest function does not work here")

    async def works(self) -> bool:
        """Whether the neighbour still answers, and answers right."""
        assert self.honest is not None
        [answer] = await self.honest.call([Call("honest", [1])], 20)
        if answer.value != 2:  # a new box for the next one
            await self.honest.call([Call("honest", [1])], 20)
        return bool(answer.value == 2)

    async def carry_out(self, attack: Attack) -> dict[str, Any]:
        """One attack in a run of its own; what came of it."""
        assert self.honest is not None
        root = self.folder / attack.family
        root.mkdir(exist_ok=True)
        (root / "debugtalk.py").write_bytes(attack.source.read_bytes())
        warm, before, begun = nursery()._process.pid, {*boxes()}, time.monotonic()
        sandbox = self.sandbox(root)
        scratch = "/" + "tmp" if "tree" in self.honest.layers else None
        with Watch() as watch:
            [answer] = await sandbox.call([Call(attack.name, [self.scene.told(scratch)])], self.limit_s)
            elapsed = time.monotonic() - begun
            await sleep(0.05)  # time for what it left behind to show
            alive = await self.is_alive(sandbox)
            await sandbox.close()
        if attack.name.endswith("_at_import"):
            answer = await self.at_import(attack, root)
        asked = time.monotonic()
        works = await self.works()
        # a machine that is slow for an honest neighbour as well was not kept waiting by the attack
        proof = self.proof(attack, answer, elapsed - 10 * (time.monotonic() - asked), watch)
        untouched = works and nursery()._process.pid == warm
        if not untouched:
            proof = proof or "hostdead"
        left = {*boxes()} - before
        if left:
            proof = proof or "lingering"
        self.sweep(watch.pids, left if untouched else set())
        return {"verdict": verdict(proof, answer, alive), "proof": proof, "said": said(answer, attack.name)}

    async def is_alive(self, sandbox: Sandbox) -> bool:
        """Whether the box of the attack survived it."""
        if sandbox._line is None:
            return False
        [answer] = await sandbox.call([Call("sum", [[1, 2]])], self.limit_s)
        return bool(answer.value == 3)

    async def at_import(self, attack: Attack, root: Path) -> Answer:
        """The same at the time debugtalk.py is loaded."""
        with (root / "debugtalk.py").open("a") as file:
            file.write(f"\n\n{attack.name}({{}})\n")
        begun = time.monotonic()
        try:
            await self.sandbox(root)._spawn()
        except FunctionsError as error:
            late = time.monotonic() - begun > 10 + self.slack_s
            return Answer("HANG" if late else None, CallError("Load", str(error)))
        return Answer("LOADED")

    def proof(self, attack: Attack, answer: Answer, elapsed: float, watch: Watch) -> str:
        """The evidence that it worked; empty for none."""
        value = answer.value if isinstance(answer.value, str) else repr(answer.value)
        text = f"{value}{answer.printed}{answer.error.message if answer.error else ''}"
        found = self.scene.damage() or self.scene.canaries(text)
        if found:
            return found
        if elapsed > self.limit_s + self.slack_s or value == "HANG":
            return "hang"
        if watch.peak > MEMORY:
            return "mem"
        if len(value) > LARGE_RESULT or (answer.error and len(answer.error.message) > LARGE_RESULT):
            return "bigresult"
        if len(answer.printed) > LARGE_PRINT:
            return "bigoutput"
        return "leak" if attack.proof == "leak" and attack.text in value else ""

    def sweep(self, pids: set[int], left: set[int]) -> None:
        """Remove what attacks leave outside where no layer keeps them from it; the next is judged alone."""
        for pid in left:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        temporary = Path(f"{os.sep}tmp")
        for pid in pids:
            for name in ("ln", "hl", "disk", "fill"):
                (temporary / f"{name}{pid}").unlink(missing_ok=True)
            Path(f"{os.sep}dev/shm/hatbomb{pid}").unlink(missing_ok=True)
        for path in temporary.glob("hat-attack-*"):
            with contextlib.suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
        libc = ctypes.CDLL(None)
        shared = libc.shmget(0x1234, 4096, 0)
        if shared >= 0:
            libc.shmctl(shared, 0, None)


def verdict(proof: str, answer: Answer, alive: bool) -> str:
    """How it ended, in a word."""
    if proof:
        return "succeeded"
    kind = answer.error.type if answer.error else ""
    if kind == "KeyError":
        return "not tried"
    return "contained" if kind in CONTAINED or not alive else "blocked"


def said(answer: Answer, name: str) -> str:
    """What the report of a run would show."""
    return answer.error.sentence(name)[:200] if answer.error else repr(answer.value)[:80]


@contextlib.contextmanager
def scene() -> Iterator[tuple[Scene, Path]]:
    """A scene and a folder for projects, for as long as a trial takes."""
    with tempfile.TemporaryDirectory(prefix="hat-attacks-") as name:
        folder = Path(name)
        (folder / "scene").mkdir()
        found = Scene(folder / "scene")
        try:
            yield found, folder
        finally:
            found.close()


async def run(chosen: list[Attack], without: tuple[str, ...], limit_s: float, slack_s: float) -> None:
    """Carry the attacks out, one after the other."""
    with scene() as (around, folder):
        trial = Trial(around, folder, without, limit_s, slack_s)
        await trial.begin()
        assert trial.honest is not None
        tell({"layers": trial.honest.layers})
        for attack in chosen:
            tell({"begun": attack.id})
            tell({"id": attack.id, **await trial.carry_out(attack)})
        await trial.honest.close()


def tell(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--set", choices=SETS, required=True)
    parser.add_argument("--folder", action="append", type=Path, required=True)
    parser.add_argument("--part", type=int, default=0)
    parser.add_argument("--parts", type=int, default=1)
    parser.add_argument("--limit", type=float, default=2.0)
    parser.add_argument("--slack", type=float, default=3.0)
    given = parser.parse_args()
    mine = dealt(attacks(given.folder), given.parts)[given.part]
    loop.run(run(mine, SETS[given.set], given.limit, given.slack))


if __name__ == "__main__":
    main()
