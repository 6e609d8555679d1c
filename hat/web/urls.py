"""The site map: the API, its docs, and the application for everything else."""

from __future__ import annotations

from django.urls import path, re_path

from hat.web.api import api
from hat.web.pages import index

handler404 = "hat.web.pages.not_found"
handler500 = "hat.web.pages.server_fault"

urlpatterns = [
    path("api/", api.urls),
    re_path(r"^(?!api/|static/).*$", index),
]
