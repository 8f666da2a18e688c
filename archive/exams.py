"""Examinations named in text: 期中, 期末, 第一次月考, 一模 …

All text is taken as already folded (NFKC, Traditional characters made simplified, lower case).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: (pattern, canonical name or "" for the words themselves, strength). The first that fits at a
#: place wins. 学期中 and 学期末 are times of the year, no examinations.
_EXAMS: tuple[tuple[str, str, float], ...] = (
    (r"(?<!学)期中", "期中", 0.9),
    (r"(?<!学)期末", "期末", 0.9),
    (r"第\s?(?P<n>[一二三四1-4])\s?次月考", "月考", 0.9),
    (r"(?<![每按])月考|月质量检测|月检测", "月考", 0.7),
    (r"第?(?P<m>[一二三1-3])(?:模|次模拟|次中考模拟)(?!块|式|范|板|型)", "模", 0.9),
    (r"中考模拟|模拟考试", "模拟考试", 0.7),
    (r"入学(?:检测|考试)|开学(?:检测|考试|测试)|摸底(?:检测|考试|测试)?", "摸底", 0.7),
    (r"(?:中考|会考|联考|统考|抽考|抽测)", "", 0.5),
    (r"质量检测|质量监测|质检|水平测试", "质检", 0.4),
)
_PATTERN = re.compile("|".join(f"(?P<exam{i}>{e[0]})" for i, e in enumerate(_EXAMS)))
_COUNT = {"1": "一", "2": "二", "3": "三", "4": "四"}


@dataclass(frozen=True, slots=True)
class ExamMention:
    """`name` is canonical: 期中, 期末, 月考, 第一次月考, 一模, 摸底, 质检 … `strength` 0..1."""

    name: str
    words: str
    start: int
    end: int
    strength: float


def find_exams(text: str) -> list[ExamMention]:
    """Examinations named in folded `text`, in order."""
    return [_mention(match) for match in _PATTERN.finditer(text)]


def _mention(match: re.Match[str]) -> ExamMention:
    index = next(i for i in range(len(_EXAMS)) if match[f"exam{i}"] is not None)
    _, name, strength = _EXAMS[index]
    if match["n"]:
        name = f"第{_COUNT.get(match['n'], match['n'])}次月考"
    elif match["m"]:
        name = f"{_COUNT.get(match['m'], match['m'])}模"
    start, end = match.span()
    return ExamMention(name or match[0], match[0], start, end, strength)
