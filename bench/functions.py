"""What a call of a project's function costs: one at a time and in batches, with each set of layers.

    python3 start.py bench functions [--calls 2000]

A call in a template waits for its answer, so wall time counts; calls of one step travel together.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from hat.engine import loop
from hat.engine.sandbox import Call, Terms
from hat.engine.sandbox.host import Sandbox
from hat.engine.sandbox.terms import Level
from hat.error import FunctionsError

SOURCE = "def add(a, b):\n    return a + b\n"
BATCHES = (1, 10, 100)


async def measure(root: Path, level: Level, calls: int) -> str:
    """One line: the start of a box, then microseconds a call for each size of batch."""
    started = time.perf_counter()
    sandbox = await Sandbox.start(root, {}, Terms(level))
    line = f"{level:8}{(time.perf_counter() - started) * 1000:10.1f} ms"
    for size in BATCHES:
        batch = [Call("add", [1, 2])] * size
        begun = time.perf_counter()
        for _ in range(max(1, calls // size)):
            await sandbox.call(batch)
        line += f"{(time.perf_counter() - begun) / max(1, calls // size) / size * 1e6:12.1f}"
    await sandbox.close()
    return line


async def main() -> None:
    """Print a line for each level; the first start includes that of the warm process."""
    parser = argparse.ArgumentParser(prog="bench functions", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--calls", type=int, default=2000)
    calls = parser.parse_args().calls
    print(f"{'level':8}{'start':>13}" + "".join(f"{f'us, by {size}':>12}" for size in BATCHES))
    with tempfile.TemporaryDirectory(prefix="hat-bench-") as name:
        root = Path(name)
        (root / "debugtalk.py").write_text(SOURCE)
        print(await measure(root, "limits", calls))
        print(await measure(root, "limits", calls))
        try:
            print(await measure(root, "strict", calls))
        except FunctionsError as error:
            print(f"strict: {error}")


if __name__ == "__main__":
    sys.exit(loop.run(main()))
