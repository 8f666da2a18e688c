"""The text of one paragraph: spans, fields, what is drawn or noted in it, changes as accepted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from indexer.readers import symbols
from indexer.readers.odf.formulas import MATH, linear
from indexer.readers.odf.names import DRAW, FORM, HREF, LOEXT, OFFICE, TEXT, XML_ID
from indexer.readers.odf.styles import Look, Styles
from indexer.readers.package import Element
from indexer.readers.saved_pages import Pages

#: Children whose text is no part of the accepted, visible paragraph. A prompt of a placeholder
#: (<单击此处输入>) was written by nobody.
_SKIPPED = frozenset(
    TEXT + name
    for name in (
        "number", "ruby-text", "placeholder", "note-citation", "script", "change",
        "tracked-changes", "bookmark", "bookmark-start", "bookmark-end", "toc-mark",
        "alphabetical-index-mark", "user-index-mark",
    )
) | {OFFICE + "annotation-end", OFFICE + "event-listeners"}  # fmt: skip
_SPACES = re.compile(r"[ \t\r\n]+")
#: Most spaces that one text:s stands for; more are an attack.
_MOST_SPACES = 1000
_TICKED, _EMPTY = "☑", "□"


@dataclass(slots=True)
class Line:
    """Pieces of (text, look) of one paragraph, what is drawn in it, and its page."""

    pieces: list[tuple[str, Look]] = field(default_factory=list)
    drawn: list[Element] = field(default_factory=list)
    page: int = 0

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.pieces)

    def weight(self) -> tuple[bool, int]:
        """(all of it is bold, how many leading characters are where the rest is not), counted in
        the text without the white space around it."""
        whole = self.text
        lead = 0
        for text, look in self.pieces:
            if not look.bold and text.strip():
                break
            lead += len(text)
        start, end = len(whole) - len(whole.lstrip()), len(whole.rstrip())
        if end <= start or lead <= start:
            return False, 0
        return (True, 0) if lead >= end else (False, lead - start)

    def size(self) -> float:
        """The size of most characters in points."""
        sizes: Counter[float] = Counter()
        for text, look in self.pieces:
            sizes[look.size] += len(text.strip())
        return sizes.most_common(1)[0][0] if sizes else 0.0


@dataclass(slots=True)
class Lines:
    """Reads the paragraphs of one part."""

    styles: Styles
    pages: Pages
    #: Controls of forms by id -> what they show.
    controls: dict[str, str] = field(default_factory=dict)
    #: Name of an object in the package -> the text of the formula it holds.
    formulas: dict[str, str] = field(default_factory=dict)
    #: Bodies of footnotes and endnotes, and comments, in the order of the text.
    footnotes: list[Element] = field(default_factory=list)
    endnotes: list[Element] = field(default_factory=list)
    comments: list[Element] = field(default_factory=list)
    #: Ids of deletions whose text still stands in its place, and those that are open.
    deletions: frozenset[str] = frozenset()
    deleted: set[str] = field(default_factory=set)
    #: A picture was met.
    pictures: bool = False
    #: Formulas, charts and other documents set into this one.
    objects: int = 0

    def read(self, paragraph: Element, look: Look) -> Line:
        """The line of a text:p or text:h that looks as `look`."""
        line = Line()
        self._collect(paragraph, line, look)
        return line

    def _collect(self, holder: Element, line: Line, look: Look) -> None:
        self._add(holder.text, line, look)
        for child in holder:
            tag = child.tag
            if tag == TEXT + "span":
                self._collect(child, line, self.styles.span(child.get(TEXT + "style-name"), look))
            elif tag in _HANDLERS:
                _HANDLERS[tag](self, child, line, look)
            elif tag.startswith(DRAW):
                formula = self._formula(child)
                self._put(formula, line, look)
                if not formula:
                    line.drawn.append(child)
            elif tag not in _SKIPPED and not _is_unseen(child):
                self._collect(child, line, look)
            self._add(child.tail, line, look)

    def _formula(self, frame: Element) -> str:
        """The formula that a frame shows; "" where it shows something else."""
        for given in frame.iterfind(DRAW + "object"):
            for math in given.iterfind(MATH):
                return linear(math)
            return self.formulas.get(given.get(HREF, "").removeprefix("./"), "")
        return ""

    def _add(self, given: str | None, line: Line, look: Look) -> None:
        """Text between tags: white space collapses (part 3, 6.1.2)."""
        if not given or look.hidden:
            return
        text = _SPACES.sub(" ", given)
        if text[0] == " " and (not line.pieces or line.pieces[-1][0].endswith((" ", "\n", "\t"))):
            text = text[1:]
        self._put(text, line, look)

    def _put(self, text: str, line: Line, look: Look) -> None:
        if not text or look.hidden or self.deleted:
            return
        if symbols.has_private(text) or look.font.lower() in symbols.TABLES:
            text = symbols.shown(text, look.font)
        if not text.isspace():
            if self.pages.pending:
                self.pages.turn()
            line.page = line.page or self.pages.number
        line.pieces.append((text, look))

    def _space(self, given: Element, line: Line, look: Look) -> None:
        count = given.get(TEXT + "c", "1")
        self._put(
            " " * min(int(count) if count.isdigit() and len(count) < 6 else 1, _MOST_SPACES),
            line,
            look,
        )

    def _tab(self, given: Element, line: Line, look: Look) -> None:
        self._put("\t", line, look)

    def _break(self, given: Element, line: Line, look: Look) -> None:
        self._put("\n", line, look)

    def _page(self, given: Element, line: Line, look: Look) -> None:
        self.pages.turn()

    def _note(self, given: Element, line: Line, look: Look) -> None:
        body = given.find(TEXT + "note-body")
        if body is not None:
            ends = given.get(TEXT + "note-class") == "endnote"
            (self.endnotes if ends else self.footnotes).append(body)

    def _comment(self, given: Element, line: Line, look: Look) -> None:
        self.comments.append(given)

    def _change(self, given: Element, line: Line, look: Look) -> None:
        ident = given.get(TEXT + "change-id", "")
        if given.tag == TEXT + "change-end":
            self.deleted.discard(ident)
        elif ident in self.deletions:
            self.deleted.add(ident)

    def _control(self, given: Element, line: Line, look: Look) -> None:
        self._put(self.controls.get(given.get(DRAW + "control", ""), ""), line, look)


_Handler = Callable[[Lines, Element, Line, Look], None]
_HANDLERS: dict[str, _Handler] = {
    TEXT + "s": Lines._space,
    TEXT + "tab": Lines._tab,
    TEXT + "line-break": Lines._break,
    TEXT + "soft-page-break": Lines._page,
    TEXT + "note": Lines._note,
    OFFICE + "annotation": Lines._comment,
    DRAW + "control": Lines._control,
    TEXT + "change-start": Lines._change,
    TEXT + "change-end": Lines._change,
}


def _is_unseen(element: Element) -> bool:
    """Hidden text, and a content control that shows only its prompt."""
    marks = (element.get(TEXT + "is-hidden"), element.get(LOEXT + "showing-place-holder"))
    return "true" in marks


def deletions(root: Element) -> frozenset[str]:
    """The ids of tracked deletions; some programs leave what was deleted in its place."""
    regions = root.iter(TEXT + "changed-region")
    return frozenset(
        region.get(TEXT + "id") or region.get(XML_ID) or ""
        for region in regions
        if region.find(TEXT + "deletion") is not None
    )


def controls(root: Element) -> dict[str, str]:
    """The controls of all forms by id -> the text or mark that they show."""
    found: dict[str, str] = {}
    for form in root.iter(OFFICE + "forms"):
        for control in form.iter():
            ident = control.get(FORM + "id") or ""
            if ident:
                found[ident] = _value(control)
    return found


def _value(control: Element) -> str:
    name = control.tag.rpartition("}")[2]
    if name in ("checkbox", "radio"):
        state = control.get(FORM + "current-state") or control.get(FORM + "state")
        ticked = state == "checked" or control.get(FORM + "current-selected") == "true"
        return (_TICKED if ticked else _EMPTY) + (control.get(FORM + "label") or "")
    if name == "listbox":
        return "、".join(
            option.get(FORM + "label", "")
            for option in control
            if option.get(FORM + "current-selected") == "true"
        )
    if name in ("button", "image", "hidden", "password"):
        return ""
    return control.get(FORM + "current-value") or control.get(FORM + "value") or ""
