"""A column for JSON that keeps key order, big integers and odd characters on every database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from hat.number import json_writer, read_json

if TYPE_CHECKING:
    _Text = models.TextField[Any, Any]
else:
    _Text = models.TextField


_write = json_writer(separators=(",", ":"))


class JsonText(_Text):
    """JSON as text: PostgreSQL's jsonb would sort the keys and refuse a NUL."""

    if TYPE_CHECKING:
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any
        _pyi_lookup_exact_type: Any

    def from_db_value(self, value: str | None, _expression: object, _connection: object) -> Any:
        return None if value is None else read_json(value)

    def to_python(self, value: Any) -> Any:
        return read_json(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> str:
        return _write(value)

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))
