"""The readers, one format a file (or a folder). Each has FORMATS and `read(path, limits)`.

A reader gives blocks and metadata; the outline and the fields are recovered here, once for all.
Reader modules are imported when first needed: some draw in large libraries.
"""

from __future__ import annotations

import importlib
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
    "html": "html",
    "mht": "html",
    "rtf": "rtf",
    "xlsx": "sheets",
    "xls": "sheets",
    "ods": "sheets",
    "csv": "csv",
    "txt": "text",
    "md": "markdown",
    "eml": "mail",
    "xml": "xml",
    "wordml": "wordml",
    "flat_opc": "wordml",
}


def reader_for(form: str) -> Reader:
    """The reader of a format. Raises ReadError("unsupported")."""
    if form not in MODULES:
        raise ReadError("unsupported", form)
    return cast(Reader, importlib.import_module(f"indexer.readers.{MODULES[form]}"))


def read(path: Path, name: str | None = None, limits: Limits = DEFAULT) -> Reading:
    """Read the file at `path` by its content; `name` is its own name where `path` is a spool file.

    Raises ReadError with a stable code; never anything else for what stands in the file.
    A bundle (.zip) is no document: "unsupported" here, see `indexer.readers.bundle`.
    """
    form = sniff.detect(path, name)
    if form == "empty":
        raise ReadError("empty", "zero bytes")
    if form == "encrypted":
        raise ReadError("encrypted", "EncryptedPackage")
    if form == "ole":
        raise ReadError("corrupt", "OLE file without a known document stream")
    _check_size(path, limits)
    try:
        reading = reader_for(form).read(path, limits)
    except ReadError:
        raise
    except MemoryError as error:
        raise ReadError("too_large", "out of memory") from error
    except RecursionError as error:
        raise ReadError("too_large", "nested too deeply") from error
    except OSError as error:
        raise ReadError("unreadable", str(error)) from error
    except Exception as error:
        # Whatever foreign bytes provoke in a parser, the caller meets one stable code.
        raise ReadError("corrupt", f"{type(error).__name__}: {error}") from error
    return finish(_bounded(reading, limits))


def finish(reading: Reading) -> Reading:
    """Refuse what holds nothing; add outline and fields."""
    if not reading.left_out and not any(block.text.strip() for block in reading.blocks):
        raise ReadError("empty", "no text")
    recovered = outline.recover(reading.blocks)
    return replace(
        reading, blocks=recovered.blocks, outline=recovered.outline, fields=recovered.fields
    )


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
