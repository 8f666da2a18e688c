"""待填: forms wait there to be filled in. One that is as it was issued is none of our business; one
whose bytes differ is taken as returned, unless reading it shows that it was merely saved again.

Such folders stand in the inbox itself, and in its top folders where several schools share one.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from archive.forms import papers
from archive.house import House
from archive.journal import digest, untouched
from archive.models import IssuedForm
from generator import Stamp, read_stamp
from watch.folders import Inbox, Seen
from watch.names import FORMS

#: A form is some 20 kB; a filled one with pictures may be larger than this and is taken.
LARGEST = 8 << 20
#: A lock file left behind by a program that crashed holds a form no longer than this. Seconds.
STALE = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class FormWanted:
    """A paper by its kind's id, the id of its school, its subjects and the name of its period."""

    kind: str
    unit: str
    subjects: tuple[str, ...]
    period: str


def in_forms(relpath: str) -> bool:
    """Whether a path of an inbox lies in a folder 待填."""
    return FORMS in PurePosixPath(relpath).parts[:2][: relpath.count("/")]


def left_alone(inbox: Inbox, files: Iterable[Seen], blank: Collection[str]) -> set[str]:
    """Of the files in 待填 those that nobody filled in: forms as they were issued or merely saved
    again (`blank`: the sha256 of those found so), and documents that are no forms of ours (a
    reserved folder is no place to hand in)."""
    found: dict[str, str] = {}
    alone: set[str] = set()
    for seen in files:
        data = _bytes(inbox.path / seen.relpath) if seen.size <= LARGEST else None
        if data is None:
            continue
        found[seen.relpath] = digest(data)
        if seen.relpath.lower().endswith(".docx") and read_stamp(data) is None:
            alone.add(seen.relpath)
    unfilled = untouched(found.values()).union(blank)
    return alone | {relpath for relpath, sha256 in found.items() if sha256 in unfilled}


def being_written(path: Path) -> bool:
    """Whether an office program has the form open: its lock file stands beside it. What it saves
    meanwhile is work under way."""
    name = path.name
    locks = (f"~${name}", f"~${name[2:]}", f"~${name[1:]}", f".~{name}", f".~lock.{name}#")
    now = time.time()
    for lock in locks:
        try:
            if now - path.with_name(lock).stat().st_mtime < STALE:
                return True
        except OSError:
            continue
    return False


def waiting_form(house: House, inbox: Inbox, facts: FormWanted) -> tuple[str, str] | None:
    """(name, path in the inbox) of the form that waits in 待填 for the same paper, None where none
    does."""
    numbers = {}
    for paper in (p for p in papers(house.kinds, house.own_kinds) if p.kind.id == facts.kind):
        for subject in ("", *facts.subjects):
            stamp = Stamp.issue(paper.id, paper.version, facts.unit, subject, facts.period)
            numbers[stamp.form_no] = paper.name
    start = f"{inbox.name}/"
    rows = IssuedForm.objects.filter(number__in=numbers, place__startswith=start)
    for number, place in rows.values_list("number", "place"):
        relpath = place.removeprefix(start)
        if (inbox.path / relpath).is_file():
            return numbers[number], relpath
    return None


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None  # gone, or held by another program: it is looked at when it is offered
