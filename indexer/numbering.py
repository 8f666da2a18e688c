"""Typed numbering in front of headings, with all the ways schools get it wrong.

Seen in real papers: `一、` `（一）` `(1認真` (bracket lost) `1、` `1．` `1.` `１、` `①` `⑴` `⒈`
`第一章` `第一篇:` and `l、` (the letter l for 1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CN = "一二三四五六七八九十"
_CN_VALUE = {sign: at + 1 for at, sign in enumerate(_CN)}

#: Schemes from the outermost down, as GB/T 9704-2012, 7.3.3 orders 一、（一）1.（1）, with what lies
#: around them. A scheme further left closes every scheme further right.
RANK = {
    scheme: rank
    for rank, scheme in enumerate(
        ("part", "cn", "cnparen", "block", "arabic", "decimal", "arabicparen", "circled", "latin")
    )
}

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("part", re.compile(rf"第\s*([{_CN}百〇零\d０-９]{{1,4}})\s*(?:(?:部分|章)[\s:：、.．]*|(?:篇|编|節|节|单元|單元)(?:[\s:：、.．]+|$))")),
    ("cn", re.compile(rf"([{_CN}]{{1,3}})\s*(?:[、．.,，:：]|(?=[ \u3000\t])(?!\s*(?:年|月|班|个|名|次|[{_CN}\d０-９])))\s*")),
    ("cnparen", re.compile(rf"[（(〔【﹙]\s*([{_CN}]{{1,3}})\s*(?:[）)〕】﹚]\s*[、.．:：]?|(?<![〔【].)(?=[\u4e00-\u9fff]))\s*")),
    ("decimal", re.compile(r"([1-9])[.．][1-9](?:[.．][1-9])?[.．]?(?:[\s、]+|(?=[\u4e00-\u9fff]))(?![\d万元分节節级級米年月％%倍年日小公])")),
    ("arabic", re.compile(r"([\d０-９]{1,2}|[lI])\s*(?:[、，]|[.．]\s*(?![\d０-９]))\s*")),
    ("arabic", re.compile(r"([1-9]|1\d)[ \u3000]+(?=[\u4e00-\u9fff]{2,12}(?: {2,}|\u3000|\t)\S)")),
    ("arabicparen", re.compile(r"[（(]\s*([\d０-９]{1,2})\s*(?:[）)]\s*[、.．]?|(?=[\u4e00-\u9fff]))\s*")),
    ("arabicparen", re.compile(r"([\d０-９]{1,2})\s*[）)]\s*[、.．]?\s*")),
    ("arabicparen", re.compile(r"([\u2474-\u2487])\s*[、.．]?\s*")),
    ("arabic", re.compile(r"([\u2488-\u249b])\s*[、]?\s*")),
    ("cnparen", re.compile(r"([\u3220-\u3229])\s*[、.．]?\s*")),
    ("circled", re.compile(r"([\u2460-\u2473\u2776-\u277f])\s*[、.．]?\s*")),
    ("latin", re.compile(r"([A-H])\s*[、.．]\s*(?![A-Za-z])")),
)  # fmt: skip

#: 一、二年级学生 counts grades, it does not number a heading; so 三、四月份.
_COUNTED = re.compile(rf"[{_CN}](?:年级|年級|班|月|、|线|期|等|两)")
_CLAUSE = re.compile(r"[，。；,;！？!?]")
_DATE = re.compile(r"\d{1,2}\s*[.．]\s*\d{1,2}(?!\d)|\d{1,2}\s*[、，]\s*\d{1,2}\s*[月日号时点班年]")


@dataclass(frozen=True, slots=True)
class Numbered:
    """`text` = prefix + rest. `value` counts from 1, 0 where it could not be told."""

    scheme: str
    value: int
    prefix: str
    rest: str


def parse(text: str) -> Numbered | None:
    """The numbering a line begins with, None where it begins with none.

    `1.5万字`, `2026. 3. 15` and `一、二年级学生…，…` are none.
    """
    for scheme, pattern in _PATTERNS:
        match = pattern.match(text)
        if match is None:
            continue
        found = Numbered(scheme, _value(match.group(1)), match.group(0), text[match.end() :])
        return found if _plausible(found) else None
    return None


def _plausible(found: Numbered) -> bool:
    if found.scheme == "cn" and _COUNTED.match(found.rest):
        return not _CLAUSE.search(found.rest) and len(found.rest) <= 15 and "、" in found.prefix
    if found.scheme == "arabic" and _DATE.match(found.prefix + found.rest[:8]):
        return False
    return bool(found.rest.strip()) or found.scheme == "part"


def _value(sign: str) -> int:
    if sign in ("l", "I"):
        return 1
    for first in "⑴⒈①㈠❶":
        if len(sign) == 1 and ord(first) <= ord(sign) < ord(first) + 20 and not sign.isascii():
            return ord(sign) - ord(first) + 1
    if sign.isdigit() and sign not in _CN_VALUE:
        return int(sign)
    if sign.isascii():
        return ord(sign) - ord("A") + 1
    return _chinese_value(sign)


def _chinese_value(sign: str) -> int:
    """十二 -> 12, 二十 -> 20; 0 where it is no such number."""
    tens, ten, ones = sign.rpartition("十")
    if not ten:
        return _CN_VALUE.get(sign, 0)
    return _CN_VALUE.get(tens, 1) * 10 + _CN_VALUE.get(ones, 0)
