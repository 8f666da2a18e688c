"""Search: hits with the sentence around them, facets at the side, all state in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from markupsafe import Markup, escape

from archive import house
from archive.models import SavedSearch
from archive.parcel import MOST_FILES
from archive.result_list import MOST
from indexer.engines import Answer, DatesError, Hit, QueryError
from indexer.slips import corrected
from web import saved as keeping
from web import words
from web.access import Visit
from web.asking import LAST_PAGE, PAGE_SIZE, SIDE, SORTS, Asked
from web.filtering import meaningless, settled
from web.links import changed
from web.marked import marked
from web.narrowing import PartError
from web.pages import page
from web.paging import Pages, last_page
from web.views.suggest import suggester

#: Values of a facet shown before the rest is folded away.
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Found:
    """One hit in words: `quotes` are (section and page, text with marks)."""

    id: str
    title: Markup
    quotes: list[tuple[str, Markup]]
    about: list[str]
    status: str
    complete: str


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    name: str
    count: int
    on: bool


def search(request: Visit) -> HttpResponse:
    asked = Asked.of(request.GET)
    filters, unknown = settled(asked.filters)
    if filters != asked.filters:
        # One address for one question, so that a condition can be taken off again.
        return HttpResponseRedirect(changed(request, **filters))
    context: dict[str, Any] = {
        "asked": asked,
        "query": asked.base,
        "sorts": SORTS,
        "saved": keeping.news(request.user, request.scope),
    }
    try:
        answer = house.current().engine().search(asked.question(request.scope))
    except QueryError as error:
        text = error.text if isinstance(error, PartError) else asked.text
        wrong = {"error": error, "pointed": pointed(text, error.position)}
        if isinstance(error, DatesError):
            wrong["pointed"] = None
        return page(request, "search.html", {**context, **wrong, "answer": None}, status=400)
    last = min(last_page(answer.total, PAGE_SIZE), LAST_PAGE)
    hits = [found(hit) for hit in answer.hits]
    unknown = meaningless(unknown, answer)
    shown = {
        "unknown": unknown,
        "answer": answer,
        "error": None,
        "pages": Pages(hits, asked.page, last, answer.total),
        "sides": sides(answer, asked),
        "chips": chips(asked),
        "parted": parted(answer, asked),
        "widens": asked.widens,
        "meant": meant(request, asked, answer),
        "looked": looked(request, [one.search for one in context["saved"]]),
        "takeaway": takeaway(request, asked, answer),
    }
    status = 400 if unknown or asked.no_dates else 200
    return page(request, "search.html", {**context, **shown}, status=status)


def meant(request: Visit, asked: Asked, answer: Answer) -> str:
    """您是不是要找: the question put right, where as it stands it finds nothing whole."""
    if answer.whole or not asked.text or asked.within:
        return ""
    engine = house.current().engine()
    names = [name.text for name in suggester.names(engine, request.scope.access)]
    return corrected(engine, asked.question(request.scope), names)


def looked(request: Visit, saved: list[SavedSearch]) -> dict[str, Any] | None:
    """The saved search that this page is a look at, and the ids that were new at that look; None
    where the question has been changed since."""
    wanted = request.GET.get("saved", "")
    search = next((one for one in saved if str(one.pk) == wanted), None)
    if search is None or _unsorted(request.GET) != _unsorted(QueryDict(search.query)):
        return None
    return {"search": search, "fresh": {one.partition("@")[0] for one in search.fresh}}


def _unsorted(query: QueryDict) -> dict[str, list[str]]:
    asked = QueryDict(keeping.question_of(query))
    return {name: values for name, values in asked.lists() if name != "sort"}


def takeaway(request: Visit, asked: Asked, answer: Answer) -> dict[str, Any]:
    """What the page offers to do with the answer: the question as an address, a name for it, and
    the extents of a list or parcel as (`only`, words, how many)."""
    query = QueryDict(keeping.question_of(request.GET))
    extents = [("", "全部", answer.total)]
    if asked.sort == "relevance" and 0 < answer.whole < answer.total:
        extents.insert(0, ("whole", "完整相符的", answer.whole))
    named = [
        *filter(None, (asked.base, *asked.within)),
        *(name for _, _, name in conditions(asked)),
    ]
    return {
        "query": query.urlencode(),
        "kept": dict(query.lists()),
        "name": " ".join(named)[:80] or "全部材料",
        "extents": extents,
        "most": MOST,
        "most_files": MOST_FILES,
    }


def parted(answer: Answer, asked: Asked) -> int | None:
    """After how many hits of this page those begin that hold only part of the words; None where
    none does, or where the order is not that of relevance."""
    before = (asked.page - 1) * PAGE_SIZE
    if asked.sort != "relevance" or answer.whole >= before + len(answer.hits):
        return None
    return max(0, answer.whole - before)


def found(hit: Hit) -> Found:
    first = {name: values[0] for name, values in hit.values.items() if values}
    about = [
        first.get("kind", "文种未定"),
        first.get("school", ""),
        "、".join(hit.values.get("subject", ())),
        *when(hit, first),
    ]
    return Found(
        id=hit.id,
        title=marked(hit.title or "（无标题）", hit.title_marks if hit.title else ()),
        quotes=[
            (where("" if s.heading == hit.title else s.heading, s.page), marked(s.text, s.marks))
            for s in hit.snippets
        ],
        about=[part for part in about if part],
        status=first.get("status", ""),
        complete=first.get("completeness", ""),
    )


def where(heading: str, number: int) -> str:
    """存在问题 · 第 3 页."""
    return " · ".join(part for part in (heading, f"第 {number} 页" if number else "") if part)


def when(hit: Hit, first: Mapping[str, str]) -> list[str]:
    """The period and the date that stands in the paper. Without one its period alone is shown:
    `Hit.date`, by which it is sorted, is then only the period's end."""
    month, term = first.get("month", ""), first.get("term", "")
    period = words.month(month) if month else words.term(term)
    date = hit.extra.get("date", hit.date)
    # A browser would break a line inside a date.
    date = Markup('<span class="together">{}</span>').format(date) if date else ""
    return [period, date] if date else [hit.extra.get("period") or period]


