"""The text of one paragraph: runs with tracked changes as accepted, fields as their results."""

from __future__ import annotations

from dataclasses import dataclass, field

from indexer.readers.docx.styles import W, is_on
from indexer.readers.package import Element

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

#: Children whose text is no part of the accepted, visible document.
SKIPPED = frozenset(
    W + name
    for name in (
        "pPr", "rPr", "del", "moveFrom", "instrText", "delText", "delInstrText", "rt", "rubyPr",
        "sdtPr", "sdtEndPr", "tblPr", "tblGrid", "sectPr", "fldChar", "annotationRef",
        "footnoteReference", "endnoteReference", "commentReference", "proofErr",
    )
) | {MC + "Fallback"}  # fmt: skip

_CHARACTERS = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
}
_TEXT = W + "t"
_RUN = W + "r"
_SYMBOL = W + "sym"
_BOX = W + "txbxContent"


@dataclass(slots=True)
class Line:
    """Pieces of (text, bold) of one paragraph, and the text boxes anchored in it."""

    pieces: list[tuple[str, bool]] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.pieces)

    def weight(self) -> tuple[bool, int]:
        """(all of it is bold, how many leading characters are where the rest is not).

        Counted in the text without its leading and trailing white space.
        """
        whole = self.text
        lead = 0
        for text, bold in self.pieces:
            if not bold and text.strip():
                break
            lead += len(text)
        start = len(whole) - len(whole.lstrip())
        end = len(whole.rstrip())
        if end <= start or not any(bold for text, bold in self.pieces if text.strip()):
            return False, 0
        return (True, 0) if lead >= end else (False, max(0, lead - start))


def read_line(paragraph: Element, bold: bool) -> Line:
    """The line of a w:p; `bold` is what its style says."""
    line = Line()
    _collect(paragraph, line, bold)
    return line


def _collect(holder: Element, line: Line, bold: bool) -> None:
    for child in holder:
        tag = child.tag
        if tag == _RUN:
            _collect_run(child, line, bold)
        elif tag not in SKIPPED:
            _collect(child, line, bold)


def _collect_run(run: Element, line: Line, bold: bool) -> None:
    properties = run.find(W + "rPr")
    if properties is not None:
        if is_on(properties, "vanish", False):
            return
        bold = is_on(properties, "b", bold)
    for child in run:
        _collect_inline(child, line, bold)


def _collect_inline(child: Element, line: Line, bold: bool) -> None:
    tag = child.tag
    if tag == _TEXT:
        if child.text:
            line.pieces.append((child.text, bold))
    elif tag in _CHARACTERS:
        line.pieces.append((_CHARACTERS[tag], bold))
    elif tag == _SYMBOL:
        line.pieces.append((_symbol(child), bold))
    elif tag == _BOX:
        line.boxes.append(child)
    elif tag == _RUN:
        _collect_run(child, line, bold)
    elif tag not in SKIPPED and len(child):
        for inner in child:
            _collect_inline(inner, line, bold)


#: Wingdings as ticks and boxes on forms (0xF000 + code).
_WINGDINGS = {
    0xFC: "√", 0xFE: "☑", 0xFD: "☒", 0x6F: "□", 0xA8: "□", 0x71: "□", 0x52: "☑", 0x51: "☒",
    0xFB: "×", 0x6E: "■",
}  # fmt: skip


def _symbol(given: Element) -> str:
    try:
        code = int(given.get(W + "char", ""), 16)
    except ValueError:
        return ""
    if 0xF000 <= code <= 0xF0FF:
        return _WINGDINGS.get(code - 0xF000, "")
    return chr(code) if 0x20 <= code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
