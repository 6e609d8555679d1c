"""The alerts app."""

from __future__ import annotations

from django.apps import AppConfig


class Alerts(AppConfig):
    name = "hat.web.alerts"
    label = "alerts"
