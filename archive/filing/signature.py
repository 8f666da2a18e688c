"""The 落款: the lines at the end of a paper (before its annexes) that say who and when."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archive.dates import full_dates

if TYPE_CHECKING:
    from archive.filing.scan import Line

#: A line of a signature is short and no sentence.
MAX_SIGNATURE = 30
_SENTENCE = re.compile("[。；;，,！？!?]|[:：].{8}")
_WHO = re.compile("校|中学|初中|小学|高中|组|处|室|部|中心|幼儿园|章|班|局|[一-鿿]{2,4}$")
_LABEL = re.compile(r"^[（(]?(?:[一-鿿]{0,4}(?:日期|时间)|落款)[:：]?(?=[\d二])")
_YEAR_MONTH = re.compile(
    r"(?:(?:19|20)\d\d|\d\d(?=年)|二[〇零○0o][一二三四五六七八九〇零○0-9]{2}(?=年))[年.\-/]"
    r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月?"
)
#: So many lines above the date may belong to it.
LINES_ABOVE = 3


def signature_of(lines: list[Line], first_body: int) -> list[Line]:
    """The date line and the short lines right above it; where no line is a date only, the last
    lines that are short. [] where the paper ends in running text or in a table. `lines` are those
    of the body; those before `first_body` are the head."""
    for at in range(len(lines) - 1, first_body - 1, -1):
        line = lines[at]
        if line.role != "cell" and _ends_with_date(line):
            return _block_above(lines, at, first_body)
    return _last_lines(lines, first_body)


def is_date_line(text: str) -> bool:
    """Whether a folded line is a date (or year and month) and nothing else but its label."""
    if len(text) > 36 or not re.search(r"[\d一二]", text):
        return False
    bare = _LABEL.sub("", "".join(text.split())).strip("()（）。.")
    dates = full_dates(bare)
    if dates:
        return len(bare) - (dates[0].end - dates[0].start) <= 1
    return bool(_YEAR_MONTH.fullmatch(bare))


def _ends_with_date(line: Line) -> bool:
    """A line that is a date, or a short name with a date after it (地理组  2015年9月8日)."""
    if len(line.bare) > MAX_SIGNATURE + 12:
        return False
    if is_date_line(line.text):
        return True
    if _SENTENCE.search(line.bare) or len(line.bare) > MAX_SIGNATURE:
        return False
    dates = full_dates(line.text)
    return bool(dates) and len(line.text) - dates[-1].end <= 2


def _block_above(lines: list[Line], at: int, first_body: int) -> list[Line]:
    found = [lines[at]]
    for above in reversed(lines[max(first_body, at - LINES_ABOVE) : at]):
        if not _is_name_line(above):
            break
        found.append(above)
    return found[::-1]


def _is_name_line(line: Line) -> bool:
    short = line.role == "body" and len(line.bare) <= MAX_SIGNATURE
    return short and not _SENTENCE.search(line.bare) and bool(_WHO.search(line.bare))


def _last_lines(lines: list[Line], first_body: int) -> list[Line]:
    found: list[Line] = []
    for line in reversed(lines[first_body:]):
        if not _is_name_line(line) or len(line.bare) > 22 or len(found) == LINES_ABOVE:
            break
        found.append(line)
    return found[::-1]
