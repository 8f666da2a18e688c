"""Where the QR code of a form's number stands: a picture described as 表单二维码 (its alternative
text in Word and WPS), anywhere in a template. Each copy carries its own picture there."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from lxml import etree

from generator import qr
from generator.drawing import EMU, WP, A, graphic, inline
from generator.ooxml import (
    IMAGE_REL,
    NO_RELS,
    Element,
    R,
    W,
    add_default_type,
    add_relationship,
    bytes_of,
    layout_part,
    parse,
    rels_of,
    w,
)

DESCRIPTION = "表单二维码"
#: From the edge of the type area to words beside the code: the code and 1 mm. Twips.
BESIDE = round((qr.SIDE_MM + 1) * 1440 / 25.4)
_SIDE = round(qr.SIDE_MM * EMU)
_CODE = "word/media/formQR.png"
_TYPES = "[Content_Types].xml"

#: Least bottom margin in which the code stands clear of the text. Twips (18 mm).
ROOM = 1021

#: In our own footers the code hangs from the line of the page number; of a foreign one only the
#: margin is known, so there it stands in the middle of that.
_OWN = '<wp:positionV relativeFrom="paragraph"><wp:posOffset>0</wp:posOffset></wp:positionV>'
_FOREIGN = '<wp:positionV relativeFrom="bottomMargin"><wp:align>center</wp:align></wp:positionV>'
_LAYOUT = (
    '<w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>'
    '<w:ind w:left="0" w:firstLineChars="0" w:firstLine="0"/>'
)


def code_run(relation: str, *, even: bool, own: bool) -> Element:
    """A run with the code at the inner edge of the type area: left, on `even` pages right. It is
    free of the line, so that it moves nothing on the page."""
    return etree.fromstring(
        f'<w:r xmlns:w="{W}"><w:drawing><wp:anchor xmlns:wp="{WP}" distT="0" distB="0" distL="0"'
        ' distR="0" simplePos="0" relativeHeight="1" behindDoc="0" locked="0" layoutInCell="1"'
        ' allowOverlap="1"><wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="margin">'
        f"<wp:align>{'right' if even else 'left'}</wp:align></wp:positionH>"
        f'{_OWN if own else _FOREIGN}<wp:extent cx="{_SIDE}" cy="{_SIDE}"/><wp:wrapNone/>'
        f"{graphic(relation, _number(even), DESCRIPTION, _SIDE, _SIDE)}"
        "</wp:anchor></w:drawing></w:r>"
    )


def _number(even: bool) -> int:
    return 9002 if even else 9001


def add_code(members: dict[str, bytes], part: str, root: Element, *, even: bool) -> None:
    """Put a code into a footer, its paragraphs making way for it. Where that cannot be (a narrow
    margin, a table), the code has a line of its own: the footer grows then. `members` gets the
    relationship, not the part."""
    rels, target = rels_of(part), f"/{_CODE}"
    members[rels], relation = add_relationship(members.get(rels, NO_RELS), IMAGE_REL, target)
    members[_TYPES] = add_default_type(members[_TYPES], "png", "image/png")
    paragraphs = root.findall(w("p"))
    if not paragraphs or root.find(w("tbl")) is not None or not _has_room(members):
        root.append(_own_line(relation, even))
        return
    for paragraph in paragraphs:
        _make_way(paragraph, even)
    paragraphs[0].append(code_run(relation, even=even, own=False))


def _has_room(members: Mapping[str, bytes]) -> bool:
    margins = parse(members["word/document.xml"]).iter(w("pgMar"))
    return all(abs(_twips(margin.get(w("bottom")))) >= ROOM for margin in margins)


def _twips(text: str | None) -> int:
    return int(text) if text and text.lstrip("-").isdecimal() and len(text) < 9 else 0


def _make_way(paragraph: Element, even: bool) -> None:
    """Words that stand where the code is to be begin, or end, beside it."""
    layout = paragraph.find(w("pPr"))
    if layout is None:
        layout = etree.Element(w("pPr"))
        paragraph.insert(0, layout)
    place = layout.find(w("jc"))
    where = "left" if place is None else place.get(w("val"))
    if where in ("center", "left" if even else "right", "start" if even else "end"):
        return
    indent = layout_part(layout, "ind")
    side = w("right" if even else "left")
    indent.set(side, str(_twips(indent.get(side)) + BESIDE))


def _own_line(relation: str, even: bool) -> Element:
    drawing = inline(relation, _number(even), DESCRIPTION, _SIDE, _SIDE)
    side = "right" if even else "left"
    layout = f'<w:pPr>{_LAYOUT}<w:jc w:val="{side}"/></w:pPr>'
    return etree.fromstring(f'<w:p xmlns:w="{W}">{layout}<w:r>{drawing}</w:r></w:p>')


def code_members(members: dict[str, bytes], part: str, root: Element) -> list[str]:
    """The pictures of the package that show a code in this part. One that is no PNG, or missing,
    is replaced by ours: `members` is changed in place."""
    relations = set(_relations(root))
    rels = rels_of(part)
    if not relations or rels not in members:
        return []
    found: list[str] = []
    relationships = parse(members[rels])
    for item in relationships:
        if item.get("Id") not in relations:
            continue
        target = posixpath.normpath(posixpath.join("/word", item.get("Target") or ""))[1:]
        if not target.lower().endswith(".png") or target not in members:
            target = _CODE
            item.set("Target", f"/{target}")
        found.append(target)
    members[rels] = bytes_of(relationships)
    members[_TYPES] = add_default_type(members[_TYPES], "png", "image/png")
    return found


def _relations(root: Element) -> Iterator[str]:
    for words in root.iter(f"{{{WP}}}docPr"):
        if words.get("descr") == DESCRIPTION:
            for blip in words.getparent().iter(f"{{{A}}}blip"):
                yield blip.get(f"{{{R}}}embed") or ""
