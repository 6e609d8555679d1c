"""Texts from outside: names, notes and searches that every database and page can hold."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

_FORBIDDEN = ("Cc", "Cs")
_LABEL = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


def fault_in(text: str, *, lines: bool = False) -> str:
    """What is wrong with a text, '' if nothing: control characters and halves of characters are refused."""
    allowed = "\n\r\t\f" if lines else ""
    for letter in text:
        if letter not in allowed and unicodedata.category(letter) in _FORBIDDEN:
            return f"the character U+{ord(letter):04X} cannot be stored"
    return ""


def _one_line(text: str) -> str:
    text = text.strip()
    fault = fault_in(text)
    if fault:
        raise ValueError(fault)
    return text


def _name(text: str) -> str:
    text = _one_line(text)
    if not text:
        raise ValueError("must not be empty")
    return text


def _lines(text: str) -> str:
    fault = fault_in(text, lines=True)
    if fault:
        raise ValueError(fault)
    return text


def fault_in_label(text: str) -> str:
    """What is wrong with the label of a worker, '' if nothing; it becomes a part of a queue's name."""
    if _LABEL.fullmatch(text):
        return ""
    return f"'{text}' is not a label: small letters, digits, '.', '_' and '-', at most 40"


def _label(text: str) -> str:
    text = text.strip()
    if text and (fault := fault_in_label(text)):
        raise ValueError(fault)
    return text


def storable(text: str) -> str:
    """The text without what cannot be stored."""
    return "".join(letter for letter in text if not fault_in(letter)).strip()


Name = Annotated[str, Field(max_length=200), AfterValidator(_name)]
Line = Annotated[str, Field(max_length=2000), AfterValidator(_one_line)]
Text = Annotated[str, Field(max_length=100_000), AfterValidator(_lines)]
Source = Annotated[str, Field(max_length=1_000_000), AfterValidator(_lines)]
Search = Annotated[str, Field(max_length=500), AfterValidator(storable)]
Label = Annotated[str, Field(max_length=100), AfterValidator(_label)]
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
