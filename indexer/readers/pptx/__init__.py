"""Slides of 2007 and later: .pptx, .pptm, .ppsx. A slide is a page; its title is a heading."""

from __future__ import annotations

from pathlib import Path

from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.readers.broken_packages import SalvagedPackage
from indexer.readers.package import Package, core_properties
from indexer.readers.pptx.deck import Deck
from indexer.readers.slides import gather
from indexer.reading import Reading

FORMATS = ("pptx",)

_CUT = "文件没有传完整，只读出了已有的部分"
_BROKEN = "幻灯片的次序表有一部分损坏，可能少了几页"


def read(path: Path, limits: Limits) -> Reading:
    """All slides in order, each followed by its notes and comments; hidden slides too.

    Of a file that breaks off the slides that are there are read.
    Raises ReadError: corrupt, encrypted, too_large.
    """
    try:
        package = Package(path, limits)
    except ReadError as error:
        if error.code != "corrupt":
            raise
        return _read(SalvagedPackage(path, limits), limits, (_CUT,))
    return _read(package, limits, ())


def _read(package: Package, limits: Limits, left_out: tuple[str, ...]) -> Reading:
    with package:
        deck = Deck(package)
        gathered = gather(deck.slides(), limits)
        left_out += (*((_BROKEN,) if deck.is_broken else ()), *gathered.left_out)
        if left_out and not gathered.blocks and not gathered.pictures:
            raise ReadError("corrupt", "no slide can be read")
        return Reading(
            format="pptx",
            status="partial" if left_out else "complete",
            blocks=tuple(gathered.blocks),
            metadata=core_properties(package),
            left_out=left_out,
        )