def sides(answer: Answer, asked: Asked) -> list[tuple[str, str, list[Choice]]]:
    """(facet, its name, its choices): a chosen value stays even when nothing has it."""
    made = []
    for facet in SIDE:
        chosen = asked.filters.get(facet, [])
        counted = dict(answer.facets.get(facet, ()))
        counted.update({value: 0 for value in chosen if value not in counted})
        choices = [
            Choice(value, words.facet_value(facet, value), n, value in chosen)
            for value, n in counted.items()
        ]
        choices.sort(key=lambda c: not c.on)
        if choices:
            made.append((facet, words.FACET[facet], choices))
    return made


def chips(asked: Asked) -> list[tuple[str, str, str]]:
    """What narrows the question as (key, value, words), each to be taken off with a click."""
    within = [("within", text, f"结果中：{text}") for text in asked.within]
    return [*within, *conditions(asked)]


def conditions(asked: Asked) -> list[tuple[str, str, str]]:
    """The filters in force, likewise."""
    made = [
        (facet, value, f"{words.FACET[facet]}：{words.facet_value(facet, value)}")
        for facet, values in asked.filters.items()
        for value in values
    ]
    if asked.date_from:
        made.append(("from", asked.date_from, f"不早于 {asked.date_from}"))
    if asked.date_to:
        made.append(("to", asked.date_to, f"不晚于 {asked.date_to}"))
    return made


def pointed(text: str, position: int) -> Markup:
    """The question with the place marked where it cannot be understood."""
    position = max(0, min(position, len(text)))
    end = min(len(text), position + 1)
    here = text[position:end] or "　"
    return Markup("{}<mark class='slip'>{}</mark>{}").format(
        escape(text[:position]), here, escape(text[end:])
    )
