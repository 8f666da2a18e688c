"""Typed numbering in front of headings, with all the ways schools get it wrong.

Seen in real papers: `一、` `（一）` `(1認真` and `(一定期送教` (bracket lost) `1、` `1．` `1.`
`１、` `①` `⑴` `⒈` `第一章` `第一篇:` `壹、` `Ⅰ.` and `l、` (the letter l for 1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.plain import plain

_CN = "一二三四五六七八九十"
_CN_VALUE = {sign: at + 1 for at, sign in enumerate(_CN)}
#: 參, 貳 and 陸 come as 参, 贰 and 陆.
_FORMAL = {**{sign: at + 1 for at, sign in enumerate("壹贰叁肆伍陆柒捌玖拾")}, "参": 3}

#: Schemes from the outermost down, as GB/T 9704-2012, 7.3.3 orders 一、（一）1.（1）, with what
#: lies around them. A scheme further left closes every scheme further right, unless a document
#: shows that it nests them otherwise.
SCHEMES = (
    "part", "chapter", "section", "formal", "roman", "cn", "cnparen", "arabic", "decimal",
    "subdecimal", "arabicparen", "circled", "latin",
)  # fmt: skip
RANK: dict[str, float] = {scheme: float(rank) for rank, scheme in enumerate(SCHEMES)}

_HAN = "[\u3400-\u9fff]"
_ORDINAL = rf"[{_CN}百〇零\d]{{1,4}}"
_AFTER = r"[、.:]?\s*"
#: What a title begins with.
_OPENS = rf"(?:{_HAN}|[“‘\"《〈【])"

#: By the first sign of a number: the schemes and patterns tried in this order on the plain text;
#: group 1 of a pattern is the number.
_GRAMMAR: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("第", (
        ("part", rf"第\s*({_ORDINAL})\s*(?:部分|(?:篇|编)(?:[\s、.:]+|$))[\s、.:]*"),
        # Not 第三章的内容, which is spoken of.
        ("chapter",
         rf"第\s*({_ORDINAL})\s*(?:章(?![的中里是共为和与至到以,])|单元(?:[\s、.:]+|$))[\s、.:]*"),
        ("section", rf"第\s*({_ORDINAL})\s*节(?:[\s、.:]+|$)"),
    )),
    (_CN, (
        ("cn", rf"([{_CN}]{{1,3}})\s*(?:[、,:]|[.](?!\d))\s*"),
        # Only a space: not 三 年级, not 二 0一一年.
        ("cn", rf"([{_CN}]{{1,3}})[ \u3000\t]+(?![年月班个名次{_CN}\d])"),
        # One bracket lost: 一）指导思想.
        ("cnparen", rf"([{_CN}]{{1,3}})\s*\)\s*{_AFTER}"),
    )),
    # A dash for 一, as keyboards and recognition have it.
    ("—－–-", (("cn", rf"([—－–-])\s*、\s*(?={_HAN})"),)),
    ("(〔【", (
        ("cnparen", rf"[(〔【]\s*([{_CN}]{{1,3}})\s*[)〕】]\s*{_AFTER}"),
        # One bracket lost: (一定期送教活动, (1認真做好.
        ("cnparen", rf"\(\s*([{_CN}]{{1,3}})\s*(?={_OPENS})"),
        ("arabicparen", rf"\(\s*(\d{{1,2}})\s*\)\s*{_AFTER}"),
        ("arabicparen", rf"\(\s*(1?\d)\s*(?={_OPENS})"),
    )),
    ("0123456789", (
        ("subdecimal",
         rf"[1-9]\d?[.][1-9]\d?[.]([1-9]\d?)[.]?(?:[\s、]+|(?={_HAN}))(?![\d万元分米年月%倍日])"),
        ("decimal",
         rf"[1-9]\d?[.]([1-9])[.]?(?:[\s、]+|(?={_HAN}))"
         r"(?![\d万亿千百元分节级米年月%倍日号小公度个斤克点])"),
        ("arabic", r"(\d{1,2})\s*(?:、|[.,]\s*(?!\d))\s*"),
        ("arabic", rf"(\d{{1,2}}):\s*(?={_HAN})"),
        # Only a space, and the title set off from its text: 1 做了什么  开发…
        ("arabic", rf"([1-9]|1\d)[ \u3000]+(?={_HAN}{{2,12}}(?: {{2,}}|\u3000|\t)\S)"),
        ("arabicparen", rf"(\d{{1,2}})\s*\)\s*{_AFTER}"),
    )),
    ("lI", (("arabic", rf"([lI])\s*[、.,]\s*(?={_OPENS})"),)),
    ("⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇", (("arabicparen", rf"(.)\s*{_AFTER}"),)),
    ("⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛", (("arabic", rf"(.)\s*{_AFTER}"),)),
    ("㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩", (("cnparen", rf"(.)\s*{_AFTER}"),)),
    ("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳❶❷❸❹❺❻❼❽❾❿➀➁➂➃➄➅➆➇➈➉➊➋➌➍➎➏➐➑➒➓㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉",
     (("circled", rf"(.)\s*{_AFTER}"),)),
    ("".join(_FORMAL), (("formal", r"(.)\s*[、.:]\s*"),)),
    ("ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ", (("roman", rf"(.)\s*{_AFTER}"),)),
    ("ABCDEFGH", (("latin", r"(.)\s*[、.)]\s*(?![A-Za-z])"),)),
    ("abcdefgh", (("latin", r"(.)\s*[、)]\s*(?![A-Za-z])"),)),
)  # fmt: skip
#: Most lines of a paper begin with none of these signs and are not tried at all.
_PATTERNS = {
    sign: tuple((scheme, re.compile(pattern)) for scheme, pattern in patterns)
    for signs, patterns in _GRAMMAR
    for sign in signs
}

#: 一、二年级学生 counts grades, it does not number a heading; so 三、四月份.
_COUNTED = re.compile(
    rf"[{_CN}](?:年级|班|月|、|线|期|等|两|名|天|周|次|单元|册|题|类|组|年|日|号|人|节)"
)
_CLAUSE = re.compile(r"[,。;!?]")
_DATE = re.compile(
    r"\d{1,2}\s*[.]\s*\d{1,2}(?!\d)|\d{1,2}\s*[、,]\s*\d{1,2}\s*[、月日号时点班年级组名两]"
)
_BRACKET = re.compile(r"[()]")
_PAIRED = re.compile(r"(\d{1,2})\s*[.]\s*(\d{1,2})")

_GLYPHS = "⑴⒈①㈠❶➀➊Ⅰ㊀"


@dataclass(frozen=True, slots=True)
class Numbered:
    """`text` = prefix + rest. `value` counts from 1, 0 where it could not be told. `outer` is the
    number before the dot of 2.1, else 0."""

    scheme: str
    value: int
    prefix: str
    rest: str
    outer: int = 0


def parse(text: str) -> Numbered | None:
    """The numbering a line begins with, None where it begins with none.

    `1.5万字`, `2026. 3. 15`, `（30分）` and `一、二年级学生…，…` are none.
    """
    return parse_plain(text, plain(text))


def parse_plain(text: str, simple: str) -> Numbered | None:
    """As `parse`, for a line whose plain text is known."""
    for scheme, pattern in _PATTERNS.get(simple[:1], ()):
        match = pattern.match(simple)
        if match is None:
            continue
        end = match.end()
        if not _plausible(scheme, simple[:end], simple[end:]):
            return None
        paired = _PAIRED.match(simple) if scheme == "decimal" else None
        outer = int(paired.group(1)) if paired else 0
        return Numbered(scheme, _value(match.group(1)), text[:end], text[end:], outer)
    return None


def _plausible(scheme: str, prefix: str, rest: str) -> bool:
    if scheme == "cn" and _COUNTED.match(rest):
        return not _CLAUSE.search(rest) and len(rest) <= 15 and "、" in prefix
    if scheme == "arabic" and _DATE.match(prefix + rest[:8]):
        return False
    if prefix[0] == "(" and ")" not in prefix:
        # The bracket may be closed further on: （一年级组）, （30分）.
        bracket = _BRACKET.search(rest)
        return bracket is None or bracket.group() == "("
    return bool(rest.strip()) or scheme in ("part", "chapter", "section")


def _value(sign: str) -> int:
    if sign in ("l", "I", "—", "－", "–", "-"):
        return 1
    if len(sign) == 1 and not sign.isascii():
        for first in _GLYPHS:
            if ord(first) <= ord(sign) < ord(first) + (10 if first in "❶➀➊㈠㊀" else 20):
                return ord(sign) - ord(first) + 1
        return _FORMAL.get(sign) or _CN_VALUE.get(sign, 0)
    if sign.isascii():
        return int(sign) if sign.isdigit() else ord(sign.upper()) - ord("A") + 1
    return _chinese_value(sign)


def _chinese_value(sign: str) -> int:
    """十二 -> 12, 二十 -> 20; 0 where it is no such number."""
    tens, ten, ones = sign.rpartition("十")
    if not ten:
        return _CN_VALUE.get(sign, 0)
    return _CN_VALUE.get(tens, 1) * 10 + _CN_VALUE.get(ones, 0)
