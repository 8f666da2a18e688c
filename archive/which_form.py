"""Which form a template file is for: said, stamped, told by its title or name, or by its folder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from archive.forms import Paper, paper_named
from generator import FormError, read_stamp
from generator.ooxml import parse, w
from generator.package import read_package

_TAG = re.compile(r"\{\{.*?\}\}")
#: A title stands among the first words of a paper.
_TITLE_PARAGRAPHS = 8


def paper_of(path: Path, data: bytes, papers: Sequence[Paper], said: str = "") -> Paper | None:
    """The form that `path` (with the bytes `data`) is a template of, its template in the place of
    the one in use; None where nothing tells."""
    found = paper_named(papers, said) if said else _guessed(path, data, papers)
    return Paper(found.kind, found.text, path, own=True) if found else None


def _guessed(path: Path, data: bytes, papers: Sequence[Paper]) -> Paper | None:
    return (
        _stamped(data, papers)
        or _in_folder(path, papers)
        or _titled([*_first_lines(data), path.stem], papers)
    )


def _stamped(data: bytes, papers: Sequence[Paper]) -> Paper | None:
    stamp = read_stamp(data)
    return next((p for p in papers if stamp and p.id == stamp.kind), None)


def _in_folder(path: Path, papers: Sequence[Paper]) -> Paper | None:
    """kinds/stage_report/form.docx says which it is."""
    folder = path.resolve().parent.name
    return next((p for p in papers if p.kind.id == folder and p.text.file == path.name), None)


def _titled(lines: Sequence[str], papers: Sequence[Paper]) -> Paper | None:
    """The form whose name (its kind's, a synonym of it) is the longest found in a line."""
    names = [(name, p) for p in papers for name in (p.name, p.kind.name, *p.kind.also)]
    for line in lines:
        plain = "".join(line.split())
        held = [(len(name), -n, p) for n, (name, p) in enumerate(names) if name in plain]
        if held:
            return max(held, key=lambda found: found[:2])[2]
    return None


def _first_lines(data: bytes) -> list[str]:
    try:
        root = parse(read_package(data).get("word/document.xml", b""))
    except (FormError, ValueError):
        return []
    lines = []
    for paragraph in root.iter(w("p")):
        words = "".join(t.text or "" for t in paragraph.iter(w("t")))
        words = _TAG.sub("", words).strip()
        if words:
            lines.append(words)
        if len(lines) >= _TITLE_PARAGRAPHS:
            break
    return lines
