"""The words each dialect knows in a config, a step and a request; others are told with the nearest one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final, Literal

from hat.formats.reading import Reading

Part = Literal["case", "config", "step", "request", "retry"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STEP_2 = "request api testcase base_url extract validate setup_hooks teardown_hooks export name variables"
_REQUEST_3 = "method url params headers data json cookies timeout allow_redirects verify upload"
_HAT: Final[dict[Part, frozenset[str]]] = {
    "case": _words("schema dialect config setup teststeps teardown"),
    "config": _words(
        """name description id author priority module tags dialect suite base_url variables parameters times
        needs expires headers auth verify export output setup_hooks teardown_hooks skip skipIf skipUnless"""
    ),
    "step": _words(
        f"""{_STEP_2} id description enabled skip skipIf skipUnless if times parameters for_each while
        max_iterations retry continue always function steps wait auth"""
    ),
    "request": _words(
        f"{_REQUEST_3} req_json body files auth proxies cert stream http2 hosts connect_timeout"
    ),
    "retry": _words("until interval timeout"),
}
_CONFIG_2 = "name base_url variables verify export output setup_hooks teardown_hooks request weight id path"
_2: Final[dict[Part, frozenset[str]]] = {
    "case": _words("config teststeps dialect schema"),
    "config": _words(f"{_CONFIG_2} parameters dialect suite tags"),
    "step": _words(
        f"""{_STEP_2} skip skipIf skipUnless times output group validate_script validators id description
        enabled parameters weight def"""
    ),
    "request": _words(f"{_REQUEST_3} files auth stream proxies cert hooks group"),
}
_34: Final[dict[Part, frozenset[str]]] = {
    "case": _words("config teststeps dialect schema"),
    "config": _words(
        f"""{_CONFIG_2} parameters dialect suite tags skip headers environs think_time websocket
        request_timeout case_timeout parameters_setting ios android plugin"""
    ),
    "step": _words(
        f"""{_STEP_2} validate_script retry_times retry_interval id description enabled transaction rendezvous
        think_time websocket android ios loops"""
    ),
    "request": _words(f"{_REQUEST_3} req_json body files auth stream proxies cert"),
}


def examine_words(reading: Reading, value: Any, part: Part, path: str) -> None:
    """Tell the words a dialect does not know: a problem in dialect hat, a warning in HttpRunner's.

    Words that begin with `x-` are anybody's own.
    """
    if not isinstance(value, (dict, Mapping)):
        return
    known = _known(reading.dialect, part)
    if known is None or known.issuperset(value):
        return
    for word in value:
        if word in known or str(word).startswith("x-"):
            continue
        if reading.dialect != "hat" and str(word).lower() in known:
            continue  # HttpRunner 2 reads some words in any case of letters
        place = f"{path}.{word}" if path else str(word)
        message = f"unknown word '{word}' in {_ARTICLE[part]}"
        if reading.dialect == "hat":
            reading.problem(place, message, _hint(str(word), part, known))
        else:
            own = word in _HAT[part]
            reading.warn(place, message, _OWN_HINT if own else _hint(str(word), part, known))


_OWN_HINT: Final = "it is a word of HAT's own cases: write `dialect: hat` as the first line of the file"
_ARTICLE: Final[dict[Part, str]] = {
    "case": "a case",
    "config": "config",
    "step": "a step",
    "request": "a request",
    "retry": "retry",
}


def _known(dialect: str, part: Part) -> frozenset[str] | None:
    if dialect == "hat":
        return _HAT[part]
    return (_34 if dialect in ("httprunner3", "httprunner4") else _2).get(part)


def _hint(word: str, part: Part, known: Collection[str]) -> str:
    """The nearest word that stands here, or the place where this one does."""
    from difflib import get_close_matches  # noqa: PLC0415  only mistakes ask

    near = get_close_matches(word, known, 1, 0.7) or get_close_matches(word.lower(), known, 1, 0.7)
    if near:
        return f"did you mean '{near[0]}'?"
    elsewhere = next((other for other, words in _HAT.items() if word in words and other != part), None)
    return f"it stands in {_ARTICLE[elsewhere]}" if elsewhere else ""
