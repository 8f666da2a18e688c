"""The paragraphs of a text body (ECMA-376 part 1, 21.1.2), with their automatic numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from indexer.readers.autonumbers import Autonumbers, Scheme
from indexer.readers.office_math import MATH, linear
from indexer.readers.package import Element
from indexer.readers.pptx.names import MC, A
from indexer.readers.symbols import has_private, shown


def read_paragraphs(body: Element) -> Iterator[str]:
    """The paragraphs with text below an element, whatever wraps them; of alternatives the first."""
    numbers = Autonumbers()
    for paragraph in _below(body, A + "p"):
        text = "".join(_pieces(paragraph)).replace("\x0b", "\n").strip()
        if text:
            properties = paragraph.find(A + "pPr")
            if properties is not None:
                text = numbers.numbered(_level(properties), _scheme(properties), text)
            else:
                text = numbers.numbered(0, None, text)
            yield text


def text_size(body: Element, usual: float) -> float:
    """The points that most characters have; `usual` are those that say nothing of it."""
    sizes: Counter[float] = Counter()
    for run in _below(body, A + "r"):
        properties = run.find(A + "rPr")
        given = properties.get("sz", "") if properties is not None else ""
        size = int(given) / 100 if given.isdigit() and len(given) < 6 else usual
        sizes[size] += len(run.findtext(A + "t", ""))
    return sizes.most_common(1)[0][0] if sizes else usual


def _below(holder: Element, tag: str) -> Iterator[Element]:
    """The elements of a name below another, not looking into what only older programs read."""
    for child in holder:
        if child.tag == tag:
            yield child
        elif child.tag != MC + "Fallback":
            yield from _below(child, tag)


def _pieces(holder: Element) -> Iterator[str]:
    for child in holder:
        if child.tag == A + "t":
            text = child.text or ""
            yield shown(text, _symbol_font(holder)) if has_private(text) else text
        elif child.tag in MATH:
            yield linear(child)
        elif child.tag == A + "br":
            yield "\n"
        elif child.tag == A + "fld" and child.get("type") == "slidenum":
            continue
        elif child.tag != MC + "Fallback" and len(child):
            yield from _pieces(child)


def _symbol_font(run: Element) -> str:
    font = run.find(f"{A}rPr/{A}sym")
    return str(font.get("typeface", "")) if font is not None else ""


def _scheme(properties: Element) -> Scheme | None:
    given = properties.find(A + "buAutoNum")
    if given is None:
        return None
    start = given.get("startAt", "1")
    return Scheme(given.get("type", ""), int(start) if start.isdigit() and len(start) < 6 else 1)


def _level(properties: Element) -> int:
    given = properties.get("lvl", "0")
    return int(given) if given.isdigit() and len(given) < 3 else 0
