"""Tesseract as a program beside us, where RapidOCR cannot be used."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby

import cv2

from indexer.errors import ReadError
from indexer.ocr.engines import Line
from indexer.ocr.prepare import Pixels

#: Longest time for one page; the worker has a limit of its own. Seconds.
_PATIENCE = 100
#: Page segmentation modes: text of one column and many sizes (made pages: fewest errors of 3, 4,
#: 6 and 11), and a single line.
_COLUMN, _ONE_LINE = "4", "7"
#: Simplified characters read as such give 0.87 to 0.91, Traditional ones 0.82 to 0.84.
_DOUBTFUL = 0.86


class Tesseract:
    """An engine. Simplified first: both scripts in one run read twice as many characters wrongly
    (made pages: 0.16 against 0.07); Traditional, where it is installed and the first is doubtful.
    """

    name = "tesseract"

    def __init__(self, program: str, *, traditional: bool) -> None:
        self._program, self._traditional = program, traditional

    def lines(self, image: Pixels) -> list[Line]:
        """Raises ReadError where the program fails or takes too long."""
        page = _png(image)
        found = self._read(page, "chi_sim", _COLUMN)
        if self._traditional and found and _confidence(found) < _DOUBTFUL:
            other = self._read(page, "chi_tra", _COLUMN)
            if _confidence(other) > _confidence(found):
                return other
        return found

    def word(self, image: Pixels) -> tuple[str, float]:
        found = self._read(_png(image), "chi_sim", _ONE_LINE)
        return "".join(line.text for line in found), _confidence(found)

    def _read(self, page: bytes, language: str, kind: str) -> list[Line]:
        command = [self._program, "stdin", "stdout", "-l", language, "--psm", kind, "--dpi", "200"]
        environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
        try:
            done = subprocess.run(
                [*command, "tsv"], input=page, capture_output=True, timeout=_PATIENCE, check=True,
                env=environment,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise ReadError("timeout", "tesseract") from error
        except (OSError, subprocess.CalledProcessError) as error:
            raise ReadError("unreadable", f"tesseract: {error}") from error
        return list(_lines(done.stdout.decode("utf-8", "replace")))


def load() -> Tesseract | None:
    """The engine, or None where the program or its Chinese is not installed."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    installed = _installed(program)
    if "chi_sim" not in installed:
        return None
    return Tesseract(program, traditional="chi_tra" in installed)


def _png(image: Pixels) -> bytes:
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    _, page = cv2.imencode(".png", grey, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    return page.tobytes()


def _confidence(lines: Sequence[Line]) -> float:
    signs = sum(len(line.text) for line in lines)
    return sum(line.confidence * len(line.text) for line in lines) / max(1, signs)


@cache
def _installed(program: str) -> frozenset[str]:
    try:
        done = subprocess.run(
            [program, "--list-langs"], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return frozenset()
    return frozenset(done.stdout.split())


def _lines(table: str) -> Iterator[Line]:
    """The lines of tesseract's TSV: a row each for page, block, paragraph, line (4), word (5)."""
    rows = csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE)
    words = [row for row in rows if row["level"] == "5" and row["text"].strip()]
    line_of = ("block_num", "par_num", "line_num")
    for _, line in groupby(words, key=lambda row: [row[key] for key in line_of]):
        yield _line(list(line))


def _line(words: list[dict[str, str]]) -> Line:
    left = min(int(word["left"]) for word in words)
    top = min(int(word["top"]) for word in words)
    right = max(int(word["left"]) + int(word["width"]) for word in words)
    bottom = max(int(word["top"]) + int(word["height"]) for word in words)
    text, sure = "", 0.0
    places: list[float] = []
    for word in words:
        signs = word["text"].strip()
        if text[-1:].isascii() and signs[0].isascii() and text:
            # It sets a space between all words, and every Chinese character is a word.
            text += " "
            places.append(places[-1])
        step = int(word["width"]) / len(signs)
        begin = int(word["left"]) - left
        places += [(begin + (at + 0.5) * step) / (right - left) for at in range(len(signs))]
        text += signs
        sure += float(word["conf"]) * len(signs)
    box = ((left, top), (right, top), (right, bottom), (left, bottom))
    return Line(text, box, sure / 100 / max(1, len(text)), tuple(places))
