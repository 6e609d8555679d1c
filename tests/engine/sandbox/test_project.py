from __future__ import annotations

from pathlib import Path

import pytest

from hat.engine import loop
from hat.engine.sandbox import Answer, Call
from hat.engine.sandbox.host import Sandbox
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
        loop.run(Sandbox.start(tmp_path, {}))

    assert caught.value.place == place
    assert message in caught.value.message


def test_what_real_projects_import_of_httprunner_is_there(tmp_path: Path) -> None:
    (tmp_path / "debugtalk.py").write_text(
        "from httprunner import HttpRunner, __version__, exceptions\n"
        "from httprunner.api import HttpRunner as Runner\n"
        "from httprunner.utils import build_url, get_platform\n"
        "from httprunner.parser import parse_string_value\n"
        "class Mine(exceptions.SomethingNew): pass\n"
        "def version():\n    return [__version__, build_url('http://a/', '/b'), parse_string_value('1')]\n"
        "def runner():\n    return Runner()\n"
    )

    async def ask() -> list[Answer]:
        sandbox = await Sandbox.start(tmp_path, {}, dialect="httprunner2")
        try:
            return await sandbox.call([Call("version"), Call("runner")])
        finally:
            await sandbox.close()

    version, runner = loop.run(ask())

    assert version.value == ["2.2.2", "http://a/b", 1]
    assert runner.error is not None
    assert "httprunner.api.HttpRunner is not there in HAT" in runner.error.message
