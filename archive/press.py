"""The house's own press: forms of its kinds, filled in as far as register and catalogue know."""

from __future__ import annotations

import io
import re
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

from archive.batch import issues
from archive.errors import ArchiveError
from archive.forms import Paper, compiled, paper_named, papers
from archive.house import House
from archive.issue import Issue
from archive.journal import IssuedRow, copy_values, digest, note_issued
from archive.named_filters import kind_named, subject_named
from archive.prefill import Facts
from archive.register import Register
from generator import Job, Mode, Stamp, render_many

#: The folder of what belongs to no cluster.
NO_CLUSTER = "直属"
_FORBIDDEN = re.compile(r'[/\\:*?"<>|\x00-\x1f]')


@dataclass(frozen=True, slots=True)
class Copy:
    """A form as it is handed out. `name` is its relative path, `片区/学校-文种-学科-期次.docx`;
    `row` what the journal keeps of it."""

    issue: Issue
    name: str
    data: bytes
    row: IssuedRow

    @property
    def folder(self) -> str:
        return self.name.partition("/")[0]

    @property
    def file(self) -> str:
        return self.name.rpartition("/")[2]


def forms(house: House) -> list[Paper]:
    """Every form there is a template for, by name."""
    return papers(house.kinds, house.own_kinds)


def form_named(house: House, name: str) -> Paper:
    """The form with that id or name, or that of the kind so called. Raises ArchiveError
    kind_unknown (with the nearest name), no_form."""
    found = paper_named(forms(house), name)
    if found:
        return found
    kind = kind_named(house.kinds, name)
    remedy = "请在文种文件夹里放一份 form.docx"
    raise ArchiveError("no_form", f"「{kind.name}」还没有表单", remedy)


def blank(house: House, name: str) -> tuple[str, bytes]:
    """(file name, bytes) of the empty form."""
    return blank_of(house, form_named(house, name))


def blank_of(house: House, paper: Paper) -> tuple[str, bytes]:
    stamp = Stamp.issue(paper.id, paper.version, "", "", "")
    county = house.register.county.name
    data = compiled(paper).render({"县名": county}, "blank", stamp)
    return f"{paper.name}（空白表）.docx", data


class Options(TypedDict, total=False):
    """Those of `copies`."""

    schools: Sequence[str] | None
    subjects: Sequence[str] | None
    mode: Mode
    actor: str


def make(
    house: House, name: str, period_name: str, **options: Unpack[Options]
) -> Iterator[tuple[str, bytes]]:
    """`copies` as (relative path, bytes)."""
    found = copies(house, name, period_name, **options)
    return ((copy.name, copy.data) for copy in found)


def copies(
    house: House,
    name: str,
    period_name: str,
    *,
    schools: Sequence[str] | None = None,
    subjects: Sequence[str] | None = None,
    mode: Mode = "prefilled",
    actor: str = "",
) -> Iterator[Copy]:
    """Forms for schools (unit ids; None for all), one for each unit that owes the paper and each
    due subject. Issued numbers are kept when the last one was taken, with the "place" that the
    taker wrote into a copy's `row`. Raises ArchiveError at once
    for an unknown form, period or subject, and 'no_forms' where nobody owes such a paper then."""
    paper = form_named(house, name)
    register = house.register
    known = [subject_named(register, subject) for subject in subjects or ()]
    return _noted(house, paper, issues(register, paper, period_name, schools, known), mode, actor)


def _noted(
    house: House, paper: Paper, batch: Sequence[Issue], mode: Mode, actor: str
) -> Iterator[Copy]:
    made: list[tuple[Issue, IssuedRow]] = []
    for copy in printed(house, paper, batch, mode):
        made.append((copy.issue, copy.row))
        yield copy
    if not made:
        raise nobody_owes(paper)
    note(house, made, actor=actor)


def nobody_owes(paper: Paper) -> ArchiveError:
    why = "请换一个时段；要空的表，请用 --mode blank 或“空白表”"
    return ArchiveError("no_forms", f"没有单位欠交，不必发「{paper.name}」", why)


