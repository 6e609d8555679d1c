"""Every page is one file: the built application, for each address that is not the API."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from hat.web.middleware import fault_response

_MISSING = """<!doctype html><html lang="en"><meta charset="utf-8"><title>HAT</title>
<h1>The pages are not built</h1>
<p>The API works, but the folder <code>hat/web/dist</code> is empty. Build the pages with
<code>python3 start.py</code>, or unset <code>HAT_SKIP_FRONTEND</code> and install HAT again.</p></html>
"""


@require_safe
def index(_request: HttpRequest) -> HttpResponse:
    """The application; 503 with a plain hint when it was not built."""
    try:
        page = (settings.DIST / "app" / "index.html").read_bytes()
    except FileNotFoundError:
        return HttpResponse(_MISSING, status=503)
    response = HttpResponse(page)
    response["Cache-Control"] = "no-cache"
    return response


def not_found(_request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 in the error shape; pages of the application never come here."""
    return fault_response(404)


def bad_request(_request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; the usual reason is a host name that nobody told HAT about."""
    if isinstance(exception, DisallowedHost):
        words = "HAT does not know this host name; add it to HAT_ALLOWED_HOSTS and start again"
        return fault_response(400, words, "unknown_host")
    return fault_response(400)


def csrf_failure(_request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 when a page forgot its CSRF token."""
    return fault_response(403, "the page is out of date; load it again", "csrf")


def server_fault(_request: HttpRequest) -> HttpResponse:
    """500 with the id under which the log holds the traceback."""
    return fault_response(500)
