"""Every bench runs at small sizes and gives every figure that the page has for it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from bench import __main__ as command
from bench import ingest, report, run
from bench.__main__ import BENCHES, apart, main
from bench.sections import SECTIONS, Section

linux = pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")


def section(name: str) -> Section:
    return next(s for s in SECTIONS if s.name == name)


#: Recognising takes seconds a page, and tesseract as long again; the others start the whole program
#: again and again, which the tests of the system do too.
LONG = ("ocr", "add", "inbox", "forms", "returns", "serve_start", "search_start")


@linux
@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=pytest.mark.sweep) if n in LONG else n for n in BENCHES],
)
def test_it_runs_and_gives_every_figure(name: str) -> None:
    result = apart(name, BENCHES[name].quick)
    if "skipped" in result:
        pytest.skip(result["skipped"])
    values = result["values"]
    assert [f.key for f in section(name).figures if values.get(f.key) is None] == []
    assert all(report.middle(values[f.key]) > 0 for f in section(name).figures)
    assert all(values[table]["rows"] for table in section(name).tables)
    assert "?" not in section(name).about.format_map(report._Words(values))


def test_every_bench_has_its_place_on_the_page() -> None:
    assert {s.name for s in SECTIONS} == set(BENCHES)


def test_a_lost_file_has_no_speed(tmp_path: Path) -> None:
    from indexer.engines import Entry, open_engine

    engine = open_engine("tantivy", tmp_path / "index" / "main", writable=True)
    engine.apply([Entry("a", "甲", "", "校本研修"), Entry("b", "乙", "", "校本研修")])
    engine.close()
    lines = [{"id": "a"}, {"id": "b"}]
    ingest._check(tmp_path, lines, 2)
    with pytest.raises(RuntimeError, match="3 files given, 2 told of"):
        ingest._check(tmp_path, lines, 3)
    with pytest.raises(RuntimeError, match="3 kept, 2 searchable"):
        ingest._check(tmp_path, [*lines, {"id": "c"}], 3)


@linux
def test_memory_is_told_apart_for_a_process_and_its_child() -> None:
    child = "import time; held = bytearray(90_000_000); time.sleep(0.3)"
    starts = f"import subprocess; subprocess.run([{sys.executable!r}, '-c', {child!r}])"
    own = f"held = bytearray(200_000_000); {starts}"
    ran = run([sys.executable, "-c", own])
    assert ran.own_mb is not None
    assert ran.child_mb is not None
    assert 200 < ran.own_mb < 250
    assert 90 < ran.child_mb < 140


def test_a_command_that_fails_is_no_figure() -> None:
    with pytest.raises(RuntimeError, match=r"ended with 3: .*wrong"):
        run([sys.executable, "-c", "import sys; print('wrong', file=sys.stderr); sys.exit(3)"])


def test_a_failed_bench_is_told_and_leaves_the_other_results(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def measured(name: str, sizes: dict[str, int]) -> dict[str, object]:
        if name == "press":
            raise RuntimeError("press ended with 1")
        return {"skipped": "asked for by a test"}

    monkeypatch.setattr(command, "apart", measured)
    monkeypatch.setattr(command, "OUT", tmp_path)
    monkeypatch.setattr(command, "PAGE", tmp_path / "BENCHMARKS.md")
    assert main(["press", "search"]) == 1
    assert [p.name for p in (tmp_path / "results").iterdir()] == ["search.json"]
    assert json.loads((tmp_path / "results" / "search.json").read_text("utf-8"))["skipped"]
    page = (tmp_path / "BENCHMARKS.md").read_text("utf-8")
    assert "asked for by a test" in page


def test_a_million_documents_are_searched_only_when_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[dict[str, int]] = []

    def measured(name: str, sizes: dict[str, int]) -> dict[str, object]:
        asked.append(sizes)
        return {"skipped": "asked for by a test"}

    monkeypatch.setattr(command, "apart", measured)
    monkeypatch.setattr(command, "OUT", tmp_path)
    monkeypatch.setattr(command, "PAGE", tmp_path / "BENCHMARKS.md")
    assert main(["search"]) == main(["search", "--million"]) == 0
    assert [sizes["largest"] for sizes in asked] == [100_000, 1_000_000]


def test_an_unknown_bench_is_wrong_use() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["serach"])
    assert ended.value.code == 2
