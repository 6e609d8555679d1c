"""The site map: the API, its docs, and the application for everything else."""

from __future__ import annotations

from functools import partial

from django.urls import path, re_path
from ninja.openapi.views import openapi_view

from hat.web import demo, health
from hat.web.accounts import oidc
from hat.web.api import api
from hat.web.pages import index

handler400 = "hat.web.pages.bad_request"
handler404 = "hat.web.pages.not_found"
handler500 = "hat.web.pages.server_fault"

urlpatterns = [
    path("api/v1/", api.urls),
    path("api/docs", partial(openapi_view, api=api), name="docs"),
    *health.urls,
    *demo.urls,
    *oidc.urls,
    re_path(r"^(?!api/|static/).*$", index),
]
