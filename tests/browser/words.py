"""What the pages say, from their catalogues, so that one story is told in both languages."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

CATALOGUES = Path(__file__).parents[2] / "frontend/src/i18n"
LANGUAGES = ("en", "zh")

_LITERAL = re.compile(r"\{'([^']*)'\}")
_PLACE = re.compile(r"\{(\w+)\}")


class Words:
    """`say("cases.selection.run")`, `say("app.selected", n=50)`: the text as a page shows it."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **values: object) -> str:
        text = _form(self._text(key), values.get("n"))
        text = _PLACE.sub(lambda place: str(values[place[1]]), text)
        return _LITERAL.sub(r"\1", text)

    def about(self, key: str) -> re.Pattern[str]:
        """Matches the text whatever its values and its number are."""
        forms = [_LITERAL.sub(r"\1", form.strip()) for form in self._text(key).split(" | ")]
        parts = [".*".join(map(re.escape, re.split(r"\{\w+\}", form))) for form in forms]
        return re.compile(f"^(?:{'|'.join(parts)})$")

    def _text(self, key: str) -> str:
        area, *path = key.split(".")
        value: Any = _catalogue(self.language, area)
        for part in path:
            value = value[part]
        return str(value)


@cache
def _catalogue(language: str, area: str) -> Any:
    return json.loads((CATALOGUES / language / f"{area}.json").read_text(encoding="utf-8"))


def _form(text: str, number: object) -> str:
    """The form for the number, chosen as the pages choose it."""
    forms = text.split(" | ")
    if len(forms) == 1 or not isinstance(number, int):
        return forms[-1]
    return forms[min(number, 2)] if len(forms) == 3 else forms[0 if number == 1 else 1]
