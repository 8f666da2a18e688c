"""Saved searches: what a user keeps of a question, and which papers are new in its answer.

New is what came since the user last looked. A paper is received when its file was first seen, but
can be found only when it was read, for a scan perhaps days later: a moment alone would skip it. So
of the last WINDOW the papers themselves are remembered, by id and version.

Told are only papers that hold the words whole: of 集体备课 none that merely has 备课. A question
typed as a sentence would then never tell anything, since no paper holds it whole: where it has a
run longer than LONGEST_TERM, which is no term any more, and nothing at all that the user may see
holds the question whole, its near hits are told. The first that does hold it whole ends that.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils import timezone

from archive import house
from archive.errors import ArchiveError
from archive.models import SavedSearch
from archive.scope import Scope
from indexer.engines import Answer, Hit, QueryError, Search
from indexer.query import Words, leaves, parse
from web.asking import Asked
from web.filtering import settled

#: Searches of one user; the home page asks the index once for each.
MOST = 20
#: Papers of WINDOW that are remembered for one search, the newest.
KEPT = 200
#: Seconds for which a count is good enough: every search page shows all of them, and one over 500
#: papers took 74 ms.
FRESHNESS = 20
WINDOW = timedelta(days=7)
#: Characters of a question's address (the text has at most 400, each up to nine in an address).
LONGEST = 8_000
#: Characters of the longest run that may be a term: 校本研修工作计划.
LONGEST_TERM = 8
#: Keys of the search page's address that are not part of the question.
PASSING = ("page", "saved", "only")


@dataclass(frozen=True, slots=True)
class News:
    """A saved search with how many papers of its answer are new; `more`: there may be others.
    `fault`: why it cannot be asked any longer."""

    search: SavedSearch
    count: int = 0
    more: bool = False
    fault: str = ""


def news(user: User, scope: Scope) -> list[News]:
    """All saved searches of a user: one statement, and one question to the index for each whose
    count is not fresh."""
    return [
        replace(_counted(search, scope), search=search)
        for search in SavedSearch.objects.filter(user=user)
    ]


def _counted(search: SavedSearch, scope: Scope) -> News:
    mark = (search.pk, search.seen.timestamp(), scope.role, scope.unit_id)
    name = "news:" + ":".join(map(str, mark))
    known: News | None = cache.get(name)
    if known is None:
        known = _news(search, scope)
        cache.set(name, known, FRESHNESS)
    return known


def _news(search: SavedSearch, scope: Scope) -> News:
    try:
        found = lately(search.query, scope, search.seen)
    except QueryError as error:
        return News(search, fault=error.message)
    known = set(search.known)
    count = sum(key(hit) not in known for hit in found.hits)
    return News(search, count, count == KEPT < found.total)


def lately(query: str, scope: Scope, seen: datetime) -> Answer:
    """What came to the answer since WINDOW before `seen`, the last first. Raises QueryError."""
    after = (seen - WINDOW).isoformat()
    return _search(replace(question(query, scope), received_after=after, snippets=False), KEPT)


def newest(search: SavedSearch, scope: Scope, limit: int) -> tuple[Hit, ...]:
    """What came last of the whole answer, with its sentences. Raises QueryError."""
    return _search(question(search.query, scope), limit).hits


def _search(asked: Search, limit: int) -> Answer:
    engine = house.current().engine()
    near = replace(asked, sort="received", offset=0, limit=limit, facets=())
    whole = replace(near, only_whole=True)
    found = engine.search(whole)
    if found.total or not _is_sentence(asked.text):
        return found
    ever = replace(whole, received_after="", limit=0, snippets=False)
    return found if engine.search(ever).total else engine.search(near)


def _is_sentence(text: str) -> bool:
    """Whether a run is longer than a term."""
    runs = (run for leaf in leaves(parse(text)) if isinstance(leaf, Words) for run in leaf.runs)
    return any(len(run) > LONGEST_TERM for run in runs)


def question(query: str, scope: Scope) -> Search:
    """What a search's address asks, as this scope may ask it. Raises QueryError."""
    asked = Asked.of(QueryDict(query))
    filters, _ = settled(asked.filters)
    return replace(asked, filters=filters).question(scope)


def key(hit: Hit) -> str:
    return f"{hit.id}@{hit.extra.get('head', 1)}"


def look(search: SavedSearch, scope: Scope) -> None:
    """The user looks at the answer: what was new is marked on it until something newer comes.
    Raises QueryError."""
    known = set(search.known)
    now = timezone.now()
    # Asked once: what came in between two questions would be known without having been new.
    found = [key(hit) for hit in lately(search.query, scope, search.seen).hits]
    search.fresh = [one for one in found if one not in known] or search.fresh
    search.seen, search.known = now, found
    search.save(update_fields=["seen", "known", "fresh"])


def keep(user: User, scope: Scope, name: str, query: str) -> SavedSearch:
    """Save a question; all its papers count as seen. Raises ArchiveError, QueryError."""
    if SavedSearch.objects.filter(user=user).count() >= MOST:
        raise ArchiveError(
            "too_many_searches", f"最多保存 {MOST} 个检索", "请先删除不再需要的，再保存"
        )
    if len(query) > LONGEST:
        raise ArchiveError("query_too_long", "检索条件太长，没有保存", "请减少检索词或筛选条件")
    now = timezone.now()
    made = SavedSearch(user=user, name=_name(name), query=query, seen=now, secret=new_secret())
    made.known = [key(hit) for hit in lately(query, scope, now).hits]
    _save(made)
    return made


def rename(search: SavedSearch, name: str) -> None:
    search.name = _name(name)
    _save(search)


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > 80:
        raise ArchiveError("name", "名称要有 1 到 80 个字", "请换一个名称")
    return name


def _save(search: SavedSearch) -> None:
    try:
        with transaction.atomic():
            search.save()
    except IntegrityError as error:
        raise ArchiveError(
            "name_taken", f"已有名为「{search.name}」的检索", "请换一个名称，或先删除原来的"
        ) from error


def new_secret() -> str:
    """256 bits: the address is the only key to a feed."""
    return secrets.token_urlsafe(32)


def owner_of(secret: str) -> tuple[SavedSearch, Scope] | None:
    """The search whose feed has this secret, and its owner's scope as it is today; None while the
    account is stopped, without a profile or waiting for its own password."""
    found = SavedSearch.objects.filter(secret=secret).select_related("user__profile").first()
    profile = getattr(found.user, "profile", None) if found else None
    if found is None or profile is None or profile.one_time or not found.user.is_active:
        return None
    return found, Scope(profile.role, profile.unit_id)


def question_of(query: QueryDict) -> str:
    """The question in the search page's address, to be kept."""
    kept = query.copy()
    for name in PASSING:
        kept.pop(name, None)
    return kept.urlencode()
