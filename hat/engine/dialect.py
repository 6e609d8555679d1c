"""The dialects as a table of choices: what the same file means in HttpRunner 2, 3, 4 and in HAT."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace


class Syntax(Struct, frozen=True):
    """How `$name` and `${function(arguments)}` are found in a text; `name` is what a name looks like.

    `strips` says which texts lose the blanks around them; `gives_up` that a text is plain when
    its first `$` is neither an escape, a variable nor a call; `exact` that numbers stand in a text as they
    were written.
    """

    name: str
    strips: Literal["", "templates", "texts"] = ""
    gives_up: bool = False
    exact: bool = False

    @property
    def variable(self) -> re.Pattern[str]:
        """A variable, its name in the first or second group."""
        return _variable(self.name)

    @property
    def call(self) -> re.Pattern[str]:
        """A call, its groups the name of the function and the arguments."""
        return _call(self.name)


@lru_cache
def _variable(name: str) -> re.Pattern[str]:
    return re.compile(rf"\$\{{({name})\}}|\$({name})")


@lru_cache
def _call(name: str) -> re.Pattern[str]:
    return re.compile(rf"\$\{{({name})\(([\$\w\.\-/\s=,]*)\)\}}")


class Dialect(Struct, frozen=True, kw_only=True):
    """One row of the table; see docs/compatibility.md."""

    name: str
    syntax: Syntax
    step_wins: bool  # step variables over extracted and config; else extracted over config over step
    goes_on: bool  # steps after a failed one still run
    answers_zero: bool  # a transport problem is an answer with status 0
    verify: bool  # TLS verification when nobody says anything
    step_verify: bool  # the step's own `verify` counts
    names_first: bool  # unknown names are found before anything is sent
    evaluates_names: bool  # names of steps hold variables
    own_comparators: bool  # functions of debugtalk.py compare
    reads_twice: bool  # an evaluated left side of a check is looked up again as a path
    stops_at_error: bool  # a check that is an error hides the others
    keeps_going_in_step: bool  # a failed extract does not end the step
    failed_keeps: bool  # what a step extracted is kept when a check of it fails
    exports_config: bool  # a case hands config variables on, not only extracted ones
    hooks_assert: bool  # an AssertionError in a hook is a failure, not an error
    fails_fast_by_case: bool  # fail fast ends the case, not the run
    parses_urls: bool  # base_url is joined by parsing both
    json_key: str  # what hooks call the JSON body in `$request`
    hides_url: bool = False  # `$request` has no url
    methods: tuple[str, ...] = ()  # others are refused; empty: any


_DIGITS_FIRST = Syntax(r"\w+", strips="templates", gives_up=True)
_LETTERS_FIRST = Syntax(r"[a-zA-Z_]\w*", strips="texts")
_ANY_LETTERS_FIRST = Syntax(r"[^\W\d]\w*")  # letters of any script

_HTTPRUNNER2 = Dialect(
    name="httprunner2",
    syntax=_DIGITS_FIRST,
    step_wins=False,
    goes_on=True,
    answers_zero=False,
    verify=True,
    step_verify=True,
    names_first=True,
    evaluates_names=True,
    own_comparators=True,
    reads_twice=False,
    stops_at_error=True,
    keeps_going_in_step=False,
    failed_keeps=True,
    exports_config=True,
    hooks_assert=True,
    fails_fast_by_case=True,
    parses_urls=False,
    json_key="json",
    hides_url=True,
    methods=("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"),
)
_HTTPRUNNER25 = replace(
    _HTTPRUNNER2,
    name="httprunner25",
    syntax=replace(_DIGITS_FIRST, strips=""),
    hides_url=False,
    methods=(),
)
_HTTPRUNNER3 = Dialect(
    name="httprunner3",
    syntax=_LETTERS_FIRST,
    step_wins=True,
    goes_on=False,
    answers_zero=True,
    verify=False,
    step_verify=False,
    names_first=False,
    evaluates_names=False,
    own_comparators=False,
    reads_twice=True,
    stops_at_error=True,
    keeps_going_in_step=False,
    failed_keeps=False,
    exports_config=False,
    hooks_assert=False,
    fails_fast_by_case=True,
    parses_urls=False,
    json_key="req_json",
)
_HTTPRUNNER4 = Dialect(
    name="httprunner4",
    syntax=_LETTERS_FIRST,
    step_wins=True,
    goes_on=False,
    answers_zero=True,
    verify=False,
    step_verify=False,
    names_first=False,
    evaluates_names=False,
    own_comparators=False,
    reads_twice=True,
    stops_at_error=True,
    keeps_going_in_step=False,
    failed_keeps=False,
    exports_config=False,
    hooks_assert=False,
    fails_fast_by_case=True,
    parses_urls=True,
    json_key="req_json",
)
_HAT = Dialect(
    name="hat",
    syntax=replace(_ANY_LETTERS_FIRST, exact=True),
    step_wins=True,
    goes_on=False,
    answers_zero=False,
    verify=True,
    step_verify=True,
    names_first=False,
    evaluates_names=True,
    own_comparators=True,
    reads_twice=False,
    stops_at_error=False,
    keeps_going_in_step=True,
    failed_keeps=True,
    exports_config=True,
    hooks_assert=True,
    fails_fast_by_case=False,
    parses_urls=False,
    json_key="json",
)

DIALECT = {row.name: row for row in (_HAT, _HTTPRUNNER2, _HTTPRUNNER25, _HTTPRUNNER3, _HTTPRUNNER4)}
