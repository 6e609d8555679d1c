"""The projects app."""

from __future__ import annotations

from django.apps import AppConfig


class Projects(AppConfig):
    name = "hat.web.projects"
    label = "projects"
