"""Formulas (MathML 3, presentation elements) as one line of text, as those of .docx are."""

from __future__ import annotations

from collections.abc import Callable

from indexer.readers.equations import bracketed, fraction, lowered, raised, root
from indexer.readers.package import Element

MATH = "{http://www.w3.org/1998/Math/MathML}math"
#: Signs that stand before what they run over, with their limits between.
_LARGE = frozenset("∑∏∫∮⋃⋂⋁⋀")
#: Operators that are not seen: function application, times, separator, plus.
_UNSEEN = dict.fromkeys(range(0x2061, 0x2065))
_DEEPEST = 100


def linear(math: Element) -> str:
    """The text of a math:math or of any part of one: fractions with a stroke, powers with ^."""
    return _shown(math, 0).strip()


def _shown(given: Element, depth: int) -> str:
    name = given.tag.rpartition("}")[2]
    if depth > _DEEPEST or name in ("annotation", "annotation-xml", "mphantom"):
        return ""
    parts = [_shown(child, depth + 1) for child in given]
    if not parts:
        return (given.text or "").strip().translate(_UNSEEN)
    handler = _HANDLERS.get(name)
    if handler is None or len(parts) < handler[0]:
        return "".join(parts)
    return _fenced(given, parts) if name == "mfenced" else handler[1](parts)


def _fenced(given: Element, parts: list[str]) -> str:
    between = (given.get("separators", ",") or ",")[:1]
    return bracketed(between.join(parts), given.get("open", "("), given.get("close", ")"))


def _scripts(parts: list[str]) -> str:
    whole = parts[0] + lowered(parts[1]) + raised(parts[2] if len(parts) > 2 else "")
    return f"{whole} " if parts[0] in _LARGE else whole


def _raised(parts: list[str]) -> str:
    whole = parts[0] + raised(parts[1])
    return f"{whole} " if parts[0] in _LARGE else whole


#: Name -> (how many children it needs, how they are set).
_HANDLERS: dict[str, tuple[int, Callable[[list[str]], str]]] = {
    "mfrac": (2, lambda parts: fraction(parts[0], parts[1])),
    "msqrt": (1, lambda parts: root("", "".join(parts))),
    "mroot": (2, lambda parts: root(parts[1], parts[0])),
    "msub": (2, _scripts), "munder": (2, _scripts), "msubsup": (3, _scripts),
    "munderover": (3, _scripts), "msup": (2, _raised), "mover": (2, _raised),
    "mtr": (1, " ".join), "mtable": (1, ";".join), "mfenced": (1, "".join),
}  # fmt: skip
