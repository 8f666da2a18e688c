"""Who handed in what: schools down, kinds and subjects across, each cell a link."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse

from archive import house
from archive import matrix as due_items
from web import terms, words
from web.access import Visit
from web.downloads import attachment
from web.figures import latest_month
from web.grid import STATES, Grid
from web.grid_of_due import grid_of
from web.pages import page


def matrix(request: Visit) -> HttpResponse:
    period, kind = asked(request)
    cluster, state = request.GET.get("cluster", ""), request.GET.get("state", "")
    whole = in_cluster(grid_of(house.current(), period, kind, request.scope), cluster)
    context = {
        "period": period,
        "period_name": terms.name(period),
        "periods": terms.groups(request.scope, period),
        "kind": kind,
        "kinds": kinds_due(),
        "cluster": cluster,
        "clusters": clusters() if request.scope.may_manage else [],
        "state": state if state in STATES else "",
        "states": STATES,
        "whole": whole,
        "grid": whole.only(state) if state in STATES else whole,
    }
    return page(request, "matrix.html", context)


def sheet(request: Visit) -> HttpResponse:
    period, kind = asked(request)
    data = due_items.to_xlsx(house.current(), period, kind=kind or None, scope=request.scope)
    what = words.kind(kind) if kind else "应报材料"
    return attachment(f"{terms.name(period)}{what}报送一览.xlsx", data)


def asked(request: Visit) -> tuple[str, str]:
    """(period, kind) of the address; the newest month with papers where none is given."""
    period = request.GET.get("period", "")
    if not terms.is_period(period):
        period = latest_month(request.scope) or terms.this_month()
    kind = request.GET.get("kind", "")
    return period, kind if kind in house.current().kinds else ""


def kinds_due() -> list[tuple[str, str]]:
    return [(k.id, k.name) for k in house.current().kinds.values() if k.due]


def clusters() -> list[tuple[str, str]]:
    return [(c.id, c.name) for c in words.register().clusters()]


def in_cluster(grid: Grid, cluster: str) -> Grid:
    if cluster not in words.register().units:
        return grid
    members = {school.id for school in words.register().members(cluster)}
    return replace(grid, lines=tuple(line for line in grid.lines if line.unit_id in members))
