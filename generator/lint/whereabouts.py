"""Where a paragraph stands, for people and for machines; more exact than `Places` outside the body:
which footer, which of its paragraphs, which footnote."""

from __future__ import annotations

from collections.abc import Mapping

from generator.lint.remarks import Spot
from generator.ooxml import Element, R, parse, w
from generator.places import Places

_DOCUMENT = "word/document.xml"
_RELS = "word/_rels/document.xml.rels"
_PAGES = {"even": "（偶数页）", "first": "（首页）"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_CHOICE = _FALLBACK.replace("Fallback", "Choice")


def pages_of(members: Mapping[str, bytes]) -> dict[str, str]:
    """Part name of each header and footer that is not on every page -> on which ones it is.
    Raises `ValueError` for parts that are no XML."""
    if _RELS not in members:
        return {}
    targets = {item.get("Id"): item.get("Target") or "" for item in parse(members[_RELS])}
    pages = {}
    for item in parse(members[_DOCUMENT]).iter(w("headerReference"), w("footerReference")):
        target = targets.get(item.get(f"{{{R}}}id"), "")
        pages[f"word/{target.rpartition('/')[2]}"] = _PAGES.get(item.get(w("type")), "")
    return pages


class Whereabouts:
    """Places and spots in one part."""

    def __init__(self, part: str, root: Element, pages: str = "") -> None:
        self._part, self._places = part, Places(part, root)
        self._story = self._places.story + pages
        self._numbers = {p: n for n, p in enumerate(root.iter(w("p")))}
        self._lines = [p for p in self._numbers if not _inside(p)]

    @property
    def story(self) -> str:
        return self._story or "正文"

    def place(self, paragraph: Element) -> str:
        """表 2 行 3 列 1 · 第 5 段 · 页脚（偶数页）第 2 段 · 脚注 1 · 表 1 行 1 列 2 的文本框."""
        holder = _holder(paragraph)
        if holder is not None:
            place = self.place(holder)
            return f"{place}{' ' if place[-1].isdigit() else ''}的文本框"
        if not self._places.story:
            return self._places.of(paragraph)
        words = self._places.of(paragraph).removeprefix(self._places.story).strip()
        note = _note_number(paragraph)
        if note:
            words = f"{note} {words}".strip()
        elif not words and len(self._lines) > 1 and paragraph in self._lines:
            words = f"第 {self._lines.index(paragraph) + 1} 段"
        return f"{self._story} {words}".strip()

    def spot(self, paragraph: Element, start: int = 0, end: int = 0) -> Spot:
        return Spot(self._part, self._numbers[paragraph], start, end)


def _inside(paragraph: Element) -> bool:
    """Whether a table or another paragraph is around it."""
    return any(a.tag in (w("tbl"), w("p")) for a in paragraph.iterancestors())


def _holder(paragraph: Element) -> Element | None:
    """The paragraph that holds the text box it stands in, unless a table inside the box is
    between them (its cell tells more)."""
    for ancestor in paragraph.iterancestors(w("tc"), w("p")):
        return ancestor if ancestor.tag == w("p") else None
    return None


def _note_number(paragraph: Element) -> int:
    """Which footnote or endnote it belongs to, from 1 as readers count; 0 for none."""
    for note in paragraph.iterancestors(w("footnote"), w("endnote")):
        before = note.itersiblings(note.tag, preceding=True)
        return 1 + sum(1 for other in before if other.get(w("type")) is None)
    return 0


def second_copies(root: Element) -> set[Element]:
    """Paragraphs in the copy of a text box that old programs read, whose twin says the same: Word
    writes every box twice."""
    found = set()
    for fallback in root.iter(_FALLBACK):
        choices = fallback.itersiblings(_CHOICE, preceding=True)
        twins = {_text(twin) for choice in choices for twin in choice.iter(w("p"))}
        found |= {p for p in fallback.iter(w("p")) if _text(p) in twins}
    return found


def _text(paragraph: Element) -> str:
    return "".join(t.text or "" for t in paragraph.iter(w("t")))
