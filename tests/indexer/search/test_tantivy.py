"""What is particular to the default engine: segments, the stamp, other processes, a light start."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from indexer.engines import Entry, IndexMissing, Search, StampError, open_engine
from indexer.engines.stamps import STAMP_FILE
from indexer.engines.tantivy import TantivyEngine
from indexer.engines.tantivy import open as open_tantivy

ROOT = Path(__file__).resolve().parents[3]
#: tantivy merges eight segments of a size into one; a few more stand while it does.
MOST_SEGMENTS = 12


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[TantivyEngine]:
    opened = open_tantivy(tmp_path / "index", writable=True)
    yield opened
    opened.close()


def entry(number: int, body: str = "校本研修") -> Entry:
    return Entry(f"r{number}", "", "", f"{body} {number}")


def test_many_single_updates_leave_few_segments(engine: TantivyEngine) -> None:
    for number in range(120):
        engine.apply([entry(number % 100)])
    deadline = time.monotonic() + 10
    while engine.segments() > MOST_SEGMENTS and time.monotonic() < deadline:
        time.sleep(0.02)  # merges run in a thread of tantivy's own; there is nothing to wait on
    assert engine.segments() <= MOST_SEGMENTS
    assert engine.search(Search("校本研修")).total == 100
    assert len(engine.ids()) == 100


def test_closing_removes_the_files_of_merged_segments(tmp_path: Path) -> None:
    engine = open_tantivy(tmp_path / "index", writable=True)
    for number in range(60):
        engine.apply([entry(number)])
    engine.close()
    reader = open_tantivy(tmp_path / "index")
    stores = list((tmp_path / "index").glob("*.store"))
    assert len(stores) <= MOST_SEGMENTS
    assert reader.search(Search("校本研修")).total == 60


@pytest.mark.parametrize("content", ['{"engine": "tantivy", "schema": 0}', "not json", "\ufeff[]"])
def test_an_index_with_another_stamp_is_refused(tmp_path: Path, content: str) -> None:
    open_tantivy(tmp_path, writable=True).close()
    (tmp_path / STAMP_FILE).write_text(content, "utf-8")
    for writable in (False, True):
        with pytest.raises(StampError) as caught:
            open_engine("tantivy", tmp_path, writable=writable)
        assert caught.value.code == "index_stamp"
        assert "rebuild" in caught.value.remedy


def test_an_index_of_another_engine_is_named(tmp_path: Path) -> None:
    open_tantivy(tmp_path, writable=True).close()
    stamp = (tmp_path / STAMP_FILE).read_text("utf-8")
    for made_by, said in (("whoosh", "由检索引擎 whoosh 建立"), ("tantivy", "由另一版本建立")):
        other = stamp.replace('"engine": "tantivy"', f'"engine": "{made_by}"')
        (tmp_path / STAMP_FILE).write_text(f"{other} ", "utf-8")
        with pytest.raises(StampError) as caught:
            open_tantivy(tmp_path)
        assert said in caught.value.message
        assert ("改回 whoosh" in caught.value.remedy) == (made_by == "whoosh")


def test_an_unmarked_or_damaged_index_is_refused(tmp_path: Path) -> None:
    open_tantivy(tmp_path / "a", writable=True).close()
    (tmp_path / "a" / STAMP_FILE).unlink()
    with pytest.raises(StampError):
        open_tantivy(tmp_path / "a", writable=True)
    open_tantivy(tmp_path / "b", writable=True).close()
    (tmp_path / "b" / "meta.json").write_text("{", "utf-8")
    with pytest.raises(StampError):
        open_tantivy(tmp_path / "b")


@pytest.mark.parametrize("kind", ["term", "idx", "pos", "store", "fast", "fieldnorm"])
def test_damaged_segments_are_told_as_such(tmp_path: Path, kind: str) -> None:
    engine = open_tantivy(tmp_path, writable=True)
    engine.apply([entry(n) for n in range(50)])
    engine.close()
    for file in tmp_path.glob(f"*.{kind}"):
        file.write_bytes(file.read_bytes()[:10])
    with pytest.raises(StampError) as caught:
        open_tantivy(tmp_path).search(Search('"校本研修" 学校:一', facets=("school",)))
    assert "rebuild" in caught.value.remedy


def test_a_reader_whose_index_went_away_is_told_so(tmp_path: Path) -> None:
    open_tantivy(tmp_path / "index", writable=True).close()
    reader = open_tantivy(tmp_path / "index")
    (tmp_path / "index").rename(tmp_path / "old")
    with pytest.raises(IndexMissing):
        reader.search(Search(""))


def test_threads_ask_while_one_writes(engine: TantivyEngine) -> None:
    engine.apply([entry(0)])
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(lambda: engine.search(Search("校本研修")).total) for _ in range(200)]
        for number in range(1, 11):
            engine.apply([entry(number)])
        totals = [answer.result() for answer in asked]
    assert all(1 <= total <= 11 for total in totals)
    assert engine.search(Search("校本研修")).total == 11


READER = """
import json, sys
from pathlib import Path
from indexer.engines import Search, open_engine
engine = open_engine("tantivy", Path(sys.argv[1]))
for line in sys.stdin:
    print(engine.search(Search(line.strip())).total, flush=True)
"""


def test_a_reader_in_another_process_sees_each_commit(
    engine: TantivyEngine, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", READER, str(tmp_path / "index")]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None
        for number in range(1, 13):
            engine.apply([entry(number)])
            reader.stdin.write("校本研修\n")
            reader.stdin.flush()
            assert reader.stdout.readline() == f"{number}\n"
        reader.stdin.close()


def test_opening_is_light() -> None:
    script = (
        "import json, sys, indexer.engines.tantivy; "
        "print(json.dumps([m for m in sys.modules if m.split('.')[0] in "
        "('django', 'lxml', 'docx', 'archive', 'numpy')]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True, encoding="utf-8"
    )
    assert json.loads(done.stdout) == []


def test_unknown_engines_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unknown engine"):
        open_engine("grep", tmp_path)
