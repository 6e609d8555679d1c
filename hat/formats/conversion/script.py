"""Scripts of Postman: what they check and keep, as checks and extracts; every other line is told."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from hat.formats.conversion.statements import statements
from hat.formats.conversion.text import template, variable

_NAME = r"[A-Za-z_$][\w$]*"
_STORE = r"pm\.(?:environment|collectionVariables|globals|variables|collection)"
_ALIAS = re.compile(rf"^(?:var|let|const)\s+({_NAME})\s*=\s*(.+)$", re.DOTALL)
_SET = re.compile(
    rf"""^(?:{_STORE}\.set|postman\.set(?:Environment|Global)Variable)\(\s*(['"`])(.+?)\1\s*,\s*(.+)\)$""",
    re.DOTALL,
)
_GET = re.compile(
    rf"""^(?:{_STORE}\.get|postman\.get(?:Environment|Global)Variable)\(\s*(['"`])(.+?)\1\s*\)$|^(?:environment|globals)(?:\.(\w+)|\[(['"])(.+?)\4\])$"""
)
_EXPECT = re.compile(r"^(?:pm\.)?expect\((.+?)\)((?:\.\w+(?:\((?:[^()]|\([^()]*\))*\))?)+)$", re.DOTALL)
_HAVE_STATUS = re.compile(r"""^pm\.response\.to\.have\.status\((?:(\d+)|(['"])(.+?)\2)\)$""")
_HAVE_HEADER = re.compile(r"""^pm\.response\.to\.have\.header\(\s*(['"])(.+?)\1\s*(?:,\s*(.+?))?\)$""")
_LEGACY = re.compile(r"""^tests\[(['"])(.+?)\1\]\s*=\s*(.+?)\s*(===?|!==?|<=?|>=?)\s*(.+)$""", re.DOTALL)
_LEGACY_HAS = re.compile(r"""^tests\[(['"])(.+?)\1\]\s*=\s*responseBody\.(?:has|includes)\((.+)\)$""")
_JSON = re.compile(r"^(?:pm\.response\.json\(\)|JSON\.parse\((?:responseBody|pm\.response\.text\(\))\))")
_STEP = re.compile(rf"""\.({_NAME})|\[(-?\d+)\]|\[(['"])(.+?)\3\]""")
_LINK = re.compile(r"\.(\w+)(?:\(((?:[^()]|\([^()]*\))*)\))?", re.DOTALL)
_TEST = re.compile(
    r"""^pm\.test\(\s*(['"`])(.*?)\1\s*,\s*(?:async\s+)?(?:function\s*\w*\s*\([^)]*\)|\([^)]*\)\s*=>|\w+\s*=>)\s*\{?"""
)
_CONTROL = re.compile(
    r"^(?:\}\s*)?(?:if|else|for|while|switch|try|catch|function|async|_\.|setTimeout)\b|=>\s*\{$|\.forEach\(|\.map\("
)
_SILENT = re.compile(
    r"^(?:console\.\w+\(.*\)|postman\.clear\w+\(.*\)|['\"]use strict['\"]|[})\];\s]*)$", re.DOTALL
)

_PLAIN = {
    "pm.response.code": "status_code", "responseCode.code": "status_code", "pm.response.status": "reason",
    "responseCode.name": "reason", "pm.response.responseTime": "elapsed_ms", "responseTime": "elapsed_ms",
    "pm.response.text()": "text", "responseBody": "text", "pm.response.responseSize": "size",
}  # fmt: skip
_HEADER = re.compile(
    r"""^(?:pm\.response\.headers\.get|postman\.getResponseHeader)\(\s*(['"])(.+?)\1\s*\)$"""
)
_COOKIE = re.compile(r"""^pm\.cookies\.get\(\s*(['"])(.+?)\1\s*\)$""")
_BE: dict[str, list[dict[str, Any]]] = {
    "ok": [{"eq": ["status_code", 200]}],
    "success": [{"ge": ["status_code", 200]}, {"lt": ["status_code", 300]}],
    "accepted": [{"eq": ["status_code", 202]}],
    "badRequest": [{"eq": ["status_code", 400]}],
    "unauthorized": [{"eq": ["status_code", 401]}],
    "forbidden": [{"eq": ["status_code", 403]}],
    "notFound": [{"eq": ["status_code", 404]}],
    "error": [{"ge": ["status_code", 400]}],
    "clientError": [{"ge": ["status_code", 400]}, {"lt": ["status_code", 500]}],
    "serverError": [{"ge": ["status_code", 500]}],
    "json": [{"contains": ["headers.Content-Type", "json"]}],
    "withBody": [{"len_gt": ["text", 0]}],
}
_OPERATORS = {"===": "eq", "==": "eq", "!==": "ne", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
_COMPARATORS = {
    **dict.fromkeys(("equal", "equals", "eql", "eq"), "eq"),
    **dict.fromkeys(("above", "gt", "greaterThan"), "gt"),
    **dict.fromkeys(("below", "lt", "lessThan"), "lt"),
    **dict.fromkeys(("least", "gte"), "ge"),
    **dict.fromkeys(("most", "lte"), "le"),
    **dict.fromkeys(("include", "includes", "contain", "contains", "string"), "contains"),
    **dict.fromkeys(("lengthOf", "length"), "len_eq"),
    "oneOf": "one_of",
    "match": "regex_search",
}
_OPPOSITE = {
    "eq": "ne",
    "contains": "not_contains",
    "one_of": "not_one_of",
    "exists": "not_exists",
    "gt": "le",
    "lt": "ge",
    "ge": "lt",
    "le": "gt",
}
_TYPES = {
    "string": "str",
    "number": "number",
    "boolean": "bool",
    "array": "list",
    "object": "dict",
    "null": "null",
}
_WORDS = {"true": True, "false": False, "null": None}
_NO_VALUE: Any = object()


class Script(Struct):
    """What a script says in words of HAT, and its statements that have none."""

    checks: list[dict[str, Any]] = []
    extract: dict[str, str] = {}
    variables: dict[str, Any] = {}
    left: list[str] = []


def read_script(source: str) -> Script:
    """The checks, extracts and variables of a script."""
    script = Script()
    aliases: dict[str, str] = {}
    message = ""
    depth = 0  # of braces inside what cannot be said
    for statement in statements(source):
        if match := _TEST.match(statement):
            message = match[2]
            statement = statement[match.end() :].strip()
        elif statement.startswith("})"):
            message = ""
        if depth or _CONTROL.search(statement):
            depth = max(0, depth + statement.count("{") - statement.count("}"))
            script.left += [] if _SILENT.match(statement) else [statement]
            continue
        if not _SILENT.match(statement) and not _understood(script, aliases, statement, message):
            script.left.append(statement)
    return script


def _understood(script: Script, aliases: dict[str, str], statement: str, message: str) -> bool:
    if match := _ALIAS.match(statement):
        expression = _expression(match[2], aliases)
        if expression:
            aliases[match[1]] = expression
        return bool(expression)
    if match := _SET.match(statement):
        return _keep(script, variable(match[2]), match[3].strip(), aliases)
    checks = list(_checks(statement, aliases))
    script.checks += [_told(check, message) for check in checks]
    return bool(checks)


def _keep(script: Script, name: str, text: str, aliases: dict[str, str]) -> bool:
    expression = _expression(text, aliases)
    value = _value(text)
    if expression:
        script.extract[name] = expression
    elif value is not _NO_VALUE:
        script.variables[name] = value
    return bool(expression) or value is not _NO_VALUE


def _told(check: dict[str, Any], message: str) -> dict[str, Any]:
    """A check with the name of its test, where that says more than the check."""
    ((comparator, operands),) = check.items()
    return {comparator: [*operands, template(message)]} if message else check


def _checks(statement: str, aliases: dict[str, str]) -> Iterator[dict[str, Any]]:
    if match := _HAVE_STATUS.match(statement):
        yield {"eq": ["status_code", int(match[1])]} if match[1] else {"eq": ["reason", match[3]]}
    elif match := _HAVE_HEADER.match(statement):
        value = _value(match[3]) if match[3] else _NO_VALUE
        yield (
            {"exists": [f"headers.{match[2]}"]}
            if value is _NO_VALUE
            else {"eq": [f"headers.{match[2]}", value]}
        )
    elif match := re.match(r"^pm\.response\.to\.(?:be|have)\.(\w+)$", statement):
        yield from _BE.get(match[1], ())
    elif match := _EXPECT.match(statement):
        yield from _expected(match[1].strip(), match[2], aliases)
    elif match := _LEGACY.match(statement):
        expression, value = _expression(match[3], aliases), _value(match[5])
        if expression and value is not _NO_VALUE:
            yield _check(_OPERATORS[match[4]], expression, value)
    elif (match := _LEGACY_HAS.match(statement)) and (value := _value(match[3])) is not _NO_VALUE:
        yield {"contains": ["text", value]}


def _expected(subject: str, chain: str, aliases: dict[str, str]) -> Iterator[dict[str, Any]]:
    """`expect(subject).to.…`: the last words that say something, `not` before them."""
    expression = _expression(subject, aliases)
    if not expression:
        return
    negated = False
    for word, argument in _LINK.findall(chain):
        if word == "not":
            negated = True
        check = _said(word, argument.strip(), expression)
        if check is None:
            continue
        ((comparator, operands),) = check.items()
        if not negated:
            yield check
        elif word == "empty":
            yield {"len_gt": operands}
        elif comparator in _OPPOSITE:
            yield {_OPPOSITE[comparator]: operands}


def _said(word: str, argument: str, expression: str) -> dict[str, Any] | None:
    value = _value(argument) if argument else _NO_VALUE
    if word in ("a", "an") and isinstance(value, str) and value in _TYPES:
        return {"type_match": [expression, _TYPES[value]]}
    if word in ("true", "false", "null"):
        return {"eq": [expression, _WORDS[word]]}
    if word in ("exist", "exists"):
        return {"exists": [expression]}
    if word == "undefined":
        return {"not_exists": [expression]}
    if word == "empty":
        return {"len_eq": [expression, 0]}
    if word in ("property", "keys", "key") and isinstance(value, str):
        return {"exists": [f"{expression}.{_quoted(value)}"]}
    if word in _COMPARATORS and value is not _NO_VALUE:
        return _check(_COMPARATORS[word], expression, value)
    return None


def _check(comparator: str, expression: str, value: Any) -> dict[str, Any]:
    """A check; the length of something is compared by the comparators for lengths."""
    if expression.endswith(".length") and comparator in ("eq", "gt", "ge", "lt", "le"):
        return {f"len_{comparator}": [expression.removesuffix(".length"), value]}
    return {comparator: [expression, value]}


def _expression(text: str, aliases: dict[str, str]) -> str:
    """What a piece of script reads of the answer, as an expression of HAT; empty where it reads nothing."""
    text = text.strip()
    if text in _PLAIN:
        return _PLAIN[text]
    if match := _HEADER.match(text):
        return f"headers.{match[2]}"
    if match := _COOKIE.match(text):
        return f"cookies.{match[2]}"
    if match := _JSON.match(text):
        return _path("body", text[match.end() :])
    name = re.match(_NAME, text)
    return _path(aliases[name[0]], text[name.end() :]) if name and name[0] in aliases else ""


def _path(start: str, rest: str) -> str:
    found, end = start, 0
    for match in _STEP.finditer(rest):
        if match.start() != end:
            return ""
        end = match.end()
        found += f"[{match[2]}]" if match[2] else f".{_quoted(match[1] or match[4])}"
    return found if end == len(rest) else ""


def _quoted(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z_]\w*", name) else json.dumps(name, ensure_ascii=False)


def _value(text: str) -> Any:
    """What a literal of a script stands for, or the variable it reads; `_NO_VALUE` where it is neither."""
    text = text.strip()
    if match := _GET.match(text):
        return f"${variable(match[2] or match[3] or match[5])}"
    if text in _WORDS:
        return _WORDS[text]
    if match := re.fullmatch(r"(['\"`])(.*)\1", text, re.DOTALL):
        plain = match[1] not in match[2] and "${" not in match[2]
        return template(match[2].replace("\\n", "\n").replace("\\/", "/")) if plain else _NO_VALUE
    if match := re.fullmatch(r"/(.+)/([a-z]*)", text):
        return f"(?i){match[1]}" if "i" in match[2] else match[1]
    try:
        return json.loads(text if '"' in text else text.replace("'", '"'))
    except ValueError:
        return _NO_VALUE
