"""What a visitor sees when something cannot be done: a code, a sentence and a remedy, as a page or,
below /api/, as one JSON shape {code, message, remedy}."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse

from archive.durable import StoreError
from archive.errors import ArchiveError
from archive.kinds import KindError
from generator import FormError
from web.pages import page

log = logging.getLogger("yanxiu.web")

#: Errors of the rooms that carry code, message and remedy; all but the first are the house's own
#: fault, not the visitor's.
TELLING = (ArchiveError, StoreError, FormError, KindError)


@dataclass(frozen=True, slots=True)
class Failure:
    status: int
    title: str
    message: str
    remedy: str


#: code -> what to say. The codes are stable.
FAILURES = {
    "bad_request": Failure(
        400,
        "请求有误",
        "这个请求不完整或写法有误，没有执行",
        "请返回上一页，检查后重试",
    ),
    "too_many_files": Failure(
        400,
        "一次提交的文件太多",
        "一次提交的文件超过上限，没有收下任何文件",
        "请分几次提交，每次不超过 100 个文件",
    ),
    "sign_in": Failure(
        401,
        "请先登录",
        "这个页面要登录后才能看",
        "请登录后重试",
    ),
    "password": Failure(
        403,
        "请先修改密码",
        "您用的是一次性密码",
        "请先改成自己的密码，再继续",
    ),
    "forbidden": Failure(
        403,
        "无权查看",
        "您的账号无权查看这个页面",
        "如确有需要，请与县教研室管理员联系",
    ),
    "county": Failure(
        403,
        "无权查看",
        "这个页面只供县教研室使用",
        "如确有需要，请与县教研室管理员联系",
    ),
    "account": Failure(
        403,
        "账号未启用",
        "您的账号还没有分配单位和权限",
        "请与县教研室管理员联系",
    ),
    "csrf": Failure(
        403,
        "页面已过期",
        "为防止冒用，没有执行这次提交：页面打开太久，或浏览器停用了 Cookie",
        "请返回上一页，刷新后重新提交；仍不行请允许本站使用 Cookie",
    ),
    "not_found": Failure(
        404,
        "没有找到",
        "没有这个页面，或者这份材料不在您可以查看的范围内",
        "请检查网址，或用上方的检索框查找",
    ),
    "server": Failure(
        500,
        "系统出错",
        "系统内部出错，这次操作可能没有完成",
        "请稍后重试；仍不行请把出错时间告诉管理员，已提交的文件不会丢失",
    ),
    "content_missing": Failure(
        500,
        "原件不在库中",
        "目录里有这份材料，库里却找不到它的原件",
        "请告诉管理员：执行 yanxiu verify 查明，再从备份恢复",
    ),
    "disk_full": Failure(
        507,
        "磁盘已满",
        "服务器的磁盘满了，这次没有收下任何内容，原有的材料不受影响",
        "请告诉管理员腾出空间，然后重新提交",
    ),
    "not_set_up": Failure(
        503,
        "系统尚未启用",
        "还没有建立第一个管理员账号",
        "请在服务器上查看启动时显示的设置链接，打开后建立管理员账号",
    ),
    "slow_down": Failure(
        429,
        "尝试次数过多",
        "密码连续输错次数过多，暂停登录",
        "请 15 分钟后再试，或请管理员重设密码",
    ),
}


def failed(request: HttpRequest, code: str) -> HttpResponse:
    """The answer for one of FAILURES."""
    failure = FAILURES[code]
    return answer(request, failure.status, code, failure.message, failure.remedy, failure.title)


def refused(
    request: HttpRequest, error: ArchiveError | StoreError | FormError | KindError
) -> HttpResponse:
    """A room could not do what was asked."""
    status = 400
    if not isinstance(error, ArchiveError):
        log.error("%s: %s", request.path, error, exc_info=error)
        status = 500
    return answer(request, status, error.code, error.message, error.remedy, "没有办成")


def wants_json(request: HttpRequest) -> bool:
    """The API, and scripts of our pages that say so."""
    accepts = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or accepts == "application/json"


def answer(
    request: HttpRequest, status: int, code: str, message: str, remedy: str, title: str
) -> HttpResponse:
    said = {"code": code, "message": message, "remedy": remedy}
    if wants_json(request):
        return JsonResponse(said, status=status, json_dumps_params={"ensure_ascii": False})
    back = getattr(request, "back", "")
    return page(request, "failure.html", {**said, "title": title, "back": back}, status=status)


def redirect_or_refuse(request: HttpRequest, address: str, code: str) -> HttpResponse:
    """People are led on to `address`, programs get the refusal."""
    if wants_json(request):
        return failed(request, code)
    return HttpResponseRedirect(address)


def not_set_up(request: HttpRequest) -> HttpResponse:
    return failed(request, "not_set_up")
