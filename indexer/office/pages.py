"""Every page of a PDF as a picture, in a process of its own.

    python -m indexer.office.pages FILE.pdf FOLDER

writes FOLDER/1.png, 2.png …, at most MOST of them. Whoever starts it bounds its time and memory.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pypdfium2 as pdfium

#: Pages drawn; the longest form has 6.
MOST = 20
#: Pixels across, and the most of them down: readable on a page 800 pixels wide.
WIDTH, HEIGHT = 900, 1800


def draw(pdf: Path, folder: Path) -> int:
    """How many were drawn. Raises pdfium.PdfiumError for what is no PDF."""
    document = pdfium.PdfDocument(pdf)
    try:
        count = min(len(document), MOST)
        for number in range(count):
            page = document[number]
            width, height = page.get_size()
            scale = min(WIDTH / max(width, 1), HEIGHT / max(height, 1))
            picture = page.render(scale=scale).to_pil().convert("L")
            picture.save(folder / f"{number + 1}.png", "PNG", optimize=True)
    finally:
        document.close()
    return count


if __name__ == "__main__":
    sys.exit(0 if draw(Path(sys.argv[1]), Path(sys.argv[2])) else 1)
