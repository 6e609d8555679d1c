"""Read attack files: each function is an attack, its comment `# success:` says what would prove it."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

FOLDER = Path(__file__).parent
OWN = (FOLDER / "given", FOLDER / "own")
_SUCCESS = re.compile(r"#\s*success:\s*(\S.*?)(?:\s{2,}|\s*\(|$)", re.MULTILINE)


@dataclass(frozen=True)
class Attack:
    """One hostile function; `proof` is a kind of evidence, for `leak` with the text that came back."""

    family: str
    name: str
    source: Path
    proof: str
    text: str = ""

    @property
    def id(self) -> str:
        return f"{self.family}.{self.name}"

    @property
    def weight(self) -> int:
        """About how long it takes: most come back at once, some wait for a limit, loading has the longest."""
        return 100 if self.name.endswith("_at_import") else 6 if self.proof in ("hang", "mem") else 1


def attacks(folders: Sequence[Path] = OWN) -> list[Attack]:
    """Every attack of some folders, in the order written."""
    return [attack for folder in folders for path in sorted(folder.glob("*.py")) for attack in of_file(path)]


def apart(extra: Sequence[Attack], known: Sequence[Attack]) -> list[Attack]:
    """Attacks of others, named so that none takes the place of a known one in the table."""
    taken = {one.id for one in known}
    return [replace(one, family=f"extra {one.family}") if one.id in taken else one for one in extra]


def dealt(chosen: Sequence[Attack], parts: int) -> list[list[Attack]]:
    """The attacks in parts that take about as long, each in the order written."""
    hands: list[list[Attack]] = [[] for _ in range(parts)]
    for one in sorted(chosen, key=lambda one: one.weight, reverse=True):
        min(hands, key=lambda hand: sum(held.weight for held in hand)).append(one)
    return [[one for one in chosen if one in hand] for hand in hands]


def of_file(path: Path) -> list[Attack]:
    """The attacks of one file; ValueError when one does not say what would prove it."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    nodes = [
        node for node in ast.parse(text).body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    found = []
    for node in nodes:
        if node.name.startswith("_"):
            continue
        body = "\n".join(lines[node.lineno - 1 : node.end_lineno])
        said = _SUCCESS.findall(body)
        if not said:
            raise ValueError(f"{path.name}:{node.lineno}: {node.name}() has no comment '# success: ...'")
        proof, _, expected = said[-1].strip().partition(":")
        found.append(Attack(path.stem, node.name, path, proof, expected))
    return found
