"""Automatic numbers on slides: a way of writing a number, with something around it.

Their names are those of ST_TextAutonumberScheme (ECMA-376 part 1, 20.1.10.61).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from indexer.readers.numerals import joined, numeral

#: List levels (ECMA-376 part 1, 21.1.2.2.7: 0 to 8; [MS-PPT] has five of them).
_LEVELS = 9
_NUMERALS = {
    "arabic": "decimal", "arabicDb": "decimalFullWidth", "alphaLc": "lowerLetter",
    "alphaUc": "upperLetter", "romanLc": "lowerRoman", "romanUc": "upperRoman",
    "circleNumDb": "decimalEnclosedCircle", "circleNumWdWhite": "decimalEnclosedCircle",
    "circleNumWdBlack": "decimalEnclosedCircle", "ea1Chs": "chineseCountingThousand",
    "ea1Cht": "taiwaneseCountingThousand", "ea1JpnKor": "japaneseCounting",
    "ea1JpnChsDb": "chineseCountingThousand",
}  # fmt: skip
_SCHEME = re.compile(r"(\w+?)(Plain|Period|ParenR|ParenBoth)")
_AROUND = {"Plain": "{}", "Period": "{}.", "ParenR": "{})", "ParenBoth": "({})"}


@dataclass(frozen=True, slots=True)
class Scheme:
    name: str
    start: int = 1


@dataclass(slots=True)
class Autonumbers:
    """How far each level of the lists in one text has counted: the scheme and the last number."""

    _counted: list[tuple[Scheme, int] | None] = field(default_factory=lambda: [None] * _LEVELS)

    def numbered(self, level: int, scheme: Scheme | None, text: str) -> str:
        """The text with its number. Another scheme, or a paragraph without a number on the same
        level or further out, begins anew (ECMA-376 part 1, 21.1.2.4.1)."""
        level = min(max(level, 0), _LEVELS - 1)
        before = self._counted[level]
        self._counted[level:] = [None] * (_LEVELS - level)
        if scheme is None:
            return text
        number = before[1] + 1 if before is not None and before[0] == scheme else scheme.start
        self._counted[level] = (scheme, number)
        return joined(_label(scheme.name, number), text)


def _label(name: str, number: int) -> str:
    match = _SCHEME.fullmatch(name)
    if match is None or match[1] not in _NUMERALS:
        return f"{number}."  # Thai, Hindi, Hebrew
    label = _AROUND[match[2]].format(numeral(number, _NUMERALS[match[1]]))
    return label.replace(".", "．") if "Db" in match[1] else label
