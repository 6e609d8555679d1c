"""The table of the audit log; it names what it speaks of, so that it outlives every object."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.db import models


class Entry(models.Model):
    """One deed; written once. Ids are plain numbers: what they point to may be gone."""

    at = models.DateTimeField(auto_now_add=True)
    user_id = models.BigIntegerField(null=True)
    user_name = models.CharField(max_length=150, blank=True)
    token_name = models.CharField(max_length=150, blank=True)
    address = models.CharField(max_length=64, blank=True)
    action = models.CharField(max_length=32)
    noun = models.CharField(max_length=32)
    object_id = models.BigIntegerField(null=True)
    object_name = models.CharField(max_length=500, blank=True)
    project_id = models.BigIntegerField(null=True)
    project_name = models.CharField(max_length=200, blank=True)
    changed = models.TextField(default="[]")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["project_id", "-id"], name="entry_of_project"),
            models.Index(fields=["noun", "object_id", "-id"], name="entry_of_object"),
            models.Index(fields=["user_name", "-id"], name="entry_of_user"),
            models.Index(fields=["at"], name="entry_at"),
        ]

    def __str__(self) -> str:
        return f"{self.user_name} {self.action} {self.noun} {self.object_name}"

    @property
    def changes(self) -> list[dict[str, Any]]:
        """The fields that changed, each with its values before and after."""
        read: list[dict[str, Any]] = json.loads(self.changed)
        return read
