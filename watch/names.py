"""Which names are no submissions: traces of office programs, half copies, system files."""

from __future__ import annotations

import re

CLEARED = "已收"
QUARANTINE = "隔离"
RECEIPTS = "回执"
FORMS = "待填"
#: At the root of an inbox; what stands in them is ours (待填: forms waiting to be filled).
RESERVED = frozenset({CLEARED, QUARANTINE, RECEIPTS, FORMS})

#: Interim names of `clearing`: a file moved out but not yet checked, a copy not yet complete.
CHECKING = ".~核对"
COPYING = ".~抄"

#: (pattern on the lower-case name, why it is left alone). The first match counts.
_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), why)
    for pattern, why in (
        (r"~\$.*", "Office 打开文件时的临时文件"),
        (r"~wrl\d*\.tmp", "Word 的临时文件"),
        (r"\.~lock.*", "LibreOffice 打开文件时的锁文件"),
        (r"\.~.*", "WPS 打开文件时的临时文件"),
        (r".*\.(tmp|temp)", "临时文件"),
        (r".*\.(part|partial|crdownload|downloading|td|xltd)", "没有下载完的文件"),
        (r"(thumbs\.db|ehthumbs\.db|desktop\.ini|\.ds_store)", "系统文件"),
        (r"\..*", "隐藏文件"),
    )
)
_CLEARING = "正在收取的文件"


def ignored_by_name(name: str) -> str:
    """Why a file (or folder) of this name is no submission, as a Chinese phrase; "" if it is."""
    folded = name.lower()
    if folded.endswith((CHECKING, COPYING)):
        return _CLEARING
    return next((why for pattern, why in _RULES if pattern.fullmatch(folded)), "")
