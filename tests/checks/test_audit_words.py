"""Every deed that services write into the audit log is a sentence of the pages, in both languages."""

from __future__ import annotations

import ast
import json

import pytest

from tests.checks.sources import ROOT, modules

WRITERS = ("record", "record_all")


def deeds() -> set[str]:
    """The actions that stand as a text in a call that writes the log."""
    found = set()
    for _, tree in modules("hat/web/"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WRITERS:
                found |= {
                    part.value
                    for part in ast.walk(node.args[0])
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                }
    return found


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_deed_is_a_sentence(language: str) -> None:
    words = json.loads((ROOT / f"frontend/src/i18n/{language}/audit.json").read_text(encoding="utf-8"))
    known = (ROOT / "frontend/src/components/audit/sentence.ts").read_text(encoding="utf-8")

    assert {"create", "install", "purge"} <= deeds()
    assert {deed for deed in deeds() if deed not in words["action"] or deed not in words["did"]} == set()
    assert {deed for deed in deeds() if f"'{deed}'" not in known} == set()
    assert {
        noun for noun in words["object"] if noun not in words["thing"] or f"'{noun}'" not in known
    } == set()
