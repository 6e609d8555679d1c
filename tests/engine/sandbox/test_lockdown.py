from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from hat.engine import loop
from hat.engine.sandbox import STRICT, Answer, Call, Terms
from hat.engine.sandbox.box import landlock, seccomp
from hat.engine.sandbox.box.lockdown import LAYERS
from hat.engine.sandbox.host import Sandbox
from hat.engine.sandbox.layers import isolate, offered
from hat.error import FunctionsError

SOURCE = """\
import os
import socket
import subprocess
import threading


def read(path):
    return open(path).read()


def write(path):
    open(path, "w").write("x")


def listed(path):
    return sorted(os.listdir(path))


def connect(port):
    socket.create_connection(("127.0.0.1", port))


def start():
    return subprocess.run(["id"])


def fork():
    return os.fork()


def kill(pid):
    os.kill(pid, 9)


def chmod(path):
    os.chmod(path, 0o777)


def unlink(path):
    os.unlink(path)


def threads():
    seen = []
    thread = threading.Thread(target=lambda: seen.append(1))
    thread.start()
    thread.join()
    return seen


def environment():
    return dict(os.environ)


def imports():
    import decimal, hashlib, sqlite3, zoneinfo
    return str(zoneinfo.ZoneInfo("Europe/Berlin")), hashlib.sha256(b"x").hexdigest()[:4]


def exists(path):
    return os.path.exists(path)


def scribble():
    import sqlite3, tempfile
    with tempfile.NamedTemporaryFile("w+") as file:
        file.write("kept")
        file.seek(0)
        text = file.read()
    base = sqlite3.connect(os.path.join(tempfile.mkdtemp(), "own.db"))
    base.execute("create table t (x)")
    base.execute("insert into t values (1)")
    base.commit()
    return text, base.execute("select x from t").fetchall()


def fill():
    import tempfile
    with open(tempfile.gettempdir() + "/big", "wb") as file:
        for _ in range(7):
            file.write(b"x" * (1 << 20))
    with open(tempfile.gettempdir() + "/bigger", "wb") as file:
        for _ in range(16):
            file.write(b"x" * (1 << 20))


def foreign_call():
    import ctypes
    return ctypes.CDLL(None).syscall(0x40000000 + 39)
"""

if sys.platform != "linux" or not landlock.version(ctypes.CDLL(None)):
    pytest.skip(
        "this system has no Landlock, so functions are refused at level strict", allow_module_level=True
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / "debugtalk.py").write_text(SOURCE)
    (root / "own.txt").write_text("mine")
    (tmp_path / "other.txt").write_text("secret")
    return root


def ask(root: Path, *calls: Call) -> list[Answer]:
    """Answers of a locked box."""

    async def talk() -> list[Answer]:
        sandbox = await Sandbox.start(root, {"NAME": "value"}, STRICT)
        answers = await sandbox.call(calls)
        await sandbox.close()
        return answers

    return loop.run(talk())


def has_tree(root: Path) -> bool:
    """Whether boxes have a file tree of their own here."""

    async def talk() -> bool:
        sandbox = await Sandbox.start(root, {}, STRICT)
        await sandbox.close()
        return "tree" in sandbox.layers

    return loop.run(talk())


def test_every_layer_that_must_hold_is_told(project: Path) -> None:
    async def talk() -> tuple[str, ...]:
        sandbox = await Sandbox.start(project, {}, STRICT)
        await sandbox.close()
        return sandbox.layers

    layers = loop.run(talk())

    assert {"limits", "no-capabilities", "no-new-privileges", "landlock", "seccomp"} <= set(layers)


def test_ordinary_functions_work_inside(project: Path) -> None:
    [read, listed, threads, environment, imports] = ask(
        project,
        Call("read", ["own.txt"]),
        Call("listed", ["."]),
        Call("threads"),
        Call("environment"),
        Call("imports"),
    )

    assert read.value == "mine"
    assert listed.value == ["debugtalk.py", "own.txt"]
    assert threads.value == [1]
    assert environment.value == {"NAME": "value"}
    assert imports.value == ("Europe/Berlin", "2d71")


