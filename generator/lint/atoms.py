"""What stands between the letters of a paragraph (breaks, fields), and what fields say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from generator.cleaning import texts
from generator.ooxml import Element, w

#: Children of a run that are no letters, in the words of the people who put them there. Marks of
#: comments and page breaks of the last print are harmless and not among them.
_IN_RUN = {
    w("tab"): "制表符",
    w("ptab"): "制表符",
    w("br"): "换行符",
    w("cr"): "换行符",
    w("sym"): "符号",
    w("noBreakHyphen"): "连字符",
    w("softHyphen"): "连字符",
    w("drawing"): "图形",
    w("pict"): "图形",
    w("object"): "对象",
    w("footnoteReference"): "脚注",
    w("endnoteReference"): "尾注",
    w("fldChar"): "域",
}


@dataclass(frozen=True, slots=True)
class Atom:
    """Something that is no letter, before character `at` of its paragraph's text."""

    at: int
    name: str


def atoms(paragraph: Element) -> list[Atom]:
    """All of them in reading order, those of text boxes in the paragraph left out."""
    found: list[Atom] = []
    at = 0
    letters = set(texts(paragraph))
    for element in paragraph.iter():
        if element in letters:
            at += len(element.text or "")
        elif element.tag in _IN_RUN and _own(element, paragraph):
            found.append(Atom(at, _IN_RUN[element.tag]))
    return found


def _own(element: Element, paragraph: Element) -> bool:
    parent = element.getparent()
    return parent.tag == w("r") and next(parent.iterancestors(w("p")), None) is paragraph


def text_at(paragraph: Element, position: int) -> Element:
    """The w:t in which that character of the paragraph's text stands, None behind the last."""
    at = 0
    for text in texts(paragraph):
        at += len(text.text or "")
        if position < at:
            return text
    return None


def is_hidden(paragraph: Element, position: int) -> bool:
    """Whether that character has the format 隐藏."""
    text = text_at(paragraph, position)
    mark = None if text is None else text.getparent().find(f"{w('rPr')}/{w('vanish')}")
    return mark is not None and mark.get(w("val")) not in ("0", "false", "off")


@dataclass(slots=True)
class Field:
    """A field of a part: where it begins, what it says, the words of its result."""

    paragraph: Element
    instruction: str = ""
    results: list[Element] = field(default_factory=list)

    @property
    def name(self) -> str:
        """PAGE, MERGEFIELD …; "" for an empty one."""
        return (self.instruction.split() or [""])[0].upper()


def fields(root: Element) -> Iterator[Field]:
    """Every field of a part, however many runs and paragraphs it is spread over."""
    open_fields: list[tuple[Field, bool]] = []
    wanted = (w("fldChar"), w("instrText"), w("fldSimple"), w("t"))
    for element in root.iter(*wanted):
        if element.tag == w("fldSimple"):
            simple = Field(_paragraph(element), element.get(w("instr")) or "")
            simple.results = list(element.iter(w("t")))
            yield simple
        elif element.tag == w("fldChar"):
            yield from _turn(element, open_fields)
        elif open_fields and element.tag == w("instrText"):
            open_fields[-1][0].instruction += element.text or ""
        elif element.tag == w("instrText"):
            yield Field(_paragraph(element), element.text or "")
        elif open_fields and open_fields[-1][1]:
            open_fields[-1][0].results.append(element)
    yield from (unclosed for unclosed, _ in open_fields)


def _turn(mark: Element, open_fields: list[tuple[Field, bool]]) -> Iterator[Field]:
    kind = mark.get(w("fldCharType"))
    if kind == "begin":
        if open_fields and not open_fields[-1][1]:
            # No name is put together from the result of another field.
            open_fields[-1][0].instruction += "{ "
        open_fields.append((Field(_paragraph(mark)), False))
    elif kind == "separate" and open_fields:
        open_fields[-1] = (open_fields[-1][0], True)
    elif kind == "end" and open_fields:
        yield open_fields.pop()[0]


def _paragraph(element: Element) -> Element:
    """The paragraph around it, None for what stands outside any."""
    return next(element.iterancestors(w("p")), None)
