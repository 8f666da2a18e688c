"""On which page a block stands, as far as the program that saved the document tells.

Word notes where it broke each page when it last saved (w:lastRenderedPageBreak, 17.3.3.13), but
not where a page begins with an empty paragraph, and other programs note nothing. So the pages
are believed only where they come to the number of pages that the program wrote down beside them
(docProps/app.xml), and where there are at least two.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Pages:
    """The page that is being read. `pending`: a break was met, and no text since."""

    number: int = 1
    pending: bool = False

    def turn(self) -> None:
        """A new page begins; a hard break before a rendered one is the same break."""
        self.number += 1
        self.pending = False

    def agree(self, told: str) -> bool:
        """Whether the pages counted are those of the document's properties."""
        last = self.number + self.pending
        return told.isdigit() and int(told) > 1 and int(told) in (self.number, last)