@pytest.mark.parametrize(
    ("name", "argument"),
    [
        ("read", "../other.txt"),
        ("read", "/etc/passwd"),
        ("read", "/proc/self/environ"),
        ("listed", "/proc"),
        ("write", "own.txt"),
        ("write", "/project/new.txt"),
        ("write", "/new.txt"),
        ("chmod", "own.txt"),
        ("unlink", "own.txt"),
        ("connect", 9),
        ("start", None),
        ("fork", None),
        pytest.param("kill", os.getpid(), id="kill-another"),
    ],
)
def test_nothing_outside_can_be_touched(project: Path, name: str, argument: Any) -> None:
    [refused, after] = ask(
        project, Call(name, [] if argument is None else [argument]), Call("read", ["own.txt"])
    )

    assert refused.error is not None
    assert refused.error.type in ("PermissionError", "FileNotFoundError", "OSError")
    assert after.value == "mine"


def test_nothing_of_the_host_is_there(project: Path) -> None:
    if not has_tree(project):
        pytest.skip("this system allows no file tree of its own")

    [top, own, other, code, passwords] = ask(
        project,
        Call("listed", ["/"]),
        Call("exists", ["/project/own.txt"]),
        Call("exists", [str(project.parent / "other.txt")]),
        Call("exists", [__file__]),
        Call("exists", ["/etc/passwd"]),
    )

    assert {"project", "tmp", "usr"} <= set(top.value)
    assert not {"home", "proc", "sys", "var", "old", "srv"} & set(top.value)
    assert [one.value for one in (own, other, code, passwords)] == [True, False, False, False]


def test_there_is_a_small_folder_to_write_in_that_ends_with_the_run(project: Path) -> None:
    if not has_tree(project):
        pytest.skip("this system allows no file tree of its own")

    outside = Path(os.sep, "tmp", "hat-test-escaped")

    [used, full, after, written] = ask(
        project,
        Call("scribble"),
        Call("fill"),
        Call("read", ["own.txt"]),
        Call("write", [str(outside)]),
    )
    [before] = ask(project, Call("listed", ["/tmp"]))

    assert used.value == ("kept", [(1,)])
    assert full.error is not None
    assert full.error.type == "OSError"
    assert after.value == "mine"
    assert before.value == []
    assert written.error is None
    assert not outside.exists()


@pytest.mark.parametrize(
    ("without", "left"),
    [
        (["namespaces", "tree"], {"landlock", "seccomp"}),
        (["landlock"], {"tree", "seccomp"}),
    ],
)
def test_one_layer_less_still_hides_files(project: Path, without: list[str], left: set[str]) -> None:
    if not has_tree(project):
        pytest.skip("this system allows no file tree of its own")

    async def talk() -> tuple[tuple[str, ...], list[Answer]]:
        sandbox = Sandbox(project, {}, Terms("strict", without=tuple(without)))
        answers = await sandbox.call([Call("read", [str(project.parent / "other.txt")]), Call("threads")])
        await sandbox.close()
        return sandbox.layers, answers

    layers, [refused, works] = loop.run(talk())

    assert left <= set(layers)
    assert not set(without) & set(layers)
    assert refused.error is not None
    assert works.value == [1]


@pytest.mark.parametrize(
    ("without", "why"),
    [
        (("seccomp",), "it has no seccomp"),
        (("namespaces", "tree", "landlock"), "it has neither Landlock nor namespaces"),
        (LAYERS, "it has no seccomp"),
    ],
)
def test_too_few_layers_are_refused_until_somebody_agrees(
    project: Path, without: tuple[str, ...], why: str
) -> None:
    async def talk() -> list[Answer]:
        with pytest.raises(FunctionsError, match=f"cannot be isolated on this system: {why}") as refused:
            await Sandbox.start(project, {}, Terms("strict", without))
        assert "an administrator can agree" in refused.value.hint
        sandbox = await Sandbox.start(project, {}, Terms("strict", without, agreed=True))
        answers = await sandbox.call([Call("threads")])
        await sandbox.close()
        return answers

    assert loop.run(talk())[0].value == [1]


def test_agreeing_takes_no_layer_away_that_is_there(project: Path) -> None:
    usual = loop.run(offered())

    assert isolate(usual)
    assert "landlock" in usual
    assert loop.run(offered(LAYERS)) == ("process", "limits", "time")


def test_calls_of_another_machine_end_the_process(project: Path) -> None:
    if os.uname().machine != "x86_64":
        pytest.skip("the x32 calls exist on x86_64 only")

    [killed] = ask(project, Call("foreign_call"))

    assert killed.error is not None
    assert killed.error.message == "foreign_call(): the process was ended by SIGSYS"


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_every_jump_of_the_filter_stays_inside_it(machine: str) -> None:
    program = seccomp.program(machine, 1)

    for place, (code, yes, no, _) in enumerate(program):
        if code & 0x07 == 0x05:
            assert place + 1 + max(yes, no) < len(program)
    assert len(program) < 4096
