from __future__ import annotations

import sys
from pathlib import Path

import pytest

from hat.case import Case
from hat.engine import Options, run_all
from hat.engine.sandbox import STRICT
from hat.formats import read
from tests.attacks.__main__ import carry_out, users
from tests.attacks.form import OWN, apart, attacks, dealt, of_file
from tests.attacks.table import CHINESE, DOCUMENTS, ENGLISH, differences, kept
from tests.attacks.trial import HONEST

if sys.platform != "linux":
    pytest.skip("functions are isolated on Linux only", allow_module_level=True)

ALL = attacks()
# Cut short: the limits are small, and being late is not judged.
LIMIT_S, SLACK_S = 0.5, 60.0
USERS = ("root", "user")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("user", users())
def test_no_attack_gets_anywhere_with_all_layers(user: str) -> None:
    results, layers = carry_out("all", user, OWN, LIMIT_S, SLACK_S, parts=4)

    assert {one.id for one in ALL} == set(results)
    assert [one for one in results.values() if one["verdict"] not in ("blocked", "contained")] == []
    assert "seccomp" in layers


def test_there_are_as_many_as_given_and_more_of_our_own() -> None:
    given, own = (len(attacks([folder])) for folder in OWN)

    assert (given, own >= 15) == (82, True)
    assert len({one.id for one in ALL}) == len(ALL)


def test_every_attack_is_dealt_to_one_part() -> None:
    hands = dealt(ALL, 4)

    assert sorted(one.id for hand in hands for one in hand) == sorted(one.id for one in ALL)
    assert max(len(hand) for hand in hands) < len(ALL) / 2


def _columns(name: str) -> list[list[str]]:
    """The cells of a document's table; verdicts and users in the words of the code."""
    words = {told: word for word, told in DOCUMENTS[name].items()}
    rows = [row.strip("| ").split(" | ") for row in kept(name)]
    return [[" / ".join(words.get(one, one) for one in cell.split(" / ")) for cell in row] for row in rows]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_has_a_row_for_every_attack_and_the_right_sums(name: str) -> None:
    _, _, *sums, rows = [*_columns(name)[:4], _columns(name)[4:]]
    won = [[cell.split(" / ") for cell in row[1:]] for row in rows]

    assert [row[0] for row in rows] == [f"`{one.id}`" for one in ALL]
    for user, row in enumerate(sums):  # a cell with one word is that of both
        counts = [
            sum(cells[column][-1 if user else 0] == "succeeded" for cells in won) for column in range(5)
        ]
        assert row[1:] == [f"{count} / {len(ALL)}" for count in counts]
    assert [cells[0] for cells in won if "succeeded" in cells[0]] == []


def test_both_documents_tell_the_same() -> None:
    english, chinese = (_columns(name)[4:] for name in DOCUMENTS)

    assert english == chinese
    assert set(ENGLISH) < set(CHINESE)


def test_a_table_that_is_no_longer_so_is_noticed() -> None:
    sets = ("all", "container", "no-landlock", "no-seccomp", "limits")
    told = {row[0].strip("`"): [cell.split(" / ") for cell in row[1:]] for row in _columns("security.md")[4:]}
    results = {
        (name, user): {key: {"verdict": cells[at][-number]} for key, cells in told.items()}
        for at, name in enumerate(sets)
        for number, user in enumerate(USERS)
    }

    assert differences(ALL, results) == []

    results["all", "root"]["tree.old_tree"] = {"verdict": "contained"}
    results["no-seccomp", "user"]["tree.old_tree"] = {"verdict": "succeeded"}  # depends on the machine

    assert differences(ALL, results) == []

    results["all", "root"]["tree.old_tree"] = {"verdict": "succeeded"}

    rows = [row for row in differences(ALL, results) if "docs/security.md" in row and "old_tree" in row]
    [gone, new] = rows
    assert gone.startswith("docs/security.md: no longer so: | `tree.old_tree` | blocked | blocked |")
    assert new.startswith("docs/security.md: not there yet: | `tree.old_tree` | **succeeded** / blocked |")


