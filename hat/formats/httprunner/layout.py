"""Recognise the layout of a file, and bring every layout into one shape."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Literal

from msgspec import Struct

Layout = Literal["case", "list", "api", "api set", "suite"]
Locate = Callable[[str], int | None]

_CASE_WORDS = {"config", "teststeps", "testcases", "request", "test", "api", "testcase"}
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
