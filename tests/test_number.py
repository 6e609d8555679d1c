"""Numbers keep the digits somebody wrote: from the file to the wire, and from the wire to the result."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hat import formats, load, run
from hat.case import Case
from hat.formats.decode import load_text
from hat.number import Written, exact, json_writer, read_json, read_number, read_yaml_number, spell
from hat.reports import json as result_json
from hat.result import Outcome, RunResult
from tests.target.echo import Echo, echo

BIG = "123456789012345678901234567890"
LONG = "3.14159265358979323846264338327950288"


@pytest.mark.parametrize("text", ["1.5", "0.1", "-0.25", "1e+22", "3.141592653589793"])
def test_a_number_that_python_spells_the_same_is_a_float(text: str) -> None:
    assert type(read_number(text)) is float


@pytest.mark.parametrize("text", ["1.10", "1e2", "1E+2", "-0.00", "1e400", LONG])
def test_any_other_remembers_its_text_and_is_a_float_for_everybody_else(text: str) -> None:
    number = read_number(text)

    assert (spell(number), number, isinstance(number, float)) == (text, float(text), True)


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("1.10", "1.10"),
        ("+1.50", "1.50"),
        (".50", "0.50"),
        ("5.", "5.0"),
        ("007.50", "7.50"),
        ("1_0.50", "10.50"),
        ("1.50e+3", "1.50e+3"),
        ("-.0", "-0.0"),
    ],
)
def test_yaml_numbers_are_remembered_as_json_spells_them(text: str, spelled: str) -> None:
    assert spell(read_yaml_number(text)) == spelled


@pytest.mark.parametrize("text", ["a: 1.10", "{a: 1.10}", "a: &x 1.10\nb: *x", 'a: !!float "1.10"'])
def test_every_way_of_writing_a_file_keeps_a_decimal(text: str) -> None:
    assert spell(load_text(text)["a"]) == "1.10"


@pytest.mark.parametrize(("text", "value"), [("a: 1:30.5", 90.5), ("a: .inf", float("inf")), ("a: 1.5", 1.5)])
def test_what_json_cannot_spell_is_a_float(text: str, value: float) -> None:
    assert load_text(text) == {"a": value}


def test_a_copy_remembers_too() -> None:
    assert spell(copy.deepcopy({"a": [Written("1.10")]})["a"][0]) == "1.10"


def test_json_is_written_as_python_does_but_for_the_digits() -> None:
    value = {"é": Written("1.10"), "b": [1, 1.5, None, (Written("1e400"), Decimal("2.50"))], "c": {"d": True}}

    assert json_writer()(value) == r'{"\u00e9": 1.10, "b": [1, 1.5, null, [1e400, 2.50]], "c": {"d": true}}'
    assert json_writer(ensure_ascii=False, separators=(",", ":"))({"é": Written("1.10")}) == '{"é":1.10}'
    assert json_writer()({"a": 1.5}) == json.dumps({"a": 1.5})


def test_digits_are_compared_as_a_person_reads_them() -> None:
    assert exact(Written("1.10")) == exact(1.1)
    assert exact(Written(LONG)) != exact(Written(LONG[:-1] + "9"))


def test_a_document_goes_to_yaml_and_back() -> None:
    values = [Written(text) for text in ("1.10", "1e5", "1E-07", "1e400", LONG)]
    document = {"dialect": "hat", "config": {"name": "x", "variables": {"a": values}}, "teststeps": []}

    [*back] = load_text(formats.dump(document))["config"]["variables"]["a"]

    assert [exact(number) for number in back] == [exact(number) for number in values]
    assert [spell(number) for number in back[:1] + back[-1:]] == ["1.10", LONG]


def write(folder: Path, target: Echo, steps: str, name: str = "case.yml", dialect: str = "hat") -> list[Case]:
    head = f"dialect: {dialect}\nconfig:\n  name: exact\n  base_url: {target.url}\n"
    (folder / name).write_text(head + steps, encoding="utf-8")
    return list(load(folder / name).cases)


def lookup(result: RunResult, step: int = 0) -> dict[str, Any]:
    """A step of the result JSON, as a reader with exact numbers sees it."""
    found: dict[str, Any] = read_json(result_json.encode(result))["cases"][0]["steps"][step]
    return found


STEPS = f"""\
  variables: {{price: 1.10, big: {BIG}, long: {LONG}}}
teststeps:
- name: send
  variables: {{half: 0.50}}
  request:
    method: POST
    url: /one?price=$price
    params: {{half: $half, list: [1.0, 2.00]}}
    json: {{z: $price, a: $long, big: $big, text: "costs $price", list: [5.0, 1.0e+5]}}
  extract: {{price2: body.z, long2: body.a, sum: "sum(body.list)"}}
  validate:
  - eq: [body.z, 1.1]
  - ge: [body.z, 1.1]
  - one_of: [body.z, [1.1]]
  - json_schema: [body.z, {{type: number, multipleOf: 0.1}}]
  - eq: [body.a, {LONG}]
- name: again
  request: {{method: POST, url: /two, json: [$price2, $long2]}}
- name: form
  request: {{method: POST, url: /three, data: {{price: $price2}}}}
