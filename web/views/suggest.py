"""What is offered while somebody types into the search field."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse

from archive import house
from indexer.suggesting import Suggester
from web import words
from web.access import Visit
from web.links import link

#: One for all requests: it keeps the names in use for a while.
suggester = Suggester()


def suggest(request: Visit) -> HttpResponse:
    """GET ?q=: {"offers": [{text, what, href}, …]}; `href` leads to a title's paper or to the
    search that the name or phrase makes."""
    engine = house.current().engine()
    found = suggester.suggest(engine, request.GET.get("q", ""), request.scope.access)
    offers = [
        {
            "text": one.text,
            "what": words.OFFERED[one.what],
            "href": link("document", one.id) if one.id else _search(one.what, one.text),
        }
        for one in found
    ]
    answer = JsonResponse({"offers": offers}, json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = "private, max-age=20"
    return answer


def _search(facet: str, name: str) -> str:
    if facet == "phrase":
        return link("search", q=f'"{name}"')
    if facet == "section":
        return link("search", q=f'章节:"{name}"')
    return link("search", **{facet: name})
