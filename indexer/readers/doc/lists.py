"""Automatic numbering of Word 97-2003 ([MS-DOC] 2.9.131 LSTF, 2.9.150 LVL, 2.9.127 LFO)."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from indexer.readers.counters import LEVELS, Counters, Level

_LSTF, _LVLF, _LFO = 28, 28, 16
_LEGAL, _NO_RESTART = 0x04, 0x08
_FOLLOWS = {0: "tab", 1: "space", 2: "nothing"}

_IN_ORDER = (
    "decimal", "upperRoman", "lowerRoman", "upperLetter", "lowerLetter", "ordinal",
    "cardinalText", "ordinalText", "hex", "chicago", "ideographDigital", "japaneseCounting",
    "aiueo", "iroha", "decimalFullWidth", "decimalHalfWidth", "japaneseLegal",
    "japaneseDigitalTenThousand", "decimalEnclosedCircle", "decimalFullWidth2", "aiueoFullWidth",
    "irohaFullWidth", "decimalZero", "bullet", "ganada", "chosung", "decimalEnclosedFullstop",
    "decimalEnclosedParen", "decimalEnclosedCircleChinese", "ideographEnclosedCircle",
    "ideographTraditional", "ideographZodiac", "ideographZodiacTraditional", "taiwaneseCounting",
    "ideographLegalTraditional", "taiwaneseCountingThousand", "taiwaneseDigital",
    "chineseCounting", "chineseLegalSimplified", "chineseCountingThousand", "koreanDigital",
    "koreanCounting", "koreanLegal", "koreanDigital2",
)  # fmt: skip
#: Number formats ([MS-OSHARED] 2.2.1.3, MSONFC) -> ST_NumberFormat.
NUMBER_FORMS = dict(enumerate(_IN_ORDER)) | {57: "numberInDash", 255: "none"}


@dataclass(slots=True)
class _Override:
    list_id: int
    levels: dict[int, Level] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)


class Lists:
    """The lists of one document. `label` is called once for each numbered paragraph, in order."""

    def __init__(self, definitions: bytes, levels: bytes, overrides: bytes) -> None:
        """`definitions` is the PlfLst, `levels` what follows it in the table stream. They are
        read when the first number is asked for: most papers have none."""
        self._unread: tuple[bytes, bytes, bytes] | None = (definitions, levels, overrides)
        self._levels: dict[int, dict[int, Level]] = {}
        self._overrides: list[_Override] = []
        self._counters = Counters()

    def _read_once(self) -> None:
        if self._unread is None:
            return
        (definitions, levels, overrides), self._unread = self._unread, None
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
            found: dict[int, Level] = {}
            for depth in range(1 if simple else LEVELS):
                found[depth], at = _read_level(levels, at)
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
        depth = flags & 0xF
        if flags & 0x20:
            override.levels[depth], at = _read_level(data, at)
        if flags & 0x10:
            override.starts[depth] = (
                override.levels[depth].start if depth in override.levels else start
            )
        return at

    def label(self, number: int, depth: int) -> tuple[str, str]:
        """(next label of list override `number`, from 1, at `depth`; what follows it: tab, space,
        nothing). The label is "" for bullets and unknown lists."""
        self._read_once()
        if not 1 <= number <= len(self._overrides):
            return "", ""
        override = self._overrides[number - 1]
        levels = self._levels.get(override.list_id, {})
        if override.levels:
            levels = {**levels, **override.levels}
        if depth not in levels:
            return "", ""
        label = self._counters.label(override.list_id, number, depth, levels, override.starts)
        return label, levels[depth].follow


def _read_level(data: bytes, at: int) -> tuple[Level, int]:
    """One LVL and where the next one begins."""
    start, form, flags = struct.unpack_from("<iBB", data, at)
    follow, characters, paragraphs, restart = (
        data[at + 15],
        data[at + 24],
        data[at + 25],
        data[at + 26],
    )
    at += _LVLF + characters + paragraphs
    (length,) = struct.unpack_from("<H", data, at)
    text = data[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace")
    level = Level(
        start=start,
        form=NUMBER_FORMS.get(form, "decimal"),
        text=text,
        legal=bool(flags & _LEGAL),
        restart=restart if flags & _NO_RESTART else None,
        follow=_FOLLOWS.get(follow, "tab"),
    )
    return level, at + 2 + 2 * length
