"""The readers, one format a file (or a folder). Each has FORMATS and `read(path, limits)`.

A reader gives blocks and metadata; the outline and the fields are recovered here, once for all.
Reader modules are imported when first needed: some draw in large libraries.
"""

from __future__ import annotations

import errno
import importlib
import traceback
from dataclasses import replace
from pathlib import Path
from typing import Protocol, cast

from indexer import outline, sniff
from indexer.errors import ReadError
from indexer.limits import DEFAULT, Limits
from indexer.reading import Reading


class Reader(Protocol):
    """A reader module. `read` raises ReadError; anything else it raises counts as corrupt."""

    FORMATS: tuple[str, ...]

    def read(self, path: Path, limits: Limits) -> Reading: ...


#: format as sniffed -> the module that reads it.
MODULES: dict[str, str] = {
    "docx": "docx",
    "doc": "doc",
    "pdf": "pdf",
    "pptx": "pptx",
    "ppt": "ppt",
    "html": "html",
    "mht": "html",
    "rtf": "rtf",
    "xlsx": "sheets",
    "xls": "sheets",
    "ods": "sheets",
    "csv": "csv",
    "txt": "text",
    "md": "markdown",
    "ofd": "ofd",
    "odt": "odf",
    "odp": "odf",
    "eml": "mail",
    "xml": "xml",
    "wordml": "wordml",
    "flat_opc": "wordml",
    **dict.fromkeys(sorted(sniff.IMAGES), "image"),
}


def reader_for(form: str) -> Reader:
    """The reader of a format. Raises ReadError("unsupported")."""
    if form not in MODULES:
        raise ReadError("unsupported", form)
    return cast(Reader, importlib.import_module(f"indexer.readers.{MODULES[form]}"))


def read(path: Path, name: str | None = None, limits: Limits = DEFAULT) -> Reading:
    """Read the file at `path` by its content; `name` is its own name where `path` is a spool file.

    Raises ReadError with a stable code; never anything else for what stands in the file.
    A bundle (.zip, .rar …) is no document: "unsupported" here, see `indexer.bundles`.
    """
    try:
        return _read(path, name, limits)
    except ReadError:
        raise
    except MemoryError as error:
        raise ReadError("too_large", f"out of memory at {_place(error)}") from error
    except RecursionError as error:
        raise ReadError("too_large", f"nested too deeply at {_place(error)}") from error
    except OSError as error:
        # Parsers raise it too, for places that do not exist in the file.
        code = "corrupt" if error.errno in (None, errno.EINVAL) else "unreadable"
        raise ReadError(code, f"OSError at {_place(error)}: {error}") from error
    except Exception as error:
        # Whatever foreign bytes provoke in a parser, the caller meets one stable code.
        detail = f"{type(error).__name__} at {_place(error)}: {error}"
        raise ReadError("corrupt", detail) from error


def _read(path: Path, name: str | None, limits: Limits) -> Reading:
    form = sniff.detect(path, name)
    if form == "empty":
        raise ReadError("empty", "zero bytes")
    if form == "encrypted":
        raise ReadError("encrypted", "EncryptedPackage")
    if form == "ole":
        raise ReadError("corrupt", "OLE file without a known document stream")
    _check_size(path, limits)
    return finish(_bounded(reader_for(form).read(path, limits), limits))


def _place(error: BaseException) -> str:
    """Where it came up, for the log: readers/csv.py:31, or email/header.py:9 under
    readers/mail.py:40 where it was in a library that we had called."""
    home = Path(__file__).resolve().parent.parent
    ours, last = "", ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        path = Path(frame.f_code.co_filename)
        own = path.is_relative_to(home)
        last = f"{path.relative_to(home) if own else '/'.join(path.parts[-2:])}:{line}"
        ours = last if own else ours
    return last if last == ours else f"{last} under {ours}"


def finish(reading: Reading) -> Reading:
    """Refuse what holds nothing; add outline and fields."""
    if not reading.left_out and not any(block.text.strip() for block in reading.blocks):
        raise ReadError("empty", "no text")
    recovered = outline.recover(reading.blocks)
    return replace(
        reading, blocks=recovered.blocks, outline=recovered.outline, fields=recovered.fields
    )


def pictured(reading: Reading, path: Path, limits: Limits) -> Reading:
    """The reading with its first page drawn; as it is where that cannot be done here."""
    from indexer.picture import first_page

    try:
        return replace(reading, picture=first_page(path, reading.format, limits) or b"")
    except ReadError:
        return reading  # the text was read


def _bounded(reading: Reading, limits: Limits) -> Reading:
    """No more blocks than allowed; the readers stop soon after the limit by themselves."""
    if len(reading.blocks) <= limits.blocks:
        return reading
    note = f"超过 {limits.blocks} 段，后面的内容没有读"
    return replace(
        reading,
        status="partial",
        blocks=reading.blocks[: limits.blocks],
        left_out=(*reading.left_out, note),
    )


def _check_size(path: Path, limits: Limits) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise ReadError("unreadable", str(error)) from error
    if size > limits.file:
        raise ReadError("too_large", f"{size} bytes")
