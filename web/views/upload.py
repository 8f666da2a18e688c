"""Handing in files. They are safe when this page says 已收; reading and filing follow."""

from __future__ import annotations

from datetime import timedelta
from typing import BinaryIO, TypeAlias, cast

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import timezone

from archive import house
from archive.intake import upload as take_in
from archive.models import Arrival
from web import words
from web.access import Visit
from web.failures import wants_json
from web.incoming import shown_to
from web.links import link
from web.pages import page

#: What the page shows of one's own uploads: those of two days, the newest first.
SHOWN, DAYS = 60, 2
File: TypeAlias = "UploadedFile[bytes]"


def upload(request: Visit) -> HttpResponse:
    if request.method == "POST":
        return _take(request)
    return page(request, "upload.html", _context(request))


def rows(request: Visit) -> HttpResponse:
    """The list of one's uploads, asked for again and again while some are under way."""
    return page(request, "upload_rows.html", _context(request))


def _context(request: Visit) -> dict[str, object]:
    recent = mine(request)
    return {
        "recent": recent,
        "open": sum(a.state != "done" for a in recent),
        "schools": words.register().schools() if request.scope.may_manage else (),
        "school": request.GET.get("school", ""),
        "limit_mb": limit_mb(),
    }


def mine(request: Visit) -> list[Arrival]:
    since = timezone.now() - timedelta(days=DAYS)
    own = request.scope.arrivals().filter(
        source="upload", actor=request.user.username, first_seen__gte=since
    )
    return shown_to(request.scope, own.select_related("record").order_by("-id")[:SHOWN])


def _take(request: Visit) -> HttpResponse:
    sender, files = _sender(request), request.FILES.getlist("files")
    taken: list[File] = []
    refused: list[File] = []
    for file in files:
        (refused if _too_large(file) else taken).append(file)
    for file in taken:
        take_in(
            house.current(),
            str(file.name),
            cast(BinaryIO, file.file),
            sender_id=sender,
            actor=request.user.username,
        )
    if wants_json(request):
        return _answered(len(taken), [str(f.name) for f in refused])
    _say(request, [str(f.name) for f in taken], [str(f.name) for f in refused])
    return HttpResponseRedirect(link("upload", school=request.POST.get("school", "")))


def _sender(request: Visit) -> str:
    """A school hands in as itself, whatever the form says; the office for a school or nobody."""
    if not request.scope.may_manage:
        return request.scope.unit_id
    chosen = request.POST.get("school", "")
    return chosen if chosen in words.register().units else ""


def limit_mb() -> int:
    return int(settings.CONFIG.web.upload_mb)


def _too_large(file: File) -> bool:
    return (file.size or 0) > limit_mb() * 1024 * 1024


def _answered(taken: int, refused: list[str]) -> JsonResponse:
    if refused:
        said = {
            "code": "too_large",
            "message": f"文件超过 {limit_mb()} MB，没有收下",
            "remedy": "请压缩图片或拆分后重新提交",
        }
        return JsonResponse(said, status=413)
    return JsonResponse({"taken": taken}, status=201)


def _say(request: HttpRequest, taken: list[str], refused: list[str]) -> None:
    if taken:
        names = "、".join(taken[:3]) + ("等" if len(taken) > 3 else "")
        messages.success(
            request, f"已收下 {len(taken)} 个文件：{names}。正在读取和归档，结果见下表。"
        )
    if refused:
        names = "、".join(refused[:3])
        messages.error(
            request, f"{names} 超过 {limit_mb()} MB，没有收下。请压缩图片或拆分后重新提交。"
        )
    if not taken and not refused:
        messages.error(request, "没有选文件。请先选文件，再按「提交」。")
