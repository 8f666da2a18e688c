"""What stands in a frame on a slide: a table, a diagram (SmartArt), a chart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from indexer.readers.package import Element
from indexer.readers.pptx.names import DGM, A, C
from indexer.readers.pptx.paragraphs import read_paragraphs
from indexer.readers.tables import MAX_COLUMNS, Cell, table_block
from indexer.reading import Block

_TRUE = ("1", "true")
#: Points of a diagram that are its own words; the others are lines, shapes and layout.
_WORDS = ("node", "asst", "")
#: Names on a chart's axis that are kept; more is data, not text.
_NAMES = 200


def table(given: Element, page: int) -> Block | None:
    """An `a:tbl`: merged cells once, and whether its first row is its head."""
    rows = [list(_cells(row, at)) for at, row in enumerate(given.iterfind(A + "tr"))]
    block = table_block(rows, page=page)
    properties = given.find(A + "tblPr")
    if block is not None and properties is not None and properties.get("firstRow") in _TRUE:
        return replace(block, header_rows=1)
    return block


def _cells(row: Element, at: int) -> Iterator[Cell]:
    for cell in row.iterfind(A + "tc"):
        if cell.get("hMerge") in _TRUE:
            continue  # counted in the span of the cell it continues
        span = cell.get("gridSpan", "1")
        wide = min(int(span), MAX_COLUMNS) if span.isdigit() else 1
        # What a continued cell holds is not shown (21.1.3.16).
        below = at > 0 and cell.get("vMerge") in _TRUE
        yield Cell("\n".join(read_paragraphs(cell)), max(wide, 1), below)


def diagram(data: Element) -> Iterator[str]:
    """The texts of a `dgm:dataModel`, each point followed by those that hang below it."""
    points = {point.get("modelId", ""): point for point in data.iter(DGM + "pt")}
    below: dict[str, list[tuple[int, str]]] = {}
    hanging: set[str] = set()
    for link in data.iter(DGM + "cxn"):
        if link.get("type", "parOf") == "parOf":
            order = link.get("srcOrd", "0")
            below.setdefault(link.get("srcId", ""), []).append(
                (int(order) if order.isdigit() else 0, link.get("destId", ""))
            )
            hanging.add(link.get("destId", ""))
    waiting = [name for name in reversed(points) if name not in hanging]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in points and name not in seen:
            seen.add(name)
            if points[name].get("type", "node") in _WORDS:
                yield from read_paragraphs(points[name])
            waiting += [target for _, target in sorted(below.get(name, ()), reverse=True)]


def chart_lines(chart: Element) -> Iterator[str]:
    """A chart's titles, the names of its series and those on its axis. Figures are a sheet's."""
    for title in chart.iter(C + "title"):
        yield " ".join(read_paragraphs(title))
    series = list(chart.iter(C + "ser"))
    yield "\t".join(name for one in series[:_NAMES] for name in _names(one, C + "tx"))
    if series:
        yield "\t".join(islice(_names(series[0], C + "cat"), _NAMES))


def _names(series: Element, what: str) -> Iterator[str]:
    """What a chart remembers of cells with text."""
    for cached in series.iterfind(f"{what}//{C}v"):
        if cached.text and cached.text.strip():
            yield cached.text.strip()
