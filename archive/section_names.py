"""What the sections of a paper are called, for the facet and the suggestions."""

from __future__ import annotations

from archive.kinds import Kind
from indexer.labels import is_header, squeeze
from indexer.reading import Reading

#: Sections of one paper that are counted by name, and the characters of such a name.
SECTIONS, NAME = 40, 16


def sections(kind: Kind | None, reading: Reading | None) -> list[str]:
    """The names of its sections: short ones only, they are words to look for. A title is no
    section, nor is a cell of a form that asks who, where or when (学校, 填报人), unless the
    paper's kind has a section of that name."""
    if reading is None:
        return []
    own = {name for spec in (kind.sections if kind else ()) for name in (spec.name, *spec.also)}
    fields = {name for spec in (kind.fields if kind else ()) for name in (spec.key, *spec.also)}
    found: dict[str, None] = {}
    for item in reading.outline:
        name = item.title.strip()
        if item.level > 0 and 2 <= len(name) <= NAME:
            asks = item.by == "cell" and (is_header(name) or squeeze(name) in fields)
            if not asks or squeeze(name) in own:
                found[name] = None
    return list(found)[:SECTIONS]
