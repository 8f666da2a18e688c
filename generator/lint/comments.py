"""A copy of the author's own file with a comment of Word at every place that was found.

Nothing else in it changes: other parts keep their bytes, other people's comments stay. Word takes
no comments in headers, footers, notes and text boxes; those stand at the beginning of the text, or
at the paragraph that holds the box, and name their place.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence

from lxml import etree

from generator.cleaning import texts
from generator.errors import FormError
from generator.lint.remarks import Remark, Spot
from generator.numbering import DOCUMENT
from generator.ooxml import (
    NO_RELS,
    XML_SPACE,
    Element,
    W,
    add_content_type,
    add_relationship,
    bytes_of,
    legal,
    parse,
    w,
)
from generator.package import read_package

AUTHOR = "研修档案"
INITIALS = "研"
#: The zero of the zip format, as everywhere in what we write: the same findings, the same bytes.
_DATE = "1980-01-01T00:00:00Z"
_PART = "word/comments.xml"
_RELS = "word/_rels/document.xml.rels"
_TYPES = "[Content_Types].xml"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_EMPTY = f'<w:comments xmlns:w="{W}"/>'.encode()
_MARKS = (w("commentRangeStart"), w("commentRangeEnd"), w("commentReference"))


def annotate(data: bytes, remarks: Sequence[Remark]) -> bytes:
    """The .docx with a comment for each remark; our own earlier ones are taken out first.

    `remarks` must be those of `lint` on these very bytes. Raises `FormError` not_docx, too_large.
    """
    return _rewritten(data, remarks)


def without_our_comments(data: bytes) -> bytes:
    """The .docx without the comments that `annotate` put in; unchanged bytes where it has none."""
    return data if AUTHOR.encode() not in read_package(data).get(_PART, b"") else _rewritten(data)


def _rewritten(data: bytes, remarks: Sequence[Remark] = ()) -> bytes:
    members = read_package(data)
    if DOCUMENT not in members or _TYPES not in members:
        raise FormError("not_docx", "a part every document has is missing")
    try:
        changed = _commented(members, remarks)
    except ValueError as error:
        raise FormError("not_docx", str(error)) from error
    return _repacked(data, changed)


def _commented(members: dict[str, bytes], remarks: Sequence[Remark]) -> dict[str, bytes]:
    """The parts that differ from those of the author's file."""
    document = parse(members[DOCUMENT])
    comments = parse(members.get(_PART, _EMPTY))
    _take_out_ours(comments, document)
    taken = [int(c.get(w("id"))) for c in comments if (c.get(w("id")) or "").isdecimal()]
    paragraphs = list(document.iter(w("p")))
    for number, remark in enumerate(remarks, max(taken, default=-1) + 1):
        comments.append(_comment(number, remark))
        _anchor(paragraphs, remark.spot, number)
    changed = {DOCUMENT: bytes_of(document), _PART: bytes_of(comments)}
    if _PART not in members:
        changed[_TYPES] = add_content_type(members[_TYPES], f"/{_PART}", _TYPE)
        rels = members.get(_RELS, NO_RELS)
        changed[_RELS], _ = add_relationship(rels, _REL, "comments.xml")
    return changed


