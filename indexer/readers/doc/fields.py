"""Fields of a Word 97-2003 document ([MS-DOC] 2.8.25): code goes, result stays, forms are read."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

from indexer.readers import equations
from indexer.readers.doc.formats import CODE, DELETED, HIDDEN_AT, SWAPPED, Formats
from indexer.readers.doc.modifiers import ON

#: A field is 0x13 code 0x14 result 0x15; without a result the 0x14 is missing.
_SIGN = re.compile("[\x13\x14\x15]")
_BEGIN, _SEPARATOR = "\x13", "\x14"
_PICTURE = "\x01"
#: Header of a NilPICFAndBinData before its FFData ([MS-DOC] 2.9.158).
_PICTURE_HEADER = 0x44
_CHECK_BOX, _LIST = 1, 2
#: As the state of a form field: the default holds ([MS-DOC] 2.9.78, iRes).
_AS_DEFAULT = 25
#: Longest instruction that is looked at: an equation (EQ) is spelled out in it.
_LONGEST = 2000
#: A field that is deleted or hidden shows nothing.
_GONE = DELETED | ON << HIDDEN_AT
#: Deeper nesting than Word's own (20) is an attack; what lies deeper is taken as text.
_DEEPEST = 64


@dataclass(slots=True)
class _Open:
    begin: int
    separator: int = -1


def mark_fields(formats: Formats, start: int, end: int) -> None:
    """Mark the codes of the fields in one story. A field that is not closed is left as text."""
    text, marks = formats.text.text, formats.marks
    open_fields: list[_Open] = []
    too_deep = 0
    for sign in _SIGN.finditer(text, start, end):
        at = sign.start()
        if sign.group() == _BEGIN and len(open_fields) >= _DEEPEST:
            too_deep += 1
        elif sign.group() == _BEGIN:
            open_fields.append(_Open(at))
        elif too_deep:
            too_deep -= sign.group() != _SEPARATOR
        elif not open_fields:
            continue
        elif sign.group() == _SEPARATOR:
            open_fields[-1].separator = at
        else:
            opened = open_fields.pop()
            stop = opened.separator if opened.separator >= 0 else at
            shown = _shown(formats, opened, at) if not marks[opened.begin] & _GONE else ""
            marks[opened.begin : stop + 1] = bytes([CODE]) * (stop + 1 - opened.begin)
            marks[at] = SWAPPED if shown else CODE
            if shown:
                formats.swaps[at] = shown


def _shown(formats: Formats, opened: _Open, end: int) -> str:
    """What a field shows that has no result: a form field its value, an equation itself."""
    text = formats.text.text
    stop = opened.separator if opened.separator >= 0 else end
    if opened.separator >= 0 and text[opened.separator + 1 : end].strip():
        return ""
    code = text[opened.begin + 1 : min(stop, opened.begin + _LONGEST)]
    name, _, rest = code.strip(" \x01").partition(" ")
    if name.upper() == "EQ":
        return equations.linear(rest)
    picture = code.find(_PICTURE)
    if name.upper().rstrip(_PICTURE) in ("FORMCHECKBOX", "FORMDROPDOWN") and picture >= 0:
        return _form_value(formats.data, formats.picture(opened.begin + 1 + picture))
    return ""


def _form_value(data: bytes, place: int) -> str:
    """☑, □ or the entry that is picked, from the FFData at a place of the Data stream."""
    try:
        return _read_form(data, place) if place >= 0 else ""
    except (struct.error, IndexError):
        return ""


def _read_form(data: bytes, place: int) -> str:
    (header,) = struct.unpack_from("<H", data, place + 4)
    at = place + (header if header >= 6 else _PICTURE_HEADER)
    version, bits = struct.unpack_from("<IH", data, at)
    kind, state = bits & 0x3, bits >> 2 & 0x1F
    if version != 0xFFFFFFFF or kind not in (_CHECK_BOX, _LIST):
        return ""
    at = _after_string(data, at + 10)  # version, bits, longest text, size of the box
    (default,) = struct.unpack_from("<H", data, at)
    state = default if state == _AS_DEFAULT else state
    if kind == _CHECK_BOX:
        return "☑" if state else "□"
    at += 2
    for _ in range(5):  # format, help, status line, macros on entry and exit
        at = _after_string(data, at)
    return _entry(data, at, state)


def _after_string(data: bytes, at: int) -> int:
    """Past a string with its length before it and a zero after it ([MS-DOC] 2.9.353, Xstz)."""
    (length,) = struct.unpack_from("<H", data, at)
    return int(at + 2 + 2 * length + 2)


def _entry(data: bytes, at: int, wanted: int) -> str:
    """An entry of the list of a drop-down field (an extended STTB)."""
    extended, count, extra = struct.unpack_from("<HHH", data, at)
    at += 6
    for number in range(count if extended == 0xFFFF else 0):
        (length,) = struct.unpack_from("<H", data, at)
        if number == wanted:
            return data[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace")
        at += 2 + 2 * length + extra
    return ""
