"""Search: hits with the sentence around them, facets at the side, all state in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect
from markupsafe import Markup, escape

from archive import house
from indexer.engines import Answer, Hit, QueryError
from indexer.slips import corrected
from web import words
from web.access import Visit
from web.asking import LAST_PAGE, PAGE_SIZE, SIDE, SORTS, Asked
from web.filtering import meaningless, settled
from web.links import changed
from web.marked import marked
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
    context = {"asked": asked, "query": asked.text, "sorts": SORTS}
    try:
        answer = house.current().engine().search(asked.question(request.scope))
    except QueryError as error:
        wrong = {"error": error, "pointed": pointed(asked.text, error.position)}
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
        "meant": meant(request, asked, answer),
    }
    status = 400 if unknown or asked.no_dates else 200
    return page(request, "search.html", {**context, **shown}, status=status)


def meant(request: Visit, asked: Asked, answer: Answer) -> str:
    """您是不是要找: the question put right, where as it stands it finds nothing whole."""
    if answer.whole or not asked.text:
        return ""
    engine = house.current().engine()
    names = [name.text for name in suggester.names(engine, request.scope.access)]
    return corrected(engine, asked.question(request.scope), names)


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
    """The filters in force as (facet, value, words), each to be taken off with a click."""
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
