"""The form numbers that a paper shows, and where: properties, foot lines, text, QR codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from generator import Stamp, find_numbers
from generator.stamp import PROPERTY, load
from indexer.reading import Block, Reading

#: Where LibreOffice keeps the core identifier of a .docx that it saves as .odt (measured, 7.4).
_IDENTIFIERS = ("identifier", "custom:OOXMLCorePropertyIdentifier")
_LABEL = re.compile(r"表\s*单\s*编\s*号|编\s*号")
#: A line that holds little else than its number is there to show it.
_BESIDE = 24


@dataclass(frozen=True, slots=True)
class Sighting:
    """A number and where it was seen, for people: 文档属性, 页脚, 第 3 页, 二维码."""

    number: str
    place: str


@dataclass(frozen=True, slots=True)
class Seen:
    """`stamp`: what the custom property says, None for none (or one that contradicts itself).
    `sightings`: every number, the surest place first."""

    stamp: Stamp | None
    sightings: tuple[Sighting, ...]

    @property
    def numbers(self) -> list[str]:
        return list(dict.fromkeys(sighting.number for sighting in self.sightings))

    def places(self, number: str) -> str:
        own = (sighting.place for sighting in self.sightings if sighting.number == number)
        return "、".join(dict.fromkeys(own))


def seen_on(reading: Reading) -> Seen:
    """Every form number on a paper. One with wrong check characters is never believed."""
    stamp = load(reading.metadata.get(f"custom:{PROPERTY}", ""))
    return Seen(stamp, tuple(_sightings(reading, stamp)))


def _sightings(reading: Reading, stamp: Stamp | None) -> Iterator[Sighting]:
    if stamp is not None:
        yield Sighting(stamp.form_no, "文档属性")
    for key in _IDENTIFIERS:
        for number in find_numbers(reading.metadata.get(key, "")):
            yield Sighting(number, "文档属性")
    for code in reading.codes:
        for number in find_numbers(code):
            yield Sighting(number, "二维码")
    edges = [b for b in reading.blocks if b.kind in ("header", "footer")]
    for block in edges:
        for number in find_numbers(block.text):
            yield Sighting(number, block.place or "页脚")
    for block in reading.blocks:
        if block.kind in ("paragraph", "heading", "table"):
            yield from _in_text(block)


def _in_text(block: Block) -> Iterator[Sighting]:
    """Numbers shown as such: a list of many forms' numbers makes no paper one of them."""
    if "YX" not in block.text.upper() and "ＹＸ" not in block.text.upper():
        return
    for line in block.text.split("\n"):
        found = find_numbers(line)
        beside = len("".join(line.split())) - sum(map(len, found))
        if found and (_LABEL.search(line) or (beside <= _BESIDE and not block.rows)):
            yield from (Sighting(number, block.place) for number in found)
