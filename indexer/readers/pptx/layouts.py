"""Where placeholders lie: a slide leaves that to its layout, and the layout to its master."""

from __future__ import annotations

from indexer.errors import ReadError
from indexer.readers.package import Element, Package
from indexer.readers.pptx.names import A, P
from indexer.readers.slides import Box

#: Kinds that a master has under another name (ECMA-376 part 1, 19.7.10).
_ALIKE = {"ctrTitle": "title", "subTitle": "body", "obj": "body", "": "body"}

Relations = dict[str, tuple[str, str]]


def box_of(transform: Element | None) -> Box | None:
    """The place that an `xfrm` gives, in EMU; None where it gives none."""
    if transform is None:
        return None
    offset, size = transform.find(A + "off"), transform.find(A + "ext")
    if offset is None or size is None:
        return None
    try:
        left, top = int(offset.get("x", "")), int(offset.get("y", ""))
        return Box(left, top, left + int(size.get("cx", "")), top + int(size.get("cy", "")))
    except ValueError:
        return None


class Layouts:
    """The layouts and masters of a package, each read once and only for its placeholders."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._known: dict[str, dict[str, Box]] = {}
        self._masters: dict[str, str] = {}

    def box(self, relations: Relations, role: str, index: str) -> Box | None:
        """The place of a placeholder: by its number in the layout, else by its kind."""
        layout, kind = _target(relations, "slideLayout"), _ALIKE.get(role, role)
        places = self._places(layout)
        found = places.get(f"#{index}") if index else None
        return found or places.get(kind) or self._places(self._master(layout)).get(kind)

    def _master(self, layout: str) -> str:
        if layout not in self._masters:
            try:
                relations = self._package.relations(layout)
            except ReadError:
                relations = {}
            self._masters[layout] = _target(relations, "slideMaster")
        return self._masters[layout]

    def _places(self, part: str) -> dict[str, Box]:
        """Number (`#1`) and kind of each placeholder of a part -> its place."""
        if part not in self._known:
            self._known[part] = dict(self._read(part))
        return self._known[part]

    def _read(self, part: str) -> list[tuple[str, Box]]:
        if not self._package.has(part):
            return []
        try:
            root = self._package.xml(part)
        except ReadError:
            return []  # the order of drawing is then kept
        found = []
        for shape in root.iter(P + "sp"):
            place = shape.find(f"{P}nvSpPr/{P}nvPr/{P}ph")
            box = box_of(shape.find(f"{P}spPr/{A}xfrm"))
            if place is not None and box is not None:
                kind = place.get("type", "")
                found += [(f"#{place.get('idx', '')}", box), (_ALIKE.get(kind, kind), box)]
        return found


def _target(relations: Relations, kind: str) -> str:
    return next((target for found, target in relations.values() if found == kind), "")