def printed(house: House, paper: Paper, batch: Sequence[Issue], mode: Mode) -> Iterator[Copy]:
    """The copies of a batch; nothing is kept of them (`note`). Whoever owes nothing is sent no
    reminder: a copy whose list of what is owed stays empty is left out."""
    facts, form, register = Facts(house, house.register, batch), compiled(paper), house.register
    blanks = {"县名": register.county.name}
    taken: set[str] = set()
    demanded = {rows.name for rows in paper.text.rows if rows.source == "owed"}
    asked: deque[tuple[Issue, Stamp, dict[str, Any]]] = deque()

    def jobs() -> Iterator[Job]:
        for issue in batch:
            values = facts.values(issue) if mode == "prefilled" else blanks
            if mode != "prefilled" or demanded.issubset(values):
                asked.append((issue, stamp := issue.stamp, values))
                yield values, mode, stamp

    for data in render_many(form, jobs()):
        issue, stamp, values = asked.popleft()
        row: IssuedRow = {"number": stamp.form_no, "unit": stamp.unit, "subject": stamp.subject,
                          "mode": mode, "sha256": digest(data),
                          "values": copy_values(paper, values)}  # fmt: skip
        yield Copy(issue, _free(file_name(register, issue), taken), data, row)


def note(house: House, made: Iterable[tuple[Issue, IssuedRow]], *, actor: str) -> None:
    """Keep in the journal what was handed out, period by period."""
    by_period: dict[tuple[str, str], list[IssuedRow]] = {}
    for issue, row in made:
        by_period.setdefault((issue.paper.id, issue.period_name), []).append(row)
    for (form, period_name), rows in by_period.items():
        note_issued(house, form, period_name, rows, actor=actor)


def packed(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip with UTF-8 names and fixed dates; forms are compressed already."""
    return b"".join(pieces(files))


def pieces(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """The same zip, file by file as they come."""
    out = _Window()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as folder:
        for name, data in files:
            folder.writestr(zipfile.ZipInfo(name), data)
            yield out.taken()
    yield out.taken()


class _Window(io.RawIOBase):
    """What a ZipFile writes to, emptied after each file: it goes back within the last one only,
    to write its sizes at its head, which old unpackers want there."""

    def __init__(self) -> None:
        self._before, self._kept = 0, io.BytesIO()

    def write(self, data: Any) -> int:
        return self._kept.write(data)

    def tell(self) -> int:
        return self._before + self._kept.tell()

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        return self._before + self._kept.seek(place - self._before, whence)

    def taken(self) -> bytes:
        data = self._kept.getvalue()
        self._before, self._kept = self._before + len(data), io.BytesIO()
        return data


def by_folder(made: Iterable[Copy]) -> dict[str, list[Copy]]:
    """The copies by cluster, in the order in which they came."""
    found: dict[str, list[Copy]] = {}
    for copy in made:
        found.setdefault(copy.folder, []).append(copy)
    return found


def file_name(register: Register, issue: Issue) -> str:
    """`片区/片区-学校-文种-学科-期次.docx` (DOMAIN 1.3)."""
    on, unit = issue.period.start if issue.period else None, issue.unit
    school = register.school_of(unit.id) if unit.level not in ("county", "cluster") else None
    cluster = register.cluster_of(school.id, on) if school else None
    folder = cluster.name if cluster else unit.name if unit.level == "cluster" else NO_CLUSTER
    names = [folder, school.name if school else "", unit.name if unit != school else ""]
    parts = [*dict.fromkeys(names), issue.paper.name, issue.subject, issue.period_name]
    return f"{folder}/{'-'.join(_plain(part) for part in parts if part)}.docx"


def _plain(part: str) -> str:
    """What no file system takes stays out of a file's name."""
    return _FORBIDDEN.sub("_", part)


def _free(name: str, taken: set[str]) -> str:
    """Two teachers of one name: the second gets a number."""
    stem, n = name.removesuffix(".docx"), 1
    while name in taken:
        n += 1
        name = f"{stem} ({n}).docx"
    taken.add(name)
    return name
