"""Accounts, kept by the county office. One-time passwords are shown once, on the answer."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.models import User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from archive.models import Profile
from web import words
from web.access import Visit, county_only
from web.accounts import Issued, issue, reissue, schools_without_account
from web.pages import page


@county_only
def users(request: Visit) -> HttpResponse:
    if request.method == "POST":
        everyone = request.POST.get("for") == "schools"
        return _for_all_schools(request) if everyone else _make(request)
    return _list(request)


def _list(
    request: Visit, issued: list[Issued] | None = None, fault: str = "", status: int = 200
) -> HttpResponse:
    rows = User.objects.select_related("profile").order_by("profile__role", "username")
    register = words.register()
    context = {
        "rows": list(rows.filter(profile__isnull=False)),
        "schools": register.schools(),
        "without": schools_without_account(register),
        "issued": issued or [],
        "fault": fault,
        "sent": request.POST,
    }
    return page(request, "users.html", context, status=status)


def _make(request: Visit) -> HttpResponse:
    unit = words.register().units.get(request.POST.get("unit", ""))
    role = Profile.COUNTY if request.POST.get("role") == Profile.COUNTY else Profile.SCHOOL
    username = request.POST.get("username", "").strip()
    if role == Profile.SCHOOL and unit is None:
        return _list(request, fault="学校账号要选定一所学校", status=400)
    username = username or (unit.name if unit else "")
    fault = _name_fault(username)
    if fault:
        return _list(request, fault=fault, status=400)
    try:
        issued = issue(username, role, unit if role == Profile.SCHOOL else None)
    except IntegrityError:
        return _list(request, fault=f"用户名「{username}」已经有了，请换一个", status=400)
    return _list(request, [issued])


def _name_fault(username: str) -> str:
    if not username:
        return "请填写用户名"
    if len(username) > 150:
        return "用户名太长，请不超过 150 个字"
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError:
        return "用户名只能用汉字、字母、数字和 @ . + - _"
    return ""


def _for_all_schools(request: Visit) -> HttpResponse:
    """One account for every school that has none, named after the school."""
    issued, taken = [], []
    for school in schools_without_account(words.register()):
        try:
            issued.append(issue(school.name, Profile.SCHOOL, school))
        except IntegrityError:
            taken.append(school.name)
    fault = f"这些用户名已被占用，没有建：{'、'.join(taken)}" if taken else ""
    return _list(request, issued, fault=fault)


@county_only
@require_POST
def change(request: Visit, user_id: int) -> HttpResponse:
    """A new one-time password, or the account stopped or let in again."""
    user = User.objects.filter(id=user_id, profile__isnull=False).select_related("profile").first()
    if user is None:
        raise Http404
    wanted = request.POST.get("do", "")
    if wanted == "password":
        return _list(request, [reissue(user, words.unit(user.profile.unit_id))])
    if user == request.user:
        messages.error(request, "不能停用自己的账号。请用另一个县教研室账号操作。")
    elif wanted in ("stop", "start"):
        user.is_active = wanted == "start"
        user.save(update_fields=["is_active"])
        said = "已恢复，可以登录" if user.is_active else "已停用，不能再登录；材料不受影响"
        messages.success(request, f"账号「{user.username}」{said}。")
    return HttpResponseRedirect(reverse("users"))
