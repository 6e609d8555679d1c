"""What in a file shows which HttpRunner it is for; see "How to tell" in docs/compatibility.md."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hat.case import DIALECTS
from hat.formats.httprunner.layout import Layout

_STEP_WORDS_2 = {"times", "skip", "skipIf", "skipUnless", "output"}
_PATH_2 = r"^(?:content|text|json)(?:\.|$)|^.*\(.*\).*$"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_COMPARATORS_2 = _words(
    """== is not_equals less_than_or_equals greater_than_or_equals length_equals length_greater_than_or_equals
    length_less_than_or_equals count_eq count_gt count_ge count_lt count_le count_greater_than count_less_than
    count_greater_than_or_equals count_less_than_or_equals"""
)
_COMPARATORS_4 = _words(
    """equal not_equal less_or_equals greater_or_equals length_equal length_greater_or_equals
    length_less_or_equals"""
)
_COMPARATORS = (
    _COMPARATORS_2
    | _COMPARATORS_4
    | _words(
        """eq equals ne lt less_than le gt greater_than ge str_eq string_equals len_eq len_gt
        length_greater_than len_ge len_lt length_less_than len_le contains contained_by type_match regex_match
        startswith endswith"""
    )
)
_GROUPED = r"^.*\(.*\).*$"
_PATH_25 = r"^body(?:\.|$)"


def said_dialect(value: Any) -> str:
    """The dialect that a file says; empty when it says none."""
    if not isinstance(value, Mapping):
        return ""
    config = value.get("config")
    said = value.get("dialect") or (config.get("dialect") if isinstance(config, Mapping) else None)
    return str(said) if said in DIALECTS else ""


def choose_dialect(value: Any, layout: Layout | None) -> str:
    """The dialect a file says or shows; see "How to tell" in docs/compatibility.md."""
    said = said_dialect(value)
    if said:
        return said
    if layout in ("list", "suite", "api set") or _speaks_2(value):
        return "httprunner25" if speaks_25(value) else "httprunner2"
    return "httprunner4"


def speaks_25(value: Any) -> bool:
    """Whether a file for HttpRunner 2 uses what only 2.5 knows: scripts, uploads, the word `body`."""
    return any(_step_speaks_25(step) for step in steps_of(value))


def steps_of(value: Any) -> list[Mapping[str, Any]]:
    """The steps of a file in any layout; an api file is one."""
    if isinstance(value, list):
        blocks = [item for item in value if isinstance(item, Mapping)]
        found = [item.get("test", item.get("api")) for item in blocks]
    elif isinstance(value, Mapping):
        steps = value.get("teststeps")
        found = steps if isinstance(steps, list) else [value]
    else:
        found = []
    return [step for step in found if isinstance(step, Mapping)]


def shows_34(value: Any) -> bool:
    """Whether a file uses what only HttpRunner 3 and 4 know: the word `body`, rows of a case, messages."""
    if not isinstance(value, Mapping) or _speaks_2(value):
        return False
    config = value.get("config")
    if isinstance(config, Mapping) and "parameters" in config:
        return True
    return any(_step_shows_34(step) for step in steps_of(value))


def _step_shows_34(step: Mapping[str, Any]) -> bool:
    if "testcase" in step and "export" in step:
        return True
    checks = [check for check in step.get("validate") or () if isinstance(check, Mapping)]
    if any("assert" in check or any(_has_message(item) for item in check.values()) for check in checks):
        return True
    return bool(_COMPARATORS_4.intersection(_comparators(step))) or any(
        re.match(_PATH_25, path) for path in _paths(step)
    )


def _has_message(operands: Any) -> bool:
    return isinstance(operands, list) and len(operands) == 3


def _comparators(step: Mapping[str, Any]) -> list[str]:
    """The comparators of a step, by their names."""
    checks = step.get("validate")
    found = []
    for check in checks if isinstance(checks, list) else ():
        if isinstance(check, Mapping) and "check" in check:
            found.append(check.get("comparator") or check.get("assert") or "eq")
        elif isinstance(check, Mapping) and len(check) == 1:
            found += check
    return [name for name in found if isinstance(name, str)]


def _step_speaks_25(step: Mapping[str, Any]) -> bool:
    request = step.get("request")
    if "validate_script" in step or (isinstance(request, Mapping) and "upload" in request):
        return True
    return any(re.match(_PATH_25, path) for path in _paths(step))


def is_plainly_2(value: Any) -> bool:
    """Whether a file can be for HttpRunner 2 only; `content.` paths alone could be for 4, too."""
    return isinstance(value, list) or _speaks_2(value, words_of_4=True)


def _speaks_2(value: Any, *, words_of_4: bool = False) -> bool:
    if not isinstance(value, Mapping):
        return False
    config = value.get("config")
    if isinstance(config, Mapping) and "output" in config:
        return True
    steps = steps_of(value)
    if any(_step_speaks_2(step) for step in steps):
        return True
    comparators = {word for step in steps for word in _comparators(step)}
    paths = [path for step in steps for path in _paths(step)]
    words_of_4 |= any(re.match(_PATH_25, path) for path in paths)  # 4 knows `content`, `text` and `json`, too
    if comparators & _COMPARATORS_2 or (not words_of_4 and any(map(_is_own, comparators - _COMPARATORS))):
        return True
    return any("$" not in path and _is_path_2(path, _GROUPED if words_of_4 else _PATH_2) for path in paths)


def _is_own(comparator: str) -> bool:
    """Whether an unknown comparator is meant so, of debugtalk.py, and is not a known one mistyped."""
    from difflib import get_close_matches  # noqa: PLC0415  few files have one

    return not get_close_matches(comparator, _COMPARATORS, 1, cutoff=0.85)


def _step_speaks_2(step: Mapping[str, Any]) -> bool:
    if _STEP_WORDS_2 & set(step) or ("api" in step and "validate" in step):
        return True
    extract = step.get("extract")
    return isinstance(extract, list) and bool(extract)


def _paths(step: Mapping[str, Any]) -> list[str]:
    """What a step reads of its answer."""
    extract, validate = step.get("extract"), step.get("validate")
    pairs = extract if isinstance(extract, list) else [extract]
    paths = [path for pair in pairs if isinstance(pair, Mapping) for path in pair.values()]
    for check in validate if isinstance(validate, list) else []:
        if not isinstance(check, Mapping):
            continue
        operands = next(iter(check.values()), None)
        paths.append(check.get("check") or (operands[0] if isinstance(operands, list) and operands else ""))
    return [path for path in paths if isinstance(path, str)]


def _is_path_2(path: str, pattern: str) -> bool:
    return bool(re.match(pattern, path)) and not re.match(r"^(?:body|headers|cookies|status_code)\b", path)
