"""Forms: blank ones, and prefilled ones for one school or for all of them at once."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST

from archive import house, press
from archive.batch import issues
from archive.press import Copy
from watch import placing
from web import terms, words
from web.access import Visit, county_only
from web.downloads import attachment
from web.figures import latest_month
from web.links import link
from web.pages import page
from web.shelf import all_forms, shelves

#: Before the id of a cluster where a school could stand.
CLUSTER = "片区："


def forms(request: Visit) -> HttpResponse:
    period = request.GET.get("period", "")
    if not terms.is_period(period):
        period = latest_month(request.scope) or terms.this_month()
    asked = request.GET.get("q", "")[:80].strip()
    found = all_forms()
    context = {
        "shelves": shelves(found, request.scope, period, asked),
        "total": len(found),
        "asked": asked,
        "period": period,
        "period_name": terms.name(period),
        "periods": terms.groups(request.scope, period),
        "whom": _whom(),
        "school": request.GET.get("school", ""),
    }
    return page(request, "forms.html", context)


def _whom() -> list[tuple[str, list[tuple[str, str]]]]:
    """Clusters and schools to choose from, in groups."""
    register = words.register()
    clusters = [(CLUSTER + c.id, c.name) for c in register.clusters()]
    schools = [(s.id, s.name) for s in register.schools()]
    return [(name, some) for name, some in (("片区", clusters), ("学校", schools)) if some]


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


@require_POST
@county_only
def place(request: Visit) -> HttpResponse:
    """Forms of a period into the schools' own folders 待填."""
    sent, opened = request.POST, house.current()
    form_id, period = _known(sent.get("kind", "")), _period(sent.get("period", ""))
    paper = press.form_named(opened, form_id)
    batch = issues(opened.register, paper, period, _schools(request, sent.get("school", "")))
    copies = press.printed(opened, paper, batch, "prefilled")
    done = placing.place(opened, placing.inboxes(), copies, actor=request.user.username)
    counts = Counter(placing.STATUSES[placed.status] for placed in done)
    told = "，".join(f"{name} {n} 份" for name, n in counts.items())
    messages.info(request, f"{terms.name(period)}「{paper.name}」放入各校待填夹：{told}。")
    return HttpResponseRedirect(link("forms", period=period, school=sent.get("school", "")))


def _made(request: Visit, form_id: str, period: str, school: str, subject: str) -> HttpResponseBase:
    """A school gets its own forms only, whatever was asked for."""
    form_id, period = _known(form_id), _period(period)
    schools = _schools(request, school)
    opened = house.current()
    made = list(
        press.copies(
            opened,
            form_id,
            period,
            schools=schools,
            subjects=[subject] if subject else None,
            actor=request.user.username,
        )
    )
    if len(made) == 1:
        return attachment(made[0].file, made[0].data)
    from archive.issued_list import FILE, issued_list

    name = made[0].issue.paper.name
    listed = issued_list(opened, ((copy, copy.name) for copy in made))
    files = [*((copy.name, copy.data) for copy in made), (FILE, listed)]
    return attachment(f"{name}-{_told(period, made)}.zip", press.packed(files))


def _told(period: str, made: list[Copy]) -> str:
    return f"{terms.name(period)}（{len(made)} 份）"


def _schools(request: Visit, school: str) -> list[str] | None:
    """The schools whose forms are meant, None for all units there are. Raises Http404 for what a
    user may not have."""
    register = words.register()
    if not request.scope.may_manage:
        if school not in ("", request.scope.unit_id):
            raise Http404
        return [request.scope.unit_id]
    if school.startswith(CLUSTER):
        cluster = register.units.get(school.removeprefix(CLUSTER))
        if cluster is None or cluster.level != "cluster":
            raise Http404
        return [member.id for member in register.members(cluster.id)]
    if school and school not in register.units:
        raise Http404
    return [school] if school else None


def _period(name: str) -> str:
    if not terms.is_period(name):
        raise Http404
    return name


def _known(form_id: str) -> str:
    if form_id.partition(".")[0] not in house.current().kinds:
        raise Http404
    return form_id
