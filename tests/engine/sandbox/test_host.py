from __future__ import annotations

import math
import os
import select
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hat.engine import loop
from hat.engine.sandbox import Answer, Call, Handle, ResponseFacts
from hat.engine.sandbox import nursery as nurseries
from hat.engine.sandbox.host import Sandbox
from hat.engine.waiting import sleep
from hat.error import FunctionsError
from tests.target.functions import SOURCE


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "debugtalk.py").write_text(SOURCE)
    (tmp_path / "neighbour.py").write_text("def helped():\n    return 'from a neighbour'\n")
    (tmp_path / "data.txt").write_bytes(b"content")
    return tmp_path


def call(
    root: Path, *calls: Call, env: Mapping[str, str] | None = None, timeout_s: float | None = None
) -> list[Answer]:
    """Answers of one box to these calls, each in a frame of its own."""

    async def talk() -> list[Answer]:
        sandbox = await Sandbox.start(root, env or {})
        answers = []
        for one in calls:
            answers += await sandbox.call([one], timeout_s)
        await sandbox.close()
        return answers

    return loop.run(talk())


def test_it_calls_a_function_of_the_project(project: Path) -> None:
    [first, second] = call(project, Call("add", [1, 2]), Call("add", [1], {"b": 5}))

    assert (first.value, first.error) == (3, None)
    assert second.value == 6


def test_it_offers_every_plain_python_function(project: Path) -> None:
    async def talk() -> Sandbox:
        sandbox = await Sandbox.start(project, {})
        await sandbox.close()
        return sandbox

    functions = loop.run(talk()).functions

    assert {"add", "alias", "basename", "helped", "gen_random_string"} <= set(functions)
    assert not {"Callable", "instance", "native", "ParamsError", "calls"} & set(functions)
    add = functions["add"]
    assert (add.arguments, add.doc, add.line, add.file) == ("a, b=1", "Add two numbers.", 14, "debugtalk.py")
    assert functions["helped"].file == "neighbour.py"


def test_unknown_names_fall_through_to_python(project: Path) -> None:
    [known, unknown, private] = call(
        project, Call("divmod", [7, 2]), Call("nothing"), Call("__import__", ["os"])
    )

    assert known.value == (3, 1)
    assert unknown.error is not None
    assert unknown.error.type == "NotFound"
    assert unknown.error.sentence("nothing") == "function 'nothing' is not defined"
    assert private.error is not None


def test_a_project_without_functions_still_has_those_of_python(tmp_path: Path) -> None:
    [answer] = call(tmp_path, Call("sum", [[1, 2]]))

    assert answer.value == 3


def test_state_stays_within_a_run_and_not_beyond(project: Path) -> None:
    first = call(project, Call("count"), Call("count"), Call("set_env", ["X", "1"]), Call("env", ["X"]))
    again = call(project, Call("count"), Call("env", ["X"]))

    assert [answer.value for answer in first] == [1, 2, None, "1"]
    assert again[0].value == 1
    assert again[1].error is not None


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        2**80,
        1.5,
        -math.inf,
        "中文 \U0001f600",
        b"\x00\xff",
        [1, [2, {"a": None}]],
        (1, ("a",)),
        {1: "one", ("t",): 2},
        {"$": "own", "v": 1},
        date(2026, 1, 2),
        datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        Decimal("1.10"),
    ],
)
def test_values_cross_in_both_directions_unchanged(project: Path, value: Any) -> None:
    [same, kind] = call(project, Call("give", [value]), Call("kind", [value]))

    assert same.value == value
    assert type(same.value) is type(value)
    assert kind.value == type(value).__name__


def test_not_a_number_crosses_too(project: Path) -> None:
    [answer] = call(project, Call("give", [math.nan]))

    assert math.isnan(answer.value)


def test_text_that_no_database_takes_is_mended(project: Path) -> None:
    [answer] = call(project, Call("give", ["a\udc80b\x00c"]))

    assert answer.value == "a\ufffdb\ufffdc"


def test_a_hook_changes_the_request(project: Path) -> None:
    request = {"method": "GET", "headers": {}}

    [answer] = call(project, Call("set_header", [request, "X-A", "1"], mutable=True))

    assert answer.changed is not None
    assert answer.changed[0] == {"method": "GET", "headers": {"X-A": "1"}, "auth": ("user", "pass")}
    assert request == {"method": "GET", "headers": {}}


