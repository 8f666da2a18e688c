"""Small files for the tests of LibreOffice."""

from __future__ import annotations

import zipfile
from pathlib import Path

from indexer.errors import ReadError

#: What our own reader says of a format that it does not know.
OWN = ReadError("unsupported", "no reader")


def docx(path: Path, *paragraphs: str) -> Path:
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{types}"><Override PartName="/word/document.xml" '
            f'ContentType="{kind}"/></Types>',
        )
        package.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>',
        )
    return path


def old_word(path: Path, flags: int = 0) -> Path:
    """The beginning of a Word 2 document: wIdent, nFib, and at 10 the flags."""
    path.write_bytes(b"\xdb\xa5\x2d\x00" + bytes(6) + flags.to_bytes(2, "little") + bytes(500))
    return path
