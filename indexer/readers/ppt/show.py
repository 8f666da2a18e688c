"""The slides of a show in their order ([MS-PPT] 2.4): the document lists them, with their texts;
shapes, comments and the number of the notes page stand in each slide's own record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from indexer.readers.ppt.directory import Directory
from indexer.readers.ppt.drawing import Drawing
from indexer.readers.ppt.records import (
    COMMENT,
    DOCUMENT_TAGS,
    EXTENDED,
    EXTENDED_AGAIN,
    HEADERS_FOOTERS,
    HEADERS_FOOTERS_ATOM,
    NOTES,
    OUTLINE_9,
    OUTLINE_HEADER_9,
    SLIDE,
    SLIDE_ATOM,
    SLIDE_LIST,
    SLIDE_PERSIST,
    STRING,
    STYLE_9,
    Record,
    Records,
)
from indexer.readers.ppt.texts import Text, paragraphs, read_texts
from indexer.readers.slides import Item, Slide

#: Instances of the lists of slides and of notes pages ([MS-PPT] 2.4.14).
_SLIDES, _NOTES_PAGES = 0, 2
#: Instances of the strings of a comment ([MS-PPT] Comment10Container).
_AUTHOR, _REMARK = 0, 1
#: Instances of a slide's own date and footer, and the flags with which they are shown
#: ([MS-PPT] HeadersFootersAtom: fHasUserDate, fHasFooter).
_SHOWN = {0: 0x04, 2: 0x20}


@dataclass(frozen=True, slots=True)
class _Entry:
    """One slide or notes page of a list: the number of its object, its own number, its texts."""

    object: int
    number: int
    texts: tuple[Text, ...]


class Show:
    def __init__(self, records: Records, directory: Directory) -> None:
        self._records = records
        self._offsets = directory.offsets
        self._document = directory.document
        self._extended = dict(self._extensions())
        self._notes = {entry.number: entry.object for entry in self._entries(_NOTES_PAGES)}
        #: A page stands once in a show; an object named again and again is an attack.
        self._read: set[int] = set()

    def slides(self) -> Iterator[Slide]:
        for page, entry in enumerate(self._entries(_SLIDES), 1):
            record = self._object(entry.object, SLIDE)
            if record is not None:
                yield self._slide(record, entry, page)
            else:
                texts = tuple(Item(None, text.paragraphs) for text in entry.texts)
                yield Slide(texts, damaged=True)

    def _entries(self, which: int) -> Iterator[_Entry]:
        for found in self._records.inside(self._document):
            if found.kind == SLIDE_LIST and found.instance == which:
                yield from self._listed(found)

    def _listed(self, found: Record) -> Iterator[_Entry]:
        """A slide's texts follow its entry."""
        slide: Record | None = None
        texts: list[Record] = []
        for record in self._records.inside(found):
            if record.kind == SLIDE_PERSIST:
                if slide is not None:
                    yield self._entry(slide, texts)
                slide, texts = record, []
            else:
                texts.append(record)
        if slide is not None:
            yield self._entry(slide, texts)

    def _entry(self, slide: Record, texts: list[Record]) -> _Entry:
        number = self._records.number(slide, 12)
        read = read_texts(self._records, texts, lambda at: self._extended.get((number, at), b""))
        return _Entry(self._records.number(slide, 0), number, tuple(read))

    def _object(self, number: int, kind: int) -> Record | None:
        record = self._records.at(self._offsets.get(number, -1))
        if record is None or record.kind != kind or record.start in self._read:
            return None
        self._read.add(record.start)
        return record

    def _slide(self, record: Record, entry: _Entry, page: int) -> Slide:
        drawing = Drawing(self._records, page, entry.texts)
        items = drawing.items(record)
        return Slide(
            items=items,
            notes=tuple(self._notes_of(record, page)),
            comments=tuple(self._comments(record)),
            footers=(*drawing.footers, *self._footers(record)),
            pictures=drawing.pictures,
        )

    def _notes_of(self, slide: Record, page: int) -> Iterator[str]:
        atom = self._records.first(slide, SLIDE_ATOM)
        number = self._records.number(atom, 16) if atom is not None else 0
        record = self._object(self._notes.get(number, -1), NOTES)
        if record is not None:
            for item in Drawing(self._records, page).items(record):
                yield from item.all_texts()

    def _footers(self, slide: Record) -> Iterator[str]:
        """Date and footer of a slide that has no places of its own for them, but its master."""
        for found in self._records.inside(slide):
            if found.kind == HEADERS_FOOTERS:
                atom = self._records.first(found, HEADERS_FOOTERS_ATOM)
                flags = self._records.number(atom, 2, "<H") if atom is not None else 0
                for string in self._records.inside(found):
                    if string.kind == STRING and flags & _SHOWN.get(string.instance, 0):
                        yield from paragraphs(self._records.payload(string))

    def _comments(self, slide: Record) -> Iterator[str]:
        for comment in self._records.tagged(slide, EXTENDED_AGAIN):
            if comment.kind == COMMENT:
                yield from self._comment(comment)

    def _comment(self, comment: Record) -> Iterator[str]:
        said = {
            string.instance: "\n".join(paragraphs(self._records.payload(string)))
            for string in self._records.inside(comment)
            if string.kind == STRING
        }
        author, text = said.get(_AUTHOR, ""), said.get(_REMARK, "")
        if text:
            yield f"{author}：{text}" if author else text

    def _extensions(self) -> Iterator[tuple[tuple[int, int], bytes]]:
        """(slide's number, place of the text in its list) -> the extension of its formatting."""
        holder = self._records.first(self._document, DOCUMENT_TAGS)
        for found in self._records.tagged(holder, EXTENDED) if holder is not None else ():
            key = (0, -1)
            for record in self._records.inside(found) if found.kind == OUTLINE_9 else ():
                if record.kind == OUTLINE_HEADER_9:
                    key = (self._records.number(record, 0), record.instance)
                elif record.kind == STYLE_9:
                    yield key, self._records.payload(record)
