"""The curves: every series is drawn, at places in proportion to logarithms, and named."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from bench.growth import svg

SVG = "{http://www.w3.org/2000/svg}"


def drawn(series: dict[str, list[tuple[int, float]]]) -> ElementTree.Element:
    return ElementTree.fromstring(svg([{"title": "检索 <p95>", "unit": "ms", "series": series}]))


def points(root: ElementTree.Element) -> list[list[tuple[float, ...]]]:
    """Of the curves, without the short lines of the legend (every second)."""
    lines = [line.get("points", "") for line in root.iter(f"{SVG}polyline")][::2]
    return [[tuple(map(float, re.split(",", p))) for p in line.split()] for line in lines]


def test_equal_factors_are_equal_distances() -> None:
    (line,) = points(drawn({"ours": [(1_000, 1.0), (10_000, 10.0), (100_000, 100.0)]}))
    (x1, y1), (x2, y2), (x3, y3) = line
    assert x2 - x1 == pytest.approx(x3 - x2, abs=0.2)
    assert y1 - y2 == pytest.approx(y2 - y3, abs=0.2)
    assert x3 > x2 > x1
    assert y1 > y2 > y3


def test_every_series_is_named_with_its_last_value() -> None:
    root = drawn({"ours": [(10, 2.5)], "SQLite & co": [(10, 4.0), (100, 1234.5)]})
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert {"检索 <p95>", "ours: 2.5 ms at 10", "SQLite & co: 1,234.5 ms"} <= set(texts)
    assert [len(line) for line in points(root)] == [1, 2]


def test_a_value_of_nothing_stays_on_the_ground() -> None:
    (line,) = points(drawn({"ours": [(10, 0.0), (100, 5.0)]}))
    assert line[0][1] > line[1][1]