def test_a_hook_changes_the_response(project: Path) -> None:
    facts = ResponseFacts(
        {
            "status_code": 200,
            "json": {"code": 0},
            "headers": {"Content-Type": "a/b"},
            "text": "t",
            "elapsed": 0.5,
        }
    )

    [answer, read, missing] = call(
        project,
        Call("change_response", [facts], mutable=True),
        Call("read_response", [facts]),
        Call("missing_attribute", [facts]),
    )

    assert answer.changed is not None
    assert answer.changed[0].fields == {
        "status_code": 299,
        "json": {"code": 99},
        "headers": {"Content-Type": "x/y"},
        "mine": {"a": 1},
    }
    assert read.value == [200, "a/b", 0, "<Response [200]>"]
    assert missing.error is not None
    assert "no attribute 'nothing'" in missing.error.message


def test_a_hook_changes_what_it_gets_by_keyword(project: Path) -> None:
    given = {"value": "1", "name": "X-A", "request": {"headers": {}}}

    [answer] = call(project, Call("set_header", [], given, mutable=True))

    assert answer.changed is not None
    assert answer.changed[2] == {"headers": {"X-A": "1"}, "auth": ("user", "pass")}


def test_a_text_that_a_hook_only_reads_does_not_come_back(project: Path) -> None:
    facts = ResponseFacts({"status_code": 200, "text": "{}", "elapsed": 0.5, "json": {}})

    [answer] = call(project, Call("only_read", [facts], mutable=True))

    assert answer.value == [200, "{}", 0.5]
    assert answer.changed is not None
    assert answer.changed[0].fields == {"json": {}}


def test_what_a_function_prints_is_kept_with_its_answer(project: Path) -> None:
    [spoken, shouted, quiet] = call(project, Call("speak"), Call("shout", [200_000]), Call("count"))

    assert spoken.printed == "one\ninfo: two 2\n"
    assert len(shouted.printed) < 70_000
    assert "134465 characters more" in shouted.printed
    assert quiet.printed == ""


def test_an_exception_names_the_line_that_raised_it(project: Path) -> None:
    [raised, asserted, wrong] = call(project, Call("fail"), Call("assert_it"), Call("add", []))

    assert raised.error is not None
    assert asserted.error is not None
    assert wrong.error is not None
    line = SOURCE.splitlines().index('    raise ValueError("key is empty")') + 1
    assert raised.error.sentence("fail") == f"fail() in debugtalk.py:{line} raised ValueError: key is empty"
    assert asserted.error.is_assertion
    assert wrong.error.is_type_error


def test_values_that_only_live_in_the_child_come_back_as_handles(project: Path) -> None:
    async def talk() -> tuple[Any, Any, Any]:
        sandbox = await Sandbox.start(project, {})
        [file] = await sandbox.call([Call("opened")])
        [name] = await sandbox.call([Call("name_of", [file.value])])
        [encoder] = await sandbox.call([Call("encoder")])
        filled = await sandbox.fill({"data": [encoder.value, 1], "file": (file.value,)})
        [odd] = await sandbox.call([Call("strange")])
        with pytest.raises(ValueError, match="no content to read"):
            await sandbox.read(odd.value)
        assert await sandbox.fill([odd.value]) == [odd.value]
        await sandbox.close()
        return file.value, name.value, filled

    file, name, filled = loop.run(talk())

    assert isinstance(file, Handle)
    assert name == "data.txt"
    assert filled["file"][0].content == b"content"
    encoder = filled["data"][0]
    assert encoder.content_type == "multipart/form-data; boundary=B"
    assert (
        b'name="f"; filename="n.txt"\r\nContent-Type: text/plain\r\n\r\ncontent\r\n--B--' in encoder.content
    )


@pytest.mark.parametrize(
    ("name", "args", "said"),
    [
        ("leave", [], "leave(): the process ended itself with exit code 7"),
        ("huge", [70 << 20], "the function's result is larger than 67108864 bytes"),
    ],
)
def test_a_call_that_ends_badly_is_an_error_and_the_next_one_works(
    project: Path, name: str, args: list[Any], said: str
) -> None:
    [bad, good] = call(project, Call(name, args), Call("add", [1, 1]))

    assert bad.error is not None
    assert bad.error.sentence(name) == said
    assert good.value == 2


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("exit_politely", "SystemExit"),
        ("fill_memory", "MemoryError"),
        ("deep", "ValueError"),
        ("recursive", "ValueError"),
    ],
)
def test_a_call_that_goes_wrong_inside_python_leaves_the_box_alive(
    project: Path, name: str, kind: str
) -> None:
    [before, bad, after] = call(project, Call("count"), Call(name), Call("count"))

    assert bad.error is not None
    assert bad.error.type == kind
    assert (before.value, after.value) == (1, 2)


