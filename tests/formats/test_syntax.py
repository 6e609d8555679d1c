"""What is wrong with a text that is no YAML or JSON, in words a tester understands."""

from __future__ import annotations

import pytest

from hat.error import FormatError
from hat.formats.decode import load_text

QUOTE = "put the text in quotes"
COLUMN = "keys of one mapping begin in the same column"
YAML = [
    ("config:\n\tname: a\n", 2, "a tab cannot indent", "indent with blanks"),
    ("a: [1,\n\t\t2\n\tb: {\n", 3, "a tab cannot indent", "indent with blanks"),
    ("a: {b: 1\nc: 2\n", 2, "the { of line 1 is not closed, or a comma is missing", ""),
    ("a:\n- [1, 2}\n", 2, "the [ of line 2 is not closed, or a comma is missing", ""),
    ("a: [1, {]\n", 1, "a value is missing between the brackets", ""),
    ('a: "b\nc: d\n', 3, "the quote of line 1 is not closed", ""),
    ("a: @b\n", 1, "a value cannot begin with '@'", QUOTE),
    ("a: `b`\n", 1, "a value cannot begin with '`'", QUOTE),
    ("a: *b\n", 1, "a value that begins with '*' refers to an anchor, and there is none", QUOTE),
    ("a: * b\n", 1, "a value that begins with '*' or '&' refers to an anchor", QUOTE),
    ("a: b: c\n", 1, "a ':' stands where no key can be", "a text with ': ' in it goes in quotes"),
    ('a: "b" c\n', 1, "the line does not fit the mapping it stands in", COLUMN),
    ("- a\nb: c\n", 2, "an entry of a list begins with '- '", "entries of one list"),
    ("a: - b\n", 1, "a '- ' stands where no list can begin", "a list begins in a line of its own"),
    ("a: 1\nb\nc: 2\n", 3, "a key without ':'", "write 'key: value'"),
    ("a: {{b}}\n", 1, "a key is a list or a mapping", "a variable is $name"),
    ('a: "\\q"\n', 1, "a backslash in double quotes begins an escape", "or the backslash twice"),
    ("a: 1\n---\nb: 2\n", 2, "a second document begins with '---'", "a file of its own"),
    ("%a: 1\n", 1, "a line that begins with '%' is a directive", QUOTE),
    ("a: !<b\n", 1, "a value that begins with '!' is a tag", QUOTE),
    ("a: |b\n  c\n", 1, "the text of '|' or '>' begins in the next line", QUOTE),
    ("a: !!python/name:os.system\n", 1, "the tag !!python/name:os.system is not allowed", "the plain value"),
]
JSON = [
    ('{"a": 1,}', "a name in double quotes is expected", "no comma after the last entry"),
    ("{'a': 1}", "a name in double quotes is expected", "no single quotes"),
    ('{"a": 1', "a ',' or a closing bracket is missing", ""),
    ('{"a" 1}', "a ':' is missing after the name", ""),
    ('{"a": True}', "a value is missing", "True"),
    ('{"a": 1} x', "text stands behind the end of the value", ""),
    ('{"a": "b', "a quote is not closed", ""),
    ('{"a": "b\nc"}', "a line break or tab stands inside quotes", ""),
    ('{"a": "\\q"}', "a backslash begins an escape, and this is none", "the backslash twice"),
]


@pytest.mark.parametrize(("text", "line", "fact", "hint"), YAML, ids=[row[0] for row in YAML])
def test_yaml_is_complained_about_in_plain_words(text: str, line: int, fact: str, hint: str) -> None:
    with pytest.raises(FormatError) as caught:
        load_text(text, "a.yml")

    assert caught.value.message.startswith(f"not valid YAML: {fact}")
    assert caught.value.line == line
    assert hint in caught.value.hint


@pytest.mark.parametrize(("text", "fact", "hint"), JSON, ids=[row[0] for row in JSON])
def test_json_is_complained_about_in_plain_words(text: str, fact: str, hint: str) -> None:
    with pytest.raises(FormatError) as caught:
        load_text(text, "a.json", is_json=True)

    assert caught.value.message == f"not valid JSON: {fact}"
    assert hint in caught.value.hint
