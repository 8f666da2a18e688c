"""Forms: blank ones, and prefilled ones for one school or for all of them at once."""

from __future__ import annotations

import io
import zipfile

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST

from archive import house, press
from archive.errors import ArchiveError
from archive.kinds import Kind
from web import terms, words
from web.access import Visit
from web.downloads import attachment
from web.figures import latest_month
from web.pages import page

#: Kind.unit and Kind.period in words.
WHO = {
    "county": "县教研室",
    "cluster": "片区",
    "school": "学校",
    "group": "教研组",
    "teacher": "教师",
}
OFTEN = {
    "month": "每月",
    "term": "每学期",
    "school_year": "每学年",
    "calendar_year": "每年",
    "test": "每次考试",
    "activity": "每次活动",
    "none": "需要时",
}


def forms(request: Visit) -> HttpResponse:
    opened = house.current()
    infos = press.forms(opened)
    period = request.GET.get("period", "")
    if not terms.is_period(period):
        period = latest_month(request.scope) or terms.this_month()
    context = {
        "forms": [(info, *_about(info.kind)) for info in infos],
        "makeable": [(info.id, info.name) for info in infos],
        "kind": request.GET.get("kind", "stage_report"),
        "period": period,
        "periods": terms.groups(request.scope, period),
        "schools": [(s.id, s.name) for s in words.register().schools()],
        "school": request.GET.get("school", ""),
    }
    return page(request, "forms.html", context)


def _about(kind: Kind) -> tuple[str, str]:
    return WHO.get(kind.unit, kind.unit), OFTEN.get(kind.period, kind.period)


def blank(request: Visit, kind_id: str) -> HttpResponse:
    return attachment(*press.blank(house.current(), _known(kind_id)))


def prefilled(request: Visit, kind_id: str) -> HttpResponseBase:
    """One form with school, subject and period filled in: for an empty cell of the matrix."""
    wanted = request.GET
    return _made(request, kind_id, wanted.get("period", ""), wanted.get("school", ""),
                 wanted.get("subject", ""))  # fmt: skip


@require_POST
def make(request: Visit) -> HttpResponseBase:
    """Forms of a period: one school's, or those of all schools in one zip."""
    sent = request.POST
    return _made(request, sent.get("kind", ""), sent.get("period", ""), sent.get("school", ""), "")


def _made(request: Visit, kind_id: str, period: str, school: str, subject: str) -> HttpResponseBase:
    """A school gets its own forms only, whatever was asked for."""
    kind_id = _known(kind_id)
    if not terms.is_period(period):
        raise Http404
    if not request.scope.may_manage:
        if school not in ("", request.scope.unit_id):
            raise Http404
        school = request.scope.unit_id
    return _sent(request, kind_id, period, [school] if school else None, subject)


def _sent(
    request: Visit, kind_id: str, period: str, schools: list[str] | None, subject: str
) -> HttpResponseBase:
    made = list(
        press.make(
            house.current(),
            kind_id,
            period,
            schools=schools,
            subjects=[subject] if subject else None,
            actor=request.user.username,
        )
    )
    if not made:
        raise ArchiveError(
            "no_forms", "这个时段没有哪所学校要填这份表", "请换一个时段，或在名册里补上学校的学科"
        )
    if len(made) == 1:
        name, data = made[0]
        return attachment(name.rpartition("/")[2], data)
    name = press.form_named(house.current(), kind_id).name
    return attachment(f"{name}-{terms.name(period)}（{len(made)} 份）.zip", packed(made))


def packed(files: list[tuple[str, bytes]]) -> bytes:
    """A zip; the forms are compressed already."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as folder:
        for name, data in files:
            folder.writestr(name, data)
    return out.getvalue()


def _known(kind_id: str) -> str:
    if kind_id.partition(".")[0] not in house.current().kinds:
        raise Http404
    return kind_id
