"""What a child process can be asked to do; each duty takes plain values and gives plain values."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from indexer.limits import Limits

Order = dict[str, Any]
Answer = dict[str, Any]


def do(order: Order, limits: Limits) -> Answer:
    """Carry out one order. Raises ReadError."""
    return _DUTIES[order.get("do", "read")](order, limits)


def _read(order: Order, limits: Limits) -> Answer:
    """{"path", "name"} -> {"reading"}"""
    from indexer import readers

    return {"reading": readers.read(Path(order["path"]), order.get("name"), limits).to_json()}


def _picture(order: Order, limits: Limits) -> Answer:
    """{"path", "form"} -> {"picture"}: the first page as PNG in base64, "" where there is none."""
    import base64

    from indexer import picture

    png = picture.first_page(Path(order["path"]), order["form"], limits)
    return {"picture": base64.b64encode(png or b"").decode("ascii")}


def _page(order: Order, limits: Limits) -> Answer:
    """{"path", "form", "number"} -> {"page"}: the text recognised on one scanned page."""
    from indexer import ocr

    page = ocr.page(Path(order["path"]), order["form"], order["number"], limits)
    return {"page": page.to_json()}


def _unpack(order: Order, limits: Limits) -> Answer:
    """{"path", "form", "name", "folder"} -> {"taken"}: its members, laid into the folder."""
    from indexer import bundles, confinement

    folder = Path(order["folder"])
    with confinement.Allowing(folder):
        taken = bundles.unpack_into(
            Path(order["path"]), order["form"], folder, limits, order.get("name") or ""
        )
    return {"taken": [one.to_json() for one in taken]}


_DUTIES: dict[str, Callable[[Order, Limits], Answer]] = {
    "read": _read,
    "picture": _picture,
    "page": _page,
    "unpack": _unpack,
}
