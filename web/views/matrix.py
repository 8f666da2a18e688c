"""Who handed in what: units down, kinds and subjects across, each cell a link."""

from __future__ import annotations

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


def matrix(request: Visit) -> HttpResponse:
    period, kind = asked(request)
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    cluster = request.GET.get("cluster", "")
    context = {
        "period": period,
        "period_name": terms.name(period),
        "periods": terms.groups(request.scope, period),
        "kind": kind,
        "kinds": kinds_due(),
        "cluster": cluster,
        "clusters": clusters() if request.scope.may_manage else [],
        "state": state,
        "state_name": STATES[state][1] if state else "",
        "grid": grid_of(found(request, period, kind), with_form(), state),
    }
    return page(request, "matrix.html", context)


def sheet(request: Visit) -> HttpResponse:
    period, kind = asked(request)
    data = reporting.to_xlsx(house.current(), found(request, period, kind))
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
    return {info.kind_id for info in press.forms(house.current())}


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
