"""Searches of cases, with a time limit: one that never ends must not stop the whole process."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from threading import Thread
from time import monotonic
from typing import Any, Final

LIMIT_S: Final = 2.0
SHORT_S: Final = 0.25  # what is always allowed, however many slow ones there were
_RECOVERY: Final = 0.1  # seconds allowed again for each second
_MOST_LEFT: Final = 4  # searches nobody waits for any more
# What the library behind would take for "nearly so many", and Python takes as it stands.
_BRACE: Final = re.compile(r"(?<!\\N)((?<!\\)(?:\\\\)*)\{(?=[deis])")


class SlowPatternError(ValueError):
    """Raised when a search takes longer than the limit."""


class Patience:
    """How long a search may hold the loop: long once, then short, until time has passed.

    `owes` says that one was slow: whoever has more of them lets others have a turn first.
    """

    def __init__(self) -> None:
        self.owes = False
        self._left = LIMIT_S
        self._at = monotonic()

    def granted(self) -> float:
        """The seconds the next search may take."""
        now = monotonic()
        self._left = min(LIMIT_S, self._left + (now - self._at) * _RECOVERY)
        self._at = now
        return max(self._left, min(SHORT_S, LIMIT_S))

    def note(self, elapsed_s: float) -> None:
        """What it took."""
        if elapsed_s > min(SHORT_S, LIMIT_S) / 2:
            self.owes = True
            self._left = max(0.0, self._left - elapsed_s)


PATIENCE: Final = Patience()
_left: Final[list[Thread]] = []


def limited(find: Callable[[], Any]) -> Any:
    """What a search gives that nobody can stop; one that takes too long goes on without being waited for."""
    _left[:] = [thread for thread in _left if thread.is_alive()]
    if len(_left) >= _MOST_LEFT:
        raise SlowPatternError("several searches that take too long are still under way")
    given: list[Any] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            given.append(find())
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is waited for
            failed.append(error)

    limit_s, begun = PATIENCE.granted(), monotonic()
    thread = Thread(target=work, daemon=True)
    thread.start()
    thread.join(limit_s)
    PATIENCE.note(monotonic() - begun)
    if failed:
        raise failed[0]
    if given:
        return given[0]
    _left.append(thread)
    raise SlowPatternError(f"the search takes longer than {limit_s:.2g} s")


class Pattern:
    """An expression as Python's `re` understands it; `re.error` when it is none."""

    def __init__(self, text: str) -> None:
        import regex  # noqa: PLC0415  costs 17 ms at start-up, and few cases use expressions

        self.groups = re.compile(text).groups
        self._compiled = regex.compile(_BRACE.sub(r"\1\\{", text), regex.VERSION0)

    def search(self, text: str) -> Any:
        """The first place that fits; None without one."""
        return self._limited(self._compiled.search, text)

    def match(self, text: str) -> Any:
        """What fits at the beginning of the text; None when nothing does."""
        return self._limited(self._compiled.match, text)

    def _limited(self, find: Any, text: str) -> Any:
        limit_s, begun = PATIENCE.granted(), monotonic()
        try:
            return find(text, timeout=limit_s, concurrent=True)
        except TimeoutError:
            raise SlowPatternError(f"the search takes longer than {limit_s:.2g} s") from None
        finally:
            PATIENCE.note(monotonic() - begun)


@lru_cache(maxsize=512)
def pattern(text: str) -> Pattern:
    """The expression, compiled once."""
    return Pattern(text)
