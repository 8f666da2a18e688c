"""The texts of a show whose directory is damaged: whatever looks like a text, as it was stored."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.limits import Limits
from indexer.readers.ppt.records import HEADER, MASTER, NOTES, TEXT_NARROW, TEXT_WIDE
from indexer.readers.ppt.texts import paragraphs, widened
from indexer.reading import Block

#: Headers of masters and notes pages (version 15: containers) and of texts, by their bytes.
_FOUND = re.compile(rb"\x0f\x00[\xf8\xf0]\x03....|\x00\x00[\xa0\xa8]\x0f....", re.DOTALL)
#: One text of a slide is at most some pages long; a larger figure is no length.
_LONGEST = 1 << 20
#: Private use, unassigned and replaced signs: what bytes give that were no text.
_NO_TEXT = re.compile("[\ufffd\ue000-\uf8ff\x80-\x9f]")


def salvaged(data: bytes, limits: Limits) -> Iterator[Block]:
    """Each text once: an older copy of a slide says the same. Masters' prompts are left out."""
    seen: set[str] = set()
    notes_end = at = characters = 0
    while characters <= limits.characters and len(seen) <= limits.blocks:
        match = _FOUND.search(data, at)
        if match is None:
            return
        kind = int.from_bytes(data[match.start() + 2 : match.start() + 4], "little")
        length = int.from_bytes(data[match.end() - 4 : match.end()], "little")
        end = min(match.end() + length, len(data))
        at = end if kind == MASTER else match.start() + HEADER
        if kind == NOTES:
            notes_end = end
        if kind not in (TEXT_WIDE, TEXT_NARROW) or length > _LONGEST:
            continue
        raw = data[match.end() : end]
        for text in paragraphs(raw if kind == TEXT_WIDE else widened(raw)):
            if text not in seen and not _NO_TEXT.search(text):
                seen.add(text)
                characters += len(text)
                yield Block("note" if end <= notes_end else "paragraph", text)
        at = end
