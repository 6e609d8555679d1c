"""The reader of plain YAML gives what PyYAML gives, or leaves the text to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from hat.formats.lines import UNUSUAL, read_lines

TESTS = Path(__file__).parent.parent
FILES = [path for folder in (TESTS, TESTS.parent / "demo") for path in sorted(folder.rglob("*.y*ml"))]

PLAIN = """\
# a case
config:
    name: log in   # what it does
    variables: {user: ann, "age": 7, tags: [a, 'b c', -1.5], none: ~}
    base_url: http://127.0.0.1:8000
teststeps:
-   name: 登录
    request:
        method: POST
        url: /login?a=1&b=2
        json: {"user": "$user", "deep": {"list": [], "map": {}}}
    validate:
    - eq: [status_code, 200]
    - eq: ["body.token", $token]
-   testcase: other.yml
    variables:

- - nested
  - 'quoted'
"""

WORDS = ["yes", "No", "TRUE", "on", "Off", "y", "n", "null", "NULL", "nUll", "~", "=", "token", "true story"]
NUMBERS = [
    "0",
    "-7",
    "007",
    "0x1F",
    "1_000",
    "1:30",
    "12.5",
    ".5",
    "1.",
    "1e5",
    "1.0e+3",
    "-.inf",
    ".nan",
    "+1",
]
DATES = ["2024-01-02", "2024-01-02 03:04:05", "2024-13-01", "127.0.0.1", "10:00:00 today"]
UNUSUALS = {
    "an anchor": "a: &b 1",
    "an alias": "a: *b",
    "a tag": "a: !!str 1",
    "a block scalar": "a: |\n  text",
    "escapes": 'a: "x\\n"',
    "a text of two lines": "a: x\n  y",
    "a complex key": "? a\n: b",
    "a merge key": "<<: {a: 1}",
    "a key that is no text": "200: a",
    "a tab": "a:\tb",
    "a line break of its own": "a: b\u2028c",
    "a scalar alone": "text",
    "nothing": "",
    "two documents": "a: 1\n---\na: 2",
    "a mapping in a plain scalar": "a: b: c",
    "an item that stands too far left": "a:\n  - b\n - c",
    "an unclosed list": "a: [b, c",
    "a comma too many": "a: [b, ]",
    "too many brackets": "a: " + "[" * 150 + "]" * 150,
    "too many levels": "\n".join(" " * depth + "a:" for depth in range(150)),
}


def test_it_reads_a_case_as_pyyaml_does() -> None:
    assert read_lines(PLAIN.partition("\n- - ")[0]) == yaml.safe_load(PLAIN.partition("\n- - ")[0])


@pytest.mark.parametrize("scalar", [*WORDS, *NUMBERS, *DATES])
@pytest.mark.parametrize("text", ["a: {}", "- {}", "a: [{}]", "a: {{b: {}}}"])
def test_a_scalar_is_what_pyyaml_makes_of_it(text: str, scalar: str) -> None:
    whole = text.format(scalar)

    assert read_lines(whole) is UNUSUAL or repr(read_lines(whole)) == repr(_by_pyyaml(whole))


@pytest.mark.parametrize("text", UNUSUALS.values(), ids=UNUSUALS)
def test_it_leaves_what_it_does_not_know(text: str) -> None:
    assert read_lines(text) is UNUSUAL


def test_every_file_of_the_tests_is_read_alike() -> None:
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in FILES]
    read = [(text, value) for text in texts if (value := read_lines(text)) is not UNUSUAL]

    assert [text for text, value in read if repr(value) != repr(_by_pyyaml(text))] == []
    assert len(read) > len(FILES) / 2


PIECES = [
    "- ",
    "-",
    "  ",
    "    ",
    ": ",
    ":",
    "\n",
    "\n  ",
    "\n- ",
    "a",
    "b: ",
    "'x'",
    '"y"',
    "[",
    "]",
    "{",
    "}",
    ", ",
]
PIECES += [
    " #c",
    "1",
    "-1",
    "2024-01-01",
    "yes",
    "null",
    "~",
    "$a",
    "名",
    "|",
    "&a",
    "*a",
    "!t",
    "?",
    "---",
    "\\",
]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_it_never_reads_a_text_otherwise_than_pyyaml(text: str) -> None:
    value = read_lines(text)

    assert value is UNUSUAL or repr(value) == repr(_by_pyyaml(text))


def _by_pyyaml(text: str) -> Any:
    """PyYAML's value; its error where the text is none, which equals no value."""
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        return error


def test_equal_lines_give_each_reader_collections_of_its_own() -> None:
    text = "json: {tags: [a, [b]], user: {name: ann}}"
    first = read_lines(text)
    first["json"]["tags"][1].append("c")
    first["json"]["user"]["name"] = "bob"

    assert read_lines(text) == {"json": {"tags": ["a", ["b"]], "user": {"name": "ann"}}}
