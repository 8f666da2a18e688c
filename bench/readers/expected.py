"""What stands in the sample files, and how an answer is held against it.

`expected.jsonl` was written by people who looked at the files (drawn by other programs, or their
bare XML), never from what our own reader gives. A line a file:

    file      below the folder of samples
    strings   short quotations from start, middle and end, tables, notes, headers, numbering
    order     these follow one another in this order
    once      these stand there exactly once (a merged cell is one)
    absent    these must not be there (deleted text, placeholders, style sheets)
    error     the code with which the file is refused; null where it can be read; a list where
              several answers are right (a page with nothing but a picture)
    lane      "ocr": the text is a picture; "bundle": the strings are names of members; "office":
              a format that takes LibreOffice; left out of the speeds

Not asked for is what is part of a picture or of an embedded object, and a placeholder that nobody
has filled in.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

LIST = Path(__file__).with_name("expected.jsonl")
#: White space, and the signs with which Markdown sets off cells, headings and emphasis: they are
#: the reader's own, so that nobody gains or loses by them.
_SET_OFF = re.compile(r"[\s|*_#\\`\u200b\ufeff]")


@dataclass(frozen=True, slots=True)
class Expectation:
    """What one file holds. `outcomes` are the right ones: error codes, None for a reading."""

    file: str
    strings: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    outcomes: tuple[str | None, ...] = (None,)
    lane: str = ""

    @property
    def readable(self) -> bool:
        return None in self.outcomes


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader said of a file: `text` where it read it, else `refused` with its code (of a
    reader that has none: its message), or `failed`: "hung" or "crashed"."""

    text: str = ""
    refused: str = ""
    failed: str = ""

    @property
    def read(self) -> bool:
        return not self.refused and not self.failed


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer held against its expectation.

    `outcome`: "right"; or "refused" what can be read; "wrong code"; "silent": without a text and
    without a word about it, or "text", where the file is to be refused; "hung", "crashed".
    `disordered` is the first string that does not follow the one before it, "" where all do.
    """

    file: str
    outcome: str
    asked: int = 0
    missing: tuple[str, ...] = ()
    disordered: str = ""
    repeated: tuple[str, ...] = ()
    leaked: tuple[str, ...] = ()

    @property
    def faultless(self) -> bool:
        fine = not (self.missing or self.disordered or self.repeated or self.leaked)
        return self.outcome == "right" and fine


def load(path: Path = LIST) -> list[Expectation]:
    """All expectations in the order of their files' names."""
    lines = path.read_text("utf-8").splitlines()
    return [_expectation(json.loads(line)) for line in lines]


def _expectation(row: dict[str, Any]) -> Expectation:
    error = row["error"]
    return Expectation(
        file=row["file"],
        strings=tuple(row["strings"]),
        order=tuple(row.get("order", ())),
        once=tuple(row.get("once", ())),
        absent=tuple(row.get("absent", ())),
        outcomes=tuple(error) if isinstance(error, list) else (error,),
        lane=row.get("lane", ""),
    )


@lru_cache(maxsize=8)
def squeezed(text: str) -> str:
    """The text with nothing of its layout left: wide and narrow forms alike (NFKC), no white
    space, no signs of Markdown."""
    return _SET_OFF.sub("", unicodedata.normalize("NFKC", text))


def judge(wanted: Expectation, answer: Answer, *, codes: bool = True) -> Verdict:
    """`codes`: whether the reader refuses with the codes of `indexer.errors`; of another one any
    refusal counts where the file is to be refused."""
    outcome = _outcome(wanted, answer, codes)
    if not answer.read:
        owed = wanted.strings if outcome != "right" else ()
        return Verdict(wanted.file, outcome, len(owed), owed)
    if not wanted.readable:
        return Verdict(wanted.file, outcome)
    text = squeezed(answer.text)
    return Verdict(
        wanted.file,
        outcome,
        len(wanted.strings),
        tuple(s for s in wanted.strings if squeezed(s) not in text),
        _first_out_of_order(wanted.order, text),
        tuple(s for s in wanted.once if text.count(squeezed(s)) > 1),
        tuple(s for s in wanted.absent if squeezed(s) in text),
    )


def _outcome(wanted: Expectation, answer: Answer, codes: bool) -> str:
    if answer.failed:
        return answer.failed
    if answer.read:
        if wanted.readable:
            return "right"
        # The name of an empty sheet, say, is no text.
        return "text" if answer.text.strip() and "empty" not in wanted.outcomes else "silent"
    refusals = [code for code in wanted.outcomes if code is not None]
    if answer.refused in refusals or (refusals and not codes):
        return "right"
    if codes and answer.refused == "timeout":
        return "hung"
    return "wrong code" if refusals else "refused"


def _first_out_of_order(strings: Sequence[str], text: str) -> str:
    """Those that are not there at all are missing, not out of order."""
    at = 0
    for string in strings:
        wanted = squeezed(string)
        found = text.find(wanted, at)
        if found < 0 and wanted in text:
            return string
        at = max(at, found + len(wanted))
    return ""


def share_found(verdicts: Iterable[Verdict]) -> float:
    """Of all strings asked for, how many were there, in per cent; 0 where none was asked."""
    asked, missing = 0, 0
    for verdict in verdicts:
        asked += verdict.asked
        missing += len(verdict.missing)
    return round(100 * (asked - missing) / asked, 2) if asked else 0.0
