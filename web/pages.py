"""The Jinja2 environment of the pages, and `page`, which every view answers with."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.messages import get_messages
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from jinja2 import Environment, StrictUndefined

from web import words
from web.links import changed, link, toggled


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the left rail; `county` entries are not shown to schools."""

    route: str
    name: str
    county: bool = False


RAIL = (
    Entry("home", "首页"),
    Entry("search", "检索"),
    Entry("upload", "提交材料"),
    Entry("review", "待核", county=True),
    Entry("matrix", "报送一览"),
    Entry("forms", "表单"),
    Entry("arrivals", "收件记录"),
    Entry("users", "账号", county=True),
)


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """Render a page in the house's layout. `scope` is None for a visitor who is not signed in."""
    scope = getattr(request, "scope", None)
    rail = [e for e in RAIL if scope and (scope.may_manage or not e.county)]
    match = request.resolver_match
    frame = {
        "scope": scope,
        "rail": rail,
        "here": match.url_name if match else "",
        "query": "",
        "notes": get_messages(request),
    }
    return render(request, template, {**frame, **context}, status=status)


def environment(**options: Any) -> Environment:
    """Called by Django's Jinja2 backend. Autoescape is on; an unknown name is an error."""
    made = Environment(
        **{**options, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    )
    made.globals.update(
        static=fingerprinted, link=link, changed=changed, toggled=toggled, words=words
    )
    made.filters.update(words.FILTERS)
    return made


@cache
def fingerprinted(path: str) -> str:
    """A static file's address with a mark of its contents, so that an upgrade is seen at once."""
    found = finders.find(path)
    if not found:
        raise FileNotFoundError(f"no static file {path!r}")
    with open(found, "rb") as file:  # noqa: PTH123
        mark = hashlib.file_digest(file, "sha256").hexdigest()[:10]
    return f"{static(path)}?v={mark}"