def test_an_endless_loop_is_stopped_and_the_next_call_works(project: Path) -> None:
    [stopped, good] = call(project, Call("endless"), Call("add", [1, 1]), timeout_s=0.3)

    assert stopped.error is not None
    assert stopped.error.sentence("endless") == "endless() ran longer than 0.3 s and was stopped"
    assert good.value == 2


def test_processes_a_function_started_end_with_the_box(project: Path) -> None:
    async def talk() -> bool:
        sandbox = await Sandbox.start(project, {})
        [answer] = await sandbox.call([Call("background")])
        started = os.pidfd_open(answer.value)
        await sandbox.close()
        ended, _, _ = select.select([started], [], [], 60)
        os.close(started)
        return bool(ended)

    assert loop.run(talk())


def test_a_function_that_starts_processes_without_end_is_stopped(project: Path) -> None:
    [stopped, good] = call(project, Call("multiply"), Call("add", [1, 1]))

    assert stopped.error is not None
    assert stopped.error.message == "multiply(): it started more than 256 processes and was stopped"
    assert good.value == 2


def test_several_calls_travel_in_one_frame(project: Path) -> None:
    async def talk() -> list[Answer]:
        sandbox = await Sandbox.start(project, {})
        answers = await sandbox.call([Call("count"), Call("fail"), Call("count")])
        await sandbox.close()
        return answers

    first, failed, second = loop.run(talk())

    assert (first.value, second.value) == (1, 2)
    assert failed.error is not None


def test_cases_that_run_at_once_wait_for_each_other(project: Path) -> None:
    async def talk() -> list[Any]:
        sandbox = await Sandbox.start(project, {})
        answers = [await one for one in [loop.spawn(sandbox.call([Call("count")])) for _ in range(20)]]
        await sandbox.close()
        return [answer.value for [answer] in answers]

    assert sorted(loop.run(talk())) == list(range(1, 21))


def test_a_cancelled_call_does_not_answer_the_next(project: Path) -> None:
    async def talk() -> Any:
        sandbox = await Sandbox.start(project, {})
        waiting = loop.spawn(sandbox.call([Call("endless")]))
        while not (waiting.is_done or sandbox._turn.is_held):
            await sleep(0)
        waiting.cancel()
        with pytest.raises(loop.CancelledError):
            await waiting
        [answer] = await sandbox.call([Call("add", [1, 1])])
        await sandbox.close()
        return answer.value

    assert loop.run(talk()) == 2


def test_after_the_end_calls_are_errors(project: Path) -> None:
    async def talk() -> Answer:
        sandbox = await Sandbox.start(project, {})
        await sandbox.close()
        [answer] = await sandbox.call([Call("count")])
        return answer

    error = loop.run(talk()).error
    assert error is not None
    assert error.type == "Lost"


def test_the_values_of_the_environment_are_seen(project: Path) -> None:
    [answer] = call(project, Call("env", ["HAT_TEST_NAME"]), env={"HAT_TEST_NAME": "värde"})

    assert answer.value == "värde"


def test_two_projects_do_not_see_each_other(tmp_path: Path) -> None:
    async def talk() -> list[Any]:
        boxes = []
        for name in ("one", "two"):
            root = tmp_path / name
            root.mkdir()
            (root / "debugtalk.py").write_text("from shared import who\n")
            (root / "shared.py").write_text(f"def who():\n    return {name!r}\n")
            boxes.append(await Sandbox.start(root, {}))
        answers = [(await box.call([Call("who")]))[0].value for box in boxes]
        for box in boxes:
            await box.close()
        return answers

    assert loop.run(talk()) == ["one", "two"]


NO_ROOM = """
import os
fork, count = os.fork, [0]
def refusing():
    count[0] += 1
    if count[0] == 2:
        raise BlockingIOError(11, "Resource temporarily unavailable")
    return fork()
os.fork = refusing
"""


def test_a_system_without_room_for_a_process_ends_no_other_box(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nurseries, "_BOOT", NO_ROOM + nurseries._BOOT)
    monkeypatch.setattr(nurseries, "_current", None)

    async def talk() -> tuple[list[Answer], str, list[Answer]]:
        first, later = await Sandbox.start(project, {}), Sandbox(project, {})
        try:
            with pytest.raises(FunctionsError, match="no process for the project's functions") as refused:
                await Sandbox.start(project, {})
            return (
                await first.call([Call("add", [1, 2])]),
                str(refused.value),
                await later.call([Call("add", [2, 3])]),
            )
        finally:
            await first.close()
            await later.close()
            nurseries.nursery().close()

    [kept], why, [afterwards] = loop.run(talk())
    assert (kept.value, afterwards.value) == (3, 5)
    assert "temporarily unavailable" in why