"""


def test_numbers_of_a_file_reach_the_wire_and_come_back(tmp_path: Path) -> None:
    with echo() as target:
        result = run(write(tmp_path, target, STEPS))

    assert result.outcome is Outcome.PASSED
    assert target.paths[0] == "/one?price=1.10&half=0.50&list=1.0&list=2.00"
    sent = f'{{"z": 1.10, "a": {LONG}, "big": {BIG}, "text": "costs 1.10", "list": [5.0, 1.0e+5]}}'
    assert [body.decode() for body in target.bodies] == [sent, f"[1.10, {LONG}]", "price=1.10"]
    step = lookup(result)
    assert [spell(step["extracted"][name]) for name in ("price2", "long2")] == ["1.10", LONG]
    assert f'"actual":{LONG},"outcome"'.encode() in result_json.encode(result)


def test_a_difference_shows_both_as_they_were_written(tmp_path: Path) -> None:
    steps = (
        "teststeps:\n- name: send\n  request: {method: POST, url: /, json: {a: 1.10, b: 1.10}}\n"
        "  validate:\n  - eq: [body, {a: 1.1, b: 1.20}]\n"
    )
    with echo() as target:
        result = run(write(tmp_path, target, steps))

    assert lookup(result)["checks"][0]["message"] == "body.b: expected 1.20, got 1.10"


def test_json_cases_and_parameters_are_as_exact(tmp_path: Path) -> None:
    with echo() as target:
        document = (
            f'{{"dialect": "hat", "config": {{"name": "j", "base_url": "{target.url}", '
            '"parameters": [{"price": [1.10, 2.50]}, {"text": "${P(rows.csv)}"}]}, '
            '"teststeps": [{"name": "s", "request": {"method": "POST", "url": "/", '
            '"json": {"p": "$price", "t": "$text"}}}]}'
        )
        (tmp_path / "rows.csv").write_text("text\n1.10\n", encoding="utf-8")
        (tmp_path / "debugtalk.py").write_text("", encoding="utf-8")
        (tmp_path / "case.json").write_text(document, encoding="utf-8")
        result = run(list(load(tmp_path / "case.json").cases))

    assert result.outcome is Outcome.PASSED
    assert sorted(target.bodies) == [b'{"p": 1.10, "t": "1.10"}', b'{"p": 2.50, "t": "1.10"}']
    assert b'"row":{"price":1.10,"text":"1.10"}' in result_json.encode(result)


def test_a_function_gets_and_gives_what_python_makes_of_it(tmp_path: Path) -> None:
    (tmp_path / "debugtalk.py").write_text(
        "import decimal\ndef same(value): return value\ndef kind(value): return type(value).__name__\n"
        "def money(): return decimal.Decimal('2.50')\n",
        encoding="utf-8",
    )
    steps = (
        "  variables: {price: 1.10}\nteststeps:\n- name: send\n  request: {method: POST, url: /, "
        'json: ["${same($price)}", "${kind($price)}", "${money()}", $price]}\n'
    )
    with echo() as target:
        result = run(write(tmp_path, target, steps))

    assert result.outcome is Outcome.PASSED
    assert target.bodies == [b'[1.1, "float", 2.50, 1.10]']


@pytest.mark.parametrize("dialect", ["httprunner2", "httprunner3", "httprunner4"])
def test_httprunner_sends_a_decimal_as_python_spells_it(dialect: str, tmp_path: Path) -> None:
    steps = (
        "  variables: {price: 1.10}\nteststeps:\n- name: send\n  request: {method: POST, url: '/?p=$price', "
        'json: {price: $price, text: "costs $price"}}\n'
        "  validate: [{type_match: [content.price, float]}]\n"
    )
    if dialect != "httprunner2":
        steps = steps.replace("content.", "body.")
    with echo() as target:
        result = run(write(tmp_path, target, steps, dialect=dialect))

    assert result.outcome is Outcome.PASSED
    assert (target.paths, target.bodies) == (["/?p=1.1"], [b'{"price": 1.1, "text": "costs 1.1"}'])


@pytest.mark.parametrize("name", ["case.yml", "case.json"])
def test_a_key_that_stands_twice_in_a_file_is_told(name: str, tmp_path: Path) -> None:
    lines = [
        '{"dialect": "hat",',
        '"config": {"name": "one",',
        '"name": "two"},',
        '"teststeps": [{"name": "s", "request": {"method": "GET", "url": "/"}}]}',
    ]
    (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")

    loaded = formats.load(tmp_path / name)

    assert [case.name for case in loaded.cases] == ["two"]
    [warning] = loaded.warnings
    assert (warning.message, warning.hint, warning.level) == (
        "'name' is written twice",
        "the last one counts",
        "warning",
    )
    assert warning.line == (3 if name.endswith("yml") else None)


@pytest.mark.parametrize("text", ["a: 1\nb: 2\na: 3\n", "x: {a: 1, a: 2}\n", "x:\n- a: 1\n  a: 2\n"])
def test_the_quick_reader_leaves_a_repeated_key_to_the_one_that_tells_it(text: str) -> None:
    repeated: list[Any] = []

    load_text(text, repeated=repeated)

    assert [warning.message for warning in repeated] == ["'a' is written twice"]
