"""Write what the golden cases show now: python -m tests.golden.update; read the diff before you commit it."""

from __future__ import annotations

from tests.demo.api import demo_api
from tests.golden.render import CASES, keep, outputs

if __name__ == "__main__":
    with demo_api() as address:
        for case in CASES:
            keep(case, outputs(case, address))
