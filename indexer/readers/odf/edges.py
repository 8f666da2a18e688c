"""Headers and footers of the master pages that a text uses, each text once (part 3, 16.9)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from indexer.readers.odf.body import Walker
from indexer.readers.odf.names import OFFICE, STYLE
from indexer.readers.odf.styles import Styles
from indexer.readers.package import Element
from indexer.reading import Block

Edge = Literal["header", "footer"]
_MASTER = f"{OFFICE}master-styles/{STYLE}master-page"


def edges(root: Element, content: Styles, walker: Walker) -> Iterator[Block]:
    """The headers, then the footers of the part `root`; `content` are the styles of the text,
    which say which master pages it uses. Raises walker's Full."""
    masters = _used(root, content)
    kinds: tuple[Edge, ...] = ("header", "footer")
    for kind in kinds:
        seen: set[str] = set()
        for master in masters:
            for holder in master:
                name = holder.tag.removeprefix(STYLE)
                if not name.startswith(kind) or holder.get(STYLE + "display") == "false":
                    continue
                for block in walker.blocks(holder, kind):
                    # A bare page number says nothing.
                    if block.text not in seen and any(sign.isalpha() for sign in block.text):
                        seen.add(block.text)
                        yield block


def _used(root: Element, content: Styles) -> list[Element]:
    """The master pages in use: those that styles of the text name, the first of all where a text
    begins with none of its own, and what follows each."""
    given = {master.get(STYLE + "name", ""): master for master in root.iterfind(_MASTER)}
    names = list(dict.fromkeys(content.masters()))
    first = "Standard" if "Standard" in given else next(iter(given), "")
    used: list[str] = []
    for name in [first, *names]:
        while name in given and name not in used:
            used.append(name)
            name = given[name].get(STYLE + "next-style-name", "")
    return [given[name] for name in used]
