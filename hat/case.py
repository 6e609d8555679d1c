"""What a test says: Case, Step, Request, Check, Environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import astuple, replace

DIALECTS = ("hat", "httprunner2", "httprunner25", "httprunner3", "httprunner4")
HTTPRUNNER_2 = ("httprunner2", "httprunner25")


class AuthType(Struct, frozen=True):
    """The fields of one type of `auth`."""

    needed: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


AUTH_TYPES: Mapping[str, AuthType] = {
    "none": AuthType(),
    "basic": AuthType((), ("username", "password", "user")),
    "digest": AuthType(("username", "password")),
    "bearer": AuthType(("token",)),
    "api_key": AuthType(("name", "value"), ("in",)),
    "oauth2": AuthType(
        ("token_url",),
        (
            *("grant", "client_id", "client_secret", "client_auth", "scope", "audience"),
            *("username", "password", "refresh_token"),
        ),
    ),
    "certificate": AuthType(("cert",), ("key", "password")),
}
SECRET_AUTH_FIELDS = ("password", "token", "value", "client_secret", "refresh_token")


class Check(Struct, frozen=True, gc=False):
    """One line of `validate`: the actual expression, the comparator and the expected value, as written."""

    check: Any
    comparator: str
    expect: Any
    message: Any = ""
    place: str = ""
    inherited: bool = False


class Skip(Struct, frozen=True, gc=False):
    """A condition under which a step or case is left out."""

    kind: Literal["skip", "skipIf", "skipUnless"]
    condition: Any


class Retry(Struct, frozen=True):
    """A step is tried again `until` a check holds, every `interval` seconds, within `timeout` seconds."""

    until: Any = None
    interval: float = 1.0
    timeout: float = 30.0


class ForEach(Struct, frozen=True):
    """A step runs once for each item of a list; names joined by `-` take an item apart."""

    names: str
    items: Any


class While(Struct, frozen=True):
    """A step runs again as long as the condition holds; still after `most` times is an error."""

    condition: Any
    most: int = 100


class Request(Struct, frozen=True, gc=False):
    """What is asked: the fields of `request` as written (method, url, params, headers, json, data ...)."""

    fields: Mapping[str, Any]

    @property
    def method(self) -> Any:
        return self.fields.get("method")

    @property
    def url(self) -> Any:
        return self.fields.get("url")


class Step(Struct, frozen=True, kw_only=True, gc=False):
    """One request, a call of another case or of a function, or a group of steps; texts are as written.

    `phase` says in which part of the case it stands: setup, teardown, or neither.
    """

    name: Any = ""
    id: str = ""
    description: str = ""
    enabled: bool = True
    place: str = ""
    request: Request | None = None
    case: Case | None = None
    function: Any = None
    steps: tuple[Step, ...] = ()
    base_url: Any = ""
    variables: Mapping[str, Any] | str = {}
    extract: tuple[tuple[str, Any], ...] = ()
    validate: tuple[Check, ...] = ()
    export: tuple[str, ...] = ()
    setup_hooks: tuple[Any, ...] = ()
    teardown_hooks: tuple[Any, ...] = ()
    skip: tuple[Skip, ...] = ()
    times: int = 1
    parameters: Any = None
    for_each: ForEach | None = None
    loop: While | None = None
    retry: Retry | None = None
    goes_on: bool = False
    always: bool = False
    wait_s: Any = None
    condition: Any = None
    auth: Any = None
    script: tuple[str, ...] = ()  # lines of `validate_script` in HttpRunner 2.5
    phase: Literal["", "setup", "teardown"] = ""
    problem: str = ""  # fails the step once it was carried out


class Need(Struct, frozen=True):
    """A case that another one needs; it runs once per run. `key` is the same for all who need it."""

    name: str
    case: Case
    key: str


class Case(Struct, frozen=True, kw_only=True, eq=False, gc=False):
    """A list of steps with its own variables; the unit that passes or fails.

    `locate` finds the line of a path such as `teststeps[0].request.url` in `file`, only when somebody asks.
    `key` is the caller's own name for the case; it comes back in the result. `env` holds the values of
    the .env file in `root`, the folder of debugtalk.py, where paths in the case begin. For those who need
    it, what it exports `expires` after so many seconds, and `needed_as` is their `Need.key`.
    """

    name: Any
    dialect: str = "hat"
    file: str = ""
    root: str = ""
    env: Mapping[str, str] = {}
    key: str = ""
    module: str = ""
    tags: tuple[str, ...] = ()
    base_url: Any = ""
    variables: Mapping[str, Any] | str = {}
    parameters: Any = None
    times: int = 1
    needs: tuple[Need, ...] = ()
    expires: Any = None
    needed_as: str = ""
    verify: Any = None
    export: tuple[str, ...] = ()
    exports_by_name: bool = True
    setup_hooks: tuple[Any, ...] = ()
    teardown_hooks: tuple[Any, ...] = ()
    skip: tuple[Skip, ...] = ()
    headers: Mapping[str, Any] = {}
    auth: Any = None
    steps: tuple[Step, ...] = ()
    locate: Callable[[str], int | None] | None = None

    def __eq__(self, other: object) -> bool:
        """Whether two cases say the same, wherever they stand."""
        if not isinstance(other, Case):
            return NotImplemented
        return astuple(replace(self, locate=None)) == astuple(replace(other, locate=None))

    def __hash__(self) -> int:
        return hash((self.file, self.key))

    def place(self, path: str) -> str:
        """`file:line: path` for a message, as much of it as is known."""
        line = self.locate(path) if self.locate else None
        head = f"{self.file}:{line}" if self.file and line else self.file
        return ": ".join(part for part in (head, path) if part)


class Environment(Struct, frozen=True, kw_only=True):
    """A named base URL with variables and secrets of a project.

    `overrides` win over the variables of a case's config (`--var`); `env` is what `${ENV(name)}` reads, in
    front of the .env file; `services` are base URLs by name, variables of that name too.
    """

    name: str = ""
    base_url: str = ""
    services: Mapping[str, str] = {}
    variables: Mapping[str, Any] = {}
    secrets: Mapping[str, str] = {}
    overrides: Mapping[str, Any] = {}
    headers: Mapping[str, str] = {}
    env: Mapping[str, str] = {}
    verify: bool | str | None = None
    proxies: Mapping[str, str] = {}
    auth: Any = None
