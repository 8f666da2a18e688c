"""Papers waiting for a person: the queue at the left, one paper with its form beside it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from archive import house
from archive.errors import ArchiveError
from archive.models import Record, Version
from archive.review import accept
from archive.review import correct as correct_record
from web import correcting, words
from web.access import Visit, county_only
from web.grounds import grounds
from web.links import link
from web.pages import page
from web.paging import Pages, last_page, number_of
from web.views.document import near

PAGE_SIZE = 25
#: Characters of the text shown beside the form; the whole is one click away.
EXCERPT = 1500
NO_KIND, NO_SCHOOL, NO_REASON = "none", "none", "判定把握不足"


@dataclass(frozen=True, slots=True)
class Waiting:
    id: str
    kind: str
    school: str
    reasons: tuple[str, ...]


@county_only
def review(request: Visit) -> HttpResponse:
    asked = {key: request.GET.get(key, "") for key in ("reason", "kind", "school")}
    return _shown(request, asked, request.GET.get("id", ""))


def _shown(
    request: Visit,
    asked: dict[str, str],
    record_id: str,
    changed: Mapping[str, object] | None = None,
    faults: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The page; after a refusal with what was typed (`changed`) and `faults`: field -> sentence."""
    waiting = in_review()
    fitting = [one for one in waiting if fits(one, asked)]
    pages = _page(fitting, number_of(request))
    chosen = _chosen(record_id, pages.rows)
    if chosen and changed:
        correcting.keep_typed(chosen, changed)
    context = {
        "faults": faults or {},
        "reason": request.POST.get("reason", ""),
        "asked": asked,
        "all": len(waiting),
        "pages": pages,
        "offers": offers(waiting),
        "record": chosen,
        "choices": correcting.choices(chosen) if chosen else None,
        "excerpt": excerpt(chosen) if chosen else "",
        "why": grounds(chosen) if chosen else {},
        "near": near(request.scope, chosen) if chosen else [],
    }
    return page(request, "review.html", context, status=400 if faults else 200)


def in_review() -> list[Waiting]:
    """Everything that waits, oldest first, in one light statement."""
    rows = Record.objects.filter(status=Record.REVIEW).order_by("received", "id")
    return [
        Waiting(id_, kind or NO_KIND, school or NO_SCHOOL, tuple(group(r) for r in reasons))
        for id_, kind, school, reasons in rows.values_list("id", "kind", "school_id", "reasons")
    ]


def group(reason: str) -> str:
    """A reason without the names, days and places in it, so that like ones count together."""
    plain = re.sub(r"「[^」]*」|《[^》]*》|“[^”]*”|[\d-]+", "", reason.partition("：")[0])
    return re.sub(r"\s+", "", plain) or reason


def fits(one: Waiting, asked: dict[str, str]) -> bool:
    return (
        (not asked["kind"] or one.kind == asked["kind"])
        and (not asked["school"] or one.school == asked["school"])
        and (not asked["reason"] or asked["reason"] in (one.reasons or (NO_REASON,)))
    )


def offers(waiting: list[Waiting]) -> dict[str, list[tuple[str, str]]]:
    """What the filters offer, with counts: (value, name)."""
    reasons = Counter(r for one in waiting for r in (one.reasons or (NO_REASON,)))
    kinds = Counter(one.kind for one in waiting)
    schools = Counter(one.school for one in waiting)
    return {
        "reason": [(r, f"{r}（{n}）") for r, n in reasons.most_common(30)],
        "kind": [
            (k, f"{words.kind(None if k == NO_KIND else k)}（{n}）") for k, n in kinds.most_common()
        ],
        "school": [
            (s, f"{'学校未定' if s == NO_SCHOOL else words.unit(s)}（{n}）")
            for s, n in schools.most_common()
        ],
    }


def _page(fitting: list[Waiting], number: int) -> Pages[Record]:
    last = last_page(len(fitting), PAGE_SIZE)
    number = min(number, last)
    ids = [one.id for one in fitting[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]]
    newest = Prefetch("versions", Version.objects.defer("sketch").order_by("-n"))
    rows = {r.id: r for r in Record.objects.filter(id__in=ids).prefetch_related(newest)}
    return Pages([rows[i] for i in ids if i in rows], number, last, len(fitting))


def _chosen(record_id: str, rows: Sequence[Record]) -> Record | None:
    """The one asked for (perhaps from a link, not on this page), else the first of the page."""
    for row in rows:
        if row.id == record_id:
            return row
    if record_id:
        found = Record.objects.filter(id=record_id, status=Record.REVIEW).first()
        if found:
            return found
    return rows[0] if rows else None


def excerpt(record: Record) -> str:
    version = record.versions.order_by("-n").first()
    reading = house.current().reading(version.sha256) if version else None
    return reading.text[:EXCERPT] if reading else ""


@county_only
@require_POST
def decide(request: Visit, record_id: str) -> HttpResponse:
    """File the paper: as proposed, or as the form now says."""
    record = Record.objects.filter(id=record_id).first()
    keep = {key: request.POST.get(f"asked_{key}", "") for key in ("reason", "kind", "school")}
    if record is None or record.status != Record.REVIEW:
        messages.info(request, "这份材料已经由别人处理过了。")
        return HttpResponseRedirect(link("review", **keep))
    changed = correcting.changes(record, request.POST)
    try:
        done = _carry_out(request, record, changed)
    except ArchiveError as error:
        faults = {correcting.FIELD_OF.get(error.code, "kind"): correcting.told(error)}
        return _shown(request, keep, record_id, changed, faults)
    how = f"，更正了{correcting.named(changed)}" if changed else ""
    messages.success(request, f"已把《{done.title or '无标题'}》归为{words.kind(done.kind)}{how}。")
    return HttpResponseRedirect(link("review", id=request.POST.get("next", ""), **keep))


def _carry_out(request: Visit, record: Record, changed: dict[str, object]) -> Record:
    opened, actor, record_id = house.current(), request.user.username, record.id
    if not changed.get("kind", record.kind):
        # Whatever else was put right: without a kind nobody could count it.
        raise ArchiveError("no_kind", "该件还没有文种，不能直接归档", "请先选定文种")
    if not changed:
        return accept(opened, record_id, actor=actor)
    reason = request.POST.get("reason", "").strip()[:300]
    return correct_record(opened, record_id, changed, actor=actor, reason=reason)
