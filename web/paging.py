"""Pages of a list: which part of it, and how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

Row = TypeVar("Row")
RowModel = TypeVar("RowModel", bound=Model)


@dataclass(frozen=True, slots=True)
class Pages(Generic[Row]):
    """`number` counts from 1; `total` is of all rows, `rows` are those of this page."""

    rows: Sequence[Row]
    number: int
    last: int
    total: int


def number_of(request: HttpRequest) -> int:
    """The page asked for in the address; 1 where it is none."""
    asked = request.GET.get("page", "1")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def last_page(total: int, size: int) -> int:
    return max(1, -(-total // size))


def paged(request: HttpRequest, rows: QuerySet[RowModel], size: int) -> Pages[RowModel]:
    """One page of a query: two statements. A page beyond the end shows the last one."""
    total = rows.count()
    last = last_page(total, size)
    number = min(number_of(request), last)
    return Pages(list(rows[(number - 1) * size : number * size]), number, last, total)
