"""Addresses: a page's state (search, filters, sort, page number) lives in its query string."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse


def link(name: str, *args: object, **query: Any) -> str:
    """The address of a route with a query string; empty values are left out."""
    return _join(reverse(name, args=args or None), _pairs(query))


def changed(request: HttpRequest, **changes: Any) -> str:
    """This page's address with some of its query replaced; "" or None removes a key.
    A change of filter or sort starts again at the first page."""
    kept = [(k, v) for k, values in request.GET.lists() for v in values if k not in changes]
    if "page" not in changes:
        kept = [pair for pair in kept if pair[0] != "page"]
    return _join(request.path, kept + _pairs(changes))


def toggled(request: HttpRequest, key: str, value: str) -> str:
    """This page's address with one value of a filter put on, or taken off if it is on."""
    values = request.GET.getlist(key)
    values = [v for v in values if v != value] if value in values else [*values, value]
    return changed(request, **{key: values})


def _pairs(query: dict[str, Any]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in query.items():
        many = value if isinstance(value, Iterable) and not isinstance(value, str) else [value]
        pairs.extend((key, str(v)) for v in many if v not in ("", None))
    return pairs


def _join(path: str, pairs: list[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(pairs)}" if pairs else path
