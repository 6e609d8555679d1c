"""Read a date as HTTP headers and certificates write it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_CLOCK: Final = r"(?P<hour>\d{1,2}):(?P<minute>\d\d):(?P<second>\d\d)"
_DATES: Final = (
    rf"(?P<day>\d{{1,2}})[ -](?P<month>[A-Za-z]{{3}})[a-z]*[ -](?P<year>\d{{2,4}})\s+{_CLOCK}",
    rf"(?P<month>[A-Za-z]{{3}})\s+(?P<day>\d{{1,2}})\s+{_CLOCK}\s+(?P<year>\d{{4}})",
)


def unix_time(text: str) -> float | None:
    """Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT` and its older forms; None when it is no date."""
    for pattern in _DATES:
        match = re.search(pattern, text)
        month = _MONTHS.get(match["month"].lower()) if match else None
        if match and month:
            day, hour, minute, second = (int(match[name]) for name in ("day", "hour", "minute", "second"))
            try:
                return datetime(
                    _year(match["year"]), month, day, hour, minute, second, tzinfo=UTC
                ).timestamp()
            except ValueError:
                return None
    return None


def _year(text: str) -> int:
    """The year in full; two digits are of this century up to 69 (RFC 6265)."""
    year = int(text)
    return year + (2000 if year < 70 else 1900) if len(text) == 2 else year
