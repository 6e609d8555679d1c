"""Variables that need each other, and which layer wins."""

from __future__ import annotations

from typing import Any

import pytest

from hat.engine import loop
from hat.engine.calls import Caller
from hat.engine.dialect import DIALECT
from hat.engine.scope import Scope, bind
from hat.engine.template import RenderError

CALLER = Caller("hat")


def resolve(variables: dict[str, Any], outer: dict[str, Any], dialect: str = "hat") -> dict[str, Any]:
    """The values of variables seen from a layer around them."""
    bindings = bind(variables, DIALECT[dialect], "variables", drops_own_name=DIALECT[dialect].step_wins)
    return loop.run(bindings.resolve(CALLER, outer))


@pytest.mark.parametrize("reverse", [False, True], ids=["needed first", "needed last"])
def test_variables_may_stand_in_any_order(reverse: bool) -> None:
    lines = [("a", 1), ("b", "$a"), ("c", ["$b"]), ("d", "x$a$b"), ("e", {"f": "$c"})]
    variables = dict(reversed(lines) if reverse else lines)

    assert resolve(variables, {}) == {"a": 1, "b": 1, "c": [1], "d": "x11", "e": {"f": [1]}}


def test_a_long_chain_resolves() -> None:
    variables: dict[str, Any] = {f"v{n}": f"$v{n + 1}" for n in range(200)}

    assert resolve({**variables, "v200": "end"}, {})["v0"] == "end"


def test_a_name_that_repeats_itself_takes_the_outer_value() -> None:
    assert resolve({"a": "$a", "b": "${b}", "c": 1}, {"a": 1, "b": 2}) == {"c": 1}


CIRCLES = [
    ({"a": "$b", "b": "$a"}, "variables need each other: a -> b -> a"),
    ({"x": 1, "a": "$b", "b": "$c", "c": "$b"}, "variables need each other: b -> c -> b"),
    ({"a": "x$a"}, "variable 'a' is not defined"),
]


@pytest.mark.parametrize(("variables", "message"), CIRCLES, ids=["two", "three", "itself"])
def test_a_circle_is_an_error(variables: dict[str, Any], message: str) -> None:
    with pytest.raises(RenderError) as caught:
        resolve(variables, {})

    assert caught.value.message == message


LAYERS = [
    ("hat", "step"),
    ("httprunner4", "step"),
    ("httprunner3", "step"),
    ("httprunner2", "extracted"),
]


@pytest.mark.parametrize(("dialect", "winner"), LAYERS)
def test_one_layer_wins(dialect: str, winner: str) -> None:
    scope = Scope(DIALECT[dialect], {"v": "environment", "e": "environment"}, {"v": "config", "c": "config"})
    scope.extract({"v": "extracted"}, "a step")

    seen = loop.run(scope.for_step(bind({"v": "step"}, DIALECT[dialect], "variables"), CALLER))

    assert seen == {"v": winner, "e": "environment", "c": "config"}
