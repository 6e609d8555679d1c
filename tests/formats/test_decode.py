"""YAML and JSON text as values, with lines; hostile text is an error, never more."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hat.error import FormatError
from hat.formats.decode import MAX_BYTES, decode, load_text, locator

VALUES = [
    ("yes is true", "yes", True),
    ("an octal number", "010", 8),
    ("sixty seconds", "1:30", 90),
    ("underscores", "1_000", 1000),
    ("a text like a number", "1e3", "1e3"),
    ("a float", "1.0e+3", 1000.0),
    ("a date", "2020-01-02", date(2020, 1, 2)),
    (
        "merged mappings",
        "a: &a {k: 1, l: 2}\nb: {<<: *a, l: 3}",
        {"a": {"k": 1, "l": 2}, "b": {"k": 1, "l": 3}},
    ),
    ("of equal keys the last", "{a: 1, a: 2}", {"a": 2}),
    ("a big number", "12345678901234567890", 12345678901234567890),
    ("nothing", "", None),
]


@pytest.mark.parametrize(("text", "value"), [row[1:] for row in VALUES], ids=[row[0] for row in VALUES])
def test_yaml_is_that_of_version_1_1(text: str, value: Any) -> None:
    assert load_text(text) == value


def bomb(levels: int) -> str:
    """Anchors that stand for nine of the one before."""
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines)


def colliding() -> str:
    """A mapping whose numbers have one hash."""
    return "a:\n" + "".join(f"  {number * (2**61 - 1)}: 0\n" for number in range(1, 1000))


HOSTILE = [
    ("brackets", "[" * 10_000, "values are nested too deeply"),
    ("closed brackets", "[" * 10_000 + "]" * 10_000, "values are nested too deeply"),
    ("dashes", "- " * 10_000 + "a", "values are nested too deeply"),
    ("indentation", "\n".join(" " * n + "a:" for n in range(1000)), "values are nested too deeply"),
    ("anchors that explode", bomb(9), "anchors make more than 1,000,000 values"),
    (
        "numbers with one hash",
        colliding(),
        "the numbers of these keys were chosen so that reading them is slow",
    ),
    (
        "numbers with one hash behind a merge",
        f"x: &x {{a: 1}}\ny: {{<<: *x}}\n{colliding()}",
        "the numbers of these keys were chosen so that reading them is slow",
    ),
    ("an anchor in itself", "a: &a [*a]", "an anchor contains itself"),
    ("a Python object", "a: !!python/object/apply:os.system [x]", "is not allowed"),
    ("a control character", "a: \x07", "character 7 is not allowed in YAML"),
    ("an impossible date", "a: 2020-13-40", "month must be in 1..12"),
    ("an open mapping", "config: {", "not valid YAML"),
]


@pytest.mark.parametrize(("text", "message"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_hostile_yaml_is_an_error(text: str, message: str) -> None:
    with pytest.raises(FormatError) as caught:
        load_text(text, "bad.yml")

    assert message in caught.value.message
    assert caught.value.file == "bad.yml"


def test_the_line_of_an_error_is_told() -> None:
    with pytest.raises(FormatError) as caught:
        load_text("a: 1\nb: [1,\nc: 2", "bad.yml")

    assert str(caught.value).startswith("bad.yml:")
    assert caught.value.line in (3, 4)


def test_a_date_that_does_not_exist_is_told_at_its_line() -> None:
    with pytest.raises(FormatError) as caught:
        load_text("a: 1\nborn: 2020-13-45\n", "bad.yml")

    assert caught.value.line == 2
    assert "'2020-13-45' cannot be read (month must be in 1..12)" in caught.value.message


@pytest.mark.parametrize(
    "text", ["{", "[" * 100_000, "{'a': 1}", ""], ids=["open", "deep", "quotes", "empty"]
)
def test_wrong_json_is_an_error(text: str) -> None:
    with pytest.raises(FormatError):
        load_text(text, "bad.json", is_json=True)


def test_json_may_be_nested_as_deep_as_yaml() -> None:
    text = "[" * 150 + "]" * 150

    assert load_text(text, is_json=True) == load_text(text)


TEXTS = [
    ("UTF-8", "名字".encode()),
    ("UTF-8 with a mark", b"\xef\xbb\xbf" + "名字".encode()),
    ("UTF-16", "名字".encode("utf-16")),
    ("GB18030", "名字".encode("gb18030")),
]


@pytest.mark.parametrize("raw", [row[1] for row in TEXTS], ids=[row[0] for row in TEXTS])
def test_files_are_decoded(raw: bytes) -> None:
    assert decode(raw, "a.yml") == "名字"


def test_a_file_that_is_no_text_is_an_error() -> None:
    with pytest.raises(FormatError, match="neither UTF-8 nor GB18030"):
        decode(b"\xff\x00\xfe\x80", "a.yml")


def test_a_file_over_the_limit_is_an_error() -> None:
    with pytest.raises(FormatError, match=r"file of 10\.0 MB is over the limit of 10 MB"):
        decode(b" " * (MAX_BYTES + 1), "a.yml")


LINES = [
    ("config.name", 2),
    ("teststeps[0].request.url", 6),
    ("teststeps[1]", 7),
    ("teststeps[0].request.nope", 5),
    ("teststeps[9]", 3),
    ("", 1),
]


@pytest.mark.parametrize(("path", "line"), LINES, ids=[row[0] or "the document" for row in LINES])
def test_the_line_of_a_path_is_found(path: str, line: int) -> None:
    text = "config:\n  name: x\nteststeps:\n- name: a\n  request:\n    url: /x\n- name: b\n"

    assert locator(text)(path) == line


def test_text_that_does_not_parse_has_no_lines() -> None:
    assert locator("a: [")("a") is None
