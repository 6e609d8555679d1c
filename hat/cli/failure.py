"""What is said about failures and files, in Chinese: sentences by their form, from the catalogues beside."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path

from hat.cli.language import Language
from hat.error import HatError

CATALOGUE = Path(__file__).with_name("failures.zh.json")
PROBLEMS = Path(__file__).with_name("problems.zh.json")
_GAP = re.compile(r"(“?)\{(\d)\}")
_VALUE = re.compile(r'"(?:[^"\\]|\\.)*"|\[.*\]|\{.*\}', re.DOTALL)  # as JSON has it


def chinese() -> Callable[[str], str]:
    """Says a message of the engine in Chinese, line by line; what nobody knows stays as it is."""
    catalogue: dict[str, str] = json.loads(CATALOGUE.read_text("utf-8"))
    return sentences(catalogue)


def told(problem: HatError, say: Language) -> str:
    """A problem with its place and hint, in the language of the console."""
    words = _problem() if say.name == "zh" else str
    hint = f"\n  {say('hint')}: {words(problem.hint)}" if problem.hint else ""
    warning = f"{say('warning')}: " if getattr(problem, "level", "error") == "warning" else ""
    place = f"{problem.place}: " if problem.place else ""
    return f"{place}{warning}{words(problem.message)}{hint}"


@cache
def _problem() -> Callable[[str], str]:
    """Says in Chinese what is wrong with files and cases, which the engine may have found."""
    catalogue: dict[str, str] = json.loads(CATALOGUE.read_text("utf-8"))
    return sentences(catalogue | json.loads(PROBLEMS.read_text("utf-8")))


def sentences(catalogue: Mapping[str, str]) -> Callable[[str], str]:
    """Says a message in the words of a catalogue, where `{}` stands for what was put into a sentence."""
    forms = [key for key in sorted(catalogue, reverse=True) if "{}" in key]  # "; " parts before ": "
    forms.sort(key=lambda key: -len(key.replace("{}", "")))  # the longest fits most narrowly
    patterns = [
        (re.compile("(.+?)".join(map(re.escape, form.split("{}"))), re.DOTALL), catalogue[form])
        for form in forms
    ]

    def sentence(text: str) -> str:
        if text in catalogue:
            return catalogue[text]
        for pattern, words in patterns:
            if found := pattern.fullmatch(text):
                return _GAP.sub(partial(_filled, values=found), words)
        return text

    def _filled(gap: re.Match[str], values: re.Match[str]) -> str:
        """What was put into a sentence may be one itself; in quotes, or as JSON, it is a value and stays."""
        quote, value = gap[1], values[int(gap[2]) + 1]
        return quote + (value if quote or _VALUE.fullmatch(value) else sentence(value))

    def line(text: str) -> str:
        words = text.lstrip(" ")
        return text[: len(text) - len(words)] + sentence(words)

    return lambda text: "\n".join(map(line, text.split("\n")))
