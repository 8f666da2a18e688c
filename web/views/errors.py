"""Django's own errors as pages of the house (templates/pages/failure.html)."""

from __future__ import annotations

from django.core.exceptions import TooManyFilesSent
from django.http import HttpRequest, HttpResponse

from web.failures import FAILURES, failed


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    code = "too_many_files" if isinstance(exception, TooManyFilesSent) else "bad_request"
    return failed(request, code)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`PermissionDenied(code)` may name one of FAILURES."""
    code = str(exception)
    return failed(request, code if code in FAILURES else "forbidden")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return failed(request, "not_found")


def server(request: HttpRequest) -> HttpResponse:
    return failed(request, "server")
