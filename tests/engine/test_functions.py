from __future__ import annotations

import re
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import pytest

from hat.case import DIALECTS
from hat.engine import loop
from hat.engine.functions import Surroundings, built_in, names
from hat.engine.multipart import Multipart
from hat.engine.sandbox import Answer
from hat.engine.waiting import sleep


def ask(
    name: str, *args: Any, around: Surroundings | None = None, dialect: str = "hat", **kwargs: Any
) -> Answer:
    """The answer of a built-in function."""
    function = built_in(name, dialect)
    assert function is not None
    answer = function.answer(args, kwargs, around or Surroundings())
    if isinstance(answer, Answer):
        return answer

    async def wait(waiting: Awaitable[Answer]) -> Answer:
        return await waiting

    return loop.run(wait(answer))


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "name",
    [
        *(
            "gen_random_string",
            "get_timestamp",
            "get_current_date",
            "sleep",
            "P",
            "parameterize",
            "ENV",
            "environ",
        ),
        *("multipart_encoder", "multipart_content_type", "len", "str", "int"),
    ],
)
def test_every_dialect_has_the_functions_of_httprunner(name: str, dialect: str) -> None:
    assert built_in(name, dialect) is not None
    assert name in names(dialect)


def test_our_own_functions_belong_to_our_own_dialect() -> None:
    assert built_in("md5", "hat") is not None
    assert built_in("md5", "httprunner2") is None


def test_httprunner_before_2_5_sleeps_under_another_name() -> None:
    assert built_in("sleep_N_secs", "httprunner2") is not None
    assert built_in("sleep_N_secs", "httprunner25") is None


def test_functions_that_can_run_code_are_left_to_the_sandbox() -> None:
    assert not {"eval", "exec", "open", "compile", "__import__", "getattr", "globals"} & set(names("hat"))


@pytest.mark.parametrize(
    ("name", "args", "pattern"),
    [
        ("gen_random_string", [8], r"[A-Za-z0-9]{8}"),
        ("get_timestamp", [], r"\d{13}"),
        ("get_timestamp", [10], r"\d{10}"),
        ("get_timestamp", [16], r"\d{16}"),
        ("get_current_date", [], r"\d{4}-\d\d-\d\d"),
        ("get_current_date", ["%Y"], r"\d{4}"),
        ("uuid", [], r"[0-9a-f-]{36}"),
        ("now", [], r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
    ],
)
def test_functions_that_make_texts(name: str, args: list[Any], pattern: str) -> None:
    assert re.fullmatch(pattern, ask(name, *args).value)


@pytest.mark.parametrize(
    ("name", "args", "value"),
    [
        ("md5", ["a"], "0cc175b9c0f1b6a831c399e269772661"),
        ("sha1", ["a"], "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
        ("sha256", [b"a"], "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"),
        ("base64_encode", ["王"], "546L"),
        ("base64_decode", ["546L"], "王"),
        ("url_encode", ["a b/"], "a%20b%2F"),
        ("url_decode", ["a%20b"], "a b"),
        ("random_int", [5, 5], 5),
        ("random_choice", [["x"]], "x"),
        ("len", ["abc"], 3),
        ("max", [1, 2], 2),
    ],
)
def test_functions_that_compute(name: str, args: list[Any], value: Any) -> None:
    answer = ask(name, *args)

    assert answer.error is None
    assert answer.value == value


def test_hmac_is_the_known_one() -> None:
    text = "The quick brown fox jumps over the lazy dog"

    assert ask("hmac_sign", "key", text, "md5").value == "80070713463e7749b90c2dc24911e275"


def test_a_timestamp_in_seconds_is_a_number() -> None:
    assert isinstance(ask("timestamp").value, int)


@pytest.mark.parametrize(
    ("name", "args", "kind"),
    [
        ("get_timestamp", [0], "ParamsError"),
        ("get_timestamp", ["13"], "ParamsError"),
        ("ENV", ["NOT_THERE"], "EnvNotFound"),
        ("P", ["no.csv"], "FileNotFound"),
        ("gen_random_string", [-1], "ValueError"),
        ("gen_random_string", [10**9], "ValueError"),
        ("sleep", [-1], "ValueError"),
        ("sleep", ["soon"], "ValueError"),
        ("sleep", [], "TypeError"),
        ("ENV", [], "TypeError"),
        ("int", ["x"], "ValueError"),
        ("multipart_content_type", ["text"], "TypeError"),
    ],
)
def test_wrong_arguments_are_errors(name: str, args: list[Any], kind: str) -> None:
    error = ask(name, *args).error

    assert error is not None
    assert error.type == kind
    assert error.is_type_error == (kind == "TypeError")


def test_sleep_lets_others_go_on() -> None:
    async def talk() -> list[str]:
        order: list[str] = []
        function = built_in("sleep", "hat")
        assert function is not None
        answer = function.answer([0.01], {}, Surroundings())
        assert not isinstance(answer, Answer)
        waiting = answer

        async def wait() -> None:
            await waiting
            order.append("slept")

        task = loop.spawn(wait())
        await sleep(0)
        order.append("other")
        await task
        return order

    assert loop.run(talk())[0] == "other"


def test_values_of_the_environment() -> None:
    assert ask("ENV", "A", around=Surroundings({"A": "1"})).value == "1"


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030"])
def test_rows_of_a_csv_file(tmp_path: Path, charset: str) -> None:
    (tmp_path / "users.csv").write_bytes('name,note\n王,"a,b"\nann,\n'.encode(charset))

    rows = ask("P", "users.csv", around=Surroundings(root=tmp_path)).value

    assert rows == [{"name": "王", "note": "a,b"}, {"name": "ann", "note": ""}]


def test_a_multipart_body_and_its_type(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text")

    encoder = ask("multipart_encoder", around=Surroundings(root=tmp_path), file="a.txt", note="hi").value

    assert isinstance(encoder, Multipart)
    assert b'filename="a.txt"' in encoder.body
    assert ask("multipart_content_type", encoder).value == encoder.content_type
