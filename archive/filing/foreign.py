"""Schools that a paper names as its own and that stand in no register: 大荔县许庄初级中学."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from archive.filing.scan import Scan
from archive.filing.values import Evidence
from archive.names import find_units
from archive.register import Register

#: What a school of another county weighs against ours: with its place before it, as the value of
#: 学校：…, in the 落款; by its ending alone, which other words may have too (浅谈初中…).
PLACED, FIELD, SIGNATURE, ENDING = 0.9, 0.9, 0.7, 0.35

_SUFFIX = (
    "(?:初级中学|高级中学|职业中学|中心小学|中心校|实验小学|实验学校|九年制学校|子弟学校|中学|初中|小学|学校"
    "|[一二三四五六七八九十]中|[一二三四五六]小)(?![生组级部]|校(?!本))"
)
_PLACED = re.compile(
    rf"(?:[一-鿿]{{2,4}}?[省市])?[一-鿿]{{1,4}}?[县市区旗](?P<core>[一-鿿]{{2,8}}?){_SUFFIX}"
)
_ENDED = re.compile(rf"(?P<core>[一-鿿]{{2,4}}?){_SUFFIX}")
_WHOLE = re.compile(rf"(?P<core>[一-鿿]{{2,14}}?){_SUFFIX}(?:初中部|小学部)?")
#: Words that are no school's own name.
_GENERAL = re.compile(
    "中小|各|全|我|本|某|该|农村|乡镇|城区|片区|辖区|学区|学科|教研|研修|研训|示范|联片|年|期|第|级|组|计划|课|教学|教育"
    "|义务|寄宿|民办|送|关于|在|与|和|对|论|谈|浅|探|究|析|让|如何|的|是|提高|培养|走|新|优|受|所|名|附属|完全|普通|局"
    "|中$|^实验$|^中心$|^希望$|语文|数学|英语|物理|化学|生物|政治|历史|地理|体育|音乐|美术"
)
_YEARS = re.compile(r"^(?:[\d〇零一二三四五六七八九十年度学期第上下春秋季—–\-~至()（）]+)")
#: Labels of the school that speaks.
_LABELS = (
    "学校", "学校名称", "单位", "单位名称", "所在学校", "工作单位", "填报单位", "填报学校",
    "被检查单位",
)  # fmt: skip


def foreign_schools(scan: Scan, register: Register) -> list[Evidence]:
    """Evidence for schools outside the register, in the places where the writer stands. Its value
    is the name as written, which is no unit's id."""
    found = []
    for label in _LABELS:
        value = "".join(scan.fields.get(label, "").split())
        match = _WHOLE.fullmatch(value)
        if match is not None and not _GENERAL.search(match["core"]):
            found += _unknown([(value, f"栏目“{label}”", FIELD)], register)
    lines = [(scan.title, "标题"), *((ln.bare, ln.place) for ln in scan.head if len(ln.bare) <= 44)]
    for text, place in dict.fromkeys(lines):
        found += _unknown(_leading(text, place), register)
    for line in scan.signature:
        found += _unknown(_leading(line.bare, "落款", SIGNATURE), register)
    return found[:2]


def _leading(text: str, place: str, weight: float = ENDING) -> Iterator[tuple[str, str, float]]:
    """The school with which a line begins; the years before it do not count."""
    bare = _YEARS.sub("", text)
    match, sure = _PLACED.match(bare), PLACED
    if match is None or _GENERAL.search(match["core"]):
        match, sure = _ENDED.match(bare), weight
    if match is not None and not _GENERAL.search(match["core"]):
        yield match.group(), place, sure


def _unknown(named: Iterable[tuple[str, str, float]], register: Register) -> list[Evidence]:
    return [
        Evidence(words, words, place, weight)
        for words, place, weight in named
        if register.county.name not in words and not find_units(words, register, in_name=True)
    ]
