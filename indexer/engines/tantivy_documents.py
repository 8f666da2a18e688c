"""Entries as tantivy's documents, made in portions: their texts are folded and cut together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tantivy import Document

from indexer.engines import Entry
from indexer.engines.records import LAST_DAY, PLACES, Record, records

#: A portion ends with the entry that brings it to so many characters, or is the last of so many.
#: Its arrays fit the cache of a core; more gained nothing (measured from 15,000 to 200,000).
_CHARACTERS, _ENTRIES = 50_000, 256


def documents(put: Iterable[Entry]) -> Iterator[tuple[str, Document]]:
    """(id, document) of each entry, in their order."""
    from indexer.bulk import streams  # needs numpy, which a search never loads

    for portion in portions(put):
        made = records(portion)
        cut = iter(streams([text for record in made for text in record.texts.values()]))
        for entry, record in zip(portion, made, strict=True):
            yield entry.id, _document(entry, record, [next(cut) for _ in PLACES])


def portions(put: Iterable[Entry]) -> Iterator[list[Entry]]:
    """What is folded and cut together, in their order."""
    portion: list[Entry] = []
    characters = 0
    for entry in put:
        portion.append(entry)
        characters += len(entry.body)
        if characters >= _CHARACTERS or len(portion) == _ENTRIES:
            yield portion
            portion, characters = [], 0
    if portion:
        yield portion


def _document(entry: Entry, made: Record, cut: Sequence[tuple[str, str]]) -> Document:
    """`cut`: the streams of pairs and units of each of PLACES."""
    document = Document()
    add = document.add_text
    add("id", entry.id)
    for place, (pairs, units) in zip(made.texts, cut, strict=True):
        add(f"{place}_pair", pairs)
        add(f"{place}_unit", units)
    for facet, values in made.values.items():
        for value in values:
            add(facet, value)
    for term in made.asked:
        add("ask", term)
    for unit in entry.access:
        add("access", unit)
    add("by_school", made.by_school)
    document.add_unsigned("date", made.day)
    document.add_unsigned("oldest", made.day or LAST_DAY)
    document.add_unsigned("received", made.received)
    document.add_bytes("shown", made.shown)
    document.add_bytes("body", made.body)
    return document
