"""`$response` as a hook sees it: an object whose attributes may be read, changed and added."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any


class Headers(dict[str, Any]):
    """Headers by name in any case."""

    def __getitem__(self, name: str) -> Any:
        return super().__getitem__(self._known(name))

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(self._known(name), value)

    def __delitem__(self, name: str) -> None:
        super().__delitem__(self._known(name))

    def __contains__(self, name: object) -> bool:
        return super().__contains__(self._known(name))

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(self._known(name), default)

    def _known(self, name: Any) -> Any:
        """The spelling the header came with."""
        if not super().__contains__(name) and isinstance(name, str):
            lower = name.lower()
            for own in self:
                if own.lower() == lower:
                    return own
        return name


class HookResponse:
    """The answer of a step, for hooks; what a hook touches or adds goes back."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self.__dict__["_fields"] = fields

    def __getattr__(self, name: str) -> Any:
        fields = self.__dict__["_fields"]
        if name == "resp_obj":
            return Raw(fields)
        if name not in fields:
            raise AttributeError(
                f"the response has no attribute {name!r}; there are {', '.join(sorted(fields))}"
            )
        value = shaped(name, fields[name])
        self.__dict__[name] = value
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self.__dict__["_fields"])

    def __repr__(self) -> str:
        return f"<Response [{self.status_code}]>"


class Raw:
    """The answer in the shape of the requests library, where `json()` is a method; read only."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self._fields = fields

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._fields:
            raise AttributeError(name)
        return shaped(name, self._fields[name])

    def json(self, **_: Any) -> Any:
        """The body as JSON."""
        return self._fields["json"]

    def __repr__(self) -> str:
        return f"<Response [{self._fields.get('status_code')}]>"


def shaped(name: str, value: Any) -> Any:
    """The attribute in the type the requests library gives it."""
    if name == "headers" and isinstance(value, dict):
        return Headers(value)
    if name == "elapsed" and isinstance(value, (int, float)):
        return datetime.timedelta(seconds=value)
    return value


HookResponse.__name__ = "ResponseObject"  # as HttpRunner calls it, which functions may look at


def touched(response: HookResponse) -> dict[str, Any]:
    """What the hook changed or added, and what it may have changed: a mapping or list that it read."""
    fields: dict[str, Any] = vars(response)["_fields"]
    return {
        name: value
        for name, value in vars(response).items()
        if name != "_fields" and not _is_only_read(name, value, fields)
    }


def _is_only_read(name: str, value: Any, fields: dict[str, Any]) -> bool:
    """Whether it is as it came, and of a kind that cannot change."""
    if isinstance(value, (dict, list)) or name not in fields:
        return False
    return value is fields[name] or (name == "elapsed" and value == shaped(name, fields[name]))
