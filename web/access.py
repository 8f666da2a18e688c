"""Default deny. Every route needs a signed-in user unless its view says `@public`.

The middleware also puts the security headers on every answer and turns the archive's errors into
pages (or JSON below /api/) with their code, sentence and remedy. `tests/web/test_access.py` walks
the route table and proves the rule.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from archive.models import Profile
from archive.scope import Scope
from web import failures, words
from web.links import link

#: No inline script or style, nothing from elsewhere, no frames, forms only to ourselves.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
View = TypeVar("View", bound=Callable[..., HttpResponse])


class Visit(HttpRequest):
    """A request of a signed-in user. `scope` is what the user may see and do, `back` the address
    of the page of forms where a refusal should lead back to it."""

    user: User
    profile: Profile | None
    scope: Scope
    back: str


def public(view: View) -> View:
    """Mark a view as open to everyone, also before anybody signed in."""
    view.public = True  # type: ignore[attr-defined]
    return view


def county_only(view: View) -> View:
    """Mark a view as the county office's: a school user gets 403."""
    view.county_only = True  # type: ignore[attr-defined]
    return view


def before_new_password(view: View) -> View:
    """Mark a view that a user with a one-time password may still reach."""
    view.before_new_password = True  # type: ignore[attr-defined]
    return view


class DefaultDeny:
    """Middleware; the last one, so that the user is known and every answer passes through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        words.forget()
        _introduce(request)
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        # Pages hold names and marks of people: no shared cache and no copy on the disk of the
        # computer in the staff room.
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if getattr(view, "public", False):
            return None
        if not request.user.is_authenticated:
            return _turn_away(request)
        visit = cast(Visit, request)
        if visit.profile is None:
            raise PermissionDenied("account")
        if visit.profile.one_time and not getattr(view, "before_new_password", False):
            return failures.redirect_or_refuse(request, reverse("password"), "password")
        if getattr(view, "county_only", False) and not visit.scope.may_manage:
            raise PermissionDenied("county")
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, failures.TELLING):
            return failures.refused(request, error)
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            return failures.failed(request, "disk_full")
        return None


def _introduce(request: HttpRequest) -> None:
    """Say who is asking, also on pages that no view answers (404): one statement."""
    if not request.user.is_authenticated:
        return
    visit = cast(Visit, request)
    visit.profile = Profile.objects.filter(user=visit.user).first()
    if visit.profile is not None:
        visit.scope = Scope(visit.profile.role, visit.profile.unit_id)


def _turn_away(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, back to where the visitor wanted to go; to nobody before setup."""
    if not User.objects.exists():
        return failures.not_set_up(request)
    wanted = request.get_full_path() if request.method == "GET" else ""
    if request.headers.get("HX-Request"):
        # htmx follows a redirect inside the polled part; this header makes the page go instead.
        response = HttpResponse(status=401)
        response["HX-Redirect"] = reverse("sign-in")
        return response
    return failures.redirect_or_refuse(request, link("sign-in", next=wanted), "sign_in")
