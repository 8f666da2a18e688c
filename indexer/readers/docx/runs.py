"""The text of one paragraph: runs with tracked changes as accepted, fields as their results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from indexer.readers import symbols
from indexer.readers.docx import graphics
from indexer.readers.docx.fields import FIELD_CHARACTER, INSTRUCTION, Fields
from indexer.readers.docx.styles import USUAL_SIZE, Style, Styles, W, integer, on
from indexer.readers.office_math import MATH, linear
from indexer.readers.package import Element
from indexer.readers.saved_pages import Pages

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_ALTERNATES, _CHOICE = MC + "AlternateContent", MC + "Choice"

#: Children whose text is no part of the accepted, visible document.
SKIPPED = frozenset(
    W + name
    for name in (
        "pPr", "rPr", "del", "moveFrom", "delText", "delInstrText", "rt", "rubyPr", "sdtPr",
        "sdtEndPr", "tblPr", "tblGrid", "tblPrEx", "trPr", "tcPr", "sectPr", "annotationRef",
        "proofErr", "fldData", "bookmarkStart", "bookmarkEnd", "customXmlPr", "smartTagPr",
    )
)  # fmt: skip

_CHARACTERS = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
}
_TEXT, _RUN, _FORMAT = W + "t", W + "r", W + "rPr"
_SYMBOL, _BREAK, _RENDERED = W + "sym", W + "br", W + "lastRenderedPageBreak"
_CONTROL, _CONTROL_PROPERTIES = W + "sdt", W + "sdtPr"
_BOLD, _VANISH, _STYLE, _FONTS = W + "b", W + "vanish", W + "rStyle", W + "rFonts"
_SIZE, _VALUE, _ASCII, _ANSI = W + "sz", W + "val", W + "ascii", W + "hAnsi"
_NOTES = {W + "footnoteReference": "footnotes", W + "endnoteReference": "endnotes"}
#: A part of a master document (w:subDoc), set into a paragraph of its own.
SUB_DOCUMENT = W + "subDoc"
_GRAPHICS = frozenset({W + "drawing", W + "pict", W + "object"})
_ODD = dict.fromkeys(map(ord, "\r\n"), " ") | {0xAD: None}


@dataclass(slots=True)
class Line:
    """Pieces of one paragraph as (text, bold, size in half points), the text boxes anchored in
    it, and its page."""

    pieces: list[tuple[str, bool, int]] = field(default_factory=list)
    boxes: list[graphics.Box] = field(default_factory=list)
    page: int = 0

    def joined(self, following: Line) -> Line:
        """This line with the one that runs on behind it; in place, for chains may be long."""
        self.pieces += following.pieces
        self.boxes += following.boxes
        self.page = self.page or following.page
        return self

    @property
    def text(self) -> str:
        return "".join([text for text, _, _ in self.pieces])

    def weight(self) -> tuple[bool, int]:
        """(all of it is bold, how many leading characters are where the rest is not).

        Counted in the text without its leading and trailing white space.
        """
        if not any(bold for _, bold, _ in self.pieces):
            return False, 0
        whole = self.text
        lead = 0
        for text, bold, _ in self.pieces:
            if not bold and text.strip():
                break
            lead += len(text)
        start = len(whole) - len(whole.lstrip())
        end = len(whole.rstrip())
        if end <= start or not any(bold for text, bold, _ in self.pieces if text.strip()):
            return False, 0
        return (True, 0) if lead >= end else (False, max(0, lead - start))

    @property
    def size(self) -> float:
        """The size in points that most of its characters have, 0 where it has none."""
        lengths: dict[int, int] = {}
        for text, _, size in self.pieces:
            lengths[size] = lengths.get(size, 0) + len(text)
        return max(lengths, key=lengths.__getitem__) / 2 if lengths else 0.0


@dataclass(frozen=True, slots=True)
class _Look:
    """How a run is drawn, as far as it bears on its text."""

    bold: bool = False
    hidden: bool = False
    font: str = ""
    size: int = USUAL_SIZE


@dataclass(slots=True)
class Lines:
    """Reads the paragraphs of one document; fields may run from one into the next."""

    styles: Styles
    pages: Pages
    fields: Fields = field(default_factory=Fields)
    #: (part, id) of footnotes and endnotes, in the order of their references.
    notes: list[tuple[str, str]] = field(default_factory=list)
    #: Whether anything drawn was met: a paper may be nothing but pictures.
    drawn: bool = False

    def read(self, paragraph: Element, style: Style) -> Line:
        """The line of a w:p whose style is `style`."""
        line = Line()
        font = style.font if style.font.lower() in symbols.TABLES else ""
        self._collect(paragraph, line, _Look(style.bold, style.hidden, font, style.size))
        return line

    def _collect(self, holder: Element, line: Line, look: _Look) -> None:
        """The children of a paragraph or of what wraps runs in it."""
        for child in holder:
            tag = child.tag
            if tag == _RUN:
                self._run(child, line, look)
            elif tag in SKIPPED:
                continue
            elif tag in MATH:
                self._add(line, linear(child), look)
            elif tag == _ALTERNATES:
                self._collect(chosen(child), line, look)
            elif tag == SUB_DOCUMENT:
                line.boxes.append(child)
            elif tag != _CONTROL or not is_placeholder(child):
                self._collect(child, line, look)

    def _run(self, run: Element, line: Line, look: _Look) -> None:
        for child in run:
            tag = child.tag
            if tag == _TEXT:
                if child.text:
                    self._add(line, child.text, look)
            elif tag == _FORMAT:
                look = self._look(child, look)
            elif tag in _CHARACTERS:
                self._add(line, _CHARACTERS[tag], look)
            elif tag not in SKIPPED:
                self._other(child, tag, line, look)

    def _other(self, child: Element, tag: str, line: Line, look: _Look) -> None:
        handler = _HANDLERS.get(tag)
        if handler is not None:
            handler(self, child, line, look)
        elif tag == _RUN:
            self._run(child, line, look)
        elif tag in MATH:
            self._add(line, linear(child), look)
        elif len(child):
            # w:ruby, w:rubyBase and whatever else wraps runs.
            self._run(child, line, look)

    def _look(self, properties: Element, look: _Look) -> _Look:
        bold, hidden, font, size = look.bold, look.hidden, look.font, look.size
        for child in properties:
            tag = child.tag
            if tag == _BOLD:
                bold = on(child)
            elif tag == _FONTS:
                name = child.get(_ASCII) or child.get(_ANSI)
                if name:
                    font = name if name.lower() in symbols.TABLES else ""
            elif tag == _SIZE:
                size = integer(child.get(_VALUE), size)
            elif tag == _VANISH:
                hidden = on(child)
            elif tag == _STYLE:
                named = self.styles.character(child.get(_VALUE, ""))
                bold, hidden = bold != named.bold, hidden != named.hidden
                font = named.font if named.font.lower() in symbols.TABLES else font
                size = named.size or size
        return _Look(bold, hidden, font, size)

    def _add(self, line: Line, text: str, look: _Look) -> None:
        """`text` to the line, unless it is hidden or belongs to a field's code."""
        if look.hidden or self.fields.in_code or not text:
            return
        if look.font or symbols.has_private(text):
            text = symbols.shown(text, look.font)
        if ("\n" in text and len(text) > 1) or "\xad" in text or "\r" in text:
            text = text.translate(_ODD)
        if self.pages.pending and not text.isspace():
            self.pages.turn()
        if not line.page and not text.isspace():
            line.page = self.pages.number
        if self.fields.open:
            self.fields.show()
        line.pieces.append((text, look.bold, look.size))

    def _break(self, given: Element, line: Line, look: _Look) -> None:
        if given.get(W + "type") == "page" and not look.hidden:
            self.pages.pending = True
        self._add(line, "\n", look)

    def _rendered(self, given: Element, line: Line, look: _Look) -> None:
        self.pages.turn()

    def _symbol(self, given: Element, line: Line, look: _Look) -> None:
        try:
            code = int(given.get(W + "char", ""), 16)
        except ValueError:
            return
        font = given.get(W + "font", "")
        plain = _Look(look.bold, look.hidden, size=look.size)
        self._add(line, symbols.symbol(code, font), plain)

    def _field(self, given: Element, line: Line, look: _Look) -> None:
        shown = self.fields.meet(given)
        if shown:
            self._add(line, shown, _Look(look.bold, look.hidden, size=look.size))

    def _instruction(self, given: Element, line: Line, look: _Look) -> None:
        self.fields.instruct(given.text or "")

    def _note(self, given: Element, line: Line, look: _Look) -> None:
        if not look.hidden and not self.fields.in_code:
            self.notes.append((_NOTES[given.tag], given.get(W + "id", "")))

    def _alternates(self, given: Element, line: Line, look: _Look) -> None:
        self._run(chosen(given), line, look)

    def _graphic(self, given: Element, line: Line, look: _Look) -> None:
        if not look.hidden:
            self.drawn = True
            line.boxes += graphics.boxes(given)


