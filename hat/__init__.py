"""HAT: write HTTP API tests as cases, run them, and read why something failed."""

from __future__ import annotations

__version__ = "0.1.0"
