"""What a file is, told by its bytes. The name is asked only where bytes cannot tell (csv, md)."""

from __future__ import annotations

import lzma
import os
import re
import zipfile
import zlib
from pathlib import Path, PurePath

import olefile

from indexer.errors import ReadError
from indexer.limits import DEFAULT
from indexer.zips import open_zip

#: Enough for every signature, for a PDF header after junk (ISO 32000-1 annex H: within 1024
#: bytes) and to judge whether the bytes are text.
HEAD = 8192

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "rtf"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"\x1f\x8b", "gz"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\xdb\xa5", "word_old"),
    (b"\x9b\xa5", "word_old"),
    (b"\x31\xbe\x00\x00", "word_old"),
    (b"\x01\xfe\x32\x00", "works"),
    (b"\x01\xfe\xff\x02", "works"),
)

IMAGES = frozenset({"png", "jpg", "gif", "bmp", "tiff", "webp", "heic"})
ARCHIVES = frozenset({"rar", "7z", "tar", "gz", "bz2", "xz"})
#: The first block of a bzip2 stream, or its end where it is empty.
_BZIP2 = re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")

#: Main parts of a package by a piece of their content type (ECMA-376 part 1, 11-13).
_OOXML_MAIN = (
    ("wordprocessingml.", "docx"),
    ("ms-word.", "docx"),
    ("spreadsheetml.", "xlsx"),
    ("ms-excel.", "xlsx"),
    ("presentationml.", "pptx"),
    ("ms-powerpoint.", "pptx"),
)
_MAIN_TYPE = re.compile(
    rb'ContentType\s*=\s*["\']application/vnd\.'
    rb"(?:openxmlformats-officedocument\.)?([a-zA-Z0-9.-]+)\.main\+xml"
)
_OOXML_FOLDERS = ((b"word/", "docx"), (b"xl/", "xlsx"), (b"ppt/", "pptx"))
_OOXML_DOCUMENTS = {"docx": b"document.xml", "xlsx": b"workbook.xml", "pptx": b"presentation.xml"}

_ODF_KINDS = (
    (b"opendocument.spreadsheet", "ods"),
    (b"opendocument.text", "odt"),
    (b"opendocument.presentation", "odp"),
)
#: What an OpenDocument package holds, and what it holds where it is encrypted as a whole.
_ODF_CONTENT = frozenset({"content.xml", "encrypted-package"})

_WORD_BLOCK = re.compile(rb"\xec\xa5(?:\xc1\0|\xd9\0|\x01\x01|\x0c\x01|\x12\x01)")
_OLE_STREAMS = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
    ("PP97_DUALSTORAGE/PowerPoint Document", "ppt"),
    ("MatOST", "works"),
    ("MM", "works"),
    ("CONTENTS", "works"),
)
_HTML = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|title|meta|table)\b",
    re.IGNORECASE | re.DOTALL,
)
_MAIL = re.compile(
    rb"^(?:from|received|return-path|message-id|subject|mime-version|date|x-[\w-]+|to):\s",
    re.IGNORECASE,
)
_MAIL_PARTS = re.compile(rb"^(?:from|to|subject|date|received|message-id):\s", re.I | re.M)


