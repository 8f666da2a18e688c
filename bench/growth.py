"""Growth curves as SVG: panels of lines over the number of documents, both axes logarithmic.

Drawn here, since a plotting library would be a dependency for four small panels.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

Point = tuple[float, float]

#: A panel's plot and what stands around it, in pixels; panels stand two in a row.
WIDTH, HEIGHT = 310, 210
LEFT, TOP, BOTTOM, LEGEND = 84, 40, 40, 18
ACROSS = 2
#: Told apart by those who confuse colours (Okabe and Ito, jfly.uni-koeln.de/color) and by marks.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9")
FONT = "system-ui, 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif"


def svg(panels: Sequence[Mapping[str, Any]]) -> str:
    """`panels`: {"title", "unit", "series": {name: [(documents, value), …]}}."""
    lines = max(len(panel["series"]) for panel in panels)
    wide, high = LEFT + WIDTH + 30, TOP + HEIGHT + BOTTOM + LEGEND * lines + 14
    rows = math.ceil(len(panels) / ACROSS)
    total = (wide * ACROSS, high * rows)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total[0]} {total[1]}" '
        f'width="{total[0]}" height="{total[1]}" font-family="{FONT}" font-size="12">',
        f'<rect width="{total[0]}" height="{total[1]}" fill="#fff"/>',
    ]
    for number, panel in enumerate(panels):
        place = (number % ACROSS * wide, number // ACROSS * high)
        parts += [f'<g transform="translate({place[0]} {place[1]})">', *_panel(panel), "</g>"]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(panel: Mapping[str, Any]) -> Iterator[str]:
    series: Mapping[str, Sequence[Point]] = panel["series"]
    points = [point for line in series.values() for point in line]
    across = _decades([x for x, _ in points])
    up = _decades([y for _, y in points])
    yield _text(LEFT, 22, panel["title"], 'font-size="14" font-weight="600" fill="#222"')
    yield from _grid(across, up, panel["unit"])
    for number, (name, line) in enumerate(series.items()):
        colour = COLOURS[number % len(COLOURS)]
        placed = [_place(point, across, up) for point in line]
        yield from _line(placed, colour, number)
        below = TOP + HEIGHT + BOTTOM + 10 + LEGEND * number
        yield from _line([(LEFT, below), (LEFT + 26, below)], colour, number)
        size, value = line[-1]
        last = f"{name}: {value:,g} {panel['unit']}"
        last += f" at {size:,}" if size < max(x for x, _ in points) else ""
        yield _text(LEFT + 36, below + 4, last, 'fill="#222"')


def _grid(across: tuple[int, int], up: tuple[int, int], unit: str) -> Iterator[str]:
    for power in range(across[0], across[1] + 1):
        x, _ = _place((10**power, 10 ** up[0]), across, up)
        yield _rule(x, TOP, x, TOP + HEIGHT)
        yield _text(x, TOP + HEIGHT + 16, f"{10**power:,}", 'text-anchor="middle" fill="#555"')
    for power in range(up[0], up[1] + 1):
        _, y = _place((10 ** across[0], 10.0**power), across, up)
        yield _rule(LEFT, y, LEFT + WIDTH, y)
        label = f"{10.0**power:g} {unit}"
        yield _text(LEFT - 6, y + 4, label, 'text-anchor="end" fill="#555"')
    middle = LEFT + WIDTH / 2
    yield _text(middle, TOP + HEIGHT + 32, "documents / 文件数", 'text-anchor="middle" fill="#555"')


def _line(points: Sequence[Point], colour: str, number: int) -> Iterator[str]:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
    for x, y in points:
        if number % 2:
            corner = f'x="{x - 3.5:.1f}" y="{y - 3.5:.1f}"'
            yield f'<rect {corner} width="7" height="7" fill="{colour}"/>'
        else:
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>'


def _rule(x: float, y: float, to_x: float, to_y: float) -> str:
    return f'<path d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}" stroke="#ddd"/>'


def _text(x: float, y: float, text: str, look: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {look}>{escape(text)}</text>'


def _decades(values: Sequence[float]) -> tuple[int, int]:
    """The powers of ten that hold all values (those not above 0 aside); at least one decade."""
    logs = [math.log10(value) for value in values if value > 0] or [0.0]
    low, high = math.floor(min(logs)), math.ceil(max(logs))
    return low, max(high, low + 1)


def _place(point: Point, across: tuple[int, int], up: tuple[int, int]) -> Point:
    x = (math.log10(point[0]) - across[0]) / (across[1] - across[0])
    y = (math.log10(max(point[1], 10.0 ** up[0])) - up[0]) / (up[1] - up[0])
    return LEFT + WIDTH * x, TOP + HEIGHT * (1 - y)
