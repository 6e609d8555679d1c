"""Recognise the layout and dialect of a file, and bring every layout into one shape."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Literal

from msgspec import Struct

from hat.case import DIALECTS

Layout = Literal["case", "list", "api", "api set", "suite"]
Locate = Callable[[str], int | None]

_CASE_WORDS = {"config", "teststeps", "testcases", "request", "test", "api", "testcase"}
_STEP_WORDS_2 = {"times", "skip", "skipIf", "skipUnless", "output"}
_PATH_2 = r"^(?:content|text|json)(?:\.|$)|^.*\(.*\).*$"
_GROUPED = r"^.*\(.*\).*$"
_PATH_25 = r"^body(?:\.|$)"
_STEP_PATH = r"^teststeps\[(\d+)\](.*)$"


def recognise(value: Any) -> Layout | None:
    """The layout of a decoded file; None when it is none of them."""
    if isinstance(value, Mapping):
        if isinstance(value.get("teststeps"), list):
            return "case"
        if isinstance(value.get("testcases"), (list, dict)):
            return "suite"
        if isinstance(value.get("request"), Mapping):
            return "api"
        return "case" if isinstance(value.get("config"), Mapping) else None
    if isinstance(value, list) and value:
        words = {key for item in value if isinstance(item, Mapping) for key in item}
        if words & {"test", "config"}:
            return "list"
        return "api set" if "api" in words else None
    return None


def looks_like_a_case(value: Any) -> bool:
    """Whether a file that is no case was meant to be one; other YAML and JSON in a folder is left alone."""
    if isinstance(value, Mapping):
        return bool(_CASE_WORDS & set(value))
    if isinstance(value, list):
        return any(isinstance(item, Mapping) and _CASE_WORDS & set(item) for item in value)
    return False


def choose_dialect(value: Any, layout: Layout | None) -> str:
    """The dialect a file says or shows; see "How to tell" in docs/compatibility.md."""
    if isinstance(value, Mapping):
        config = value.get("config")
        said = value.get("dialect") or (config.get("dialect") if isinstance(config, Mapping) else None)
        if said in DIALECTS:
            return str(said)
    if layout in ("list", "suite", "api set") or _speaks_2(value):
        return "httprunner25" if speaks_25(value) else "httprunner2"
    return "httprunner4"


def speaks_25(value: Any) -> bool:
    """Whether a file for HttpRunner 2 uses what only 2.5 knows: scripts, uploads, the word `body`."""
    return any(_step_speaks_25(step) for step in _steps(value))


def _steps(value: Any) -> list[Mapping[str, Any]]:
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


def _step_speaks_25(step: Mapping[str, Any]) -> bool:
    request = step.get("request")
    if "validate_script" in step or (isinstance(request, Mapping) and "upload" in request):
        return True
    return any(re.match(_PATH_25, path) for path in _paths(step))


def _speaks_2(value: Any) -> bool:
    if not isinstance(value, Mapping):
        return False
    config = value.get("config")
    if isinstance(config, Mapping) and "output" in config:
        return True
    steps = _steps(value)
    if any(_step_speaks_2(step) for step in steps):
        return True
    paths = [path for step in steps for path in _paths(step)]
    words_of_4 = any(re.match(_PATH_25, path) for path in paths)  # 4 knows `content`, `text` and `json`, too
    return any("$" not in path and _is_path_2(path, _GROUPED if words_of_4 else _PATH_2) for path in paths)


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


class Document(Struct, frozen=True):
    """A file in the one shape, with a function that finds lines of its paths."""

    config: Any
    steps: Any
    locate: Locate | None
    config_seen: bool = True
    setup: Any = None
    teardown: Any = None


def document_of(value: Any, layout: Layout, locate: Locate | None) -> Document:
    """The config and steps of a case, list or api file."""
    if layout == "list":
        return _from_list(value, locate)
    if layout == "api":
        api = dict(value)
        config = {key: api[key] for key in ("name", "base_url", "verify") if key in api}
        extract = api.get("extract")
        if isinstance(extract, Mapping) and extract:
            config["export"] = list(extract)
        return Document(
            config, [api], lambda path: locate(path.removeprefix("teststeps[0].")) if locate else None
        )
    config = value.get("config")
    steps = value.get("teststeps")
    return Document(
        config if config is not None else {},
        steps,
        locate,
        config_seen=config is not None,
        setup=value.get("setup"),
        teardown=value.get("teardown"),
    )


def _from_list(value: list[Any], locate: Locate | None) -> Document:
    config: dict[str, Any] = {}
    places: list[str] = []
    steps: list[Any] = []
    config_place = ""
    seen = False
    for index, item in enumerate(value):
        if not isinstance(item, Mapping):
            continue
        for key, part in item.items():
            if key == "config" and isinstance(part, Mapping):
                seen, config_place = True, f"[{index}].config"
                config.update(part)
            elif key == "test":
                steps.append(part)
                places.append(f"[{index}].test")

    def find(path: str) -> int | None:
        if locate is None:
            return None
        match = re.match(_STEP_PATH, path)
        if match:
            return locate(places[int(match[1])] + match[2])
        return locate(config_place + path.removeprefix("config"))

    return Document(config, steps, find, config_seen=seen)
