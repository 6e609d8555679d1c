"""Scripts and styles of the built pages, also when they are built again while HAT runs."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware

from hat.web.middleware import fault_response


class Assets(WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise looks once, at the start; a file that came or went since then is looked for again."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if path.startswith(self.static_prefix) and path not in self.files:
            if (found := self.find_file(path)) is None:
                return fault_response(404)
            self.files[path] = found
        try:
            answer: HttpResponseBase = super().__call__(request)
        except FileNotFoundError:
            self.files.pop(path, None)
            return fault_response(404)
        return answer
