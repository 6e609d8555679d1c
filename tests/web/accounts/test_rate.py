"""How often a token may ask, counted over all processes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.people import Asker


@pytest.fixture(autouse=True)
def _forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that just began, in one long minute."""
    from hat.web.accounts import throttle

    monkeypatch.setattr(throttle, "_counts", {})
    monkeypatch.setattr("hat.web.accounts.throttle.time.time", lambda: 6_000_000_000.0)


def token(alice: Asker, **fields: Any) -> Asker:
    made = alice.post("/tokens", {"name": "ci", "scope": "read", **fields}).json()
    return Asker(token=made["secret"])


def test_a_token_that_asks_too_often_has_to_wait(alice: Asker, settings: Any) -> None:
    settings.HAT_TOKEN_RATE = 3
    script = token(alice)

    answers = [script.get("/me") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3].json()["code"] == "rate"
    assert 0 < int(answers[3]["Retry-After"]) <= 61


def test_another_token_and_the_pages_go_on(alice: Asker, settings: Any) -> None:
    settings.HAT_TOKEN_RATE = 2
    script = token(alice)
    for _ in range(3):
        script.get("/me")

    assert token(alice).get("/me").status_code == 200
    assert alice.get("/me").status_code == 200


def test_an_address_with_many_tokens_has_to_wait_too(alice: Asker, settings: Any) -> None:
    settings.HAT_TOKEN_RATE = 1
    scripts = [token(alice) for _ in range(5)]

    assert [script.get("/me").status_code for script in scripts] == [200, 200, 200, 200, 429]


def test_the_next_minute_begins_anew(alice: Asker, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from hat.web.accounts.models import Spent

    settings.HAT_TOKEN_RATE = 1
    script = token(alice)
    script.get("/me")
    assert script.get("/me").status_code == 429

    monkeypatch.setattr("hat.web.accounts.throttle.time.time", lambda: 6_000_000_180.0)

    assert script.get("/me").status_code == 200
    assert set(Spent.objects.values_list("minute", flat=True)) == {100_000_003}


def test_processes_count_together(alice: Asker, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from hat.web.accounts import throttle

    settings.HAT_TOKEN_RATE = 40
    script = token(alice)
    passed = 0
    for _ in range(4):
        monkeypatch.setattr(throttle, "_counts", {})
        passed += sum(script.get("/me").status_code == 200 for _ in range(20))

    assert 40 <= passed <= 46  # each process may be off by a twentieth


def test_most_uses_write_nothing(alice: Asker, settings: Any, django_assert_num_queries: Any) -> None:
    settings.HAT_TOKEN_RATE = 3000
    script = token(alice)
    script.get("/me")

    with django_assert_num_queries(1):  # the token with its user
        script.get("/me")


def test_no_rate_counts_nothing(alice: Asker, settings: Any) -> None:
    settings.HAT_TOKEN_RATE = 0
    script = token(alice)

    assert {script.get("/me").status_code for _ in range(5)} == {200}


def test_guessing_tokens_is_slowed_down(db: None) -> None:
    guess = Asker(token="hat_guess")
    for _ in range(60):
        assert guess.get("/me").status_code == 401

    answer = guess.get("/me")

    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
    assert int(answer["Retry-After"]) > 0
