"""Whether a reflection says which lesson it is about: in its title, or in its first paragraph."""

from __future__ import annotations

import re

from indexer.folding import fold
from indexer.reading import Reading

_BOOK = re.compile(r"《[^》]{1,50}》")
_AFTER = re.compile(r"(?:反思|后记|教后记|札记|随笔)(?:——|—|--|-|:|：|·)\s*.{2,}")
_QUOTED = re.compile(r"[“\"「][^”\"」]{2,30}[”\"」]")
_LESSON = re.compile(
    r"(?:讲|教|上|学习|执教|教学|复习|讲授)(?:了|完|的是|授)?.{0,16}(?:《|“|第.{1,4}[课节章单元]|一课|这一课|这节课|内容|专题)"
    r"|第[一二三四五六七八九十\d]{1,3}(?:课|节|章|单元)|unit\s?\d+|课时"
)
_GENERIC = re.compile(
    r"(?:教学|课后|课堂|教后|初中|小学|高中|[七八九]年级|语文|数学|英语|物理|化学|生物|政治|历史|地理|体育|音乐|美术|"
    r"信息技术|思想品德|上册|下册|的|课|学科|期中|期末|一次|一节)*(?:反思|后记|教后记|札记|随笔)(?:案例|表|记录)?"
)


def named_lesson(reading: Reading) -> tuple[str, str] | None:
    """(words, place) where a title (《背影》教学反思) or a first paragraph names the lesson."""
    title = "".join(fold(reading.title).split())
    found = _BOOK.search(title) or _AFTER.search(title) or _QUOTED.search(title)
    if found:
        return found.group()[:30], "标题"
    head = re.sub(r"[（(][^（()）]*[)）]", "", title)
    before = re.match(
        r"(.{2,30}?)(?:一课|一节|这节课)?(?:的)?(?:教学|课后|教后)?(?:反思|后记)$", head
    )
    if (
        before
        and not _GENERIC.fullmatch(head)
        and not re.search("学年|学期|年度|月|学校|初中$|中学$", before[1])
    ):
        return before[1], "标题"
    return _in_opening(reading)


def _in_opening(reading: Reading) -> tuple[str, str] | None:
    number = 0
    for block in reading.blocks:
        if block.kind not in ("paragraph", "heading"):
            continue
        number += 1
        text = "".join(fold(block.text).split())
        is_title = block.kind == "heading" and block.level == 0
        if is_title or len(text) < 4:
            continue
        found = _BOOK.search(text[:120]) or _LESSON.search(text[:120])
        if found:
            return found.group()[:30], f"第 {number} 段"
        if len(text) > 25 or number > 4:
            return None
    return None
