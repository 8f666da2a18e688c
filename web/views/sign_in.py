"""Signing in and out."""

from __future__ import annotations

from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from web import accounts
from web.access import before_new_password, public
from web.failures import failed, not_set_up
from web.pages import page


@public
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return HttpResponseRedirect(_wanted(request))
    if not User.objects.exists():
        return not_set_up(request)
    if request.method != "POST":
        return page(request, "sign_in.html", {"form": AuthenticationForm(request)})
    username, address = request.POST.get("username", ""), request.META.get("REMOTE_ADDR", "")
    if accounts.too_many_tries(username, address):
        return failed(request, "slow_down")
    form = AuthenticationForm(request, data=request.POST)
    if not form.is_valid():
        accounts.count_failure(username, address)
        return page(request, "sign_in.html", {"form": form}, status=400)
    accounts.forget_failures(username)
    login(request, form.get_user())
    return HttpResponseRedirect(_wanted(request))


@before_new_password
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect(reverse("sign-in"))


def _wanted(request: HttpRequest) -> str:
    """Where the visitor was going, if that is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return wanted
    return reverse("home")
