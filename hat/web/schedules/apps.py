"""The schedules app."""

from __future__ import annotations

from django.apps import AppConfig


class Schedules(AppConfig):
    name = "hat.web.schedules"
    label = "schedules"
