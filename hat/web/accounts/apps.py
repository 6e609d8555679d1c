"""The accounts app."""

from __future__ import annotations

from django.apps import AppConfig


class Accounts(AppConfig):
    name = "hat.web.accounts"
    label = "accounts"
