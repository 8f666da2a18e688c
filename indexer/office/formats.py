"""Which files go through LibreOffice, under which suffix, with which of its filters."""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from pathlib import Path

import olefile

from indexer.errors import ReadError


@dataclass(frozen=True, slots=True)
class Source:
    """`suffix` as LibreOffice expects it; `importer` is the name of its filter; `to` the format
    in which our own reader takes the outcome; `old` where no reader of ours knows the format."""

    suffix: str
    importer: str
    to: str
    old: bool = False


_WORD_2 = Source(".doc", "MS WinWord 5", "docx", old=True)
_WORD_95 = Source(".doc", "MS Word 95", "docx", old=True)
_WRITE = Source(".wri", "MS_Write", "docx", old=True)
_EXCEL_95 = Source(".xls", "MS Excel 95", "xlsx")

_SOURCES: dict[str, Source] = {
    "word_old": _WORD_2,
    "doc": Source(".doc", "MS Word 97", "docx"),
    "xls": Source(".xls", "MS Excel 97", "xlsx"),
    "ppt": Source(".ppt", "MS PowerPoint 97", "pptx"),
    "docx": Source(".docx", "MS Word 2007 XML", "docx"),
    "xlsx": Source(".xlsx", "Calc MS Excel 2007 XML", "xlsx"),
    "pptx": Source(".pptx", "Impress MS PowerPoint 2007 XML", "pptx"),
    "odt": Source(".odt", "writer8", "docx"),
    "ods": Source(".ods", "calc8", "xlsx"),
    "odp": Source(".odp", "impress8", "pptx"),
    "rtf": Source(".rtf", "Rich Text Format", "docx"),
    "wordml": Source(".xml", "MS Word 2003 XML", "docx"),
}

#: What our own readers leave to LibreOffice, and after which of their errors. Measured with 7.4 on
#: 792 damaged files: of 100 .xls and .ppt that our readers gave up it saved 30 (a package of
#: sectors put right, sheets read that calamine refuses); of .doc it made signs without sense where
#: our reader found no text. What a packed format (docx …) loses by damage, our own readers save
#: better: LibreOffice asks whether to repair, and there is nobody to say yes. Works files stay
#: unsupported by decision.
_AFTER: dict[str, frozenset[str]] = {
    "word_old": frozenset({"unsupported"}),
    "doc": frozenset({"unsupported"}),
    "xls": frozenset({"unsupported", "corrupt"}),
    "ppt": frozenset({"unsupported", "corrupt"}),
}

#: Filters for OpenDocument files that are one XML file instead of a package.
_FLAT = {
    "odt": "OpenDocument Text Flat XML",
    "ods": "OpenDocument Spreadsheet Flat XML",
    "odp": "OpenDocument Presentation Flat XML",
}
#: Bytes of a Word file's beginning that are looked at: up to its flags.
_HEAD = 12
_WRITE_MARK = b"\x31\xbe"
#: nFib of Word 97 ([MS-DOC] 2.5.1); Word 6 and 95 have 101 to 105. Bit 8 of the flags at 10 is
#: fEncrypted in all of them.
_WORD_97, _ENCRYPTED = 0x00C1, 0x0100


def readable_through_office(form: str) -> str | None:
    """The format into which LibreOffice turns a file of the sniffed format `form` so that our own
    reader can take it: docx, xlsx or pptx; None for what does not go through it."""
    return _SOURCES[form].to if form in _AFTER else None


def is_worth_trying(form: str, code: str) -> bool:
    """Whether LibreOffice may do better where our own reader gave up with the error `code`."""
    return code in _AFTER.get(form, ())


def source(path: Path, form: str) -> Source | None:
    """How to hand over the file at `path`, None for a format that is not for LibreOffice. Raises
    ReadError: unreadable, encrypted (old Word documents)."""
    given = _SOURCES.get(form)
    if given is None:
        return None
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise ReadError("unreadable", str(error)) from error
    if form in _FLAT and not head.startswith(b"PK"):
        return replace(given, suffix=f".f{form}", importer=_FLAT[form])
    if head.startswith(olefile.MAGIC):
        return _in_container(path) or given
    if form == "word_old":
        return _flat_word(head)
    return given


def _flat_word(head: bytes) -> Source:
    if head.startswith(_WRITE_MARK):
        return _WRITE
    _check_encryption(head)
    return _WORD_2


def _in_container(path: Path) -> Source | None:
    """The source of Word 6 and 95, of Excel 5 and 95; None where it is none of these, or where the
    container cannot be opened by us."""
    try:
        with olefile.OleFileIO(path) as ole:
            if ole.exists("Book") and not ole.exists("Workbook"):
                return _EXCEL_95
            head = ole.openstream("WordDocument").read(_HEAD)
    except Exception:
        return None  # damaged, which is why it is here; olefile raises many kinds
    if len(head) < _HEAD or struct.unpack_from("<H", head, 2)[0] >= _WORD_97:
        return None
    _check_encryption(head)
    return _WORD_95


def _check_encryption(head: bytes) -> None:
    if len(head) >= _HEAD and struct.unpack_from("<H", head, 10)[0] & _ENCRYPTED:
        raise ReadError("encrypted", "fEncrypted of an old Word document")
