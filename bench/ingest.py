"""Files through the whole house: by `yanxiu add`, and through a watched inbox.

Nothing is switched off: every file is staged, read in a child process, judged, written to the
store, synced, read back and matched, committed with synchronous=FULL, and searchable at the end.
Beside it stand, in the same run and on the same disk, the same files merely copied and synced one
by one (what their safety alone costs) and merely read. What a run wrote stays until the last has
ended: ext4 looks long for a free inode where thousands were freed within minutes.

    python -m bench.ingest HOME PAPERS    (one run of the inbox, used by `inbox`)
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from bench import OUT, Values, founded, run, summary, work, yanxiu

#: An inbox with files left after this long, and that long again for each, has gone wrong. Seconds.
PATIENCE, PATIENCE_EACH = 30.0, 1.0


def add(files: int, runs: int) -> Values:
    """`yanxiu add` on `files` mixed papers, each run in a new archive."""
    with work() as folder:
        papers = _papers(folder / "papers", files)
        empty = founded(folder / "empty")
        done = [_add_once(empty, folder / f"home-{n}", papers, files) for n in range(runs)]
        copied = [files / _copy_synced(papers, folder / f"copy-{n}") for n in range(runs)]
        read = [files / _read_only(papers) for _ in range(runs)]
        return {
            "files": files,
            "mb": round(sum(p.stat().st_size for p in papers.rglob("*.*")) / 1e6, 2),
            "statuses": done[-1]["statuses"],
            "seconds": summary([d["seconds"] for d in done]),
            "files_per_s": summary([files / d["seconds"] for d in done], 1),
            "own_mb": _peak(done, "own_mb"),
            "child_mb": _peak(done, "child_mb"),
            "copied_per_s": summary(copied, 1),
            "read_per_s": summary(read, 1),
        }


def inbox(files: int, runs: int) -> Values:
    """The same through a watched folder, from the drop until all are searchable and answered."""
    with work() as folder:
        papers = _papers(folder / "papers", files)
        empty = founded(folder / "empty")
        done = [_inbox_once(empty, folder / f"run-{n}", papers, files) for n in range(runs)]
        return {
            "files": files,
            "seconds": summary([d["seconds"] for d in done]),
            "files_per_s": summary([files / d["seconds"] for d in done], 1),
            "receipts": done[-1]["receipts"],
            "own_mb": _peak(done, "own_mb"),
            "child_mb": _peak(done, "child_mb"),
        }


def _papers(target: Path, files: int) -> Path:
    from yanxiu.demo import bulk, county

    bulk.write(target, files, register=county())
    return target


def _add_once(empty: Path, home: Path, papers: Path, files: int) -> Values:
    shutil.copytree(empty, home)
    ran = run(yanxiu(home, "add", papers, "--json"), allowed=(0, 1))
    lines = [json.loads(line) for line in ran.out.splitlines()]
    _check(home, lines, files)
    return {
        "seconds": ran.seconds,
        "own_mb": ran.own_mb,
        "child_mb": ran.child_mb,
        "statuses": dict(Counter(line["status"] for line in lines)),
    }


def _check(home: Path, lines: list[dict[str, Any]], files: int) -> None:
    """A run that lost a file, or left one unsearchable, has no speed."""
    from archive import index_folder
    from indexer.engines import open_engine

    kept = {line["id"] for line in lines if line["id"]}
    engine = open_engine("tantivy", index_folder.serving(home))
    found = engine.ids()
    engine.close()
    if len(lines) != files or found != kept:
        raise RuntimeError(
            f"{files} files given, {len(lines)} told of, {len(kept)} kept, {len(found)} searchable"
        )


def _copy_synced(papers: Path, target: Path) -> float:
    """Seconds for copying every file and syncing it and its folder, one after the other."""
    files = [p for p in papers.rglob("*") if p.is_file()]
    target.mkdir()
    started = time.perf_counter()
    for number, path in enumerate(files):
        copy = target / f"{number:05}"
        shutil.copyfile(path, copy)
        _sync(copy)
        _sync(target)
    return time.perf_counter() - started


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read_only(papers: Path) -> float:
    """Seconds for reading every file in the pool of reader processes, as `add` has it."""
    from indexer.pool import ReaderPool
    from yanxiu.config import Reader

    files = [p for p in sorted(papers.rglob("*")) if p.is_file()]
    started = time.perf_counter()
    with ReaderPool(Reader().workers, scratch=OUT) as pool:
        for waiting in [pool.submit(path, path.name) for path in files]:
            waiting.result()
    return time.perf_counter() - started


def _inbox_once(empty: Path, folder: Path, papers: Path, files: int) -> Values:
    home, dropped = folder / "home", folder / "dropped"
    shutil.copytree(empty, home)
    shutil.copytree(papers, dropped)
    ran = run([sys.executable, "-m", "bench.ingest", str(home), str(dropped)])
    found: Values = json.loads(ran.out.splitlines()[-1])
    if (found["settled"], found["receipts"]) != (files, files):
        raise RuntimeError(
            f"{files} files dropped, {found['settled']} settled, {found['receipts']} receipts"
        )
    return {**found, "own_mb": ran.own_mb, "child_mb": ran.child_mb}


def drop(home: Path, papers: Path) -> Values:
    """Move the folders of `papers` into the running inbox of an archive; seconds until every
    file is archived, searchable, moved out of the way and answered by a receipt."""
    from yanxiu.opening import open_archive

    files = sum(1 for p in papers.rglob("*") if p.is_file())
    house = open_archive(home)
    from archive.models import Arrival
    from yanxiu.config import Config, InboxConfig
    from yanxiu.serving import Service

    config = Config(inbox=(InboxConfig(settle=0.5, interval=0.5),))
    with Service(house, config) as service:
        (box,) = service.inboxes.values()
        started = time.perf_counter()
        for school in papers.iterdir():
            school.rename(box.path / school.name)
        _until_settled(files)
        seconds = time.perf_counter() - started
    receipts = sum(1 for _ in box.path.rglob("*.回执.html"))
    settled = Arrival.objects.filter(state="done").count()
    return {"seconds": round(seconds, 3), "receipts": receipts, "settled": settled}


def _until_settled(files: int) -> None:
    from archive.models import Arrival, Order

    until = time.monotonic() + PATIENCE + PATIENCE_EACH * files
    while time.monotonic() < until:
        if Arrival.objects.filter(state="done").count() >= files and not Order.objects.exists():
            return
        time.sleep(0.1)
    states = Counter(Arrival.objects.values_list("state", flat=True))
    raise TimeoutError(f"{files} files were not settled in time: {dict(states)}")


def _peak(done: list[Values], key: str) -> float | None:
    """The highest of all runs: a peak is a promise about the worst."""
    found = [d[key] for d in done if d[key] is not None]
    return max(found) if found else None


if __name__ == "__main__":
    print(json.dumps(drop(Path(sys.argv[1]), Path(sys.argv[2]))))
