"""What each expression reads in each dialect, and what is said when it reads nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hat.engine.extract import ExtractError, compile_extract, extract_problem
from hat.engine.response import ResponseView
from tests.engine.answers import SAMPLE, answer

PAGE = (
    "<html><body><h1> Title </h1><ul id=l><li class=x>one</li><li>two</li></ul>"
    "<a href='/x?id=77'>z</a></body></html>"
)


def read(expression: Any, dialect: str = "hat", view: ResponseView | None = None) -> Any:
    return compile_extract(expression, dialect)(view or answer(dialect=dialect))


def refusal(expression: Any, dialect: str = "hat", view: ResponseView | None = None) -> ExtractError:
    with pytest.raises(ExtractError) as caught:
        read(expression, dialect, view)
    return caught.value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("status_code", 200),
        ("reason", "OK"),
        ("url", "http://api.example.org/items?page=1"),
        ("ok", True),
        ("encoding", "utf-8"),
        ("http_version", "1.1"),
        ("elapsed_ms", 12.5),
        ("elapsed.total_seconds", 0.0125),
        ("elapsed.microseconds", 12500),
        ("timing_ms.first_byte", 4.0),
        ("certificate_days_left", 30),
        ("headers.Content-Type", "application/json"),
        ("headers.content-type", "application/json"),
        ('headers."content-type"', "application/json"),
        ("cookies", {}),
        ("body", SAMPLE),
        ("content.code", 0),
        ("json.code", 0),
        ("body.none", None),
        ("body.flag", False),
        ("body.data.id", 42),
        ("body.data.items[0].id", 1),
        ("body.data.items[-1].id", 2),
        ("body.data.items.1.price", 20),
        ("body.data.tags.-1", "c"),
        ("body.data.0", "zero"),
        ("body.data.content-type", "x/y"),
        ('body.data."dotted.key"', "dk"),
        ("body.data['dotted.key']", "dk"),
        ("body.data.items[*].id", [1, 2]),
        ("body.data.items[?price > `10`].id | [0]", 2),
        ("length(body.data.tags)", 3),
        ("body.data.tags | join(',', @)", "a,b,c"),
        ("{code: body.code, first: body.data.tags[0]}", {"code": 0, "first": "a"}),
        ("$", SAMPLE),
        ("$.data.items[1].id", 2),
        ("$.data.items[*].id", [1, 2]),
        ("$..id", [42, 1, 2]),
        ("$.data.items[?@.price > 10].id", [2]),
        ("$['data']['tags'][-1]", "c"),
        ("$.data.nothing[*]", []),
        ('regex:"id": (\\d+), "name"', "42"),
        ("regex:succ\\w+", "success"),
    ],
)
def test_dialect_hat_reads(expression: str, value: Any) -> None:
    assert read(expression) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("xpath://h1", "Title"),
        ("xpath://li[2]", "two"),
        ("xpath:count(//li)", 2),
        ("xpath://a/@href", "/x?id=77"),
        ("xpath:boolean(//table)", False),
        ("css:li.x", "one"),
        ("css:#l li:nth-child(2)", "two"),
        ("css:a::attr(href)", "/x?id=77"),
        ("css:h1::text", "Title"),
        ("text", PAGE),
        ("body", PAGE),
        ("size", len(PAGE)),
    ],
)
def test_dialect_hat_reads_html(expression: str, value: Any) -> None:
    assert read(expression, view=answer(PAGE, type="text/html")) == value


def test_dialect_hat_reads_xml() -> None:
    view = answer('<?xml version="1.0"?><a><b n="1">x</b></a>', type="application/xml")

    assert read("xpath:/a/b/@n", view=view) == "1"


def test_an_xml_entity_reads_no_file() -> None:
    body = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'

    assert "root" not in read("xpath:/a", view=answer(body, type="application/xml"))


def test_keys_in_chinese_are_read() -> None:
    assert read("body.数据.姓名", view=answer({"数据": {"姓名": "王"}})) == "王"


def test_a_number_at_the_top_of_a_list_is_read() -> None:
    assert read("body[1].v", view=answer([{"v": 1}, {"v": 2}])) == 2


def test_what_a_hook_set_is_read() -> None:
    view = answer()
    view.replace("mine", {"a": [7]})
    view.replace("status_code", 201)

    assert read("mine.a[0]", view=view) == 7
    assert read("status_code", view=view) == 201


@pytest.mark.parametrize(
    ("expression", "message", "hint"),
    [
        (
            "body.data.nmae",
            "body.data.nmae is not in the response; body.data has id, name, tags, items, content-type, "
            "dotted.key, 0, empty",
            "did you mean 'body.data.name'?",
        ),
        (
            "body.data.tags[9]",
            "body.data.tags[9] is not in the response; body.data.tags is a list of 3 items",
            "",
        ),
        ("body.code.y", "body.code.y is not in the response; body.code is the number 0", ""),
        ("body.none.y", "body.none.y is not in the response; body.none is null", ""),
        ("body.flag.y", "body.flag.y is not in the response; body.flag is false", ""),
        ("body.msg.y", "body.msg.y is not in the response; body.msg is text", ""),
        (
            "body.data.empty.y",
            "body.data.empty.y is not in the response; body.data.empty is an empty object",
            "",
        ),
        (
            "headers.Content-Typ",
            "header 'Content-Typ' is not in the response; there is Content-Type",
            "did you mean 'content-type'?",
        ),
        ("cookies.sid", "cookie 'sid' is not in the response; there is no cookie at all", ""),
        (
            "$.data.nope",
            "$.data.nope is not in the response; the body has code, msg, none, flag, pi, data",
            "",
        ),
        (
            "body.data.items[?price > `99`].id | [0]",
            "body.data.items[?price > `99`].id | [0] finds nothing in the response",
            "",
        ),
        ("regex:Z(\\d+)", "regex:Z(\\d+) finds nothing in the body", ""),
        (
            "abs(body.msg)",
            "JMESPath 'abs(body.msg)': In function abs(), invalid type for value: success, expected one of: "
            "['number'], received: \"string\"",
            "",
        ),
        ("xpath://table", "xpath://table finds nothing in the body", ""),
    ],
)
def test_a_missing_value_is_a_failure_that_says_how_far_the_path_leads(
    expression: str, message: str, hint: str
) -> None:
    problem = refusal(expression)

    assert (problem.kind, problem.message, problem.hint) == ("failed", message, hint)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("plain", "body.a is not in the response; the body is text, not JSON (text/plain, 5 bytes)"),
        ("", "body.a is not in the response; the body is empty"),
        ("[]", "body.a is not in the response; body is an empty list"),
    ],
)
def test_a_path_into_a_body_that_has_none_says_what_the_body_is(body: str, message: str) -> None:
    assert refusal("body.a", view=answer(body, type="text/plain")).message == message


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("", "the expression is empty"),
        ("abc def", "'abc def' reads nothing of a response"),
        ("foo.bar", "'foo.bar' reads nothing of a response"),
        (5, "expected a text such as 'body.id', found 5"),
        (None, "expected a text such as 'body.id', found None"),
        ("status_code.real", "status_code has no parts, so status_code.real reads nothing"),
        ("elapsed", "elapsed reads nothing"),
        ("elapsed.years", "elapsed.years reads nothing"),
        ("timing_ms.lunch", "timing_ms.lunch reads nothing"),
        ("body.[", "JMESPath 'body.[': Invalid jmespath expression: Incomplete expression"),
        ("$.items[", "JSONPath '$.items[': expected a name, a position, '*' or '?' at column 9"),
        ("$.a b", "JSONPath '$.a b': unexpected 'b' at column 4"),
        ("regex:(", "regular expression '(': missing ), unterminated subpattern at position 0"),
        ("xpath://[", "XPath '//[': Invalid expression"),
        ("css:[", "CSS selector '[': Expected ident or '*', got <EOF at 1>"),
    ],
)
def test_an_expression_that_cannot_be_used_is_an_error(expression: Any, message: str) -> None:
    problem = refusal(expression)

    assert (problem.kind, problem.message) == ("error", message)


def test_markup_is_not_looked_for_in_an_empty_body() -> None:
    assert refusal("css:h1", view=answer("")).message == "css:h1 finds nothing; the body is empty"


def test_an_xpath_that_fails_while_it_is_read_says_why() -> None:
    view = answer(PAGE, type="text/html")

    assert refusal("xpath://a[nosuch()]", view=view).message.startswith(
        "xpath://a[nosuch()] finds nothing; XPath"
    )


def test_what_a_hook_set_is_looked_for_as_everything_else() -> None:
    view = answer()
    view.replace("mine", {"a": 1})

    assert refusal("mine.b", view=view).message == "mine.b is not in the response; mine has a"


def test_jmespath_sees_what_a_hook_set() -> None:
    view = answer()
    view.replace("mine", [3, 1, 2])

    assert read("max(mine)", view=view) == 3


def test_httprunner_4_reads_what_jmespath_cannot_as_an_error() -> None:
    assert refusal("body.abs(msg)", "httprunner4").kind == "error"


def test_a_wrong_expression_is_known_beforehand() -> None:
    problem = extract_problem("regex:(")
    assert problem is not None
    assert problem.message.startswith("regular expression")
    assert extract_problem("body.id") is None


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("status_code", 200),
        ("ok", True),
        ("elapsed.days", 0),
        ("headers.content-TYPE", "application/json"),
        ("content.data.id", 42),
        ("text.msg", "success"),
        ("content.", SAMPLE),
        ("cookies.", {}),
        ("status_code.", 200),
        ("json.data.tags.-1", "c"),
        ("content.msg.0", "s"),
        ("content.data.0", "zero"),
        ("content.data.content-type", "x/y"),
        ("content.none", None),
        ('"id": (\\d+), "price": 9', "1"),
    ],
)
def test_httprunner_2_reads(expression: str, value: Any) -> None:
    assert read(expression, "httprunner2") == value


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("content.nope", "failed"),
        ("content.data.", "failed"),
        ("content.data.tags.9", "failed"),
        ("content.data.tags.first", "failed"),
        ("content.code.y", "failed"),
        ("headers.nope", "failed"),
        ("cookies.nope", "failed"),
        ("ZZ(\\d+)", "failed"),
        ("LB(\\d+))", "error"),
        ("\\(x\\)", "error"),
        ("foo.bar", "error"),
        ("status_code.real", "error"),
        ("elapsed", "error"),
        ("elapsed.years", "error"),
        ("", "error"),
        (5, "error"),
        ("$.data.items[*].id", "error"),
        ("$lit", "error"),
    ],
)
def test_httprunner_2_refuses(expression: Any, kind: str) -> None:
    assert refusal(expression, "httprunner2").kind == kind


def test_the_word_body_came_with_httprunner_2_5() -> None:
    assert read("body.msg", "httprunner25") == "success"
    assert refusal("body.msg", "httprunner2").kind == "error"


def test_httprunner_2_reads_a_position_in_a_text_body() -> None:
    view = answer("abc", type="text/plain", dialect="httprunner2")

    assert read("content.2", "httprunner2", view) == "c"
    assert refusal("content.key", "httprunner2", view).kind == "failed"


def test_httprunner_2_reads_what_a_hook_set() -> None:
    view = answer(dialect="httprunner2")
    view.replace("mine", {"a": [7]})

    assert read("mine.a.0", "httprunner2", view) == 7


@pytest.mark.parametrize("dialect", ["httprunner3", "httprunner4"])
@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("status_code", 200),
        ("status_codex", None),
        ("body.data.id", 42),
        ("content.data.id", 42),
        ("json.code", 0),
        ("body.data.tags[0]", "a"),
        ("body.data.tags[9]", None),
        ("body.nope.more", None),
        ("body.data.items[*].id", [1, 2]),
        ("body.length(data.tags)", 3),
        ("length(body.data.tags)", "length(body.data.tags)"),
        ("headers.Content-Type", "application/json"),
        ('headers."Content-Type"', "application/json"),
        ("headers.nope", None),
        ("body.data.content-type", "x/y"),
        ("foo.bar", "foo.bar"),
        ("LB(\\d+)RB", "LB(\\d+)RB"),
        ("$.data.id", "$.data.id"),
        ("cookies", {}),
    ],
)
def test_httprunner_3_and_4_read(dialect: str, expression: str, value: Any) -> None:
    assert read(expression, dialect) == value


def test_httprunner_3_reads_a_position_after_a_dot() -> None:
    assert read("body.data.tags.0", "httprunner3") == "a"


def test_httprunner_4_refuses_a_position_after_a_dot() -> None:
    assert refusal("body.data.tags.0", "httprunner4").kind == "error"


@pytest.mark.parametrize("dialect", ["httprunner3", "httprunner4"])
def test_httprunner_3_and_4_refuse_broken_jmespath(dialect: str) -> None:
    assert refusal("body.[", dialect).kind == "error"


@pytest.mark.parametrize("word", ["reason", "ok", "url", "encoding", "text"])
def test_httprunner_3_takes_the_words_of_a_response_as_they_are(word: str) -> None:
    assert read(word, "httprunner3") == word


def test_httprunner_4_knows_the_words_of_a_response() -> None:
    view = answer("plain", type="text/plain; charset=utf-8", dialect="httprunner4")

    found = [read(word, "httprunner4", view) for word in ("reason", "ok", "text", "elapsed", "encoding")]

    assert found == ["OK", True, "plain", timedelta(milliseconds=12.5), "utf-8"]


def test_what_was_evaluated_is_not_rewritten() -> None:
    view = answer({"data": {"content-x": 1}}, dialect="httprunner3")

    assert compile_extract("content.data", "httprunner3", rewrite=False)(view) == "content.data"
