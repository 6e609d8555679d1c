from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from hat.engine.sandbox import Sandbox
from hat.error import FunctionsError


@pytest.mark.parametrize(
    ("source", "place", "message"),
    [
        ("x = 1\ndef broken(:\n", "debugtalk.py:2", "invalid syntax"),
        (
            "\nimport no_such_module\n",
            "debugtalk.py:2",
            "ModuleNotFoundError: No module named 'no_such_module'",
        ),
        ("def f():\n    1 / 0\nf()\n", "debugtalk.py:2", "ZeroDivisionError: division by zero"),
        ("import part\n", "part.py:1", "NameError: name 'nothing' is not defined"),
        ("import os\nos._exit(3)\n", "debugtalk.py", "the process ended itself with exit code 3"),
        ("raise SystemExit(1)\n", "debugtalk.py:1", "SystemExit: 1"),
        ("x = '\x00'\n", "debugtalk.py", "source code string cannot contain null bytes"),
    ],
)
def test_functions_that_cannot_be_loaded_say_where_and_why(
    tmp_path: Path, source: str, place: str, message: str
) -> None:
    (tmp_path / "debugtalk.py").write_text(source)
    (tmp_path / "part.py").write_text("nothing\n")

    with pytest.raises(FunctionsError) as caught:
        asyncio.run(Sandbox.start(tmp_path, {}))

    assert caught.value.place == place
    assert message in caught.value.message
