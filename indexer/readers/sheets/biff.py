"""What calamine does not tell of an .xls: percentages, headers and footers, comments, text boxes.

Records after [MS-XLS]; only the few that hold these are looked at, the rest is passed over.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import olefile

from indexer.limits import Limits
from indexer.readers.sheets.xlsx import Extras, decimals, edge_text
from indexer.reading import Block

_BOUND_SHEET, _FORMAT, _XF, _BOF = 0x85, 0x41E, 0xE0, 0x809
_HEADER, _FOOTER, _TXO, _OBJ, _CONTINUE = 0x14, 0x15, 0x1B6, 0x5D, 0x3C
_NUMBER, _RK, _MULRK, _FORMULA = 0x203, 0x27E, 0xBD, 0x06
_FILEPASS = 0x2F
#: An object that is a comment (2.5.143 FtCmo, ot).
_NOTE = 0x19
#: Built-in number formats that show percentages -> decimals.
_BUILT_IN = {9: 0, 10: 2}
_RECORDS = 2_000_000


def extras(path: Path, limits: Limits) -> dict[str, Extras]:
    """Of each sheet by its name; {} where the workbook is encrypted or no BIFF8."""
    try:
        with olefile.OleFileIO(path) as ole:
            name = next((n for n in ("Workbook", "Book") if ole.exists(n)), "")
            if not name or ole.get_size(name) > limits.expanded:
                return {}
            data = ole.openstream(name).read()
    except Exception:
        # olefile raises many kinds on broken input; calamine judges the workbook itself.
        return {}
    try:
        return _Scan(data).sheets()
    except (struct.error, IndexError, UnicodeDecodeError):
        return {}


class _Scan:
    """One pass over the records of a workbook stream."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._forms = dict(_BUILT_IN)
        self._styles: list[int] = []
        self._names: dict[int, str] = {}

    def sheets(self) -> dict[str, Extras]:
        found: dict[str, Extras] = {}
        current: Extras | None = None
        records = _records(self._data)
        note, text = False, None
        for at, kind, body in records:
            if kind == _FILEPASS:
                return {}
            if kind == _BOF:
                name = self._names.get(at)
                current = found.setdefault(name, Extras()) if name is not None else current
            elif current is None:
                self._globals(kind, body)
            elif kind in (_NUMBER, _RK, _FORMULA, _MULRK):
                self._cells(kind, body, current)
            elif kind in (_HEADER, _FOOTER):
                words = edge_text(_string(body, 2)) if len(body) > 3 else ""
                if words:
                    current.blocks.append(Block("header" if kind == _HEADER else "footer", words))
            elif kind == _OBJ and len(body) >= 6:
                note = struct.unpack_from("<H", body, 4)[0] == _NOTE
            elif kind == _TXO and len(body) >= 12:
                text = struct.unpack_from("<H", body, 10)[0]
            elif kind == _CONTINUE and text:
                words = _characters(body, 0, text).replace("\r", "\n").strip()
                text = None
                if words:
                    current.blocks.append(Block("comment" if note else "paragraph", words))
        return found

    def _globals(self, kind: int, body: bytes) -> None:
        if kind == _BOUND_SHEET and len(body) > 8:
            (at,) = struct.unpack_from("<I", body)
            self._names[at] = _characters(body, 7, body[6])
        elif kind == _FORMAT and len(body) > 5:
            code = _string(body, 4)
            if "%" in code:
                self._forms[struct.unpack_from("<H", body)[0]] = decimals(code)
        elif kind == _XF and len(body) >= 4:
            self._styles.append(struct.unpack_from("<H", body, 2)[0])

    def _cells(self, kind: int, body: bytes, sheet: Extras) -> None:
        if len(body) < 6:
            return
        row, column, style = struct.unpack_from("<3H", body)
        if kind != _MULRK:
            self._note(sheet, row, column, style)
            return
        for number, at in enumerate(range(4, len(body) - 7, 6)):
            self._note(sheet, row, column + number, struct.unpack_from("<H", body, at)[0])

    def _note(self, sheet: Extras, row: int, column: int, style: int) -> None:
        form = self._styles[style] if style < len(self._styles) else 0
        if form in self._forms:
            sheet.percents[row, column] = self._forms[form]


def _records(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(offset, kind, body) of each record."""
    at = 0
    for _ in range(_RECORDS):
        if at + 4 > len(data):
            return
        kind, length = struct.unpack_from("<HH", data, at)
        yield at, kind, data[at + 4 : at + 4 + length]
        at += 4 + length


def _string(body: bytes, at: int) -> str:
    """A string after its number of characters in two bytes (2.5.294 XLUnicodeString); `at` is
    where its flags stand."""
    (count,) = struct.unpack_from("<H", body, at - 2)
    return _characters(body, at, count)


def _characters(body: bytes, at: int, count: int) -> str:
    wide = body[at] & 1
    raw = body[at + 1 : at + 1 + count * (2 if wide else 1)]
    return raw.decode("utf-16-le" if wide else "latin-1", "replace")
