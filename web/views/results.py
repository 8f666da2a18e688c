"""What one takes away from an answer: its list as a workbook or CSV, its originals as a zip."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from django.db.models import F
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from archive import house, parcel, result_list
from archive.models import Version
from archive.paper import OBJECT
from archive.parcel import MOST_BYTES, MOST_FILES, Original
from archive.result_list import COLUMNS, MOST, cut_note, row
from archive.results import Results, results
from archive.scope import Scope
from indexer.engines import Hit, QueryError
from web import words
from web.access import Visit
from web.asking import Asked
from web.downloads import attachment, stream
from web.failures import answer as failure
from web.filtering import settled
from web.links import link
from web.turns import Taking, Turn, Turns
from web.views.search import conditions

#: Lists and parcels under way at one time: each holds one of the server's threads (8 by default).
_turns = Turns(3)


def sheet(request: Visit) -> HttpResponseBase:
    """The list as a workbook."""
    return _answered(request, MOST, _sheet)


def lines(request: Visit) -> HttpResponseBase:
    """The list as CSV."""
    return _answered(request, MOST, _lines)


def originals(request: Visit) -> HttpResponseBase:
    """The newest original of each paper, with the list."""
    return _answered(request, MOST_FILES, _parcel)


def _answered(
    request: Visit, most: int, send: Callable[[Visit, Asked, Results], HttpResponseBase]
) -> HttpResponseBase:
    asked = Asked.of(request.GET)
    if asked.no_dates:
        said = f"没有「{asked.no_dates[0]}」这个日期"
        return _refused(request, "date_unknown", said, "请写作 2014-10-31")
    filters, _ = settled(asked.filters)
    asked = replace(asked, filters=filters)
    only_whole = request.GET.get("only") == "whole"
    try:
        question = asked.question(request.scope)
        engine = house.current().engine()
        found = results(engine, question, most, only_whole=only_whole)
    except QueryError as error:
        return _refused(request, error.code, error.message, error.remedy)
    turn = _turns.take()
    if turn is None:
        said = "别的导出和打包正在进行，这次没有开始"
        return _refused(request, "busy", said, "请过几分钟再试", status=503)
    return _in_turn(turn, lambda: send(request, asked, found))


def _in_turn(turn: Turn, send: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """The answer, its turn given back when it is made or, where it is sent in pieces, sent."""
    try:
        response = send()
    except BaseException:
        turn.give_back()
        raise
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = Taking(iter(response), turn)
    else:
        turn.give_back()
    return response


def _sheet(request: Visit, asked: Asked, found: Results) -> HttpResponseBase:
    from archive.result_xlsx import to_xlsx

    note = cut_note(found.total, found.listed) or f"共 {found.total:,} 份"
    made = f"{note}　{words.long_day(words.today())}导出"
    data = to_xlsx(_rows(request, found), about(asked), made)
    return attachment(_name(asked, "xlsx"), data)


def _lines(request: Visit, asked: Asked, found: Results) -> HttpResponseBase:
    def rows() -> Iterator[Sequence[str]]:
        yield COLUMNS
        yield from _rows(request, found)
        if note := cut_note(found.total, found.listed):
            yield (note,)

    return stream(_name(asked, "csv"), result_list.csv_lines(rows()))


def _rows(request: HttpRequest, found: Results) -> Iterator[Sequence[str]]:
    return (row(hit, _address(request, hit)) for hit in found.hits)


def _address(request: HttpRequest, hit: Hit) -> str:
    return request.build_absolute_uri(link("document", hit.id))


def _parcel(request: Visit, asked: Asked, found: Results) -> HttpResponseBase:
    narrow = "请加上学校、学年、文种等条件，缩小范围后分几次下载"
    if found.total > MOST_FILES:
        said = f"共 {found.total:,} 份材料，一次最多打包 {MOST_FILES:,} 份"
        return _refused(request, "too_many_files", said, narrow)
    packed = list(newest(request, list(found.hits)))
    if not packed:
        return _refused(request, "nothing_found", "没有可以打包的材料", "请换一个检索词或条件")
    size = sum(original.size for original in packed)
    if size > MOST_BYTES:
        said = f"这些原件共 {words.size(size)}，一次最多打包 {words.size(MOST_BYTES)}"
        return _refused(request, "too_large", said, narrow)
    return stream(_name(asked, "zip"), parcel.pieces(packed))


def newest(request: Visit, hits: Sequence[Hit]) -> Iterator[Original]:
    """The newest original of each hit that this user may see by the catalogue too: the index
    may be a moment behind it."""
    store = house.current().store
    versions = _versions(request.scope, [hit.id for hit in hits])
    for hit in hits:
        version = versions.get(hit.id)
        if version is None:
            continue
        yield Original(
            folder=(*hit.values.get("school", ()), "未定学校")[0],
            name=version.name,
            place=partial(store.path, OBJECT + hit.id, version.logical),
            sha256=version.sha256,
            size=version.size,
            received=timezone.localtime(version.received),
            line=row(hit, _address(request, hit)),
        )


def _versions(scope: Scope, ids: Sequence[str]) -> dict[str, Version]:
    found: dict[str, Version] = {}
    # SQLite's older builds take 999 values in a statement.
    for start in range(0, len(ids), 500):
        visible = scope.records().filter(id__in=ids[start : start + 500])
        rows = Version.objects.filter(record__in=visible, n=F("record__head"))
        found.update({version.record_id: version for version in rows})
    return found


def about(asked: Asked) -> str:
    """The question in words."""
    texts = [f"「{text}」" for text in (asked.base, *asked.within) if text]
    named = [name for _, _, name in conditions(asked)]
    return "；".join(["再检索".join(texts) or "全部材料", *named])


def _name(asked: Asked, suffix: str) -> str:
    what = "原件" if suffix == "zip" else "清单"
    said = " ".join((asked.base, *asked.within))[:40].strip()
    parts = ["检索", what, said, words.today().isoformat()]
    return f"{'-'.join(part for part in parts if part)}.{suffix}"


def _refused(
    request: HttpRequest, code: str, message: str, remedy: str, status: int = 400
) -> HttpResponse:
    return failure(request, status, code, message, remedy, "没有导出")
