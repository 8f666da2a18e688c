"""Reading what no reader of ours can: LibreOffice turns it into a format that one of them knows."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from indexer import readers
from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.office.converting import Office
from indexer.office.formats import is_worth_trying, readable_through_office, source
from indexer.reading import Block, Reading

_EDGES = ("header", "footer")
_DAMAGED = "文件有损坏，经 LibreOffice 打开后读出，内容可能不全"
#: A damaged document can come out as its own bytes taken for text: more of its signs than this
#: share are then of scripts that no school here writes.
_STRANGE = 0.1
#: What LibreOffice writes for a sign that XML cannot hold (ECMA-376 part 1, 22.9.2.19).
_ESCAPED = re.compile("_x[0-9a-fA-F]{4}_")
#: Blocks of Unicode in use here: Latin to Cyrillic, punctuation to dingbats, Chinese and Japanese,
#: Korean syllables, full-width forms.
_USUAL = (
    (0x20, 0x52F), (0x2000, 0x27BF), (0x2E80, 0x9FFF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF),
    (0xFE30, 0xFE4F), (0xFF00, 0xFFEF), (0x1F000, 0x1FAFF), (0x20000, 0x323AF),
)  # fmt: skip


def read_through(
    office: Office | None,
    path: Path,
    form: str,
    limits: Limits,
    error: ReadError | None = None,
    read: Callable[[Path], Reading] | None = None,
) -> Reading:
    """The file at `path`, of the sniffed format `form`, read by way of LibreOffice.

    `error` is what our own reader said (default: it has none, "unsupported"); it is raised where
    nothing can be done about it here. `read` reads the outcome (default: in this process).
    The reading's format is the original's; `metadata["converted"]` says "LibreOffice". Raises
    ReadError.
    """
    error = error or ReadError("unsupported", form)
    to = readable_through_office(form)
    if office is None or not office.present or to is None or not is_worth_trying(form, error.code):
        raise error
    (outcome,) = office.convert([path], to)
    if isinstance(outcome, ReadError):
        raise _clearest(error, outcome)
    try:
        reading = read(outcome) if read else readers.read(outcome, None, limits)
    finally:
        outcome.unlink(missing_ok=True)
    blocks = tuple(block for block in reading.blocks if not _is_furniture(block))
    if not any(block.kind not in _EDGES and block.text.strip() for block in blocks):
        raise ReadError(error.code, f"{error.detail}; LibreOffice found nothing in it")
    if _is_gibberish(reading.text):
        raise ReadError("corrupt", "LibreOffice took bytes for text")
    return _as_original(replace(reading, blocks=blocks), path, form)


def _clearest(ours: ReadError, theirs: ReadError) -> ReadError:
    """Which of two errors helps the sender. That LibreOffice has no use for a file adds nothing to
    what our own reader said of it."""
    if theirs.code in ("unsupported", "unreadable"):
        return ReadError(ours.code, f"{ours.detail}; {theirs.detail}")
    return theirs


def _as_original(reading: Reading, path: Path, form: str) -> Reading:
    given = source(path, form)
    damaged = given is not None and not given.old
    left_out = (*reading.left_out, _DAMAGED) if damaged else reading.left_out
    return replace(
        reading,
        format=form,
        status="partial" if left_out else reading.status,
        metadata={**reading.metadata, "converted": "LibreOffice"},
        left_out=left_out,
    )


def _is_furniture(block: Block) -> bool:
    """The foot that LibreOffice gives to each sheet which has none: Page, and the number."""
    return bool(block.sheet) and block.kind == "footer" and block.text == "Page"


def _is_gibberish(text: str) -> bool:
    text = _ESCAPED.sub("\ufffe", text[:20_000])
    signs = [ord(sign) for sign in text if not sign.isspace()]
    strange = sum(not any(low <= sign <= high for low, high in _USUAL) for sign in signs)
    return strange > len(signs) * _STRANGE
