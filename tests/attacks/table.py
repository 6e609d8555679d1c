"""The attack table: as text for a terminal, and inside docs/security.md and its Chinese twin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.attacks.form import Attack

Job = tuple[str, str]
Results = dict[Job, dict[str, dict[str, str]]]

DOCS = Path(__file__).parents[2] / "docs"
GUARDED = ("all", "container", "no-landlock")  # the first columns: what a platform may run with
BEGIN, END = "<!-- attacks: python3 start.py attacks --keep -->", "<!-- end of the attacks -->"
CHINESE = {
    "attack": "攻击",
    "all": "全部防护层",
    "container": "无命名空间（容器）",
    "no-landlock": "无 Landlock",
    "no-seccomp": "无 seccomp",
    "limits": "仅资源限制",
    "blocked": "拦截",
    "contained": "受控",
    "succeeded": "**得手**",
    "not tried": "未试",
    "root": "root",
    "user": "普通用户",
}
ENGLISH = {
    "all": "all layers",
    "container": "no namespaces (container)",
    "no-landlock": "no Landlock",
    "no-seccomp": "no seccomp",
    "limits": "limits alone",
    "succeeded": "**succeeded**",
}
DOCUMENTS = {"security.md": ENGLISH, "security.zh-CN.md": CHINESE}


def cell(attack: Attack, results: Results, name: str) -> list[str]:
    """The verdicts on one attack with one set of layers: one word when every user got the same."""
    words = [
        found[attack.id]["verdict"] for job, found in results.items() if job[0] == name and attack.id in found
    ]
    return words[:1] if len(set(words)) == 1 else words


def names(results: Results) -> list[str]:
    """The sets of layers, in their order."""
    return list(dict.fromkeys(name for name, _ in results))


def printed(chosen: Sequence[Attack], results: Results, layers: Mapping[Job, str]) -> str:
    """The table for a terminal; under it what came back from each attack that succeeded with all layers."""
    sets = names(results)
    lines = ["".join([f"{'attack':44}", *(f"{name:24}" for name in sets)]).rstrip()]
    for one in chosen:
        lines.append(
            "".join([f"{one.id:44}", *(f"{'/'.join(cell(one, results, name)):24}" for name in sets)]).rstrip()
        )
    lines.append("")
    lines += [f"{name} as {user}: {held}" for (name, user), held in layers.items()]
    for (name, user), found in results.items():
        for attack, told in found.items():
            if name == "all" and told["verdict"] == "succeeded":
                lines.append(f"SUCCEEDED {attack} as {user}: {told['proof']}: {told['said']}")
    return "\n".join(lines)


def totals(results: Results) -> str:
    """One line for each trial."""
    lines = []
    for (name, user), found in results.items():
        counts = Counter(told["verdict"] for told in found.values())
        said = ", ".join(
            f"{counts[word]} {word}"
            for word in ("blocked", "contained", "succeeded", "not tried")
            if counts[word]
        )
        lines.append(f"{name:12} as {user:5} {len(found)} attacks: {said}")
    return "\n".join(lines)


def markdown(chosen: Sequence[Attack], results: Results, words: Mapping[str, str]) -> str:
    """The table for a document: sums first, then each attack."""
    sets = names(results)
    head = [words.get("attack", "attack"), *(words.get(name, name) for name in sets)]
    lines = [_row(head), _row(["---"] * len(head))]
    for user in dict.fromkeys(user for _, user in results):
        sums = [Counter(told["verdict"] for told in results[name, user].values()) for name in sets]
        cells = [f"{count['succeeded']} / {count.total()}" for count in sums]
        lines.append(_row([f"*{words.get(user, user)}*", *cells]))
    for one in chosen:
        cells = [" / ".join(words.get(word, word) for word in cell(one, results, name)) for name in sets]
        lines.append(_row([f"`{one.id}`", *cells]))
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def kept(name: str) -> list[str]:
    """The lines of the table that a document has."""
    _, _, rest = (DOCS / name).read_text(encoding="utf-8").partition(BEGIN)
    return rest.partition(END)[0].strip().splitlines()


def differences(chosen: Sequence[Attack], results: Results) -> list[str]:
    """The rows in which a document says something else than these results of who got anywhere.

    It looks at the guarded columns. How far an attack gets without seccomp may depend on how busy the machine
    is, and so may whether one is blocked or contained.
    """
    found = []
    for name, words in DOCUMENTS.items():
        told, made = kept(name), markdown(chosen, results, words).splitlines()
        old, new = ({_held(row, words) for row in rows} for rows in (told, made))
        found += [f"docs/{name}: no longer so: {row}" for row in told if _held(row, words) not in new]
        found += [f"docs/{name}: not there yet: {row}" for row in made if _held(row, words) not in old]
    return found


def _held(row: str, words: Mapping[str, str]) -> str:
    """The guarded cells of a row with one word for blocked and contained."""
    blocked, contained = (words.get(word, word) for word in ("blocked", "contained"))
    guarded = _row(row.strip("| ").split(" | ")[: 1 + len(GUARDED)])
    return guarded.replace(contained, blocked).replace(f"{blocked} / {blocked}", blocked)


def keep(chosen: Sequence[Attack], results: Results) -> None:
    """Write the table between the marks of both documents."""
    for name, words in DOCUMENTS.items():
        path = DOCS / name
        before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        path.write_text(
            f"{before}{BEGIN}\n{markdown(chosen, results, words)}\n{END}{after}", encoding="utf-8"
        )
