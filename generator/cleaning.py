"""A part of a template without the noise word processors leave, its tags whole and in one piece."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from generator.ooxml import XML_SPACE, Element, w

#: Marks of spelling, paging and the cursor; they split tags and mean nothing in a form.
_NOISE = (w("proofErr"), w("lastRenderedPageBreak"))
_WRAPPERS = (w("smartTag"), w("customXml"))
_BOOKMARKS = ("_GoBack", "OLE_LINK", "_Hlk")


def clean(root: Element) -> None:
    """Unwrap content controls and smart tags; drop noise and revision ids; join equal runs."""
    _unwrap(root)
    _drop_noise(root)
    for paragraph in root.iter(w("p")):
        if len(paragraph) > 1:
            _join_runs(paragraph)


def _unwrap(root: Element) -> None:
    """Content controls multiply their text in LibreOffice and hide it from readers (measured)."""
    for control in list(root.iter(w("sdt"))):
        content = control.find(w("sdtContent"))
        _replace(control, list(content) if content is not None else [])
    for wrapper in list(root.iter(*_WRAPPERS)):
        _replace(wrapper, [c for c in wrapper if not c.tag.endswith("Pr")])


def _replace(element: Element, children: list[Element]) -> None:
    parent = element.getparent()
    if parent is None:
        return
    for child in children:
        element.addprevious(child)
    parent.remove(element)


def _drop_noise(root: Element) -> None:
    for element in list(root.iter(*_NOISE)):
        element.getparent().remove(element)
    dropped = set()
    for mark in list(root.iter(w("bookmarkStart"))):
        if (mark.get(w("name")) or "").startswith(_BOOKMARKS):
            dropped.add(mark.get(w("id")))
            mark.getparent().remove(mark)
    for mark in list(root.iter(w("bookmarkEnd"))):
        if mark.get(w("id")) in dropped:
            mark.getparent().remove(mark)
    prefix = w("rsid")
    for element in root.iter():
        for name in [name for name in element.attrib if name.startswith(prefix)]:
            del element.attrib[name]


def _join_runs(paragraph: Element) -> None:
    """Neighbouring runs of nothing but text and with the same properties become one."""
    target: Element = None
    look = b""
    words: list[str] = []
    for run in list(paragraph.iterchildren(w("r"))):
        plain = _plain(run)
        properties = _properties(run) if plain else b""
        follows = target is not None and run.getprevious() is target
        if plain and follows and properties == look:
            words += [text.text or "" for text in run.findall(w("t"))]
            paragraph.remove(run)
            continue
        _add_words(target, words)
        target, look, words = run if plain else None, properties, []
    _add_words(target, words)


def _add_words(run: Element, words: list[str]) -> None:
    """All at once: a paragraph may have tens of thousands of runs."""
    if words:
        text = run.findall(w("t"))[-1]
        text.text = "".join([text.text or "", *words])
        text.set(XML_SPACE, "preserve")


def _plain(run: Element) -> bool:
    tags = [child.tag for child in run]
    return w("t") in tags and all(tag in (w("t"), w("rPr")) for tag in tags)


def _properties(run: Element) -> bytes:
    found = run.find(w("rPr"))
    return b"" if found is None else etree.tostring(found, with_tail=False)


def texts(paragraph: Element) -> Iterator[Element]:
    """The w:t of the paragraph's own runs in reading order, not those of text boxes in it."""
    for text in paragraph.iter(w("t")):
        if text.getparent().tag == w("r") and next(text.iterancestors(w("p"))) is paragraph:
            yield text


def isolate(paragraph: Element, start: int, end: int) -> Element:
    """The run that holds characters `start` to `end` of the paragraph's text and nothing else.

    Whatever stood before and behind them in the same run goes into runs of its own with the same
    properties. The words take the properties of the run they begin in.
    """
    first = _gather(paragraph, start, end)
    run = first.getparent()
    before, behind = _copy(run), _copy(run)
    children = [child for child in run if child.tag != w("rPr")]
    position = children.index(first)
    offset = start - _offset(paragraph, first)
    whole = first.text or ""
    for child in children[:position]:
        before.append(child)
    _add_text(before, whole[:offset])
    _add_text(behind, whole[offset + end - start :])
    for child in children[position + 1 :]:
        behind.append(child)
    first.text = whole[offset : offset + end - start]
    if _holds_more(before):
        run.addprevious(before)
    if _holds_more(behind):
        run.addnext(behind)
    return run


def _gather(paragraph: Element, start: int, end: int) -> Element:
    """Pull characters `start` to `end` together into the w:t they begin in."""
    first: Element = None
    position = 0
    for text in list(texts(paragraph)):
        words = text.text or ""
        stop = position + len(words)
        if first is None and position <= start < stop:
            first = text
        elif first is not None and position < end:
            taken = words[: end - position]
            first.text += taken
            text.text = words[len(taken) :]
            text.set(XML_SPACE, "preserve")
        position = stop
    return first


def _offset(paragraph: Element, wanted: Element) -> int:
    position = 0
    for text in texts(paragraph):
        if text is wanted:
            return position
        position += len(text.text or "")
    raise LookupError("the text is not of this paragraph")


def _copy(run: Element) -> Element:
    copy = etree.Element(run.tag, nsmap=run.nsmap)
    properties = run.find(w("rPr"))
    if properties is not None:
        copy.append(etree.fromstring(etree.tostring(properties, with_tail=False)))
    return copy


def _add_text(run: Element, words: str) -> None:
    if words:
        text = etree.SubElement(run, w("t"))
        text.text = words
        text.set(XML_SPACE, "preserve")


def _holds_more(run: Element) -> bool:
    return any(child.tag != w("rPr") for child in run)
