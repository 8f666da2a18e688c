"""A question to the index as it stands in an address: ?q=…&kind=…&sort=…&page=…"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from archive import house
from archive.scope import Scope
from indexer.engines import FACETS, Search
from indexer.query import parse
from indexer.synonyms import widened
from web import words
from web.narrowing import check, joined

#: What the side of the search page offers, in this order.
SIDE = ("kind", "school", "cluster", "subject", "school_year", "term", "month", "completeness",
        "status")  # fmt: skip
SORTS = {
    "relevance": "相关度", "date": "日期新的在前", "-date": "日期旧的在前", "school": "学校",
    "received": "最近收到的在前",
}  # fmt: skip
PAGE_SIZE = 20
#: The index sorts all hits up to the page asked for; nobody reads the 500th page.
LAST_PAGE = 500
#: How often one may search within results of results.
DEEPEST = 8
#: The query language takes 400 characters and says so; this only bounds the page.
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, with everything out of range put right. `text` is the whole question:
    `base` and what is looked for within its results."""

    text: str
    filters: dict[str, list[str]]
    date_from: str
    date_to: str
    sort: str
    page: int
    #: Whether words that mean the same are looked for too.
    synonyms: bool = False
    #: Dates of the address that are none.
    no_dates: tuple[str, ...] = ()
    base: str = ""
    within: tuple[str, ...] = ()

    @classmethod
    def of(cls, query: QueryDict) -> Asked:
        base = query.get("q", "").strip()[:LONGEST]
        within = tuple(w for text in query.getlist("within")[:DEEPEST] if (w := text.strip()))
        text = joined(base, within)[:LONGEST]
        filters = {name: _values(query, name) for name in FACETS}
        sort = query.get("sort", "")
        return cls(
            text=text,
            filters={name: values for name, values in filters.items() if values},
            date_from=_date(query.get("from", "")),
            date_to=_date(query.get("to", "")),
            sort=sort if sort in SORTS else ("relevance" if text else "date"),
            page=_page(query.get("page", "")),
            synonyms=query.get("synonyms", "") == "1",
            no_dates=tuple(t for k in ("from", "to") if (t := query.get(k, "")) and not _date(t)),
            base=base,
            within=within,
        )

    @property
    def narrowed(self) -> bool:
        return bool(self.filters or self.date_from or self.date_to)

    @property
    def widens(self) -> bool:
        """Whether the question has words with synonyms. Raises QueryError."""
        return bool(widened(parse(self.text), house.current().synonyms)[1])

    def question(self, scope: Scope, size: int = PAGE_SIZE) -> Search:
        """The search this user may make: the scope decides what is seen, counted and quoted.
        Raises QueryError where a part of the question is none by itself."""
        check(self.base, self.within)
        groups = house.current().synonyms if self.synonyms else ()
        return Search(
            text=self.text,
            filters=self.filters,
            date_from=self.date_from,
            date_to=self.date_to,
            access=scope.access,
            sort=self.sort,
            offset=(min(self.page, LAST_PAGE) - 1) * size,
            limit=size if self.page <= LAST_PAGE else 0,
            facets=SIDE,
            synonyms=groups,
            today=words.today().isoformat(),
        )


def _values(query: QueryDict, name: str) -> list[str]:
    return [value for value in query.getlist(name)[:50] if value]


def _date(text: str) -> str:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _page(text: str) -> int:
    return max(1, int(text)) if re.fullmatch(r"[0-9]{1,6}", text) else 1
