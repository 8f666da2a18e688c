"""From a checked part to the text of a template: tags become slots, list rows become loops."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree
from markupsafe import Markup

from generator.cleaning import isolate
from generator.levels import LEVELS, RULED, SIGNED
from generator.ooxml import DECLARATION, Element, W, fragment, layout_part, text_of, underlined, w
from generator.part import Found, Part, lists_by_row
from generator.sandbox import BLOCK, CLOSE, END, OPEN
from generator.slots import WIDE_SPACE, Slot, broken_once
from generator.spec import Names
from generator.tags import Tag

#: Empty lines left where a section stands in running text and is not filled.
SECTION_LINES = 3
#: Length of a list's blank in running text inside a cell, in full-width characters.
COLUMN_WIDTH = 4

#: Ends a blank that is all its line holds: spaces at the end of a centred line are not counted
#: by LibreOffice, and the blank would begin in the middle of the page.
_HOLD = "<w:r><w:t>\u00a0</w:t></w:r>"
#: Processing instructions hold the places of slots and loops until the part is text again; those
#: of the template itself were dropped when it was parsed.
_MARK = re.compile(r"<\?yx (slot|rows|end) (\d+)\?>")


@dataclass(frozen=True, slots=True)
class Ready:
    """A part ready for the engine: `source` is the template text, `slots` what its numbers mean,
    `loops` the lists each repeated row runs over, the outermost first."""

    source: str
    slots: tuple[Slot, ...]
    loops: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Numbers:
    """Where the engine finds a value: `values` numbers the single ones (grows while parts are
    made ready), `lists` the lists; columns go by their order in `names`."""

    names: Names
    lists: Mapping[str, int]
    values: dict[str, int] = field(default_factory=dict)

    def value(self, key: str) -> str:
        return f"v[{self.values.setdefault(key, len(self.values))}]"

    def column(self, rows: str, column: str) -> int:
        return list(self.names.columns[rows].values()).index(column)


def make_ready(part: Part, numbers: Numbers) -> Ready:
    """The part with each tag replaced by a slot and each list row by a loop. Only for parts
    without faults; the part's tree is used up."""
    rows = list(lists_by_row(part).items())
    maker = _Maker(part, numbers, {row: (n, lists[0]) for n, (row, lists) in enumerate(rows)})
    for found in reversed(part.found):  # from the end, so that the positions before stay true
        maker.replace(found)
    for row in maker.rows:
        maker.repeat(row)
    loops = tuple(maker.chain(row) for row in maker.rows)
    return Ready(maker.source(), tuple(maker.slots), loops)


