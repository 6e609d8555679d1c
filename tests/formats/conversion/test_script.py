"""Scripts of Postman: what they check, keep and set in words of HAT."""

from __future__ import annotations

from typing import Any

import pytest

from hat.formats.conversion.script import read_script

JSON = "var data = pm.response.json();\n"


@pytest.mark.parametrize(
    ("source", "check"),
    [
        ("pm.response.to.have.status(201);", {"eq": ["status_code", 201]}),
        ("pm.response.to.have.status('Created')", {"eq": ["reason", "Created"]}),
        ("pm.response.to.be.ok;", {"eq": ["status_code", 200]}),
        ("pm.response.to.be.json", {"contains": ["headers.Content-Type", "json"]}),
        ("pm.response.to.have.header('Content-Type')", {"exists": ["headers.Content-Type"]}),
        ("pm.expect(pm.response.code).to.be.oneOf([200, 201]);", {"one_of": ["status_code", [200, 201]]}),
        ("pm.expect(pm.response.code).to.not.equal(500);", {"ne": ["status_code", 500]}),
        ("pm.expect(pm.response.responseTime).to.be.below(500);", {"lt": ["elapsed_ms", 500]}),
        ("pm.expect(pm.response.text()).to.include('tea');", {"contains": ["text", "tea"]}),
        ("pm.expect(pm.response.headers.get('X-Id')).to.eql('7')", {"eq": ["headers.X-Id", "7"]}),
        ("pm.expect(pm.response.json().a[0]['b c']).to.eql(null)", {"eq": ['body.a[0]."b c"', None]}),
        (JSON + "pm.expect(data.items.length).to.be.above(2)", {"len_gt": ["body.items", 2]}),
        (JSON + "pm.expect(data.name).to.be.a('string')", {"type_match": ["body.name", "str"]}),
        (JSON + "pm.expect(data.ok).to.be.true;", {"eq": ["body.ok", True]}),
        (JSON + "pm.expect(data).to.have.property('id');", {"exists": ["body.id"]}),
        (JSON + "pm.expect(data.list).to.not.be.empty", {"len_gt": ["body.list", 0]}),
        (JSON + "pm.expect(data.id).to.eql(pm.environment.get('user-id'));", {"eq": ["body.id", "$user_id"]}),
        (JSON + "pm.expect(data.text).to.match(/^a\\d+$/i)", {"regex_search": ["body.text", "(?i)^a\\d+$"]}),
        ("const {a} = 1;\n".replace("{a}", "a") + "", None),
        ("tests['ok'] = responseCode.code === 200;", {"eq": ["status_code", 200]}),
        ("var d = JSON.parse(responseBody);\ntests['n'] = d.n >= 3;", {"ge": ["body.n", 3]}),
        ("tests['has'] = responseBody.has('tea');", {"contains": ["text", "tea"]}),
    ],
)
def test_a_line_becomes_a_check(source: str, check: dict[str, Any] | None) -> None:
    script = read_script(source)

    assert script.checks == ([check] if check else [])
    assert len(script.left) == (check is None)


def test_a_check_carries_the_name_of_its_test() -> None:
    script = read_script("pm.test('costs $5', () => {\n  pm.response.to.have.status(200);\n});")

    assert script.checks == [{"eq": ["status_code", 200, "costs $$5"]}]


def test_chains_over_lines_and_several_words_are_read_whole() -> None:
    script = read_script(JSON + "pm.expect(data.token)\n  .to.be.a('string')\n  .that.is.not.empty;")

    assert script.checks == [{"type_match": ["body.token", "str"]}, {"len_gt": ["body.token", 0]}]


@pytest.mark.parametrize(
    "setter",
    [
        "pm.environment.set('my-token', data.token);",
        'pm.collectionVariables.set("my-token", data.token)',
        "pm.globals.set('my-token', data['token']);",
        "postman.setEnvironmentVariable('my-token', data.token);",
    ],
)
def test_what_is_kept_of_an_answer_becomes_an_extract(setter: str) -> None:
    assert read_script(JSON + setter).extract == {"my_token": "body.token"}


def test_a_part_of_the_answer_may_have_a_name_of_its_own() -> None:
    script = read_script("let user = pm.response.json().data.user;\npm.variables.set('id', user.id);")

    assert script.extract == {"id": "body.data.user.id"}


def test_fixed_values_become_variables() -> None:
    script = read_script("pm.variables.set('a', 'x{{b}}'); pm.variables.set('n', 3);")

    assert script.variables == {"a": "x$b", "n": 3}


@pytest.mark.parametrize(
    "source",
    [
        "pm.sendRequest('http://x.test', function (err, res) {\n  console.log(res);\n});",
        "for (const one of data) {\n  pm.expect(one.id).to.exist;\n}",
        "pm.expect(total(data)).to.eql(3);",
        "pm.expect(data.a).to.not.have.lengthOf(3);",
        "eval(pm.response.text());",
    ],
)
def test_what_has_no_words_here_is_left_and_told(source: str) -> None:
    script = read_script(source)

    assert script.checks == []
    assert script.left


def test_comments_and_prints_are_no_loss() -> None:
    script = read_script("// a note\n/* more\nlines */\nconsole.log('x');\n'use strict';")

    assert script.left == []
