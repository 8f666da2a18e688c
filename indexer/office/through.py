"""Reading what no reader of ours can: LibreOffice turns it into a format that one of them knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.errors import ReadError
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


@dataclass(frozen=True, slots=True)
class Given:
    """A file of the sniffed format `form` which our own reader gave up with `error`."""

    path: Path
    form: str
    error: ReadError


def read_through(
    office: Office, files: Sequence[Given], read: Callable[[Path], Reading]
) -> list[Reading | ReadError]:
    """Each of `files` read by way of LibreOffice, all those of one target at one start.

    `read` reads what LibreOffice made. A reading's format is the original's;
    `metadata["converted"]` says "LibreOffice". Where nothing can be done about a file, the outcome
    is its own error. Raises RuntimeError where the office is closed.
    """
    outcomes: list[Reading | ReadError] = [given.error for given in files]
    targets: dict[str, list[int]] = {}
    for place, given in enumerate(files):
        to = readable_through_office(given.form)
        if to and office.present and is_worth_trying(given.form, given.error.code):
            targets.setdefault(to, []).append(place)
    for to, places in targets.items():
        converted = office.convert([files[place].path for place in places], to)
        for place, made in zip(places, converted, strict=True):
            try:
                outcomes[place] = _read(made, files[place], read)
            except ReadError as error:
                outcomes[place] = error
    return outcomes


def _read(made: Path | ReadError, given: Given, read: Callable[[Path], Reading]) -> Reading:
    if isinstance(made, ReadError):
        raise _clearest(given.error, made)
    try:
        reading = read(made)
    finally:
        made.unlink(missing_ok=True)
    blocks = tuple(block for block in reading.blocks if not _is_furniture(block))
    if not any(block.kind not in _EDGES and block.text.strip() for block in blocks):
        error = given.error
        raise ReadError(error.code, f"{error.detail}; LibreOffice found nothing in it")
    if _is_gibberish(reading.text):
        raise ReadError("corrupt", "LibreOffice took bytes for text")
    return _as_original(replace(reading, blocks=blocks), given.path, given.form)


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
