"""The audit app."""

from __future__ import annotations

from django.apps import AppConfig


class Audit(AppConfig):
    name = "hat.web.audit"
    label = "audit"
