"""The page has every figure, and says plainly which of them fall short."""

from __future__ import annotations

import os
import platform
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bench import summary
from bench.report import machine, page, pictures, reached
from bench.sections import SECTIONS, Figure

FACTS = {
    "cores": 2, "processor": "a processor", "memory_gb": 7.8, "system": "Linux 6.1",
    "distribution": "a distribution", "python": "CPython 3.11.2", "libraries": {"django": "5.2"},
    "file_system": "ext4", "load": 0.05,
}  # fmt: skip


def results(**changed: float) -> dict[str, Any]:
    """A result for every bench; every figure a number of its own, "bench.key" changed if given."""
    numbers = count(1001)
    found = {}
    for section in SECTIONS:
        values: dict[str, Any] = {}
        for figure in section.figures:
            value = changed.get(f"{section.name}__{figure.key}", next(numbers) / 1000)
            values[figure.key] = summary([value - 0.0005, value, value + 0.0005], 4)
        for name in section.tables:
            values[name] = {"columns": ["row", "one"], "rows": [[f"{name} of it", next(numbers)]]}
        found[section.name] = {
            "values": values, "sizes": {"runs": 3}, "date": "2026-01-02", "commit": "abc1234",
            "machine": FACTS,
        }  # fmt: skip
    return found


def test_every_figure_and_table_stands_on_the_page() -> None:
    given = results()
    text = page(given)
    rows = text.splitlines()
    for section in SECTIONS:
        values = given[section.name]["values"]
        for figure in section.figures:
            shown = f"{values[figure.key]['median']:g}"
            assert any(figure.label in row and shown in row for row in rows), figure
        for name in section.tables:
            assert any(row.startswith(f"| {name} of it | ") for row in rows), name
        assert f"## {section.title}" in rows
    for fact in ("2 cores (a processor)", "7.8 GB", "Linux 6.1", "CPython 3.11.2", "abc1234"):
        assert fact in text


def test_what_misses_its_aim_stands_at_the_head_and_in_its_row() -> None:
    text = page(results(add__files_per_s=12.5, search__common_p95_ms=3.25))
    head, _, rest = text.partition("## Taking files in: `yanxiu add`")
    assert "files through the whole house 12.5 files/s, ≥ 40 files/s wanted" in head
    assert "common term: 95 % within" not in head
    row = next(r for r in rest.splitlines() if "files through the whole house" in r)
    assert row.endswith("| ≥ 40 files/s | **falls short** |")
    row = next(r for r in rest.splitlines() if "common term: 95 % within" in r)
    assert row.endswith("| < 10 ms | reached |")


def test_what_was_not_measured_is_said() -> None:
    given = results()
    del given["inbox"]
    given["relevance"] = {**given["relevance"], "skipped": "no sample questions"}
    del given["relevance"]["values"]
    given["add"]["values"]["own_mb"] = None
    text = page(given)
    assert "Not measured: inbox, relevance." in text
    assert "Not run: no sample questions." in text
    assert "| peak memory of the process | not measured | | < 600 MB | |" in text


@pytest.mark.parametrize(
    ("figure", "value", "good"),
    [
        (Figure("a", "a", "s", 1), 0.99, True),
        (Figure("a", "a", "s", 1), {"median": 1.0, "low": 0.5, "high": 2}, False),
        (Figure("a", "a", "files/s", 40, more=True), 40.0, True),
        (Figure("a", "a", "files/s", 40, more=True), {"median": 39.9}, False),
        (Figure("a", "a", "s"), 1e9, True),
    ],
)
def test_an_aim_is_reached_by_the_median(figure: Figure, value: Any, good: bool) -> None:
    assert reached(figure, value) is good


def test_the_summary_of_runs_is_their_median_and_ends() -> None:
    assert summary([3.0, 1.0, 2.0]) == {"median": 2.0, "low": 1.0, "high": 3.0, "runs": 3}


def test_the_machine_is_described_without_places(tmp_path: Path) -> None:
    facts = machine(tmp_path)
    assert facts["python"].endswith(platform.python_version())
    assert facts["cores"] == os.cpu_count()
    assert str(tmp_path.parent) not in str(facts)
    assert set(facts) == set(FACTS)


def test_curves_are_drawn_beside_the_page_that_shows_them() -> None:
    given = results()
    assert pictures(given) == {}
    assert "search-growth.svg" not in page(given)
    panel = {"title": "检索", "unit": "ms", "series": {"ours": [(1_000, 2.0), (10_000, 4.0)]}}
    given["search"]["values"]["growth"] = [panel]
    assert "(search-growth.svg)" in page(given)
    assert "ours: 4 ms" in pictures(given)["search-growth.svg"]
