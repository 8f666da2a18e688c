"""OFD (GB/T 33190-2016), the fixed-layout format of Chinese offices: text, tables, notes, facts."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from indexer.limits import Limits
from indexer.readers.flow import joined_pages, without_running_heads
from indexer.readers.layout.blocks import page_blocks
from indexer.readers.layout.rows import lines, rows
from indexer.readers.layout.signs import Sign
from indexer.readers.ofd import notes
from indexer.readers.ofd.container import Container, Document
from indexer.readers.ofd.content import Budget, Overrun
from indexer.readers.ofd.pages import Page, Pages
from indexer.reading import Block, BlockKind, Reading

FORMATS = ("ofd",)

#: Objects drawn by one file: a thousand pages with a thousand characters drawn one by one.
_OBJECTS = 1_500_000
#: Share of the time for one file after which no further page is begun.
_SECONDS = 0.7
#: Pages named one by one in a note.
_NAMED = 10


def read(path: Path, limits: Limits) -> Reading:
    """All text of all documents in the file. Raises ReadError: corrupt, encrypted, too_large.

    Pages that are pictures are named in `left_out`, and in `scanned` where the picture is there.
    """
    with Container(path, limits) as container:
        found = _Found(container, limits)
        for document in container.documents():
            found.add(document)
        return found.reading()


def page_image(path: Path, page: int, limits: Limits) -> bytes | None:
    """The file of the largest picture on a page (counted from 1 through all documents), as it
    lies in the package; None where the page has none. Raises ReadError."""
    with Container(path, limits) as container:
        for document in container.documents():
            pages = Pages(container, document, _budget(limits), 0)
            if 0 < page <= len(pages):
                return _largest(container, pages, page - 1)
            page -= len(pages)
    return None


def _budget(limits: Limits) -> Budget:
    return Budget(limits.characters, _OBJECTS)


def _largest(container: Container, pages: Pages, at: int) -> bytes | None:
    try:
        page = pages.page(at)
    except Overrun:
        return None
    for _, ident in sorted(page.drawing.images, reverse=True) if page is not None else ():
        part = pages.resources.images.get(ident)
        if part:
            return container.data(part)
    return None


@dataclass(slots=True)
class _Found:
    """What was read of one file so far."""

    container: Container
    limits: Limits
    blocks: list[Block] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    scanned: list[int] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)
    number: int = 0
    #: Page -> how many of its characters have a code that only the file's own font knows.
    private: dict[int, int] = field(default_factory=dict)
    edges: set[str] = field(default_factory=set)
    texts: dict[str, str] = field(default_factory=dict)
    budget: Budget = field(init=False)
    until: float = field(init=False)

    def __post_init__(self) -> None:
        self.budget = _budget(self.limits)
        self.until = time.monotonic() + self.limits.seconds * _SECONDS

    def reading(self) -> Reading:
        if self.private:
            pages = "、".join(map(str, list(self.private)[:_NAMED]))
            more = " 等页" if len(self.private) > _NAMED else " 页"
            count = sum(self.private.values())
            self.left_out.append(f"第 {pages}{more}有 {count} 个字用了自造编码，读不出来")
        return Reading(
            format="ofd",
            status="partial" if self.left_out else "complete",
            blocks=tuple(self.blocks),
            metadata={**self.metadata, "pages": str(self.number)},
            left_out=tuple(self.left_out),
            scanned=tuple(self.scanned),
        )

    def add(self, document: Document) -> None:
        pages = Pages(self.container, document, self.budget, self.limits.pages)
        for key, value in notes.facts(document.body).items():
            self.metadata.setdefault(key, value)
        signed = notes.signatures(self.container, document)
        if signed:
            self.metadata.setdefault("signed", "；".join(signed))
        before = self.number
        blocks = list(self._pages(pages))
        self.number = before + len(pages)
        self.blocks += without_running_heads(joined_pages(blocks), len(pages))
        self._name_values(pages)
        for name in notes.attachments(self.container, document):
            self.left_out.append(f"附件“{name}”没有读")

    def _pages(self, pages: Pages) -> Iterator[Block]:
        for at in range(len(pages)):
            self.number += 1
            late = time.monotonic() > self.until
            try:
                if late or self.number > self.limits.pages:
                    raise Overrun
                page = pages.page(at)
            except Overrun:
                self.left_out.append(f"第 {self.number} 页起没有读，文件太长")
                return
            if page is None:
                self.left_out.append(f"第 {self.number} 页已损坏")
            else:
                yield from self._page(page, pages)

    def _page(self, page: Page, pages: Pages) -> Iterator[Block]:
        drawing = page.drawing
        self._note(page, pages)
        yield from self._edge("header", _line_texts(page.header, self.number))
        yield from page_blocks(drawing.signs, drawing.rules, self.number)
        yield from self._edge("footer", _line_texts(page.footer, self.number))
        yield from self._edge("header", drawing.watermarks)
        for note in page.notes:
            yield from self._annotation(note)

    def _note(self, page: Page, pages: Pages) -> None:
        """Note what of the page cannot be read."""
        drawing = page.drawing
        self.texts.update(drawing.texts)
        if drawing.private:
            self.private[self.number] = drawing.private
        if page.incomplete:
            self.left_out.append(f"第 {self.number} 页的模板缺失，其中的文字没有读")
        if drawing.has_text or drawing.private:
            return
        if drawing.images:
            self.left_out.append(f"第 {self.number} 页是图片，没有文字")
            if any(pages.resources.images.get(ident) for _, ident in drawing.images):
                self.scanned.append(self.number)
        elif drawing.paths:
            self.left_out.append(f"第 {self.number} 页是图形，没有文字")

    def _edge(self, kind: BlockKind, texts: Iterable[str]) -> Iterator[Block]:
        """Headers, footers and watermarks, each text once in the file."""
        for text in texts:
            if text not in self.edges and any(sign.isalpha() for sign in text):
                self.edges.add(text)
                yield Block(kind, text, page=self.number)

    def _annotation(self, note: notes.Annotation) -> Iterator[Block]:
        drawn = [line for signs in note.drawing.signs.values() for line in _line_texts(signs, 0)]
        if note.own or note.words:
            text = "\n".join(dict.fromkeys(t for t in (note.words, *drawn) if t))
            if text:
                author = f"{note.author}：" if note.author else ""
                yield Block("comment", author + text, page=self.number)
        else:
            yield from self._edge("header", [*note.drawing.watermarks, *drawn])

    def _name_values(self, pages: Pages) -> None:
        """Tags and form fields as properties, where their text was drawn."""
        for name, idents in pages.tags.items():
            values = [self.texts[ident] for ident in idents if ident in self.texts]
            if name and values:
                self.metadata.setdefault(f"custom:{name}", " ".join(values))


def _line_texts(signs: list[Sign], number: int) -> list[str]:
    return [line.text for line in lines(rows(signs), number)]
