"""Automatic numbering of Word 97-2003 ([MS-DOC] 2.9.131 LSTF, 2.9.150 LVL, 2.9.127 LFO)."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from indexer.readers.numerals import numeral

_LSTF, _LVLF, _LFO = 28, 28, 16
LEVELS = 9

#: Number formats ([MS-OSHARED] 2.2.1.3) that Chinese documents use -> ST_NumberFormat.
NUMBER_FORMS = {
    0: "decimal", 1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter",
    10: "ideographDigital", 11: "japaneseCounting", 14: "decimalFullWidth", 16: "japaneseLegal",
    17: "japaneseDigitalTenThousand", 18: "decimalEnclosedCircle", 19: "decimalFullWidth2",
    22: "decimalZero", 23: "bullet", 26: "decimalEnclosedFullstop", 27: "decimalEnclosedParen",
    28: "decimalEnclosedCircleChinese", 29: "ideographEnclosedCircle", 30: "ideographTraditional",
    31: "ideographZodiac", 33: "taiwaneseCounting", 34: "ideographLegalTraditional",
    35: "taiwaneseCountingThousand", 36: "taiwaneseDigital", 37: "chineseCounting",
    38: "chineseLegalSimplified", 39: "chineseCountingThousand", 255: "none",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    text: str


@dataclass(slots=True)
class _Override:
    list_id: int
    starts: dict[int, int] = field(default_factory=dict)


class Lists:
    """The lists of one document. `label` is called once for each numbered paragraph, in order."""

    def __init__(self, definitions: bytes, levels: bytes, overrides: bytes) -> None:
        """`definitions` is the PlfLst, `levels` what follows it in the table stream."""
        self._levels: dict[int, list[_Level]] = {}
        self._overrides: list[_Override] = []
        self._counters: dict[int, list[int | None]] = {}
        self._started: set[tuple[int, int]] = set()
        try:
            self._read_definitions(definitions, levels)
            self._read_overrides(overrides)
        except (struct.error, IndexError):
            return  # what was read until here still numbers its paragraphs

    def _read_definitions(self, definitions: bytes, levels: bytes) -> None:
        if len(definitions) < 2:
            return
        (count,) = struct.unpack_from("<h", definitions)
        at = 0
        for index in range(count):
            place = 2 + _LSTF * index
            (list_id,) = struct.unpack_from("<i", definitions, place)
            simple = definitions[place + 26] & 1
            found = []
            for _ in range(1 if simple else LEVELS):
                level, at = _read_level(levels, at)
                found.append(level)
            self._levels[list_id] = found

    def _read_overrides(self, overrides: bytes) -> None:
        if len(overrides) < 4:
            return
        (count,) = struct.unpack_from("<I", overrides)
        count = min(count, (len(overrides) - 4) // _LFO)
        at = 4 + _LFO * count
        for index in range(count):
            place = 4 + _LFO * index
            (list_id,) = struct.unpack_from("<i", overrides, place)
            self._overrides.append(_Override(list_id))
        for index in range(count):
            at += 4
            for _ in range(overrides[4 + _LFO * index + 12]):
                at = self._read_override_level(overrides, at, self._overrides[index])

    def _read_override_level(self, data: bytes, at: int, override: _Override) -> int:
        start, flags = struct.unpack_from("<iI", data, at)
        at += 8
        level = flags & 0xF
        if flags & 0x20:
            formatted, at = _read_level(data, at)
            start = formatted.start if not flags & 0x10 else start
        if flags & 0x30:
            override.starts[level] = start
        return at

    def label(self, number: int, depth: int) -> str:
        """The next label of list override `number` (from 1) at `depth`; "" for bullets."""
        if not 1 <= number <= len(self._overrides):
            return ""
        override = self._overrides[number - 1]
        levels = self._levels.get(override.list_id, [])
        if depth >= len(levels):
            return ""
        counters = self._counters.setdefault(override.list_id, [None] * LEVELS)
        fresh = depth in override.starts and (number, depth) not in self._started
        self._started.add((number, depth))
        value = counters[depth]
        if fresh:
            counters[depth] = override.starts[depth]
        else:
            counters[depth] = levels[depth].start if value is None else value + 1
        counters[depth + 1 :] = [None] * (LEVELS - depth - 1)
        return _render(levels, depth, counters)


def _read_level(data: bytes, at: int) -> tuple[_Level, int]:
    """One LVL and where the next one begins."""
    start, form = struct.unpack_from("<iB", data, at)
    characters, paragraphs = data[at + 24], data[at + 25]
    at += _LVLF + characters + paragraphs
    (length,) = struct.unpack_from("<H", data, at)
    text = data[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace")
    return _Level(start, NUMBER_FORMS.get(form, "decimal"), text), at + 2 + 2 * length


def _render(levels: list[_Level], depth: int, counters: list[int | None]) -> str:
    if levels[depth].form == "bullet":
        return ""
    label = ""
    for sign in levels[depth].text:
        at = ord(sign)
        if at < LEVELS:
            if at < len(levels):
                value = counters[at]
                label += numeral(levels[at].start if value is None else value, levels[at].form)
        else:
            label += sign
    return label.strip()
