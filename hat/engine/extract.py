"""Read a value from an answer by expression: one compiler per dialect."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from hat.case import HTTPRUNNER_2
from hat.engine import jsonpath, markup, path, reader
from hat.engine.pattern import Pattern, SlowPatternError, pattern
from hat.engine.reader import WORDS, ExtractError, Extractor, refuse
from hat.engine.response import ResponseView, duration

__all__ = ["PREFIXES", "WORDS", "ExtractError", "Extractor", "compile_extract", "extract_problem"]

_BODY_WORDS = frozenset(("body", "content", "json"))
_ROOTS = ("status_code", "headers", "cookies", "body")
_ATTRIBUTES_4 = ("text", "url", "reason", "ok", "encoding", "elapsed", "content")
_LOOKS_LIKE_JMESPATH = re.compile(r"[(\[{*|]")
_GROUPED = re.compile(r".*\(.*\).*")
_PLAIN_JMESPATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[-?\d+\])*\Z", re.ASCII)
_DASHED = re.compile(r"content-|user-agent\Z", re.IGNORECASE)


def compile_extract(expression: Any, dialect: str = "hat", *, rewrite: bool = True) -> Extractor:
    """The reader of an expression, cached by text; never raises: a wrong expression raises when it is read.

    `rewrite` False leaves out what HttpRunner 3 and 4 rewrite in the texts of a file (`content.` to `body.`).
    """
    if not isinstance(expression, str):
        return refuse(f"expected a text such as 'body.id', found {expression!r}")
    return _compiled(expression, dialect, rewrite)


@lru_cache(maxsize=10_000)
def _compiled(expression: str, dialect: str, rewrite: bool) -> Extractor:
    try:
        if dialect in HTTPRUNNER_2:
            return _compile_2(expression, has_body=dialect == "httprunner25")
        if dialect in ("httprunner3", "httprunner4"):
            return _compile_34(rewrite_34(expression, dialect) if rewrite else expression, dialect)
        return _compile_hat(expression.strip())
    except ExtractError as problem:
        return reader.Refusal(problem)


def extract_problem(expression: Any, dialect: str = "hat", *, has_hooks: bool = True) -> ExtractError | None:
    """What is wrong with an expression, for `hat check`; hooks may set what no response has by itself."""
    extractor = compile_extract(expression, dialect)
    if isinstance(extractor, reader.Attribute) and has_hooks:
        return None
    return extractor.problem if isinstance(extractor, (reader.Refusal, reader.Attribute)) else None


# The hat dialect


def _compile_hat(text: str) -> Extractor:
    prefix, separator, rest = text.partition(":")
    if separator and prefix in _BY_PREFIX:
        return _BY_PREFIX[prefix](rest.strip(), text)
    if text.startswith("$"):
        return _json_path(text)
    keys = path.parse(text)
    if keys:
        return _simple(str(keys[0]), keys)
    if text.startswith(WORDS) or _LOOKS_LIKE_JMESPATH.search(text):
        return _jmespath_hat(text)
    return refuse(f"'{text}' reads nothing of a response" if text else "the expression is empty", reader.WAYS)


def _simple(word: str, keys: tuple[path.Key, ...]) -> Extractor:
    rest = path.join(keys[1:]).strip('"')
    if word in ("elapsed", "timing_ms"):
        return reader.elapsed(rest) if word == "elapsed" else reader.phase(rest)
    if len(keys) == 1:
        return reader.whole(word) if word in reader.PROPERTIES else reader.Attribute(keys)
    if word in _BODY_WORDS:
        return reader.in_body(keys)
    if word == "headers":
        return reader.named(rest, lambda view: view.headers, "header")
    if word == "cookies":
        return reader.named(rest, lambda view: view.cookies, "cookie")
    if word in reader.PROPERTIES:
        return refuse(f"{word} has no parts, so {path.join(keys)} reads nothing")
    return reader.Attribute(keys)


def _json_path(text: str) -> Extractor:
    try:
        query = jsonpath.compile_path(text)
    except jsonpath.PathError as problem:
        return refuse(f"JSONPath '{text}': {problem}")

    def read(view: ResponseView) -> Any:
        found = query.find(reader.whole_body(view).body)
        if not query.is_single:
            return found
        if not found:
            raise ExtractError(f"{text} is not in the response; the body {path.describe(view.body)}")
        return found[0]

    return read


class _Root:
    """What a JMESPath of dialect hat looks into: the words of a response, each read when asked for."""

    __slots__ = ("_view",)

    def __init__(self, view: ResponseView) -> None:
        self._view = view

    def get(self, word: str) -> Any:
        if word in self._view.attributes:
            return self._view.attributes[word]
        read = reader.PROPERTIES.get(word)
        return read(self._view) if read else None


def _jmespath_hat(text: str) -> Extractor:
    find = _jmespath(text, "failed")

    def read(view: ResponseView) -> Any:
        value = find(_Root(view))
        if value is None:
            raise ExtractError(f"{text} finds nothing in the response", may_be_null=True)
        return value

    return read


def _jmespath(text: str, kind: str) -> Callable[[Any], Any]:
    """A search by JMESPath; `kind` is what it means when the search goes wrong on an answer."""
    import jmespath  # noqa: PLC0415  costs 15 ms at start-up, and simple paths need none of it
    from jmespath.exceptions import JMESPathError  # noqa: PLC0415  as above

    try:
        search = jmespath.compile(text).search
    except JMESPathError as problem:
        fact = str(problem).splitlines()[0].removesuffix(":")
        raise ExtractError(f"JMESPath '{text}': {fact}", "error") from problem

    def find(root: Any) -> Any:
        try:
            return search(root)
        except JMESPathError as problem:
            raise ExtractError(f"JMESPath '{text}': {problem}", kind) from problem

    return find


def _regex(text: str, shown: str) -> Extractor:
    try:
        compiled = pattern(text)
    except re.error as problem:
        return refuse(f"regular expression '{text}': {problem}")

    def read(view: ResponseView) -> Any:
        found = _found(compiled, view, shown)
        if not found:
            raise ExtractError(f"{shown} finds nothing in the body")
        return found[1] if compiled.groups else found[0]

    return read


def _found(compiled: Pattern, view: ResponseView, shown: str) -> Any:
    try:
        return compiled.search(reader.whole_body(view).text)
    except SlowPatternError as problem:
        raise ExtractError(f"{shown}: {problem}", "error", "write a simpler expression") from None


def _xpath(selector: str, shown: str) -> Extractor:
    return _markup(markup.compile_xpath, selector, shown)


def _css(selector: str, shown: str) -> Extractor:
    return _markup(markup.compile_css, selector, shown)


def _markup(compile_finder: Callable[[str], markup.Finder], selector: str, shown: str) -> Extractor:
    try:
        find = compile_finder(selector)
    except markup.MarkupError as problem:
        return refuse(str(problem))

    def read(view: ResponseView) -> Any:
        try:
            found = find(reader.whole_body(view))
        except markup.MarkupError as problem:
            raise ExtractError(f"{shown} finds nothing; {problem}") from problem
        if not found:
            raise ExtractError(f"{shown} finds nothing in the body")
        return found[0]

    return read


_BY_PREFIX: dict[str, Callable[[str, str], Extractor]] = {"regex": _regex, "xpath": _xpath, "css": _css}
PREFIXES = tuple(_BY_PREFIX)


# HttpRunner 2: dotted paths, and a regular expression where there are parentheses


def _compile_2(expression: str, *, has_body: bool) -> Extractor:
    if _GROUPED.match(expression):
        return _regex_2(expression)
    top, _, rest = expression.partition(".")
    keys = (top, *rest.split(".")) if rest else (top,)  # `content.` is the content
    if top == "elapsed":
        return reader.elapsed(rest)
    if top in ("status_code", "encoding", "ok", "reason", "url"):
        return (
            reader.whole(top)
            if len(keys) == 1
            else refuse(f"{top} has no parts, so {expression} reads nothing")
        )
    if top in ("headers", "cookies") and len(keys) > 1:
        return reader.named(rest, lambda view: getattr(view, top), top[:-1])
    if top in ("headers", "cookies"):
        return reader.whole(top)
    if top in ("content", "text", "json") or (top == "body" and has_body):
        return _body_2(keys)
    return _Attribute2(keys)


class _Attribute2(reader.Attribute):
    """What a hook set on the response; a text has positions, like the body."""

    __slots__ = ()

    def __call__(self, view: ResponseView) -> Any:
        name = str(self.keys[0])
        if name not in view.attributes:
            raise self.problem
        return _walk_2(view.attributes[name], tuple(map(str, self.keys)), view)


def _regex_2(expression: str) -> Extractor:
    try:
        compiled = pattern(expression)
    except re.error as problem:
        return refuse(f"regular expression '{expression}': {problem}")
    if not compiled.groups:
        return refuse(f"regular expression '{expression}' has no group to take the value from")

    def read(view: ResponseView) -> Any:
        found = _found(compiled, view, f"regular expression '{expression}'")
        if not found:
            raise ExtractError(f"regular expression '{expression}' finds nothing in the body")
        return found[1]

    return read


def _body_2(keys: tuple[str, ...]) -> Extractor:
    return lambda view: _walk_2(reader.whole_body(view).body, keys, view)


def _walk_2(value: Any, keys: tuple[str, ...], view: ResponseView) -> Any:
    for depth, key in enumerate(keys[1:]):
        try:
            value = value[int(key)] if isinstance(value, (list, str)) else value[key]
        except (KeyError, IndexError, ValueError, TypeError):
            raise reader.not_there(view, keys, path.LostError(depth, value)) from None
    return value


# HttpRunner 3 and 4: JMESPath, and what is none stays as it is


def rewrite_34(expression: str, dialect: str) -> str:
    """What HttpRunner 3 and 4 make of an expression in a file before it is used."""
    for word in ("content", "json"):
        if expression.startswith(word):
            expression = "body" + expression.removeprefix(word)
            break
    parts: list[str] = []
    for part in expression.split("."):
        if _DASHED.match(part):
            parts.append(f'"{part}"')
        elif dialect == "httprunner3" and part.isdigit() and parts:
            parts[-1] += f"[{part}]"
        else:
            parts.append(part)
    return ".".join(parts)


def _compile_34(expression: str, dialect: str) -> Extractor:
    if not expression.startswith(_ROOTS):
        if dialect == "httprunner4" and expression in _ATTRIBUTES_4:
            return _attribute_4(expression)
        return lambda view: view.attributes.get(expression, expression)
    if _PLAIN_JMESPATH.match(expression):
        return _plain_34(path.parse(expression) or ())
    find = _jmespath(expression, "error")
    words = [word for word in _ROOTS if word in expression]  # of the rest nothing is read
    return lambda view: find({word: reader.whole(word)(view) for word in words})


def _attribute_4(word: str) -> Extractor:
    if word == "elapsed":
        return duration
    return (lambda view: reader.whole_body(view).content) if word == "content" else reader.whole(word)


def _plain_34(keys: tuple[path.Key, ...]) -> Extractor:
    word, rest = str(keys[0]), keys[1:]
    if word not in _ROOTS:
        return lambda view: None
    read_word = reader.whole(word)

    def read(view: ResponseView) -> Any:
        value = read_word(view)
        for key in rest:
            if isinstance(key, int):
                value = value[key] if isinstance(value, list) and -len(value) <= key < len(value) else None
            else:
                value = value.get(key) if hasattr(value, "get") else None
        return value

    return read
