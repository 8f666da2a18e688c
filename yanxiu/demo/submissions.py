"""What the schools of the sample county drop into the inbox, with the truth about each file.

The texts and their truth are in `papers/`; here they become files. Formats that Python cannot
write (.doc, .wps, .xls, .pdf, an encrypted .docx) are kept in `binaries/`, made from the same
papers by tools/make_demo_binaries.py.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from importlib.resources import files
from pathlib import Path
from typing import Any

from archive.register import Register
from yanxiu.demo import sheet, word
from yanxiu.demo.packing import pack_gbk
from yanxiu.demo.papers import Paper, load

#: The county's clock; the times in the papers are local.
LOCAL = timezone(timedelta(hours=8))
#: Formats kept in `binaries/` because Python cannot write them.
STORED = {".doc", ".wps", ".xls", ".pdf"}
#: How a compound file (Thumbs.db is one) begins: [MS-CFB] 2.2.
OLE_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")


@dataclass(frozen=True, slots=True)
class Submission:
    """The truth about one file, or one member of a bundle (`member`, its path inside).

    `expected`: filed | duplicate | new_version | unrelated | review | unpacked | ignored |
    quarantined:encrypted | quarantined:corrupt | quarantined:empty. A duplicate repeats the
    original's truth. `kind` is a kind's id, "unrelated" for no research document, None where no
    kind fits or the file cannot be read; `school` the register's short name; `month` is YYYY-MM,
    of a stage report the month reported on, otherwise of the date the paper bears. `author` is
    who signed it or is named as its writer (执笔, 填报人); who leads a meeting is not. `missing`
    and `empty` name required sections as docs/KINDS.md does. `of` is the relpath of the file this
    one duplicates or replaces.
    """

    relpath: str
    member: str | None
    kind: str | None
    school: str | None
    subject: str | None
    school_year: str | None
    term: int | None
    month: str | None
    author: str | None
    missing: tuple[str, ...]
    empty: tuple[str, ...]
    expected: str
    of: str | None = None


def write(target: Path, *, register: Register) -> list[Submission]:
    """Write the sample submissions below `target` and return the truth, sorted by path.

    The register's teachers sign the papers (the stored ones always bear those of the sample
    county). The bytes and modification times are the same each time.
    """
    papers = load(register)
    truth: list[Submission] = []
    for paper in papers.values():
        if "file" not in paper.head or "bundle" in paper.head:
            continue
        _put(target, paper, _bytes_of(paper, papers))
        truth.append(_truth(paper, papers))
        truth.extend(_truth(member, papers) for member in _members(paper, papers))
    return sorted(truth, key=lambda s: (s.relpath, s.member or ""))


def _put(target: Path, paper: Paper, data: bytes) -> None:
    path = target / paper.head["file"]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    seconds = _when(paper).timestamp()
    os.utime(path, (seconds, seconds))


def _when(paper: Paper) -> datetime:
    return datetime.strptime(paper.head["sent"], "%Y-%m-%d %H:%M").replace(tzinfo=LOCAL)


def _bytes_of(paper: Paper, papers: Mapping[str, Paper]) -> bytes:
    match paper.head.get("make", "text"):
        case "copy":
            return _bytes_of(papers[paper.head["of"]], papers)
        case "cut":
            whole = render(paper)
            return whole[: len(whole) * 2 // 3]
        case "empty":
            return b""
        case "lock":
            return _owner_file(paper.head["creator"])
        case "thumbnails":
            return OLE_SIGNATURE + bytes(504)
        case "stored":
            return stored(paper.key, Path(paper.head["file"]).suffix)
        case "bundle":
            members = _members(paper, papers)
            return pack_gbk([(m.head["file"], _bytes_of(m, papers)) for m in members])
        case _:
            return render(paper)


def _owner_file(name: str) -> bytes:
    """What Word leaves beside an open document: 162 bytes that begin with its user's name."""
    narrow, wide = name.encode("gbk"), name.encode("utf-16-le")
    head = bytes([len(narrow)]) + narrow.ljust(53, b"\0")
    return (head + bytes([len(name), 0]) + wide).ljust(162, b"\0")


def _members(paper: Paper, papers: Mapping[str, Paper]) -> list[Paper]:
    return [p for p in papers.values() if p.head.get("bundle") == paper.key]


def stored(key: str, suffix: str) -> bytes:
    """The bytes of a paper kept in `binaries/` under its key."""
    return files("yanxiu.demo").joinpath("binaries", key + suffix).read_bytes()


def render(paper: Paper) -> bytes:
    """The paper in the format its file name ends in; from `binaries/` where Python has no writer.

    Raises ValueError for a format that is neither.
    """
    suffix = Path(paper.head["file"]).suffix.lower()
    if suffix in STORED:
        return stored(paper.key, suffix)
    if suffix == ".docx":
        return as_word(paper)
    if suffix == ".xlsx":
        return sheet.workbook(paper.lines, when=clock(paper))
    if suffix == ".txt":
        return paper.plain.replace("\n", "\r\n").encode(paper.head.get("encoding", "utf-8"))
    raise ValueError(f"no writer for {paper.head['file']}")


def as_word(paper: Paper) -> bytes:
    """The paper as .docx, whatever its own format."""
    look = paper.head.get("headings", "style")
    creator = paper.head.get("creator", "Administrator")
    return word.document(paper.lines, creator=creator, when=clock(paper), headings=look)


def clock(paper: Paper) -> datetime:
    """When the paper was handed in, in UTC; its document is dated so."""
    return _when(paper).astimezone(UTC)


def _truth(paper: Paper, papers: Mapping[str, Paper]) -> Submission:
    own = paper.head
    head = papers[own["of"]].head if own.get("make") == "copy" else own
    bundle = papers[own["bundle"]].head["file"] if "bundle" in own else None
    year, term = _school_term(head)
    return Submission(
        relpath=bundle or own["file"],
        member=own["file"] if bundle else None,
        kind=head.get("kind"),
        school=head.get("school"),
        subject=head.get("subject"),
        school_year=year,
        term=term,
        month=head.get("month"),
        author=head.get("author"),
        missing=tuple(head.get("missing", ())),
        empty=tuple(head.get("empty", ())),
        expected=own["expected"],
        of=papers[own["of"]].head["file"] if "of" in own else None,
    )


def _school_term(head: Mapping[str, Any]) -> tuple[str | None, int | None]:
    """A paper that names only a month lies in that month's term; the first begins in August."""
    if "school_year" in head:
        return head["school_year"], head.get("term")
    if "month" not in head:
        return None, None
    year, month = map(int, head["month"].split("-"))
    if month >= 8:
        return f"{year}-{year + 1}", 1
    return f"{year - 1}-{year}", 1 if month == 1 else 2
