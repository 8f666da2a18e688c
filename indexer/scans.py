"""How a reading names its scanned pages, before and after their text was recognised."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

#: Notes about pages that are pictures: ours, and those of readers that only say so.
_NOTE = re.compile(r"^第 [\d—、 ]+ 页是图片，(?:文字待识别|没有文字)$")


def notes(pages: Collection[int]) -> tuple[str, ...]:
    """What `left_out` says of pages that still wait: 第 1—12、15 页是图片，文字待识别."""
    return (f"第 {spans(pages)} 页是图片，文字待识别",) if pages else ()


def without_notes(left_out: Iterable[str]) -> Iterator[str]:
    """The notes of a reading that are about something else."""
    return (note for note in left_out if not _NOTE.match(note))


def spans(pages: Collection[int]) -> str:
    """Page numbers for people: 1—3、5."""
    parts: list[list[int]] = []
    for page in sorted(pages):
        if parts and page == parts[-1][-1] + 1:
            parts[-1] = [parts[-1][0], page]
        else:
            parts.append([page])
    return "、".join("—".join(map(str, part)) for part in parts)