@dataclass(slots=True)
class _Maker:
    part: Part
    numbers: Numbers
    #: Each repeated row with its number and its list.
    rows: dict[Element, tuple[int, str]]
    slots: list[Slot] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def replace(self, found: Found) -> None:
        tag = found.span.tag
        if not isinstance(tag, Tag):
            raise ValueError("a part with faults cannot be made ready")
        run = isolate(found.paragraph, found.span.start, found.span.end)
        whole = found.alone and _holds_nothing_else(found.paragraph, run)
        self.calls.append(self._call(found, tag))
        self.slots.append(self._slot(found, tag, run, whole))
        target = found.paragraph if whole else run
        mark = etree.ProcessingInstruction("yx", f"slot {len(self.slots) - 1}")
        target.getparent().replace(target, mark)

    def _call(self, found: Found, tag: Tag) -> str:
        """The expression that gives the value, its filters applied, to its slot."""
        if tag.name:
            value = self.numbers.value(tag.name.key)
        else:
            column = self.numbers.column(tag.rows, tag.column)
            value = f"r{self.rows[found.row][0]}[{column}]"
        return "|".join([value, *tag.filters, f"slot({len(self.slots)})"])

    def _slot(self, found: Found, tag: Tag, run: Element, whole: bool) -> Slot:
        properties = run.find(w("rPr"))
        own = "" if properties is None else fragment(properties, self.part.root)
        width = (tag.name and tag.name.width) or COLUMN_WIDTH
        spaces = f'<w:t xml:space="preserve">{WIDE_SPACE * width}</w:t>'
        line = f"<w:r>{fragment(underlined(properties), self.part.root)}{spaces}</w:r>"
        in_cell = found.alone and found.row is not None  # the cell is the blank
        lined = properties is not None and properties.find(w("u")) is not None
        if not whole:
            blank = Markup("" if in_cell else line)
            return Slot("run", f"<w:r>{own}", "</w:r>", blank, width, lined)
        layout = found.paragraph.find(w("pPr"))
        if layout is not None:
            _plain_break(layout)
        start = "<w:p>" + ("" if layout is None else fragment(layout, self.part.root))
        empty = f"{start}</w:p>"
        open_line = "<w:p>" + fragment(_open_line(layout), self.part.root)
        style = _style_of(found.paragraph)
        section = tag.name and tag.name.kind == "section"
        if style in RULED:
            empty = broken_once(empty * (1 + _taken_lines(found.paragraph, style)))
        elif not in_cell or style in SIGNED:
            several = broken_once(empty * SECTION_LINES)
            empty = several if section else f"{start}{line}{_HOLD}</w:p>"
        head, foot = f"{start}<w:r>{own}", "</w:r></w:p>"
        levels = LEVELS.get(style, ())
        blank = Markup(empty)
        return Slot("paragraph", head, foot, blank, width, lined, open_line, levels)

    def repeat(self, row: Element) -> None:
        number = self.rows[row][0]
        row.addprevious(etree.ProcessingInstruction("yx", f"rows {number}"))
        row.addnext(etree.ProcessingInstruction("yx", f"end {number}"))

    def chain(self, row: Element) -> tuple[str, ...]:
        around = [a for a in row.iterancestors(w("tr")) if a in self.rows]
        return tuple(self.rows[r][1] for r in [*reversed(around), row])

    def source(self) -> str:
        lists = [rows for _, rows in self.rows.values()]

        def code(match: re.Match[str]) -> str:
            what, number = match.group(1), int(match.group(2))
            if what == "slot":
                return f"{OPEN}{self.calls[number]}{CLOSE}"
            if what == "end":
                return f"{BLOCK}endfor{END}"
            index = self.numbers.lists[lists[number]]
            return f"{BLOCK}for r{number} in l[{index}]{END}"

        return DECLARATION + _MARK.sub(code, text_of(self.part.root))


def _plain_break(layout: Element) -> None:
    """A page break before the paragraph as `slots.BREAK`: without attributes, or not at all."""
    found = layout.find(w("pageBreakBefore"))
    if found is not None and found.get(w("val"), "1") in ("0", "false", "off"):
        layout.remove(found)
    elif found is not None:
        found.attrib.clear()


def _open_line(layout: Element | None) -> Element:
    """The layout for a paragraph of pictures: as high as they are, without indent."""
    copy = etree.Element(w("pPr"), nsmap={"w": W})
    for child in layout if layout is not None else ():
        copy.append(etree.fromstring(etree.tostring(child, with_tail=False)))
    spacing, indent = layout_part(copy, "spacing"), layout_part(copy, "ind")
    spacing.set(w("line"), "240")
    spacing.set(w("lineRule"), "auto")
    for name in ("hanging", "hangingChars"):
        indent.attrib.pop(w(name), None)
    for name in ("firstLine", "firstLineChars"):
        indent.set(w(name), "0")
    return copy


def _style_of(paragraph: Element) -> str:
    """The id of a paragraph's style, "" for the default one."""
    style = paragraph.find(f"{w('pPr')}/{w('pStyle')}")
    return "" if style is None else style.get(w("val")) or ""


def _taken_lines(paragraph: Element, style: str) -> int:
    """How many empty lines of the same style follow; they are taken out of the template and belong
    to the blank: who fills it in writes over them."""
    count = 0
    while (line := paragraph.getnext()) is not None and line.tag == w("p"):
        if _style_of(line) != style or any(child.tag != w("pPr") for child in line):
            break
        line.getparent().remove(line)
        count += 1
    return count


def _holds_nothing_else(paragraph: Element, run: Element) -> bool:
    """Whether the paragraph holds the run and nothing that could be seen or counted besides."""
    for child in paragraph:
        if child is run:
            continue
        if child.tag == w("pPr"):
            if child.find(w("sectPr")) is not None:
                return False
        elif child.tag != w("r") or any(
            c.tag not in (w("rPr"), w("t")) or (c.text or "").strip() for c in child
        ):
            return False
    return run.getparent() is paragraph
