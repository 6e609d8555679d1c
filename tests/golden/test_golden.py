"""Every kind of failure looks as it did: console text, messages and result JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden.render import CASES, HERE, expected, outputs

FORMS = (
    r"TLS: the certificate has expired",
    r"by way of the proxy 127\.0\.0\.1:PORT",
    r"unknown comparator 'equls'\n *hint: did you mean 'equals'\?",
    r"variable 'tokn' is not defined",
    r"status_code: expected 200, got 404",
    r": no response within 0\.2 s",
    r"hides \"config\"  from the case's config at why",
    r"the body is longer than the 1 MB that are read of it\n *hint: ",
    r"sign\(\) in debugtalk\.py:\d+ raised ValueError: key is empty",
)


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_it_shows_what_is_kept(case: Path, places: dict[str, str]) -> None:
    assert outputs(case, places) == expected(case)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_message_is_among_them(form: str) -> None:
    import re

    texts = [path.read_text(encoding="utf-8") for path in HERE.glob("*/*.txt")]
    texts += [path.read_text(encoding="utf-8") for path in HERE.glob("*/*.err")]

    assert any(re.search(form, text) for text in texts)
