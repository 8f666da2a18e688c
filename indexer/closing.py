"""The end of a paper: who signs and when. It belongs to no section."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer import numbering
from indexer.labels import collapse
from indexer.lines import Line

#: Name, unit, seal and date take at most this many lines.
_LINES = 4
_LONGEST = 30

# Asked of plain text.
_DIGIT = r"[\d〇○零一二三四五六七八九十OoO _]"
_WHEN = (
    rf"{_DIGIT}{{2,8}}\s*[年./\-]\s*{_DIGIT}{{1,5}}\s*[月./\-]?\s*{_DIGIT}{{0,5}}\s*[日号]?\s*\)?"
)
_DATE = re.compile(rf"^(?:日期|时间|日 ?期)?:?\s*\(?{_WHEN}$")
#: Unit and date on one line: 庫爾勒市第二中學 2009年1月.
_SIGNED = re.compile(rf"^[\u3400-\u9fff][^。;,:!?“”\d]{{2,18}}\s+{_WHEN}$")
_SEAL = re.compile(r"\((?:公?章|盖章|签章|签字)\)$")
_RUNNING = re.compile(r"[。;,:!?“”]")


def begins(lines: Sequence[Line], end: int) -> int:
    """The index of the line at which the signature of the paper that ends before line `end`
    begins; `end` where there is none.

    A signature is a date or a seal among the last lines, with short lines (unit, name) before it.
    """
    sure = end
    for at in range(end - 1, max(-1, end - 1 - _LINES), -1):
        line = lines[at]
        text = collapse(line.plain)
        if line.table or line.level is not None or not text or len(text) > _LONGEST:
            break
        dated = _is_dated(text)
        if not dated and (_RUNNING.search(text) or numbering.parse_plain(text, text) is not None):
            break
        if dated or at == sure - 1 < end - 1:
            sure = at
    return sure


def _is_dated(text: str) -> bool:
    return bool(_DATE.match(text) or _SEAL.search(text) or _SIGNED.match(text))
