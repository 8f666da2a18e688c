"""The grade and the test a document speaks of."""

from __future__ import annotations

import re

from archive.filing.scan import Scan

_GRADE = re.compile(
    r"(?P<cn>[一二三四五六七八九])年级|初(?P<junior>[一二三])|高(?P<senior>[一二三])(?!级|效|度|层)"
    r"|(?<![\d第])(?P<digit>[1-9])年级|(?<![一二三四五六七八九十月\d年第])(?P<class>[七八九])(?=[（(]?\d{1,2}[)）]?班?|[语数英物化政史地生])"
)
_JUNIOR = dict(zip("一二三", ("七年级", "八年级", "九年级"), strict=True))
_DIGITS = dict(zip("123456789", "一二三四五六七八九", strict=True))
#: Canonical name -> how it is written, the longest first.
_TESTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("期中", "期中|半期"),
        ("期末", "期末|学期末"),
        (
            "月考",
            r"(?:第?[一二三四五六七八九十\d]{1,2}(?:次|月份?))?月考|阶段性?(?:检测|测试|考试)",
        ),
        ("一模", "一模|第一次模拟|第一次模考"),
        ("二模", "二模|第二次模拟|第二次模考"),
        ("三模", "三模|第三次模拟|第三次模考"),
        ("模拟", "模拟(?:考试|测试|检测)?|模考"),
        ("中考", "中考"),
        ("高考", "高考"),
        ("开学", "开学(?:考试|检测|摸底)|摸底"),
        ("联考", "联考|统考|统测|调研(?:考试|测试|检测)"),
        ("单元", "单元(?:测试|检测|考试)"),
    )
)


def grade_of(scan: Scan) -> str:
    """七年级 …, from title, fields, head or file name; "" where several or none are named."""
    places = [scan.title]
    places += [scan.fields.get(k, "") for k in ("年级", "班级", "授课班级", "年级班级", "任教班级")]
    places += [line.bare for line in scan.head if line.bare != scan.title]
    places.append(scan.name)
    for text in places:
        grades = {_grade(m) for m in _GRADE.finditer(text)}
        bare = text.strip()
        if not grades and text is scan.fields.get("年级") and bare in ("七", "八", "九"):
            grades = {f"{bare}年级"}
        if len(grades) == 1:
            return grades.pop()
        if grades:
            return ""
    return ""


def _grade(match: re.Match[str]) -> str:
    if match["junior"]:
        return _JUNIOR[match["junior"]]
    if match["senior"]:
        return f"高{match['senior']}"
    digit = match["cn"] or match["class"] or _DIGITS[match["digit"]]
    return f"{digit}年级"


def test_of(scan: Scan) -> str:
    """期中, 期末, 月考 …, from title, fields, head, file name or the beginning of the text."""
    places = [scan.title]
    places += [
        scan.fields.get(key, "") for key in ("考试名称", "考试", "检测名称", "考试类型", "测试名称")
    ]
    places += [line.bare for line in scan.head if line.bare != scan.title]
    places += [scan.name, *reversed(scan.folders), scan.bare_text[:400]]
    for text in places:
        hits = [(m.start(), name) for name, p in _TESTS for m in [p.search(text)] if m]
        if hits:
            return min(hits)[1]
    return ""