def detect(path: Path, name: str | None = None) -> str:
    """The format of the file at `path`: docx, xlsx, pptx, doc, xls, ppt, pdf, txt, md, csv, rtf,
    html, mht, xml, wordml, eml, ofd, odf, zip, rar, 7z, gz, png, jpg, …, works, word_old, encrypted
    (an encrypted Office package), ole, empty or unknown.

    `name` (default: the path's own) only tells csv and md from other text.
    Raises ReadError("unreadable") where the file cannot be opened.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError as error:
        raise ReadError("unreadable", str(error)) from error
    if not head:
        return "empty"
    if head.startswith(b"PK") and head[2:4] in (b"\x03\x04", b"\x05\x06", b"\x07\x08"):
        return _zip_format(path)
    if head.startswith(olefile.MAGIC):
        return _ole_format(path)
    form = _flat_format(head, PurePath(name or path.name).suffix.lower())
    return "zip" if form == "unknown" and _ends_as_volume(path) else form


def of_head(head: bytes) -> str:
    """The format of what begins with `head` and is no package: a picture inside one, say."""
    return _flat_format(head, "")


def _flat_format(head: bytes, suffix: str) -> str:
    if head[257:262] == b"ustar":  # POSIX.1-1988; what it holds may begin with any mark
        return "tar"
    if _BZIP2.match(head):
        return "bz2"
    for signature, form in _SIGNATURES:
        if head.startswith(signature) and not (form == "bmp" and not _is_bitmap(head)):
            return form
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1", b"msf1"):
        return "heic"
    return _text_format(head, suffix)


def _is_bitmap(head: bytes) -> bool:
    # "BM" also begins ordinary text; a bitmap has zero reserved words (BITMAPFILEHEADER).
    return head[6:10] == b"\0\0\0\0"


def _text_format(head: bytes, suffix: str) -> str:
    plain = _as_bytes_of_ascii(head)
    if plain is None:
        return "unknown"
    if b"<w:wordDocument" in plain or b'progid="Word.Document"' in plain:
        return "wordml"
    if b"<office:document " in plain:
        form = _odf_kind(plain)
        return form if form != "ods" else "odf"  # a flat workbook has no reader
    if b"<pkg:package" in plain:
        return "flat_opc"
    if _HTML.match(plain):
        return "html"
    if plain.lstrip().startswith(b"<?xml"):
        return "xml"
    if _MAIL.match(plain):
        if re.search(rb"^content-type:\s*multipart/related", plain, re.I | re.M):
            return "mht"
        if len({m.lower() for m in _MAIL_PARTS.findall(plain)}) >= 3:
            return "eml"
    return {".csv": "csv", ".md": "md"}.get(suffix, "txt")


def _as_bytes_of_ascii(head: bytes) -> bytes | None:
    """The text of `head` good enough to look for ASCII marks; None where it is no text."""
    for mark, codec in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return head[2:].decode(codec, "replace").encode("utf-8", "replace")
    head = head.removeprefix(b"\xef\xbb\xbf")
    odd = sum(1 for byte in head if byte < 32 and byte not in b"\t\n\r\f\x1a\x1b\x0b")
    return None if odd * 200 > len(head) else head


def _zip_format(path: Path) -> str:
    try:
        with open_zip(path, DEFAULT) as package:
            names = set(package.namelist())
            if "[Content_Types].xml" in names:
                return _ooxml_format(package, names)
            # Of a package that is encrypted as a whole only the key material stands open.
            if "OFD.xml" in names or "Encryptions.xml" in names:
                return "ofd"
            if "mimetype" in names and names & _ODF_CONTENT:
                return _odf_format(package)
            return "zip"
    except ReadError as error:
        return "zip" if error.code == "too_large" else _broken_zip_format(path)


def _beginning(package: zipfile.ZipFile, name: str, size: int) -> bytes:
    """The first bytes of a member; nothing where it cannot be unpacked."""
    try:
        with package.open(name) as part:
            return part.read(size)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, EOFError):
        return b""
    except (NotImplementedError, OSError, ValueError):
        return b""


def _odf_format(package: zipfile.ZipFile) -> str:
    return _odf_kind(_beginning(package, "mimetype", 100))


def _odf_kind(mimetype: bytes) -> str:
    """ods, odt or odp by the media type (part 2, 3.3); templates are of their documents' kind."""
    for piece, form in _ODF_KINDS:
        if piece in mimetype:
            return form
    return "odf"


def _ooxml_format(package: zipfile.ZipFile, names: set[str]) -> str:
    types = _beginning(package, "[Content_Types].xml", 256 * 1024)
    for found in _MAIN_TYPE.findall(types):
        for piece, form in _OOXML_MAIN:
            if found.decode().startswith(piece.rstrip(".")):
                return form
    for folder, form in _OOXML_FOLDERS:
        if any(name.startswith(folder.decode()) for name in names):
            return form
    return "zip"


def _ends_as_volume(path: Path) -> bool:
    """Whether this is the last part of a split zip: only its end tells what it is, and names the
    part it is on (APPNOTE.TXT 4.3.16)."""
    with path.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - 22))
        end = file.read()
    return end.startswith(b"PK\x05\x06") and end[4:6] != b"\0\0"


def _broken_zip_format(path: Path) -> str:
    """A zip without its end: the names in the local headers still tell what it was to be."""
    with path.open("rb") as file:
        head = file.read(1 << 20)
    if b"mimetypeapplication/vnd.oasis.opendocument." in head[:200]:
        return _odf_kind(head[:200])
    if b"OFD.xml" in head:
        return "ofd"
    marked = b"[Content_Types].xml" in head or b"_rels/.rels" in head
    for folder, form in _OOXML_FOLDERS:
        if folder + _OOXML_DOCUMENTS[form] in head or (marked and folder in head):
            return form
    return "zip"


def _ole_format(path: Path) -> str:
    try:
        with olefile.OleFileIO(path) as ole:
            for stream, form in _OLE_STREAMS:
                if ole.exists(stream):
                    return "word_old" if form == "doc" and _is_word_old(ole) else form
            # Any other program's file has streams; one without any has lost its directory.
            return "ole" if ole.listdir() else _broken_ole_format(path)
    except Exception:
        # olefile raises many kinds on broken input (IndexError, struct.error, OleFileError …).
        return _broken_ole_format(path)


def _is_word_old(ole: olefile.OleFileIO) -> bool:
    """Word 6 and 95 keep everything in one stream; their version is below 193 ([MS-DOC] 2.5.1)."""
    if ole.exists("0Table") or ole.exists("1Table"):
        return False
    head = ole.openstream("WordDocument").read(4)
    return len(head) == 4 and int.from_bytes(head[2:], "little") < 0x00C1


def _broken_ole_format(path: Path) -> str:
    """An OLE file cut short or with a broken directory: a text of Word 97 to 2007 still begins
    at a sector with its mark and version ([MS-DOC] 2.5.1)."""
    with path.open("rb") as file:
        head = file.read(1 << 20)
    for found in _WORD_BLOCK.finditer(head):
        if found.start() % 512 == 0:
            return "doc"
    return "ole"
