"""What the engine says about a failure, in Chinese: sentences by their form, from the catalogue beside."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

CATALOGUE = Path(__file__).with_name("failures.zh.json")
_GAP = re.compile(r"(“?)\{(\d)\}")
_VALUE = re.compile(r'"(?:[^"\\]|\\.)*"|\[.*\]|\{.*\}', re.DOTALL)  # as JSON has it


def chinese() -> Callable[[str], str]:
    """Says a message of the engine in Chinese, line by line; what nobody knows stays as it is."""
    catalogue: dict[str, str] = json.loads(CATALOGUE.read_text("utf-8"))
    return sentences(catalogue)


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
