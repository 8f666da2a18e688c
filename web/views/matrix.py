"""Who handed in what: units down, kinds and subjects across, each cell a link."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse

from archive import house, press
from archive import matrix as reporting
from archive.due import STATES, Matrix
from web import terms, words
from web.access import Visit
from web.downloads import attachment
from web.figures import latest_month
from web.grid import grid_of, narrowed
from web.pages import page

#: A table with more columns than these shows, until all are asked for, those that have papers.
MANY = 60


def matrix(request: Visit) -> HttpResponse:
    period, kind = asked(request)
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    cluster = request.GET.get("cluster", "")
    table = found(request, period, kind)
    filled = only_filled(request.GET.get("columns", ""), len(table.columns))
    context = {
        "unknown": unknown(request),
        "period": period,
        "period_name": terms.name(period),
        "periods": terms.groups(request.scope, period),
        "kind": kind,
        "kinds": kinds_due(),
        "cluster": cluster,
        "clusters": clusters() if request.scope.may_manage else [],
        "state": state,
        "state_name": STATES[state][1] if state else "",
        "grid": grid_of(table, with_form(), state, filled),
    }
    return page(request, "matrix.html", context)


def only_filled(asked_for: str, columns: int) -> bool:
    """Whether columns without papers are left out: as asked, else where there are too many."""
    return asked_for == "filled" if asked_for in ("all", "filled") else columns > MANY


def unknown(request: Visit) -> list[str]:
    """What the address asks for and nothing here is called, in sentences."""
    kinds, units = house.current().kinds, {c.id for c in words.register().clusters()}
    checks: dict[str, tuple[str, Callable[[str], bool]]] = {
        "period": ("时段", terms.is_period),
        "kind": ("文种", lambda value: value in kinds),
        "cluster": ("片区", lambda value: value in units),
        "state": ("状态", lambda value: value in STATES),
    }
    given = {key: request.GET.get(key, "")[:80] for key in checks}
    return [
        f"没有「{given[key]}」这个{name}，没有按它筛选"
        for key, (name, known) in checks.items()
        if given[key] and not known(given[key])
    ]


def sheet(request: Visit) -> HttpResponse:
    period, kind = asked(request)
    from archive.matrix_xlsx import to_xlsx

    data = to_xlsx(house.current(), found(request, period, kind))
    what = words.kind(kind) if kind else ""
    return attachment(f"{terms.name(period)}{what}报送一览.xlsx", data)


def found(request: Visit, period: str, kind: str) -> Matrix:
    """The matrix this user may see: a school its own line, the office all or one cluster's."""
    whole = reporting.matrix(house.current(), period, kind or None)
    if not request.scope.may_manage:
        return narrowed(whole, {request.scope.unit_id})
    units = members(request.GET.get("cluster", ""))
    return whole if units is None else narrowed(whole, units)


def with_form() -> set[str]:
    return {paper.kind.id for paper in press.forms(house.current())}


def asked(request: Visit) -> tuple[str, str]:
    """(period, kind) of the address; the newest month with papers where none is given."""
    period = request.GET.get("period", "")
    if not terms.is_period(period):
        period = latest_month(request.scope) or terms.this_month()
    kind = request.GET.get("kind", "")
    return period, kind if kind in house.current().kinds else ""


def kinds_due() -> list[tuple[str, str]]:
    """Kinds that the matrix can ask for (archive.due.due_items)."""
    kinds = house.current().kinds.values()
    return [(k.id, k.name) for k in kinds if k.due and k.due.anchor != "event"
            and k.custody != "school"]  # fmt: skip


def clusters() -> list[tuple[str, str]]:
    return [(c.id, c.name) for c in words.register().clusters()]


def members(cluster: str) -> set[str] | None:
    """The cluster and its schools; None for all units."""
    register = words.register()
    unit = register.units.get(cluster)
    if unit is None or unit.level != "cluster":
        return None
    return {cluster, *(school.id for school in register.members(cluster))}
