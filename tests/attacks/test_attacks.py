from __future__ import annotations

import sys
from pathlib import Path

import pytest

from hat.case import Case
from hat.engine import Options, run_all
from hat.engine.sandbox import STRICT
from hat.formats import read
from tests.attacks.__main__ import carry_out, users
from tests.attacks.form import OWN, apart, attacks, of_file
from tests.attacks.trial import HONEST

if sys.platform != "linux":
    pytest.skip("functions are isolated on Linux only", allow_module_level=True)

ALL = attacks()
# Cut short: the limits are small, and being late is not judged.
LIMIT_S, SLACK_S = 0.5, 60.0


@pytest.mark.timeout(600)
@pytest.mark.parametrize("user", users())
def test_no_attack_gets_anywhere_with_all_layers(user: str) -> None:
    results, layers = carry_out("all", user, OWN, LIMIT_S, SLACK_S)

    assert {one.id for one in ALL} == set(results)
    assert [one for one in results.values() if one["verdict"] not in ("blocked", "contained")] == []
    assert "seccomp" in layers


def test_there_are_as_many_as_given_and_more_of_our_own() -> None:
    given, own = (len(attacks([folder])) for folder in OWN)

    assert (given, own >= 15) == (82, True)
    assert len({one.id for one in ALL}) == len(ALL)


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
    said = {one.id: error.message if error else "no error" for one, error in zip(deadly, attacked, strict=True)}
    assert {name: text for name, text in said.items() if f"{name.split('.')[1]}()" not in text} == {}


# These answer like an honest function, or are refused inside and go on.
ANSWERS = (
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
