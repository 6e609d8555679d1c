"""Write what the golden cases show now: python -m tests.golden.update; read the diff before you commit it."""

from __future__ import annotations

from tests.golden.render import CASES, keep, outputs, serving

if __name__ == "__main__":
    with serving() as places:
        for case in CASES:
            keep(case, outputs(case, places))
