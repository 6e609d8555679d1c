"""`start.py faults`: break parts of a platform while it works, print one table, exit 1 if a run suffered."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from tests.faults.plant import MODES, plant
from tests.faults.target import target
from tests.faults.trial import trial


def main() -> int:
    parser = argparse.ArgumentParser(prog="start.py faults", description=__doc__)
    parser.add_argument("--mode", choices=MODES, default="embedded")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="+", help="cause just these faults, each once, in this order")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="hat-faults-"))
    print(f"what the processes say is in {folder}", file=sys.stderr)
    try:
        with target() as asked, plant(options.mode, folder) as made:
            audit = trial(made, asked, kills=options.kills, seed=options.seed, only=options.only)
    except pytest.skip.Exception as missing:
        print(f"this mode cannot run here: {missing}", file=sys.stderr)
        return 2
    print(audit.table(options.mode))
    if not audit.is_good:
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
