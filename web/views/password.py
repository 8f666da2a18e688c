"""Changing one's own password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from archive.models import Profile
from web.access import Visit, before_new_password
from web.accounts import NewPassword
from web.pages import page


@before_new_password
def password(request: Visit) -> HttpResponse:
    form = NewPassword(request.user, request.POST or None)
    profile = Profile.objects.get(user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        Profile.objects.filter(user=request.user).update(one_time=False)
        update_session_auth_hash(request, form.user)
        messages.success(request, "密码已改好，下次登录请用新密码；其他电脑上的登录已退出。")
        return HttpResponseRedirect(reverse("home"))
    context = {"form": form, "one_time": profile.one_time}
    return page(request, "password.html", context, status=400 if form.is_bound else 200)
