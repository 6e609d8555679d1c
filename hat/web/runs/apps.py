"""The runs app."""

from __future__ import annotations

from django.apps import AppConfig


class Runs(AppConfig):
    name = "hat.web.runs"
    label = "runs"
