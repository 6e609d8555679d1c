"""What the command line imports without all that belongs to it is whole as soon as somebody asks."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("__import__('uuid').UUID(int=1).version", "None"),
        ("__import__('platform').system() == uuid._platform_system", "True"),
        ("uuid.platform.python_version() == sys.version.split()[0]", "True"),
        ("__import__('msgspec').json.schema(int)", "{'type': 'integer'}"),
        ("__import__('pathlib').PureWindowsPath('C:/a', 'b').parts", "('C:\\\\', 'a', 'b')"),
        ("[one.name for one in __import__('pathlib').Path('hat').glob('__main__.p?')]", "['__main__.py']"),
        ("__import__('typing').ForwardRef('int').__forward_arg__", "int"),
        ("__import__('gettext').NullTranslations.__name__", "NullTranslations"),
    ],
)
def test_a_module_that_was_spared_answers(asked: str, answer: str) -> None:
    code = f"import sys; from hat.cli.lean import import_lean; import_lean(); import uuid; print({asked})"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert out.strip() == answer
