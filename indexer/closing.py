"""The end of a paper: who signs and when. It belongs to no section."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.labels import collapse
from indexer.reading import Block

#: Name, unit, seal and date take at most this many lines.
_LINES = 4
_LONGEST = 30

_DIGIT = "[\\d０-９〇○零一二三四五六七八九十OoＯ _]"
_DATE = re.compile(
    r"^(?:日期|时间|日 ?期)?[：:]?\s*"
    rf"{_DIGIT}{{2,8}}\s*[年.．/\-]\s*{_DIGIT}{{1,5}}\s*[月.．/\-]?\s*{_DIGIT}{{0,5}}\s*[日号]?$"
)
_NUMBER = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,2}[）)、.．]")
_SEAL = re.compile(r"[（(](?:公?章|盖章|签章|签字)[）)]$")
_RUNNING = re.compile(r"[。；，：:！？;!?“”]")


def begins(blocks: Sequence[Block], body: Sequence[int]) -> int:
    """The position in `body` at which the signature begins; len(body) where there is none.

    A signature is a date or a seal among the last lines, with short lines (unit, name) before it.
    """
    sure = len(body)
    for position in range(len(body) - 1, max(-1, len(body) - 1 - _LINES), -1):
        block = blocks[body[position]]
        text = collapse(block.text)
        if block.kind != "paragraph" or len(text) > _LONGEST:
            break
        dated = bool(_DATE.match(text) or _SEAL.search(text))
        if not dated and (_RUNNING.search(text) or _numbered(text)):
            break
        if dated or position == sure - 1 < len(body) - 1:
            sure = position
    return sure if sure > 0 else len(body)


def _numbered(text: str) -> bool:
    return bool(
        re.match(r"[（(]?[一二三四五六七八九十\d]{1,2}[）)、.．]", text)
    ) and not _DATE.match(text)
