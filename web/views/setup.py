"""The one-time setup link: makes the county office's first account."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from archive import house
from web import setup_link
from web.access import public
from web.accounts import FirstAccount
from web.pages import page


@public
def setup(request: HttpRequest, token: str) -> HttpResponse:
    home = house.current().home
    if not setup_link.is_open(home, token):
        raise Http404
    form = FirstAccount(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return page(request, "setup.html", {"form": form}, status=400 if form.is_bound else 200)
    data = form.cleaned_data
    user = setup_link.use(home, token, data["username"], data["password"])
    if user is None:
        raise Http404
    login(request, user)
    messages.success(request, f"已建立县教研室账号「{user.username}」，设置链接随即作废。")
    return HttpResponseRedirect(reverse("home"))
