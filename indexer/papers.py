"""Titles of papers within a file: an attachment, a form or a rule that follows the main paper."""

from __future__ import annotations

import re

from indexer import numbering
from indexer.lines import Line

# Asked of plain text.
_KIND = re.compile(
    r"(?:办法|方案|计划|规划|总结|制度|报告|细则|规定|章程|条例|意见|通知|预案|纪要|简报|名单|表)"
    r"(?:\([^()]{1,12}\))?$"
)
_OWNER = re.compile(r"[县市区镇乡校]|中学|小学|初中|高中|幼儿园|教研[组室]|教师|学年|年度|20\d\d")
_RUNNING = re.compile(r"[。;,:!?、“”]")
#: A line that tells what is done with such a paper.
_DOING = re.compile(
    r"^(?:制定|制订|完成|撰写|编写|上交|上报|提交|填写|学习|落实|按照?|根据|为|把|将|由|做好|见|参见|附|以|对|从|在|并|及|和|与|的)"
)
_SHORTEST, _SHORTEST_CENTRED, _LONGEST = 8, 6, 40
#: What a paper's last line may end with; others go on in the next line.
_ENDED = tuple("。!?;:.)》”")
_FRAGMENT = 20


def is_title(line: Line, above: Line | None, below: Line | None) -> bool:
    """A plain line that names a paper and whose it is, between the end of one and the next."""
    text = line.plain
    if not _SHORTEST <= len(text) <= _LONGEST or not _KIND.search(text):
        return False
    if _RUNNING.search(text) or _DOING.match(text) or not _OWNER.search(text):
        return False
    if above is None or below is None:
        return False
    number = numbering.parse_plain(above.plain, above.plain)
    if number is not None and number.scheme == "part":
        return False  # the title of the part once more
    ended = above.plain.endswith(_ENDED) or len(above.plain) <= _FRAGMENT
    return above.table or ended


def is_centred_title(line: Line) -> bool:
    """A centred line that names a paper."""
    text = line.plain
    fits = _SHORTEST_CENTRED <= len(text) <= _LONGEST and not _RUNNING.search(text)
    return line.centred and fits and bool(_KIND.search(text))
