"""The style sheet of a Word 97-2003 document ([MS-DOC] 2.9.271)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from indexer.readers.doc.modifiers import OFF, ON, PLAIN, Look, Paragraph, apply, look, toggled

_TITLE_STYLE, _FIRST_TOC, _LAST_TOC = 62, 19, 27
_PARAGRAPH, _CHARACTER = 1, 2
#: No chain of styles is longer than this.
_CHAIN = 32


@dataclass(frozen=True, slots=True)
class _Definition:
    kind: int
    built_in: int
    base: int
    paragraph: bytes
    characters: bytes


@dataclass(slots=True)
class Styles:
    """What each style gives a paragraph, or the characters of a run."""

    _raw: dict[int, bytes]
    _base_size: int
    _data: bytes
    _given: dict[int, _Definition | None] = field(default_factory=dict)
    _resolved: dict[int, Paragraph] = field(default_factory=dict)
    _characters: dict[int, Look] = field(default_factory=dict)

    @classmethod
    def read(cls, stsh: bytes, data: bytes) -> Styles:
        base_size = struct.unpack_from("<H", stsh, 4)[0] if len(stsh) >= 6 else 0
        return cls(dict(_definitions(stsh)), base_size, data)

    def __getitem__(self, index: int) -> Paragraph:
        if index not in self._resolved:
            self._resolved[index] = self._resolve(index)
        return self._resolved[index]

    def character(self, index: int) -> Look:
        """What a character style says; of toggles that they reverse the paragraph's."""
        if index not in self._characters:
            bold, hidden, font, size = False, False, -1, 0
            for given in reversed(self._chain(index, _CHARACTER)):
                own = look(given.characters)
                bold, hidden = toggled(bold, own.bold), toggled(hidden, own.hidden)
                font = own.font if own.font >= 0 else font
                size = own.size or size
            self._characters[index] = Look(bold * ON, hidden * ON, font=font, size=size)
        return self._characters[index]

    def _chain(self, index: int, kind: int) -> list[_Definition]:
        chain: list[_Definition] = []
        while len(chain) < _CHAIN:
            given = self._definition(index)
            if given is None or given.kind != kind:
                break
            chain.append(given)
            index = given.base
        return chain

    def _definition(self, index: int) -> _Definition | None:
        if index not in self._given:
            self._given[index] = _definition(self._raw.get(index, b""), self._base_size)
        return self._given[index]

    def _resolve(self, index: int) -> Paragraph:
        style = PLAIN
        for given in reversed(self._chain(index, _PARAGRAPH)):
            if 1 <= given.built_in <= 9:
                style = replace(style, level=given.built_in)
            elif given.built_in == _TITLE_STYLE:
                style = replace(style, level=0)
            elif _FIRST_TOC <= given.built_in <= _LAST_TOC:
                style = replace(style, contents=True)
            style = apply(style, given.paragraph, self._data)
            own = look(given.characters)
            bold, hidden = toggled(style.bold, own.bold), toggled(style.hidden, own.hidden)
            size = own.size or style.size
            if (bold, hidden, size) != (style.bold, style.hidden, style.size):
                style = replace(style, bold=bold, hidden=hidden, size=size)
        return style


def over_style(own: Look, styled: Look) -> tuple[int, int]:
    """(bold, hidden) of a run with a character style: what it says itself comes first."""

    def one(direct: int, style: int) -> int:
        if direct in (ON, OFF):
            return direct
        # Both reverse the paragraph's style, or neither does.
        return direct ^ 3 if style == ON else direct

    return one(own.bold, styled.bold), one(own.hidden, styled.hidden)


def _definitions(stsh: bytes) -> Iterator[tuple[int, bytes]]:
    if len(stsh) < 6:
        return
    header, count = struct.unpack_from("<HH", stsh)
    at = 2 + header
    for index in range(count):
        if at + 2 > len(stsh):
            return
        (size,) = struct.unpack_from("<H", stsh, at)
        yield index, stsh[at + 2 : at + 2 + size]
        at += 2 + size


def _definition(std: bytes, base_size: int) -> _Definition | None:
    if len(std) < base_size + 2 or base_size < 8:
        return None
    first, second, third = struct.unpack_from("<HHH", std)
    kind = second & 0xF
    if kind not in (_PARAGRAPH, _CHARACTER):
        return None
    (length,) = struct.unpack_from("<H", std, base_size)
    at = base_size + 2 + 2 * length + 2
    parts = []
    for _ in range(min(third & 0xF, 3)):
        at += at & 1
        if at + 2 > len(std):
            break
        (size,) = struct.unpack_from("<H", std, at)
        parts.append(std[at + 2 : at + 2 + size])
        at += 2 + size
    if kind == _CHARACTER:
        return _Definition(kind, first & 0xFFF, second >> 4, b"", parts[0] if parts else b"")
    paragraph = parts[0][2:] if parts else b""
    characters = parts[1] if len(parts) > 1 else b""
    return _Definition(kind, first & 0xFFF, second >> 4, paragraph, characters)