def _repacked(data: bytes, changed: dict[str, bytes]) -> bytes:
    """The package with the parts in `changed`; order, dates and all other members as they were."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            body = changed.pop(info.filename, None)
            new.writestr(info, old.read(info) if body is None else body)
        for name, body in changed.items():
            fresh = zipfile.ZipInfo(name)
            fresh.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(fresh, body)
    return out.getvalue()


def _take_out_ours(comments: Element, document: Element) -> None:
    ours = {c.get(w("id")): c for c in comments if c.get(w("author")) == AUTHOR}
    for comment in ours.values():
        comments.remove(comment)
    for mark in [m for m in document.iter(*_MARKS) if m.get(w("id")) in ours]:
        run = mark.getparent()
        run.remove(mark)
        if run.tag == w("r") and not any(child.tag != w("rPr") for child in run):
            run.getparent().remove(run)


def _comment(number: int, remark: Remark) -> Element:
    comment = etree.Element(w("comment"), nsmap={"w": W})
    about = {"id": str(number), "author": AUTHOR, "date": _DATE, "initials": INITIALS}
    for name, value in about.items():
        comment.set(w(name), value)
    meant = f"建议写成：{remark.suggestion}" if remark.suggestion else ""
    head = "" if remark.stops else "提醒："
    for words in (f"{head}{remark.place}：{remark.message}", f"办法：{remark.remedy}", meant):
        if words:
            run = etree.SubElement(etree.SubElement(comment, w("p")), w("r"))
            text = etree.SubElement(run, w("t"))
            text.text = legal(words)
            text.set(XML_SPACE, "preserve")
    return comment


# --- anchors ----------------------------------------------------------------------------------


def _anchor(paragraphs: Sequence[Element], spot: Spot | None, number: int) -> None:
    """Put the marks of comment `number` into the text."""
    if not paragraphs:
        return
    start, end = paragraphs[0], paragraphs[0]
    if spot is None or spot.part != DOCUMENT or spot.paragraph >= len(paragraphs):
        start, end = _whole(paragraphs[0])
    else:
        paragraph = paragraphs[spot.paragraph]
        holder = _holder(paragraph)
        if holder is paragraph and spot.end:
            start, end = _words(paragraph, spot.start, spot.end)
        else:
            start, end = _whole(holder)
    begin, stop, reference = (etree.Element(name) for name in _MARKS)
    for mark in (begin, stop, reference):
        mark.set(w("id"), str(number))
    run = etree.Element(w("r"))
    run.append(reference)
    _before(start, begin)
    end.append(run) if end.tag == w("p") else end.addnext(run)
    run.addprevious(stop)


def _before(start: Element, mark: Element) -> None:
    """Before `start`, or first in it where it is a paragraph (behind its properties)."""
    if start.tag != w("p"):
        start.addprevious(mark)
    else:
        start.insert(1 if len(start) and start[0].tag == w("pPr") else 0, mark)


def _holder(paragraph: Element) -> Element:
    """The paragraph itself, or the one outside all text boxes that it stands in."""
    boxes: Iterable[Element] = paragraph.iterancestors(w("txbxContent"))
    outermost = next(iter(list(boxes)[::-1]), None)
    return paragraph if outermost is None else next(outermost.iterancestors(w("p")), paragraph)


def _whole(paragraph: Element) -> tuple[Element, Element]:
    return paragraph, paragraph


def _words(paragraph: Element, start: int, end: int) -> tuple[Element, Element]:
    """(first, last) child of the paragraph that hold characters `start` to `end` of its text and,
    where runs can be parted, nothing else."""
    last = _cut(paragraph, end)
    first = _cut(paragraph, start)
    if first is None or last is None:
        return _whole(paragraph)
    if start:
        first = first.getnext()
    # Whatever was not cut apart (the inside of a link or control) is taken whole.
    return first, last if first is not None and _comes_before(first, last) else first


def _comes_before(first: Element, last: Element) -> bool:
    parent = first.getparent()
    return bool(parent.index(first) <= parent.index(last))


def _cut(paragraph: Element, position: int) -> Element | None:
    """Part the run so that character `position` - 1 of the text is the last of it; the child of
    the paragraph that it ends (for 0: the one that holds the first character)."""
    at = 0
    for text in list(texts(paragraph)):
        length = len(text.text or "")
        if length and at + length >= max(position, 1):
            run = text.getparent()
            if position and run.getparent() is paragraph:
                _part_run(run, text, position - at)
            return _child_of(paragraph, run)
        at += length
    return None


def _child_of(paragraph: Element, element: Element) -> Element:
    while element.getparent() is not paragraph:
        element = element.getparent()
    return element


def _part_run(run: Element, text: Element, offset: int) -> None:
    """Move what stands behind `offset` characters of `text` into a run of its own."""
    words = text.text or ""
    behind = etree.Element(w("r"))
    properties = run.find(w("rPr"))
    if properties is not None:
        behind.append(etree.fromstring(etree.tostring(properties, with_tail=False)))
    if words[offset:]:
        rest = etree.SubElement(behind, w("t"))
        rest.text = words[offset:]
        rest.set(XML_SPACE, "preserve")
        text.text = words[:offset]
        text.set(XML_SPACE, "preserve")
    for child in list(text.itersiblings()):
        behind.append(child)
    if any(child.tag != w("rPr") for child in behind):
        run.addnext(behind)
