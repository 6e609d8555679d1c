"""Log lines: which request and which run each belongs to, as text or as JSON (HAT_LOG_FORMAT)."""

from __future__ import annotations

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("hat_request_id", default="-")
run_id: ContextVar[int | None] = ContextVar("hat_run_id", default=None)


class Origin(logging.Filter):
    """Puts the request and the run on every line."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        record.run_id = "-" if (run := run_id.get()) is None else run
        return True


class JsonLine(logging.Formatter):
    """One JSON object a line, for a collector of logs."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
        }
        if (request := request_id.get()) != "-":
            line["request_id"] = request
        if (run := run_id.get()) is not None:
            line["run_id"] = run
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
