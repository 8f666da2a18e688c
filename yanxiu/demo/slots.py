"""Word 97 files by the thousand: one made by an office, with slots of fixed length to fill.

A .doc holds Chinese text as UTF-16 in one run and no checksum, so putting other text of the very
same length in a slot's place leaves every offset, and so the file, valid.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from yanxiu.demo.papers import Line

TEMPLATE = "slots.doc"
SECTIONS, PARAGRAPHS = 4, 3
#: Length of a slot in characters, by what stands in it.
TITLE, HEADER, HEADING, PARAGRAPH, SIGNATURE = 40, 60, 20, 120, 30


def layout() -> list[tuple[str, int]]:
    """What stands in each slot (a line's kind) and how long it is, in order."""
    section = [("heading", HEADING)] + [("paragraph", PARAGRAPH)] * PARAGRAPHS
    return [("title", TITLE), ("centred", HEADER), *section * SECTIONS, ("right", SIGNATURE)]


def blank(number: int, length: int) -> str:
    """The text that marks an unfilled slot; no two are alike."""
    return f"{number:02d}".ljust(length, "〓")


def template_lines() -> list[Line]:
    """The document that tools/make_demo_binaries.py turns into the template."""
    return [Line(kind, blank(i, size)) for i, (kind, size) in enumerate(layout())]


@cache
def _template() -> bytes:
    return files("yanxiu.demo").joinpath("binaries", TEMPLATE).read_bytes()


def document(lines: Iterable[Line]) -> bytes:
    """A .doc with these lines in the slots; what is too long is cut after a full stop.

    Raises ValueError when the template has not each slot exactly once.
    """
    data = _template()
    for number, ((_, length), text) in enumerate(zip(layout(), _texts(lines), strict=True)):
        mark = blank(number, length).encode("utf-16-le")
        if data.count(mark) != 1:
            raise ValueError(f"{TEMPLATE} holds slot {number} {data.count(mark)} times")
        data = data.replace(mark, _fitted(text, length).encode("utf-16-le"))
    return data


def _texts(lines: Iterable[Line]) -> list[str]:
    """One text a slot: the n-th section's lines in the n-th section's slots."""
    head = {"title": "", "centred": "", "right": ""}
    sections: list[tuple[str, list[str]]] = []
    for line in lines:
        if line.kind in head:
            head[line.kind] = line.text
        elif line.kind == "heading":
            sections.append((line.text, []))
        elif sections:
            sections[-1][1].extend(_pieces(line))
    sections += [("", [])] * (SECTIONS - len(sections))
    body = [text for title, paragraphs in sections for text in (title, *_packed(paragraphs))]
    return [head["title"], head["centred"], *body, head["right"]]


def _pieces(line: Line) -> list[str]:
    return [" ".join(row) + "。" for row in line.rows] if line.kind == "table" else [line.text]


def _packed(paragraphs: list[str]) -> list[str]:
    """The paragraphs in as many slots as a section has, the last taking what is left over."""
    head, rest = paragraphs[: PARAGRAPHS - 1], paragraphs[PARAGRAPHS - 1 :]
    return [*head, *[""] * (PARAGRAPHS - 1 - len(head)), "".join(rest)]


def _fitted(text: str, length: int) -> str:
    if len(text) > length:
        stop = text.rfind("。", 0, length)
        text = text[: stop + 1] if stop > 0 else text[:length]
    return text.ljust(length, "　")
