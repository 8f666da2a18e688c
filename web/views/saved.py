"""Saved searches: the list of them, a look at one, and its feed for whoever has the address."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from markupsafe import escape

from archive.models import SavedSearch, Version
from archive.result_list import COLUMNS, row
from archive.scope import Scope
from indexer.engines import QueryError
from web import saved as keeping
from web.access import Visit, public
from web.asking import Asked
from web.links import link
from web.pages import page
from web.views.results import about

#: Papers in a feed: readers ask every few hours, and a county's busy day brings some dozens.
NEWEST = 50


def saved(request: Visit) -> HttpResponse:
    """GET: the user's searches. POST `name`, `query`: one more."""
    if request.method == "POST":
        return _keep(request)
    rows = [
        (one, said(one.search), _feed_address(request, one.search))
        for one in keeping.news(request.user, request.scope)
    ]
    return page(request, "saved.html", {"rows": rows, "most": keeping.MOST})


def said(search: SavedSearch) -> str:
    """The saved question in words."""
    return about(Asked.of(QueryDict(search.query)))


def _keep(request: Visit) -> HttpResponse:
    query = keeping.question_of(QueryDict(request.POST.get("query", "")))
    try:
        made = keeping.keep(request.user, request.scope, request.POST.get("name", ""), query)
    except QueryError as error:
        messages.error(request, f"没有保存：{error.message}。{error.remedy}。")
        return HttpResponseRedirect(f"{reverse('search')}?{query}")
    messages.success(
        request, f"已保存检索「{made.name}」。以后来了符合的新材料，首页和检索页会写明几份。"
    )
    return HttpResponseRedirect(f"{reverse('search')}?{query}&saved={made.pk}")


def one(request: Visit, saved_id: int) -> HttpResponse:
    """GET: a look at the answer, what came last first. POST `do`: a change."""
    search = SavedSearch.objects.filter(user=request.user, id=saved_id).first()
    if search is None:
        raise Http404
    if request.method != "POST":
        return _look(request, search)
    _change(request, search)
    return HttpResponseRedirect(reverse("saved"))


def _look(request: Visit, search: SavedSearch) -> HttpResponse:
    query = QueryDict(search.query, mutable=True)
    query["sort"], query["saved"] = "received", str(search.pk)
    try:
        keeping.look(search, request.scope)
    except QueryError:
        # The search page points at the place that is not understood.
        del query["saved"]
    return HttpResponseRedirect(f"{reverse('search')}?{query.urlencode()}")


def _change(request: Visit, search: SavedSearch) -> None:
    wanted = request.POST.get("do", "")
    before = search.name
    if wanted == "rename":
        keeping.rename(search, request.POST.get("name", ""))
        messages.success(request, f"检索「{before}」已改名为「{search.name}」。")
    elif wanted == "delete":
        search.delete()
        messages.success(
            request,
            f"已删除检索「{before}」，它的订阅地址不再有效；材料不受影响，需要时可以重新保存。",
        )
    elif wanted in ("feed", "unfeed"):
        search.secret = keeping.new_secret() if wanted == "feed" else None
        search.save(update_fields=["secret"])
        what = "有了新的订阅地址，原来的不再有效" if search.secret else "的订阅地址已停用"
        messages.success(request, f"检索「{before}」{what}。")


def _feed_address(request: HttpRequest, search: SavedSearch) -> str:
    secret = search.secret
    return request.build_absolute_uri(reverse("feed", args=(secret,))) if secret else ""


@public
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The newest papers of a saved search as Atom (RFC 4287). The address is the key: who has it
    sees what the owner may see, as long as the account is in use."""
    owner = keeping.owner_of(secret)
    if owner is None:
        raise Http404
    search, scope = owner
    made = Atom1Feed(
        title=f"研修档案 · {search.name}",
        link=request.build_absolute_uri(f"{reverse('search')}?{search.query}"),
        description="",
        subtitle=said(search),
        language="zh-CN",
        author_name="研修档案",
        feed_url=request.build_absolute_uri(),
    )
    _fill(made, request, search, scope)
    response = HttpResponse(content_type=made.content_type)
    made.write(response, "utf-8")
    return response


def _fill(made: Atom1Feed, request: HttpRequest, search: SavedSearch, scope: Scope) -> None:
    try:
        hits = keeping.newest(search, scope, NEWEST)
    except QueryError as error:
        made.feed["subtitle"] = f"这个检索式看不懂：{error.message}"
        return
    visible = scope.records().filter(id__in=[hit.id for hit in hits])
    versions = {(v.record_id, v.n): v for v in Version.objects.filter(record__in=visible)}
    came = [(versions.get((hit.id, hit.extra.get("head", 1))), hit) for hit in hits]
    told = [(version, hit) for version, hit in came if version is not None]
    # The index counts in seconds.
    for version, hit in sorted(told, key=lambda pair: pair[0].received, reverse=True):
        values = dict(zip(COLUMNS, row(hit), strict=True))
        names = ("文种", "学校", "学科", "学期/月份", "状态")
        facts = " · ".join(values[name] for name in names if values[name])
        made.add_item(
            title=values["标题"] or values["文件名"] or "（无标题）",
            link=request.build_absolute_uri(link("document", hit.id)),
            description=f"<p>{escape(facts)}</p><p>{escape(values['摘录'])}</p>",
            unique_id=f"urn:yanxiu:record:{hit.id}:{version.n}",
            updateddate=version.received,
            pubdate=version.received,
        )
