"""`start.py faults`: kill parts of a platform while it works, print one table, exit 1 if a run suffered."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import pytest

from tests.faults.plant import plant
from tests.faults.trial import trial
from tests.web.shop import serving


def main() -> int:
    parser = argparse.ArgumentParser(prog="start.py faults", description=__doc__)
    parser.add_argument("--mode", choices=("embedded", "redis", "rabbitmq"), default="embedded")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    try:
        with (
            tempfile.TemporaryDirectory(prefix="hat-faults-") as folder,
            serving() as shop,
            plant(options.mode, Path(folder)) as made,
        ):
            audit = trial(made, shop, kills=options.kills, seed=options.seed)
    except pytest.skip.Exception as missing:
        print(f"this mode cannot run here: {missing}", file=sys.stderr)
        return 2
    print(audit.table(options.mode, options.seed))
    return 0 if audit.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
