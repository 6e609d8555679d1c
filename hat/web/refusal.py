"""What the API answers instead of doing what was asked."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from hat.error import FormatError, HatError


@dataclass(frozen=True, slots=True)
class Fault:
    """One problem at one field; `path` is the field as the page knows it."""

    path: str
    message: str
    hint: str = ""
    line: int | None = None

    def as_dict(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value is not None}


class RefusedError(HatError):
    """Raised by services and access; becomes the error shape with its status."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        code: str = "bad_request",
        faults: Iterable[Fault] = (),
        hint: str = "",
        **extra: Any,
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.code = code
        self.faults = tuple(faults)
        self.extra = extra

    def as_dict(self) -> dict[str, Any]:
        return {
            "ok": False,
            "error": self.message,
            "code": self.code,
            "errors": [fault.as_dict() for fault in self.faults],
            "status": self.status,
            **({"hint": self.hint} if self.hint else {}),
            **self.extra,
        }


def missing(noun: str) -> RefusedError:
    """404, also for what exists but is not the asker's business."""
    return RefusedError(f"there is no such {noun}", status=404, code="not_found")


def forbidden(message: str = "your role does not allow this") -> RefusedError:
    return RefusedError(message, status=403, code="forbidden")


def invalid(path: str, message: str, *, hint: str = "") -> RefusedError:
    """422 with one problem at one field."""
    return invalid_all([Fault(path, message, hint)])


def invalid_all(faults: Iterable[Fault]) -> RefusedError:
    """422 with every problem at its field; the sentence is the first of them."""
    listed = list(faults)
    head = f"{listed[0].path}: {listed[0].message}" if listed[0].path else listed[0].message
    more = f" (and {len(listed) - 1} more)" if len(listed) > 1 else ""
    return RefusedError(head + more, status=422, code="invalid", faults=listed)


def refuse_unknown(field: str, ids: Sequence[int], known: Container[int], sentence: str) -> None:
    """422 at the place of every id that is not known; the sentence has `{}` for the id."""
    faults = [
        Fault(f"{field}[{place}]", sentence.format(pk)) for place, pk in enumerate(ids) if pk not in known
    ]
    if faults:
        raise invalid_all(faults)


def conflict(message: str, **extra: Any) -> RefusedError:
    """409: somebody else was faster."""
    return RefusedError(message, status=409, code="conflict", **extra)


def fault_of(problem: FormatError) -> Fault:
    """A problem of a document or file as a fault of the API."""
    return Fault(problem.path, problem.message, problem.hint, problem.line)
