"""One document: what it was filed as and why, what it lacks, its text, versions and history."""

from __future__ import annotations

import logging
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST

from archive import house, pictures
from archive.errors import ArchiveError
from archive.issued import form_of
from archive.models import Event, Record, Version
from archive.paper import DONE
from archive.returns import facts
from archive.review import correct as correct_record
from archive.scope import Scope
from indexer.engines import EngineError, Hit, Search
from indexer.reading import Reading
from web import correcting, words
from web.access import Visit, county_only
from web.downloads import stored_file
from web.failures import failed
from web.grounds import grounds
from web.links import link
from web.pages import page
from web.paper_text import shown

log = logging.getLogger("yanxiu.web")

#: Papers offered as like the one that is read.
SIMILAR = 5


def visible(scope: Scope, record_id: str) -> Record:
    """The record if this user may see it; else 404, which says nothing about its being."""
    record = scope.records().filter(id=record_id).first()
    if record is None:
        raise Http404
    return record


def document(request: Visit, record_id: str) -> HttpResponse:
    record = visible(request.scope, record_id)
    versions = list(Version.objects.filter(record=record).order_by("-n"))
    query = request.GET.get("q", "").strip()[:400]
    reading = house.current().reading(versions[0].sha256) if versions else None
    context = {
        "record": record,
        "versions": versions,
        "query": query,
        "reading": reading,
        "shown": shown(reading, house.current().engine(), query) if reading else None,
        "filing": filing_rows(record),
        "returned": returned(reading) if reading else None,
        "sections": record.findings.get("sections", []),
        "missing_fields": record.findings.get("missing_fields", []),
        "events": [told(e, request.scope) for e in record.events.order_by("-id")[:100]],
        "near": near(request.scope, record),
        "similar": similar(request.scope, record),
        "why": grounds(record),
        "scan": scan(versions[0], reading) if versions else None,
        "choices": correcting.choices(record) if request.scope.may_manage else None,
    }
    return page(request, "document.html", context)


def returned(reading: Reading) -> dict[str, Any] | None:
    """What was read back from a form of the house's own; None for any other paper."""
    form = form_of(house.current(), reading)
    return facts(form) if form and form.read else None


def similar(scope: Scope, record: Record) -> list[dict[str, str]]:
    """{id, title, about} of the papers most like this one that this user may see, near copies
    aside."""
    copies = {one["id"] for one in record.near}
    question = Search(access=scope.access, limit=SIMILAR + len(copies), snippets=False)
    try:
        hits = house.current().engine().similar(record.id, question)
    except EngineError:
        log.exception("no neighbours of %s", record.id)
        return []  # the paper itself can be read all the same
    others = [hit for hit in hits if hit.id not in copies][:SIMILAR]
    return [{"id": h.id, "title": h.title or "（无标题）", "about": _about(h)} for h in others]


def _about(hit: Hit) -> str:
    named = [value for facet in ("school", "subject") for value in hit.values.get(facet, ())]
    return " · ".join([*named, *([hit.date[:7]] if hit.date else [])])


def scan(version: Version, reading: Reading | None) -> dict[str, Any] | None:
    """How far the text of a scan has come (textless: done, and there is none); None of what is no
    scan."""
    if not version.recognition:
        return None
    textless = version.recognition == DONE and not (reading and reading.text.strip())
    state = "textless" if textless else version.recognition
    return {"state": state, "picture": version.format in pictures.DRAWN}


def filing_rows(record: Record) -> list[tuple[str, str, list[str]]]:
    """(field in words, value in words, its grounds) of every value that was found."""
    values = {
        "kind": words.kind(record.kind),
        "school": words.unit(record.school_id),
        "unit": words.unit(record.unit_id) if record.unit_id != record.school_id else "",
        "subjects": "、".join(record.subjects),
        "covers": words.units(record.covers),
        "period": record.period_label,
        "school_year": record.school_year,
        "term": words.TERM.get(str(record.term), ""),
        "month": words.month(record.month),
        "grade": record.grade,
        "test": record.test,
        "author": record.author,
        "date": words.long_day(record.date),
    }
    why = grounds(record)
    return [(words.FIELD[key], value, why.get(key, [])) for key, value in values.items() if value]


