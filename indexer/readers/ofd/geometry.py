"""Numbers, boxes and transformations of an OFD page (GB/T 33190-2016, 8.3 and 8.5).

Lengths are millimetres from the page's upper left corner, x to the right and y downwards.
"""

from __future__ import annotations

from indexer.readers.package import Element

#: Nothing on a page lies farther out (A0 is 1189 mm high).
FARTHEST = 1e5
_LARGEST = 1e9

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def number(given: str | None, otherwise: float) -> float:
    """The attribute as a number, `otherwise` where it is none or out of all bounds."""
    try:
        value = float(given) if given is not None else otherwise
    except ValueError:
        return otherwise
    return value if -_LARGEST < value < _LARGEST else otherwise


def numbers(given: str | None, count: int) -> list[float] | None:
    """The first `count` numbers of an attribute; None where there are fewer."""
    if given is None:
        return None
    try:
        found = list(map(float, given.split(None, count)[:count]))
    except ValueError:
        return None
    # A comparison with NaN is false.
    usable = len(found) == count and min(found) > -_LARGEST and max(found) < _LARGEST
    return found if usable and found == found else None


def boundary(given: Element) -> Matrix:
    """The shift to where an object's boundary begins."""
    x, y = numbers(given.get("Boundary"), 2) or (0.0, 0.0)
    return (1.0, 0.0, 0.0, 1.0, x, y)


def placed(given: Element, at: Matrix) -> Matrix:
    """From an object's own coordinates (CTM, then its boundary) to those of the page."""
    x, y = numbers(given.get("Boundary"), 2) or (0.0, 0.0)
    a, b, c, d, e, f = at
    shifted = (a, b, c, d, a * x + c * y + e, b * x + d * y + f)
    own = numbers(given.get("CTM"), 6)
    if own is None:
        return shifted
    a, b, c, d, e, f = own
    return _times(shifted, (a, b, c, d, e, f))


def _times(outer: Matrix, inner: Matrix) -> Matrix:
    a, b, c, d, e, f = outer
    g, h, i, j, k, m = inner
    return (
        a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j,
        a * k + c * m + e, b * k + d * m + f,
    )  # fmt: skip
