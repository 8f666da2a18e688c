"""From characters and ruled lines by their places to blocks in reading order, the same for OFD and
PDF: tables (`grids`), columns, lines (`rows`), paragraphs (`indexer.readers.flow`)."""

from indexer.readers.layout.blocks import page_blocks
from indexer.readers.layout.grids import grids
from indexer.readers.layout.rows import lines, rows
from indexer.readers.layout.signs import RIGHT, Direction, Rule, Sign

__all__ = ["RIGHT", "Direction", "Rule", "Sign", "grids", "lines", "page_blocks", "rows"]