def near(scope: Scope, record: Record) -> list[dict[str, Any]]:
    """Near copies that this user may see."""
    ids = [item["id"] for item in record.near]
    rows = {r.id: r for r in scope.records().filter(id__in=ids)} if ids else {}
    return [
        {"record": rows[item["id"]], "likeness": item["likeness"]}
        for item in record.near
        if item["id"] in rows
    ]


def told(event: Event, scope: Scope) -> dict[str, Any]:
    """An event in words. Schools are not told how another unit's copy came."""
    data = event.data
    detail: list[str] = []
    if event.type in ("received", "version"):
        detail = [f"第 {data.get('version', 1)} 版：{data.get('name', '')}"]
    elif event.type == "corrected":
        detail = _correction(data)
    if scope.may_manage:
        detail += _came(data.get("arrival"))
    return {
        "at": event.at,
        "actor": event.actor or "系统",
        "what": words.event(event.type, event.data),
        "detail": "；".join(detail),
        "reason": data.get("reason", ""),
    }


def _came(arrival: object) -> list[str]:
    """Where the file lay: the inbox or the way it came, and its path there."""
    if not isinstance(arrival, dict):
        return []
    where = arrival.get("inbox") or words.SOURCE.get(arrival.get("source", ""), "")
    path = "，".join(part for part in (arrival.get("path"), arrival.get("member")) if part)
    return [f"来自{where}：{path}"]


def _correction(data: dict[str, Any]) -> list[str]:
    before, after = data.get("before", {}), data.get("after", {})
    return [
        f"{words.FIELD.get(key, key)}：{_value(key, before.get(key))} → {_value(key, after[key])}"
        for key in after
    ]


def _value(key: str, value: Any) -> str:
    if isinstance(value, list | tuple):
        return "、".join(map(str, value)) or "（空）"
    named = {"kind": words.kind, "school": words.unit}.get(key, str)
    return named(value) if value not in (None, "") else "（空）"


@county_only
@require_POST
def correct(request: Visit, record_id: str) -> HttpResponse:
    record = visible(request.scope, record_id)
    changed = correcting.changes(record, request.POST)
    back = HttpResponseRedirect(link("document", record_id))
    if not changed:
        messages.info(request, "没有改动任何一项，归档保持原样。")
        return back
    reason = request.POST.get("reason", "").strip()[:300]
    actor = request.user.username
    try:
        done = correct_record(house.current(), record_id, changed, actor=actor, reason=reason)
    except ArchiveError as error:
        messages.error(request, f"没有更正：{error.message}。{error.remedy}")
        return back
    title = done.title or "（无标题）"
    what = correcting.named(changed)
    messages.success(request, f"已更正《{title}》的{what}，改动前的值记在「经历」里。")
    return back


def first_page(request: Visit, record_id: str, n: int) -> HttpResponse:
    """The first page of a scan or a PDF as a picture."""
    record = visible(request.scope, record_id)
    version = Version.objects.filter(record=record, n=n).first()
    png = pictures.first_page(house.current(), version) if version is not None else None
    if png is None:
        raise Http404
    response = HttpResponse(png, content_type="image/png")
    # The bytes of a version never change.
    response["Cache-Control"] = "private, max-age=86400"
    return response


def download(request: Visit, record_id: str, n: int) -> HttpResponseBase:
    record = visible(request.scope, record_id)
    version = Version.objects.filter(record=record, n=n).first()
    if version is None:
        raise Http404
    try:
        return stored_file(version.name, house.current().content(record, n), version.sha256)
    except FileNotFoundError:
        log.error("no stored content for %s@%s", record_id, n)
        return failed(request, "content_missing")
