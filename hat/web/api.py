"""The one HTTP API: mounts the routers of the apps."""

from __future__ import annotations

from ninja import NinjaAPI

api = NinjaAPI(title="HAT")
