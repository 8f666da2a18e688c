"""An entry as the fields that every engine keeps, and what a question asks of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from indexer.dates import date_range, number
from indexer.engines import FACETS, DatesError, Entry, QueryError, Search
from indexer.engines.plan import Plan, Q, asked_term, whole_of
from indexer.query import TURNED, Node, leaves, parse
from indexer.synonyms import Added, widened
from indexer.tokens import BORDER, normal

#: The texts a record is searched in: everything, its title, its headings.
PLACES = ("all", "title", "head")
#: A number above every date.
LAST_DAY = 99_999_999
#: Hits of one page, and how far down pages reach.
MAX_LIMIT, MAX_REACH = 1_000, 100_000
SORTS = ("relevance", "date", "-date", "school", "received")
_JSON = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Record:
    """`texts`: place -> normal text. `values`: facet -> exact values; `asked`: the terms
    (`plan.asked_term`) by which a question may name them. `day` is YYYYMMDD, 0 unknown;
    `received` milliseconds since 1970, 0 unknown. `shown` and `body` are stored for `Stored`."""

    texts: dict[str, str]
    values: dict[str, tuple[str, ...]]
    asked: list[str]
    day: int
    received: int
    by_school: str
    shown: bytes
    body: bytes


def record(entry: Entry) -> Record:
    return _record(entry, normal(entry.title), normal(entry.body))


def records(entries: Sequence[Entry]) -> list[Record]:
    """`record` of each, their texts folded together."""
    from indexer.bulk import normal_all  # needs numpy, which a search never loads

    titles = normal_all([entry.title for entry in entries])
    bodies = normal_all([entry.body for entry in entries])
    return [_record(*one) for one in zip(entries, titles, bodies, strict=True)]


def _record(entry: Entry, title: str, body: str) -> Record:
    """`title` and `body`: their normal forms."""
    headings = [line for line in map(_normal_value, entry.headings.splitlines()) if line]
    missing = [line for line in headings if line not in body]
    values = _values(entry)
    day = number(entry.date)
    return Record(
        texts={
            "all": BORDER.join([title, *missing, body]),
            "title": title,
            "head": BORDER.join(headings),
        },
        values=values,
        asked=_asked(entry, values),
        day=day,
        received=instant(entry.received),
        by_school=_school_key(values["school"], day),
        shown=_encoded(_JSON.encode(_shown(entry))),
        body=_encoded(entry.body),
    )


def _values(entry: Entry) -> dict[str, tuple[str, ...]]:
    values: dict[str, tuple[str, ...]] = dict.fromkeys(FACETS, ())
    for facet, given in entry.values.items():
        if facet in values:
            values[facet] = _exact(tuple(given))
    return values


def _asked(entry: Entry, values: dict[str, tuple[str, ...]]) -> list[str]:
    found: list[str] = []
    for facet, own in values.items():
        names = (*own, *entry.labels.get(facet, ()))
        if names:
            found += _asked_by(facet, names)
    return found


def _shown(entry: Entry) -> list[Any]:
    values = {name: list(entry.values[name]) for name in entry.values if name != "section"}
    parts = [[part.title, part.start, part.end] for part in entry.parts]
    headings = "" if parts else entry.headings
    pages = [list(page) for page in entry.pages]
    return [entry.id, entry.title, headings, parts, pages, values, entry.date, dict(entry.extra)]


def instant(iso: str) -> int:
    """Milliseconds since 1970 of an ISO instant with its zone, 0 where there is none. Two papers
    may come within one second, and one while somebody looks at what is new."""
    try:
        return max(int(datetime.fromisoformat(iso).timestamp() * 1000), 0) if iso else 0
    except (ValueError, OverflowError):
        return 0


def _encoded(text: str) -> bytes:
    """A text as bytes; lone surrogates (odd file names) survive the way there and back."""
    return text.encode("utf-8", "surrogatepass")


@lru_cache(maxsize=4096)
def _exact(values: tuple[str, ...]) -> tuple[str, ...]:
    """Each value once; lone surrogates, which no index can hold, as question marks."""
    cleaned = (value.encode("utf-8", "replace").decode("utf-8") for value in values if value)
    return tuple(dict.fromkeys(cleaned))


@lru_cache(maxsize=4096)
def _asked_by(facet: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The terms by which a question may name these."""
    known = dict.fromkeys(filter(None, map(_normal_value, names)))
    return tuple(asked_term(facet, name) for name in known)


@lru_cache(maxsize=4096)
def _normal_value(value: str) -> str:
    return normal(value)


@lru_cache(maxsize=4096)
def _pinyin_key(name: str) -> str:
    """GB 18030 bytes: its first level (the 3,755 commonest characters) stands in pinyin order."""
    return name.encode("gb18030", "replace").hex()


def _school_key(schools: Sequence[str], day: int) -> str:
    """Sorts by name, then newest first; records without a school come last."""
    name = _pinyin_key(schools[0]) if schools else "~"
    return f"{name}!{LAST_DAY - day:08}"


def asked(question: Search) -> tuple[Node, Added]:
    """The tree of a question with its synonyms, and what they added. Raises QueryError."""
    try:
        today = date.fromisoformat(question.today) if question.today else None
    except ValueError as error:
        raise QueryError(f"没有「{question.today}」这个日期", 0, "例如 2014-09-01") from error
    tree, added = widened(parse(question.text, today), question.synonyms)
    return (whole_of(tree) if question.only_whole else tree), added


def known_facet(name: str) -> str:
    """The name, or a QueryError where it is no facet."""
    if name not in FACETS:
        raise QueryError(f"没有“{name}”这个筛选项", 0, "可用：" + "、".join(FACETS))
    return name


def sort_of(question: Search, tree: Node) -> str:
    """One of SORTS. A question without words has no relevance: its newest come first."""
    if question.sort not in SORTS:
        raise QueryError(f"不能按“{question.sort}”排序", 0, "可用：" + "、".join(SORTS))
    if question.sort == "relevance" and next(leaves(tree), None) is None:
        return "date"
    return question.sort


def page(question: Search) -> tuple[int, int]:
    """(offset, limit), the limit 0 where the page lies out of reach."""
    limit = min(max(question.limit, 0), MAX_LIMIT)
    offset = max(question.offset, 0)
    return offset, limit if offset + limit <= MAX_REACH else 0


def conditions(plan: Plan[Q], question: Search) -> list[Q]:
    """What must hold besides the text: filters, dates, access. Raises QueryError."""
    found = [plan.one_of(known_facet(name), values) for name, values in question.filters.items()]
    if question.date_from or question.date_to:
        days = date_range(f"{question.date_from}..{question.date_to}")
        if days is None:
            raise DatesError("看不懂日期范围", 0, "例如 2014-09-01")
        if days[0] > days[1]:
            raise DatesError(TURNED, 0, f"请把 {question.date_from} 和 {question.date_to} 对调")
        found.append(plan.dates(*days))
    if question.received_after:
        found.append(plan.received_after(instant(question.received_after)))
    if question.access is not None:
        found.append(plan.one_of("access", question.access))
    return found


def ranked(counts: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """Facet counts, most frequent first."""
    return tuple(sorted(counts, key=lambda pair: (-pair[1], pair[0])))
