"""Forms: blank ones, and prefilled ones for one school or for all of them at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST

from archive import house, press
from archive.batch import issues
from archive.house import House
from archive.press import Copy
from watch import placing
from web import terms, words
from web.access import Visit, county_only
from web.downloads import attachment, stream
from web.failures import answer
from web.figures import latest_month
from web.links import link
from web.pages import page
from web.shelf import all_forms, batch_sizes, shelves
from web.turns import Taking, Turns

#: Before the id of a cluster where a school could stand.
CLUSTER = "片区："

#: Batches that are printed at the same time: each takes all cores, and a thread of the server.
_turns = Turns(2)


def forms(request: Visit) -> HttpResponse:
    period = request.GET.get("period", "")
    if not terms.is_period(period):
        period = latest_month(request.scope) or terms.this_month()
    asked = request.GET.get("q", "")[:80].strip()
    found = all_forms()
    school = request.GET.get("school", "")
    schools = _schools(request, school)
    context = {
        "shelves": shelves(found, request.scope, period, schools, asked),
        "total": len(found),
        "asked": asked,
        "period": period,
        "period_name": terms.name(period),
        "periods": terms.groups(request.scope, period),
        "whom": _whom(),
        "school": school,
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


def counts(request: Visit) -> HttpResponse:
    """How many copies of each form a batch would be: told beside its button, after the page."""
    period = _period(request.GET.get("period", ""))
    schools = _schools(request, request.GET.get("school", ""))
    return JsonResponse(batch_sizes(all_forms(), request.scope, period, schools))


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
    request.back = link("forms", period=period, school=sent.get("school", ""))
    paper = press.form_named(opened, form_id)
    batch = issues(opened.register, paper, period, _schools(request, sent.get("school", "")))
    copies = press.printed(opened, paper, batch, "prefilled")
    done = placing.place(opened, placing.inboxes(), copies, actor=request.user.username)
    counts = Counter(placing.STATUSES[placed.status] for placed in done)
    told = "，".join(f"{name} {n} 份" for name, n in counts.items())
    messages.info(request, f"{terms.name(period)}「{paper.name}」放入各校待填夹：{told}。")
    return HttpResponseRedirect(request.back)


def _made(request: Visit, form_id: str, period: str, school: str, subject: str) -> HttpResponseBase:
    """A school gets its own forms only, whatever was asked for. Several come as a zip that is sent
    while they are printed."""
    form_id, period = _known(form_id), _period(period)
    schools = _schools(request, school)
    request.back = link("forms", period=period, school=school)
    opened = house.current()
    copies = press.copies(
        opened,
        form_id,
        period,
        schools=schools,
        subjects=[subject] if subject else None,
        actor=request.user.username,
    )
    first = list(islice(copies, 2))
    if len(first) == 1:
        return attachment(first[0].file, first[0].data)
    turn = _turns.take()
    if turn is None:
        said = "别人的表正在生成，这次没有开始"
        return answer(request, 503, "busy", said, "请过一会儿再试", "没有办成")
    sent = Taking(press.pieces(_files(opened, chain(first, copies))), turn)
    return stream(f"{first[0].issue.paper.name}-{terms.name(period)}.zip", sent)


def _files(opened: House, copies: Iterable[Copy]) -> Iterator[tuple[str, bytes]]:
    """The copies, then the list of them. What was sent is not kept."""
    from archive.issued_list import FILE, issued_list

    made: list[tuple[Copy, str]] = []
    for copy in copies:
        yield copy.name, copy.data
        made.append((replace(copy, data=b""), copy.name))
    yield FILE, issued_list(opened, made)


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