_Handler = Callable[[Lines, Element, Line, _Look], None]
_HANDLERS: dict[str, _Handler] = {
    _BREAK: Lines._break,
    _RENDERED: Lines._rendered,
    _SYMBOL: Lines._symbol,
    FIELD_CHARACTER: Lines._field,
    INSTRUCTION: Lines._instruction,
    _ALTERNATES: Lines._alternates,
    **dict.fromkeys(_NOTES, Lines._note),
    **dict.fromkeys(_GRAPHICS, Lines._graphic),
}


def chosen(alternates: Element) -> Element:
    """The one branch of an mc:AlternateContent that is read: the first choice; the fallback
    says the same for older programs and counts only where there is no choice."""
    for branch in alternates:
        if branch.tag == _CHOICE:
            return branch
    return alternates[0] if len(alternates) else alternates


def is_placeholder(control: Element) -> bool:
    """Whether a content control shows its prompt (单击此处输入文字): nobody wrote that.

    Word sets a prompt in a character style of its own. Programs that fill in forms often leave
    the flag standing; their text has no such style, and is kept.
    """
    first = control[0] if len(control) else None
    if first is None or first.tag != _CONTROL_PROPERTIES:
        return False
    flag = first.find(W + "showingPlcHdr")
    return flag is not None and on(flag) and not any(map(_is_plain, control.iter(_RUN)))


def _is_plain(run: Element) -> bool:
    text = run.find(_TEXT)
    return text is not None and run.find(f"{_FORMAT}/{_STYLE}") is None
