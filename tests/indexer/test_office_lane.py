"""The line before LibreOffice: those who wait share its starts, and hear when it closes."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from made_office import OWN, docx, old_word

from indexer import readers
from indexer.errors import ReadError
from indexer.office import Office, OfficeLane


class Slow(Office):
    """Notes how many files came at each start; the first start takes until it is let go."""

    def __init__(self, outcome: Path) -> None:
        super().__init__(Path("scratch"), program=Path("soffice"))
        self.outcome, self.batches = outcome, list[int]()
        self.begun, self.go = threading.Event(), threading.Event()

    def convert(self, files: Sequence[Path], to: str) -> list[Path | ReadError]:
        self.batches.append(len(files))
        self.begun.set()
        self.go.wait(20)
        if self._closed.is_set():
            raise RuntimeError("the office is closed")
        return [
            Path(shutil.copy(self.outcome, self.outcome.with_name(f"{f.name}.docx"))) for f in files
        ]


def test_those_who_wait_share_the_next_start(tmp_path: Path) -> None:
    office = Slow(docx(tmp_path / "made.docx", "教学反思"))
    lane = OfficeLane(office, readers.read)
    try:
        first = lane.ask(old_word(tmp_path / "0"), "word_old", OWN)
        assert office.begun.wait(20)
        others = [lane.ask(old_word(tmp_path / f"{n}"), "word_old", OWN) for n in range(1, 6)]
        others.append(lane.ask(old_word(tmp_path / "6"), "works", OWN))
        office.go.set()
        assert first.result(20).text == "教学反思"
        assert [one.result(20).text for one in others[:5]] == ["教学反思"] * 5
        with pytest.raises(ReadError) as caught:  # nothing LibreOffice can help with
            others[5].result(20)
        assert caught.value is OWN
        assert office.batches == [1, 5]
    finally:
        office.go.set()
        lane.close()


def test_whoever_waits_hears_that_the_lane_is_closed(tmp_path: Path) -> None:
    office = Slow(tmp_path / "none")
    lane = OfficeLane(office, readers.read)
    asked = [lane.ask(old_word(tmp_path / f"{n}"), "word_old", OWN) for n in range(3)]
    assert office.begun.wait(20)
    office._closed.set()
    office.go.set()
    lane.close()
    asked.append(lane.ask(old_word(tmp_path / "late"), "word_old", OWN))
    for one in asked:
        with pytest.raises(RuntimeError):
            one.result(20)
