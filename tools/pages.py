"""Checks of the pages with the front-end's own tools: types, unit tests, and the API types being current."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from hatch_build import ROOT, PagesError, node

SCHEMA = ROOT / "frontend/src/api/schema.d.ts"


def types() -> int:
    """Check the types of scripts and templates."""
    node(ROOT, "node_modules/vue-tsc/bin/vue-tsc.js", "--noEmit")
    return 0


def unit() -> int:
    """Run the unit tests of the pages."""
    node(ROOT, "node_modules/vitest/vitest.mjs", "run")
    return 0


def schema() -> int:
    """Compare `schema.d.ts` with the types made from the API as it is now."""
    if SCHEMA.is_file() and fresh_schema() == SCHEMA.read_text(encoding="utf-8"):
        return 0
    print("frontend/src/api/schema.d.ts is not what the API says\n  hint: python3 start.py generate")
    return 1


def fresh_schema() -> str:
    """Make TypeScript types from the API as it is now."""
    with tempfile.TemporaryDirectory() as folder:
        document, types_file = Path(folder) / "openapi.json", Path(folder) / "schema.d.ts"
        settings = {
            "HAT_DATA": folder,
            "HAT_DATABASE_URL": "",
            "HAT_SECRET_KEY": "only-to-print-the-schema-of-the-api",
        }
        command = [sys.executable, "-m", "hat.web", "openapi"]
        done = subprocess.run(command, cwd=ROOT, env=os.environ | settings, capture_output=True, check=False)
        if done.returncode:
            raise PagesError(f"the API's document could not be printed:\n{done.stderr.decode()}")
        document.write_bytes(done.stdout)
        node(ROOT, "node_modules/openapi-typescript/bin/cli.js", str(document), "--output", str(types_file))
        return types_file.read_text(encoding="utf-8")


def write_schema() -> int:
    """Write `schema.d.ts` as the API says."""
    SCHEMA.write_text(fresh_schema(), encoding="utf-8")
    print("frontend/src/api/schema.d.ts")
    return 0


CHECKS: dict[str, Callable[[], int]] = {
    "types": types,
    "unit": unit,
    "schema": schema,
    "write-schema": write_schema,
}


def main(words: list[str]) -> int:
    """Run one of the checks by its name."""
    try:
        return CHECKS[words[0]]()
    except PagesError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
