"""The JSON API: the permissions of the pages; errors have one shape {code, message, remedy}."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpResponse, JsonResponse

from archive import house
from indexer.engines import Hit, QueryError
from web import words
from web.access import Visit
from web.asking import Asked
from web.failures import failed
from web.filtering import Unknown, meaningless, settled
from web.incoming import shown_to


def search(request: Visit) -> HttpResponse:
    """GET ?q=&kind=&school=&…&page=: {total, ms, page, hits, facets}."""
    asked = Asked.of(request.GET)
    filters, unknown = settled(asked.filters)
    asked = replace(asked, filters=filters)
    try:
        answer = house.current().engine().search(asked.question(request.scope))
    except QueryError as error:
        said = {"code": error.code, "message": error.message, "remedy": error.remedy}
        return _json({**said, "position": error.position}, status=400)
    refused = _refused(asked, meaningless(unknown, answer))
    if refused:
        return _json(refused, status=400)
    return _json(
        {
            "total": answer.total,
            "whole": answer.whole,
            "ms": round(answer.ms, 1),
            "page": asked.page,
            "hits": [_hit(hit) for hit in answer.hits],
            "facets": {name: list(map(list, pairs)) for name, pairs in answer.facets.items()},
        }
    )


def _refused(asked: Asked, unknown: Sequence[Unknown]) -> dict[str, str] | None:
    """The first filter value that means nothing here, as an error."""
    for one in unknown:
        error = one.error
        return {"code": error.code, "message": error.message, "remedy": error.remedy}
    for text in asked.no_dates:
        message = f"没有「{text}」这个日期"
        return {"code": "date_unknown", "message": message, "remedy": "请写作 2014-10-31"}
    return None


def arrival(request: Visit, arrival_id: str) -> HttpResponse:
    """How far a file has come: {id, file, state, outcome, record, version, error}."""
    found = shown_to(request.scope, request.scope.arrivals().filter(id=arrival_id))
    if not found:
        return failed(request, "not_found")
    row = found[0]
    error = None
    if row.error:
        message, remedy = words.said(row.error)
        error = {"code": row.error.get("code", ""), "message": message, "remedy": remedy}
    return _json(
        {
            "id": row.id,
            "file": words.file_name(row),
            "state": row.state,
            "outcome": row.outcome or None,
            "record": row.record_id,
            "version": row.version,
            "error": error,
        }
    )


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "id": hit.id,
        "title": hit.title,
        "date": hit.extra.get("date", hit.date),
        "period": hit.extra.get("period", ""),
        "score": hit.score,
        "values": {name: list(values) for name, values in hit.values.items()},
        "snippets": [
            {"text": s.text, "marks": [list(m) for m in s.marks], "heading": s.heading}
            for s in hit.snippets
        ],
    }


def _json(data: dict[str, Any], status: int = 200) -> JsonResponse:
    return JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})