def test_an_attack_that_works_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "weak.py").write_text(
        "def works(ctx):\n    return 'LEAKED'      # success: leak:LEAKED\n\n"
        "def harmless(ctx):\n    return 1         # success: canary\n\n"
        "def asks_for_more(ctx):\n    return ctx['nothing']     # success: canary\n"
    )

    results, layers = carry_out("all", users()[0], [tmp_path], LIMIT_S, SLACK_S)

    assert {name: one["verdict"] for name, one in results.items()} == {
        "weak.works": "succeeded",
        "weak.harmless": "blocked",
        "weak.asks_for_more": "not tried",
    }
    assert "seccomp" in layers


def test_an_extra_attack_does_not_hide_one_of_the_same_name(tmp_path: Path) -> None:
    (tmp_path / "files.py").write_text("def delete_db(ctx):\n    return 'SEEN'  # success: leak:SEEN\n")
    (tmp_path / "mine.py").write_text("def mine(ctx):\n    return 1  # success: canary\n")

    own, extra = attacks(OWN), attacks([tmp_path])

    assert [one.id for one in apart(extra, own)] == ["extra files.delete_db", "mine.mine"]
    assert {one.id for one in own} & {one.id for one in apart(extra, own)} == set()


def test_attacks_are_real_without_layers(tmp_path: Path) -> None:
    names = ("read_db_file", "read_parent_environ", "write_tmp_marker", "delete_db", "stat_db")
    (tmp_path / "files.py").write_bytes((OWN[0] / "files.py").read_bytes())

    results, _ = carry_out("limits", users()[0], [tmp_path], LIMIT_S, SLACK_S)

    assert {results[f"files.{name}"]["verdict"] for name in names} == {"succeeded"}


def test_an_attack_must_say_what_would_prove_it(tmp_path: Path) -> None:
    (tmp_path / "vague.py").write_text("def vague(ctx):\n    return 1\n")

    with pytest.raises(ValueError, match=r"vague.py:1: vague\(\) has no comment"):
        of_file(tmp_path / "vague.py")


@pytest.mark.timeout(600)
def test_a_run_names_the_step_and_goes_on(tmp_path: Path) -> None:
    deadly = [one for one in ALL if one.proof == "hostdead" and one.name not in ANSWERS]
    honest = _project(tmp_path / "honest", HONEST)
    cases = []
    for one in deadly:
        hostile = _project(tmp_path / one.family, one.source.read_text())
        cases += [_case(hostile, f"${{{one.name}($ctx)}}"), _case(honest, "${honest(-1)}")]

    result = run_all(cases, None, Options(sandbox=STRICT, concurrency=1))

    attacked = [case.steps[0].error for case in result.cases[::2]]
    assert [case.outcome.value for case in result.cases[1::2]] == ["passed"] * len(deadly)
    said = {
        one.id: error.message if error else "no error" for one, error in zip(deadly, attacked, strict=True)
    }
    assert {name: text for name, text in said.items() if f"{name.split('.')[1]}()" not in text} == {}


# These answer like an honest function, or are refused inside and go on. The answers to later questions are
# noticed only when they come together with the first, which is as good as any: it is their own function's.
ANSWERS = (
    "answers_to_questions_of_tomorrow",
    "forge_two_replies",
    "huge_decimal_reply",
    "talk_after_the_answer",
    "pass_descriptors_to_the_worker",
    "honest_numbers_that_are_none",
    "half_characters",
    "reader_of_the_box_replaced",
    "names_that_are_never_resolved",
)


def _project(root: Path, source: str) -> Path:
    root.mkdir(exist_ok=True)
    (root / "debugtalk.py").write_text(source)
    return root


def _case(root: Path, value: str) -> Case:
    """A case whose one step waits for a function, and asks nobody."""
    step = {"name": "step", "variables": {"ctx": {}}, "wait": value}
    return read({"config": {"name": "case"}, "teststeps": [step]}, root=str(root))
