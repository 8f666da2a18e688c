"""PowerPoint 97-2003 shows: .ppt, .pps, and the .dps that Kingsoft's WPS writes in the same format.

After [MS-PPT] and [MS-ODRAW] (Microsoft Open Specifications). A slide is a page.
"""

from __future__ import annotations

import struct
from itertools import islice
from pathlib import Path

import olefile

from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.readers.ole import properties
from indexer.readers.ppt.directory import read_directory
from indexer.readers.ppt.records import Records
from indexer.readers.ppt.salvage import salvaged
from indexer.readers.ppt.show import Show
from indexer.readers.slides import Gathered, gather
from indexer.reading import Reading

FORMATS = ("ppt",)

_STREAM, _CURRENT = "PowerPoint Document", "Current User"
#: A file saved for PowerPoint 95 and 97 at once keeps the newer one in this storage.
_DUAL = "PP97_DUALSTORAGE/"
#: What olefile raises for broken files.
_FAULTS = (OSError, struct.error, IndexError, TypeError, ValueError)
_SALVAGED = "幻灯片的目录已损坏，文字按存放的次序读出，不分页，可能不全"


def read(path: Path, limits: Limits) -> Reading:
    """All slides in order, each followed by its notes and comments; hidden slides too.

    Raises ReadError: corrupt, encrypted, too_large.
    """
    size = path.stat().st_size
    try:
        with olefile.OleFileIO(path) as ole:
            folder = _DUAL if ole.exists(_DUAL + _STREAM) else ""
            data = _stream(ole, folder + _STREAM, size, limits)
            current = _current_user(ole, folder + _CURRENT, size, limits)
            metadata = properties(ole)
    except _FAULTS as error:
        raise ReadError("corrupt", f"ole: {error}") from error
    gathered = _gathered(Records(data), current, limits)
    blocks, left_out = tuple(gathered.blocks), tuple(gathered.left_out)
    if not blocks and not gathered.pictures:
        blocks = tuple(islice(salvaged(data, limits), limits.blocks + 1))
        left_out = (_SALVAGED,) if blocks else ()
    return Reading(
        format="ppt",
        status="partial" if left_out else "complete",
        blocks=blocks,
        metadata=metadata,
        left_out=left_out,
    )


def _gathered(records: Records, current: bytes, limits: Limits) -> Gathered:
    directory = read_directory(records, current)
    if directory is None:
        return Gathered()
    return gather(Show(records, directory).slides(), limits)


def _current_user(ole: olefile.OleFileIO, name: str, file_size: int, limits: Limits) -> bytes:
    """The stream that names the newest edit; nothing where it is damaged: edits are found."""
    try:
        return _stream(ole, name, file_size, limits)
    except ReadError:
        return b""


def _stream(ole: olefile.OleFileIO, name: str, file_size: int, limits: Limits) -> bytes:
    """A stream's bytes, none where there is no such stream. Raises ReadError."""
    if not ole.exists(name):
        return b""
    try:
        size = ole.get_size(name)
        if size > file_size:
            raise ReadError("corrupt", f"{name}: longer than the file")
        if size > limits.part * 4:
            raise ReadError("too_large", name)
        return bytes(ole.openstream(name).read())
    except _FAULTS as error:
        raise ReadError("corrupt", f"{name}: {error}") from error
