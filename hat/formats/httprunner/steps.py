"""Read steps: requests, calls of other cases, and what surrounds them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from sys import intern
from typing import Any

from msgspec.structs import replace

from hat.case import HTTPRUNNER_2, Case, Skip, Step
from hat.formats.httprunner.checks import read_checks
from hat.formats.httprunner.flow import FLOW, read_flow
from hat.formats.httprunner.requests import read_request
from hat.formats.httprunner.words import examine_words
from hat.formats.reading import Reading, kind, read_list, read_mapping, read_names, shared

_NOT_IN_GROUPS = ("extract", "validate", "setup_hooks", "teardown_hooks", "export", "retry", "base_url")
_SKIPS = ("skip", "skipIf", "skipUnless")
SKIPS = frozenset(_SKIPS)


def read_steps(reading: Reading, value: Any, path: str) -> tuple[Step, ...]:
    """The steps of a case, in order."""
    if not isinstance(value, list):
        reading.problem(path, f"expected a list of steps, got {kind(value)}")
        return ()
    found = (read_step(reading, item, f"{path}[{index}]") for index, item in enumerate(value))
    return tuple(step for step in found if step is not None)


def read_step(reading: Reading, raw: Any, path: str) -> Step | None:
    """One step; None when it cannot be used, with its problems noted."""
    if not isinstance(raw, (dict, Mapping)):
        reading.problem(path, f"expected a step, got {kind(raw)}")
        return None
    examine_words(reading, raw, "step", path)
    if raw.get("api") and not raw.get("testcase"):
        return _read_api(reading, raw, path)
    if reading.dialect in HTTPRUNNER_2:
        raw = _with_lower_keys(raw)
    fields = _read_fields(reading, raw, path)
    if raw.get("validators") and not raw.get("validate") and reading.dialect in HTTPRUNNER_2:
        fields["problem"] = "'validators' is not read, write 'validate'"
    if raw.get("testcase") not in (None, ""):
        return _with_case(reading, raw, Step(**fields), path)
    if raw.get("request") is not None:
        return Step(**fields, request=read_request(reading, raw["request"], f"{path}.request"))
    if reading.dialect == "hat":
        return _read_other(reading, raw, Step(**fields), path)
    if reading.dialect in HTTPRUNNER_2:
        return Step(**fields, request=read_request(reading, {}, path))
    reading.problem(path, "a step needs a request or a testcase")
    return None


def _read_other(reading: Reading, raw: Mapping[str, Any], step: Step, path: str) -> Step | None:
    """A step of dialect hat that sends no request: a group, a function, a pause."""
    if raw.get("steps") is not None:
        for word in _NOT_IN_GROUPS:
            if raw.get(word):
                reading.problem(f"{path}.{word}", f"a group has no '{word}', its steps have")
        inner = read_steps(reading, raw["steps"], f"{path}.steps")
        if raw["steps"] == []:
            reading.problem(f"{path}.steps", "a group needs steps")
        return replace(step, steps=inner)
    if raw.get("function") is not None:
        call = raw["function"]
        if not (isinstance(call, str) and call.startswith("${") and call.endswith("}")):
            hint = "function: ${make_order($user)}"
            reading.problem(f"{path}.function", f"expected a call, got {show_kind(call)}", hint)
        return replace(step, function=call)
    if raw.get("wait") is not None:
        return replace(step, wait_s=raw["wait"])
    reading.problem(path, "a step needs one of request, testcase, function, steps, wait")
    return None


def show_kind(value: Any) -> str:
    """A text as it is, anything else by its kind."""
    return f"'{value}'" if isinstance(value, str) else kind(value)


def _with_lower_keys(raw: Mapping[str, Any]) -> dict[str, Any]:
    """HttpRunner 2 reads some keys of a step in any case, but only while the step runs."""
    early = {"times", "validate", "variables", "extract", "api", "testcase", "name", *_SKIPS}
    found = dict(raw)
    for key, item in raw.items():
        lower = str(key).lower()
        if lower != key and lower not in early:
            found.setdefault(lower, item)
    return found


def _read_fields(reading: Reading, raw: Mapping[str, Any], path: str) -> dict[str, Any]:
    """The fields of a Step that every kind of step may have, as far as they are written."""
    dialect = reading.dialect
    name = raw.get("name", "")
    if dialect in HTTPRUNNER_2 and not isinstance(name, str):
        reading.problem(f"{path}.name", f"a name is text, got {kind(name)}", "put it in quotes")
    if dialect != "hat" and "name" not in raw:
        reading.problem(path, "a step needs a name")
    fields: dict[str, Any] = {"name": name, "place": intern(path), "variables": shared({})}
    passed_over = "extract" if raw.get("testcase") and dialect in HTTPRUNNER_2 else ""
    for word, read in _FIELDS.items():
        if word in raw and word != passed_over:
            fields[word] = read(reading, raw[word], f"{path}.{word}")
    if dialect == "httprunner25" and raw.get("validate_script"):
        lines = read_list(reading, raw["validate_script"], f"{path}.validate_script")
        fields["script"] = tuple(str(line) for line in lines)
    if dialect in ("hat", *HTTPRUNNER_2):
        fields["base_url"] = raw.get("base_url") or ""
        if not SKIPS.isdisjoint(raw):
            fields["skip"] = read_skips(raw, dialect)
        if "times" in raw:
            fields["times"] = read_times(reading, raw, path)
    if dialect == "hat" and not FLOW.isdisjoint(raw):
        fields |= read_flow(reading, raw, path)
    return fields


def _read_variables(reading: Reading, value: Any, path: str) -> Mapping[str, Any] | str:
    if isinstance(value, str) and value:
        return value
    if reading.dialect in ("httprunner3", "httprunner4") and isinstance(value, list):
        reading.problem(path, "expected a mapping, got a list")
        return {}
    return shared(read_mapping(reading, value, path))


def read_variables(reading: Reading, value: Any, path: str) -> Mapping[str, Any] | str:
    """Variables of a config: a mapping in any form, or a text with a call that gives one."""
    if isinstance(value, str) and value:
        if reading.dialect == "httprunner2":
            reading.problem(path, "expected a mapping, got text")
        return value
    if reading.dialect in ("httprunner3", "httprunner4") and isinstance(value, list):
        reading.problem(path, "expected a mapping, got a list")
    return shared(read_mapping(reading, value, path))


def _read_extract(reading: Reading, value: Any, path: str) -> tuple[tuple[str, Any], ...]:
    found = tuple((str(k), v) for k, v in read_mapping(reading, value, path).items())
    if reading.dialect in ("httprunner3", "httprunner4"):
        for name, expression in found:
            if not isinstance(expression, str):
                message = f"an expression is text, got {kind(expression)}"
                reading.problem(f"{path}.{name}", message)
    return found


def read_hooks(reading: Reading, value: Any, path: str) -> tuple[Any, ...]:
    """Hooks: texts with a call, or `name: ${call()}`; rows of the platform may be switched off."""
    hooks = []
    for index, item in enumerate(read_list(reading, value, path)):
        if isinstance(item, Mapping) and len(item) != 1 and reading.dialect in ("httprunner3", "httprunner4"):
            reading.problem(
                f"{path}[{index}]", "a hook assigns one name", "write one list item for each name"
            )
        elif not isinstance(item, (str, Mapping)):
            reading.problem(f"{path}[{index}]", f"expected a call or name: call, got {kind(item)}")
        elif item != "":
            hooks.append(item)
    return tuple(hooks)


def read_skips(raw: Mapping[str, Any], dialect: str) -> tuple[Skip, ...]:
    """The conditions under which it is left out; in HttpRunner 2 only the first that is present counts."""
    present = [Skip(word, raw[word]) for word in _SKIPS if word in raw]  # type: ignore[arg-type]
    if dialect in HTTPRUNNER_2:
        return tuple(present[:1])
    return tuple(skip for skip in present if skip.condition not in (None, ""))


_FIELDS: dict[str, Callable[[Reading, Any, str], Any]] = {
    "id": lambda _reading, value, _path: str(value),
    "description": lambda _reading, value, _path: str(value or ""),
    "enabled": lambda _reading, value, _path: value is not False,
    "variables": _read_variables,
    "extract": _read_extract,
    "validate": read_checks,
    "setup_hooks": read_hooks,
    "teardown_hooks": read_hooks,
    "export": read_names,
}


def read_times(reading: Reading, raw: Mapping[str, Any], path: str) -> int:
    """How often a step or case runs."""
    value = raw.get("times", 1)
    if value is None or value == "":
        return 1
    try:
        times = int(value)
    except (TypeError, ValueError, OverflowError):
        reading.problem(f"{path}.times", f"expected a whole number, got {value!r}")
        return 1
    if times > 100_000:
        reading.problem(f"{path}.times", f"{times} repetitions are more than 100000")
        return 1
    return max(times, 0)


def _read_api(reading: Reading, raw: Mapping[str, Any], path: str) -> Step | None:
    if reading.api is None or reading.call is None:
        reading.problem(f"{path}.api", "an api file can be used in files only")
        return None
    if reading.dialect in ("httprunner3", "httprunner4"):
        for word in ("extract", "validate"):
            if raw.get(word):
                reading.problem(f"{path}.{word}", f"'{word}' cannot stand beside 'api' here")
        step = Step(**_read_fields(reading, raw, path))
        case = reading.call(reading, raw["api"], f"{path}.api")
        return replace(step, case=case) if case else None
    api = reading.api(reading, raw["api"], f"{path}.api")
    if api is None:
        return None
    merged = _merge_api(reading, raw, api, path)
    found = read_step(reading, merged, path)
    if found is None:
        return None
    inherited = read_checks(reading, api.get("validate"), f"{path}.validate")
    marked = tuple(replace(check, inherited=True) for check in inherited)
    return replace(found, validate=marked + found.validate)


def _over(theirs: Any, ours: Any) -> Any:
    """A field of the api file with what the step says in front of it: names are added or replaced."""
    if isinstance(theirs, Mapping) and isinstance(ours, Mapping):
        return {**theirs, **ours}
    return ours


def _merge_api(reading: Reading, raw: Mapping[str, Any], api: Mapping[str, Any], path: str) -> dict[str, Any]:
    """The step with its api file: the step wins for name, variables, extract; otherwise the api file."""
    left = {
        key: item
        for key, item in api.items()
        if key not in ("name", "variables", "validate", "extract", "id", "def")
    }
    merged = {key: item for key, item in raw.items() if key != "api"}
    merged.setdefault("name", api.get("name", "api name undefined"))
    for key in ("variables", "extract"):
        ours = read_mapping(reading, api.get(key), f"{path}.{key}")
        merged[key] = {**ours, **read_mapping(reading, raw.get(key), f"{path}.{key}")}
    request = dict(left.pop("request", None) or {})
    if reading.dialect == "hat" and isinstance(raw.get("request"), Mapping):
        request |= {key: _over(request.get(key), item) for key, item in raw["request"].items()}
    if "verify" in left:
        request["verify"] = left.pop("verify")
    merged["request"] = request
    for key in ("setup_hooks", "teardown_hooks"):
        hooks = [
            *read_list(reading, left.pop(key, None), key),
            *read_list(reading, raw.get(key), f"{path}.{key}"),
        ]
        merged[key] = [hook for index, hook in enumerate(hooks) if hook not in hooks[:index]]
    if not left.get("base_url"):
        left.pop("base_url", None)
    merged.update(left)
    return merged


def _with_case(reading: Reading, raw: Mapping[str, Any], step: Step, path: str) -> Step | None:
    if reading.call is None:
        reading.problem(f"{path}.testcase", "another case cannot be called from here")
        return None
    if reading.dialect in ("httprunner3", "httprunner4") and isinstance(raw.get("extract"), list):
        reading.problem(f"{path}.extract", "'extract' cannot stand beside 'testcase' here", "use 'export'")
        return None
    case = reading.call(reading, raw["testcase"], f"{path}.testcase")
    if case is None:
        return None
    if reading.dialect in HTTPRUNNER_2:
        return _called_in_2(reading, raw, step, case)
    if reading.dialect == "hat" and isinstance(raw.get("extract"), list):
        step = replace(step, extract=(), export=(*step.export, *read_names(reading, raw["extract"], path)))
    return replace(step, case=case)


def _called_in_2(reading: Reading, raw: Mapping[str, Any], step: Step, case: Case) -> Step:
    """In HttpRunner 2 what stands beside `testcase:` becomes part of the called case's config."""
    ours = step.variables if isinstance(step.variables, Mapping) else {}
    theirs = case.variables if isinstance(case.variables, Mapping) else {}
    output = read_names(reading, raw.get("output"), f"{step.place}.output")
    called = replace(
        case,
        name=step.name or case.name,
        variables={**theirs, **ours},
        base_url=case.base_url or step.base_url,
        export=step.export or (case.export if case.exports_by_name else output or case.export),
        setup_hooks=step.setup_hooks or case.setup_hooks,
        teardown_hooks=step.teardown_hooks or case.teardown_hooks,
    )
    handed = read_names(reading, raw.get("extract"), f"{step.place}.extract") or output
    return replace(
        step,
        case=called,
        variables={},
        export=handed,
        setup_hooks=(),
        teardown_hooks=(),
        validate=(),
        times=1,
    )
