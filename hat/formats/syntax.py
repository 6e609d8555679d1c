"""What keeps a text from being YAML or JSON, in plain words and with what to do about it."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from hat.error import FormatError


class Words(NamedTuple):
    """What is wrong at a place, and what to do about it."""

    fact: str
    hint: str = ""


_QUOTE = "put the text in quotes"
_SINGLE = "write the text in single quotes, or the backslash twice"
_TAG = re.compile(r"could not determine a constructor for the tag '(.*)'")
_COLON = (
    "a text with ': ' in it goes in quotes; else look at the indentation here and the ':' of the line before"
)

# What PyYAML says about the place of the fault, and what HAT says.
_YAML = {
    "mapping values are not allowed": Words("a ':' stands where no key can be", _COLON),
    "did not find expected key": Words(
        "the line does not fit the mapping it stands in",
        "keys of one mapping begin in the same column, and nothing follows a closing quote",
    ),
    "did not find expected '-' indicator": Words(
        "an entry of a list begins with '- '", "entries of one list begin in the same column"
    ),
    "block sequence entries are not allowed": Words(
        "a '- ' stands where no list can begin", "a list begins in a line of its own"
    ),
    "could not find expected ':'": Words("a key without ':'", "write 'key: value'"),
    "found unhashable key": Words(
        "a key is a list or a mapping", "a text that begins with { or [ goes in quotes; a variable is $name"
    ),
    "found unknown escape character": Words(
        "a backslash in double quotes begins an escape, and this is none", _SINGLE
    ),
    "did not find expected hexdecimal number": Words("an escape lacks digits", "such as \\u4e2d"),
    "found undefined alias": Words(
        "a value that begins with '*' refers to an anchor, and there is none", _QUOTE
    ),
    "did not find expected alphabetic or numeric character": Words(
        "a value that begins with '*' or '&' refers to an anchor", _QUOTE
    ),
    "but found another document": Words(
        "a second document begins with '---'", "write it into a file of its own"
    ),
    "did not find expected <document start>": Words(
        "text stands behind the end of the document", "keys of one mapping begin in the same column"
    ),
    "did not find expected comment or line break": Words(
        "the text of '|' or '>' begins in the next line", _QUOTE
    ),
    "while scanning a tag": Words("a value that begins with '!' is a tag", _QUOTE),
    "while scanning a directive": Words("a line that begins with '%' is a directive", _QUOTE),
    "tab character": Words("a tab cannot indent", "indent with blanks"),
}

# How the words of Python's reader of JSON begin, and what HAT says.
_JSON = {
    "Expecting property name": Words(
        "a name in double quotes is expected", "JSON has no single quotes, and no comma after the last entry"
    ),
    "Illegal trailing comma": Words("a comma stands after the last entry"),
    "Expecting ',' delimiter": Words("a ',' or a closing bracket is missing"),
    "Expecting ':' delimiter": Words("a ':' is missing after the name"),
    "Expecting value": Words("a value is missing", "JSON has no single quotes, True, None, NaN or comments"),
    "Extra data": Words("text stands behind the end of the value", "a file holds one value"),
    "Unterminated string starting at": Words("a quote is not closed"),
    "Invalid control character at": Words(
        "a line break or tab stands inside quotes", "write \\n or \\t there"
    ),
    "Invalid \\": Words("a backslash begins an escape, and this is none", "write the backslash twice"),
}


def yaml_problem(error: Any, text: str, file: str) -> FormatError:
    """The problem behind an error of PyYAML that knows its place (a MarkedYAMLError)."""
    mark = error.problem_mark or error.context_mark
    found = _opened(error) or _in_words(error, text)
    line = mark.line + 1 if mark else None
    return FormatError(f"not valid YAML: {found.fact}", file=file, line=line, hint=found.hint)


def _opened(error: Any) -> Words | None:
    """What was opened and is not closed, with the line where it begins."""
    problem, context = error.problem or "", error.context or ""
    line = error.context_mark.line + 1 if error.context_mark else 0
    if "quoted scalar" in context and "unexpected end" in problem:
        return Words(f"the quote of line {line} is not closed")
    if "flow mapping" in context and "expected ','" in problem:
        return Words(f"the {{ of line {line} is not closed, or a comma is missing")
    if "flow sequence" in context and "expected ','" in problem:
        return Words(f"the [ of line {line} is not closed, or a comma is missing")
    if "expected node content" in problem:
        return Words("a value is missing between the brackets")
    return None


def _in_words(error: Any, text: str) -> Words:
    problem, context = error.problem or "", error.context or ""
    if "cannot start any token" in problem:
        return _wrong_start(error.problem_mark, text)
    if found := _TAG.match(problem):
        tag = found[1].replace("tag:yaml.org,2002:", "!!")
        return Words(f"the tag {tag} is not allowed", "write the plain value")
    for said, words in _YAML.items():
        if said in problem or said in context:
            return words
    return Words(", ".join(part for part in (context, problem) if part))


def _wrong_start(mark: Any, text: str) -> Words:
    lines = text.split("\n")
    line = lines[mark.line] if mark.line < len(lines) else ""
    character = line[mark.column : mark.column + 1]
    if character == "\t":
        return _YAML["tab character"]
    return Words(f"a value cannot begin with '{character}'", _QUOTE)


def json_problem(error: json.JSONDecodeError, file: str) -> FormatError:
    """The problem behind an error of Python's reader of JSON."""
    own = Words(f"{error.msg[:1].lower()}{error.msg[1:]}")
    found = next((words for said, words in _JSON.items() if error.msg.startswith(said)), own)
    return FormatError(f"not valid JSON: {found.fact}", file=file, line=error.lineno, hint=found.hint)
