"""Scans: their text is recognised after they were taken in, and what is known of them follows.

A scan is first filed by its names and codes, as far as these go. Its version then waits in the
catalogue (`Version.recognition`); one process of the archive at a time recognises, the newest
first, and each outcome is an event of the record: `recognised`. The text recognised is kept in the
record's object, since making it again costs minutes, not milliseconds.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from typing import Any

from archive import likeness
from archive import paper as papers
from archive.amend import amend
from archive.deposit import dump
from archive.durable import StoreError
from archive.filing import identity_key
from archive.house import House
from archive.issued import judge_again
from archive.judging import findings_of, to_review
from archive.models import Arrival, Record, Version
from archive.paper import (
    DONE,
    FAILED,
    OBJECT,
    WAITING,
    EventPaper,
    Paper,
    VersionPaper,
    filing_from_json,
)
from archive.thinking import clues
from indexer.errors import ReadError
from indexer.pool import ReaderPool
from indexer.reading import Reading

log = logging.getLogger("yanxiu.recognition")

#: Between two looks at what another process recognises. Seconds.
_LOOK = 0.5

#: (scans done, scans in all, page of the scan at hand, its pages).
Progress = Callable[[int, int, int, int], None]


def logical_path(n: int) -> str:
    """Where the recognised reading of the n-th content lies in its object."""
    return f"{n}-recognised.json"


def work(house: House, pool: ReaderPool, stopped: Callable[[], bool] = lambda: False) -> int:
    """Recognise what waits until nothing does or `stopped` says so; how many scans that were.
    0 also while another process of the archive recognises."""
    lock = house.locks.try_recognising()
    if lock is None:
        return 0
    done = 0
    with lock:
        while not stopped() and (version := _next(Version.objects.all())) is not None:
            recognise(house, pool, version)
            done += 1
    return done


def bring_through(
    house: House,
    pool: ReaderPool,
    record_ids: Collection[str],
    progress: Progress = lambda done, total, page, pages: None,
) -> None:
    """Return when none of these records waits: recognised here, or by the process that holds the
    right to."""
    total = _of(record_ids).count()
    while total:
        left = _of(record_ids).count()
        if not left:
            return
        lock = house.locks.try_recognising()
        if lock is None:
            progress(total - left, total, 0, 0)
            time.sleep(_LOOK)
            continue
        with lock:
            version = _next(_of(record_ids))
            if version is not None:
                recognise(house, pool, version, partial(progress, total - left, total))


def _of(record_ids: Collection[str]) -> Any:
    return Version.objects.filter(recognition=WAITING, record_id__in=list(record_ids))


def _next(versions: Any) -> Version | None:
    """The newest first: somebody may be looking for it."""
    found: Version | None = versions.filter(recognition=WAITING).order_by("-received").first()
    return found


def recognise(
    house: House,
    pool: ReaderPool,
    version: Version,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Recognise one version and let its record follow. Whatever is wrong with a scan ends its
    waiting; raises RuntimeError where the pool was closed meanwhile, and what disks and database
    raise."""
    path = house.store.path(OBJECT + version.record_id, version.logical)
    started = time.monotonic()
    try:
        reading = house.reading(version.sha256) or pool.read(path, version.name)
        if reading.scanned:
            # What could not be recognised is named in `left_out`; nothing is waited for any more.
            reading = replace(pool.recognise(path, reading, progress), scanned=())
    except (ReadError, StoreError) as error:
        log.exception("%s is not recognised", version.name)
        _note(house, version, None, {"error": getattr(error, "code", "")})
        return
    reading = house.readings.save(version.sha256, reading)
    seconds = round(time.monotonic() - started, 1)
    engine = reading.metadata.get("recognised", "")
    _note(house, version, reading, {"seconds": seconds, "engine": engine})


def _note(house: House, version: Version, reading: Reading | None, data: dict[str, Any]) -> None:
    """Put the outcome on the record: its version's state, and what follows from the text."""
    n = version.n

    def change(paper: Paper) -> EventPaper:
        own = next(v for v in paper["versions"] if v["n"] == n)
        own["recognition"] = FAILED if reading is None else DONE
        if reading is not None:
            own["reading"] = reading.status
            own["sketch"], own["bands"] = likeness.sketch(reading.text)
            if own is paper["versions"][-1]:
                _follow(house, paper, own, reading)
        return papers.event("recognised", "", version=n, status=paper["status"], **data)

    texts = {} if reading is None else {logical_path(n): dump(reading.to_json()).decode()}
    amend(house, version.record_id, change, texts)


def _follow(house: House, paper: Paper, version: VersionPaper, reading: Reading) -> None:
    """The filing and its findings from the text; of a record that a person settled only the
    findings."""
    if paper["settled"]:
        filing = filing_from_json(paper["filing"])
        kind = house.kinds.get(filing.kind or "")
        if kind is not None:
            findings = findings_of(reading, kind, filing)
            paper["sections"], paper["missing_fields"] = papers.findings_json(findings)
        return
    arrival = Arrival.objects.select_related("bundle").filter(id=version["arrival"]).first()
    if arrival is None:
        return
    judgement = judge_again(house, reading, clues(arrival))
    filing, kind = judgement.filing, house.kinds.get(judgement.filing.kind or "")
    identity = identity_key(filing, kind) if kind else None
    other = _of_identity(identity, paper["id"])
    if other is not None:
        # What stands is not touched by a text that a machine made out of a picture.
        filing = to_review(filing, f"可能是「{other.title}」的新版本，请核对")
    papers.refile(paper, filing, judgement.findings, kind)
    paper["status"], paper["blank"] = filing.status, judgement.blank
    paper["identity"] = paper["proposed_identity"] = identity


def _of_identity(identity: str | None, own: str) -> Record | None:
    if not identity:
        return None
    return Record.objects.filter(identity=identity).exclude(id=own).order_by().first()


def restore(house: House, version: Version) -> bool:
    """Bring the recognised reading of a version back from the store into the cache (rebuild)."""
    try:
        data = house.store.read(OBJECT + version.record_id, logical_path(version.n))
        house.readings.save(version.sha256, Reading.from_json(json.loads(data)))
    except (StoreError, ValueError, KeyError, TypeError):
        return False
    return True
