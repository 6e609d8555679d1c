"""Packages for functions: those of a list, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from pathlib import Path

import pytest

from hat.engine import loop
from hat.engine.sandbox import Answer, Call, Terms
from hat.engine.sandbox.host import Sandbox
from hat.web.packages import installed_packages
from tests.web.test_up import TIMEOUT_S, hat


def wheel(folder: Path, name: str, source: str, *, needs: str = "") -> None:
    """A wheel of one module, made here."""
    info = f"{name}-1.0.dist-info"
    requires = f"Requires-Dist: {needs}\n" if needs else ""
    files = {
        f"{name}.py": source,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{requires}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    lines = []
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        lines.append(f"{path},sha256={digest},{len(text)}")
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as archive:
        for path, text in {**files, f"{info}/RECORD": "\n".join([*lines, f"{info}/RECORD,,"])}.items():
            archive.writestr(path, text)


def packages(data: Path, *arguments: str) -> tuple[int, str, str]:
    process = hat("packages", "--data", str(data), *arguments)
    output, errors = process.communicate(timeout=TIMEOUT_S)
    return process.returncode, output, errors


def ask(root: Path, folder: str, without: tuple[str, ...], *calls: Call) -> list[Answer]:
    async def talk() -> list[Answer]:
        sandbox = await Sandbox.start(root, {}, Terms("strict", without, packages=folder))
        answers = await sandbox.call(calls)
        await sandbox.close()
        return answers

    return loop.run(talk())


def test_functions_import_what_is_on_the_list_and_cannot_change_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, wheels, root = tmp_path / "data", tmp_path / "wheels", tmp_path / "project"
    for folder in (data, wheels, root):
        folder.mkdir()
    wheel(wheels, "tinysign", "def sign(text):\n    return text[::-1]\n")
    wheel(wheels, "needy", "import tinysign\n", needs="tinysign")
    (root / "debugtalk.py").write_text(
        "import tinysign\n\ndef sign(text):\n    return tinysign.sign(text)\n\n"
        "def plant():\n    open(tinysign.__file__, 'a').write('x')\n"
    )
    listed = tmp_path / "packages.txt"
    options = ("--install", str(listed), "--wheels", str(wheels))

    listed.write_text("needy==1.0\n")
    unlisted = packages(data, *options)
    listed.write_text("tinysign>=1\n")
    unpinned = packages(data, *options)
    listed.write_text("# ours\nTinySign==1.0\n")
    done = packages(data, *options)
    missing_list = tmp_path / "other.txt"
    missing_list.write_text("nosuch==9\n")
    missing = packages(data, "--install", str(missing_list), "--wheels", str(wheels))

    assert (unlisted[0], "add to the list: tinysign==1.0" in unlisted[2]) == (2, True)
    assert (unpinned[0], "packages.txt:1: 'tinysign>=1' is not NAME==VERSION" in unpinned[2]) == (2, True)
    assert done == (0, "tinysign==1.0\n", "")
    assert (missing[0], "the packages cannot be installed" in missing[2]) == (2, True)
    assert packages(data) == done
    monkeypatch.setenv("HAT_DATA", str(data))
    for without in ((), ("namespaces", "tree")):
        signed, planted = ask(root, installed_packages(), without, Call("sign", ["abc"]), Call("plant"))
        assert signed.value == "cba"
        assert planted.error is not None
        assert planted.error.type in ("OSError", "PermissionError")
