"""Papers of the sample county in the formats that schools send, each with the text that it holds.

The same texts as `yanxiu.demo.bulk` writes, with a form at the head whose cells are merged across
and downwards. What Python writes is .docx, .xlsx, .html and .txt; LibreOffice makes real .doc,
.rtf, .pdf and .pptx of them, where it is asked to.
"""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

from bench.readers import pages, slides
from yanxiu.demo import bulk, county, sheet, word
from yanxiu.demo.papers import Line
from yanxiu.demo.staff import Staff

#: Of a hundred papers how many have which format, about as schools send them.
SHARES = {"docx": 30, "doc": 15, "pdf": 12, "xlsx": 12, "pptx": 10, "html": 8, "txt": 7, "rtf": 6}
#: What LibreOffice makes, and of what.
OFFICE = {"doc": "docx", "rtf": "docx", "pdf": "docx", "pptx": "fodp"}
SEED = 3
WHEN = datetime(2015, 9, 1, 8, 0, tzinfo=UTC)
#: LibreOffice takes a tenth of a second for a short paper; this is for all of a format. Seconds.
PATIENCE = 600


@dataclass(frozen=True, slots=True)
class Made:
    """A paper on disk. `texts` are its paragraphs and cells in their order; `merged` the texts of
    its merged cells, which stand nowhere else in it."""

    path: Path
    form: str
    texts: tuple[str, ...]
    merged: tuple[str, ...]


def write(folder: Path, number: int, *, office: bool) -> list[Made]:
    """Write `number` papers into `folder`, without the formats of LibreOffice unless `office`.

    Raises FileNotFoundError where it is asked for and absent.
    """
    forms = list(islice(_forms(office), number))
    made = []
    for at, (form, lines) in enumerate(zip(forms, _texts(number), strict=True)):
        source = OFFICE.get(form, form)
        path = folder / form / f"{at:04}.{source}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_bytes(lines, source, at))
        made.append(_made(path.with_suffix(f".{form}"), form, lines))
    for form, source in OFFICE.items():
        _convert(folder / form, form, source)
    return made


def _forms(office: bool) -> Iterator[str]:
    """Formats without end, well mixed, in their shares."""
    dealt = [f for f, share in SHARES.items() for _ in range(share) if office or f not in OFFICE]
    random.Random(SEED).shuffle(dealt)
    return cycle(dealt)


def _texts(number: int) -> Iterator[list[Line]]:
    """`number` papers, no two alike, of all kinds in turn."""
    register = county()
    staff = Staff(register)
    schools = [school.name for school in register.schools()]
    places = [(s.name, subject) for s in register.schools() for subject in s.subjects]
    turns = cycle([bulk.handed_in(kind, places, SEED) for kind in bulk.KINDS])
    for at in range(number):
        task, chance = next(next(turns)), random.Random(f"{SEED}/{at}")
        title, head, *rest = bulk.compose(task, staff, schools, chance)
        yield [title, head, _form(at, task), *rest]


def _form(at: int, task: bulk.Task) -> Line:
    """Across: the last cell of a short row; downwards: `^` continues the cell above."""
    return Line(
        "table",
        rows=(
            ("学校", task.school, "学科", task.subject),
            ("研修主题", f"第{at}号主题，本校教研组全体教师参加，校长主持"),
            (f"第{at}号活动", "集体备课与课堂观察", "时间", f"{task.year}年{task.month}月"),
            ("^", "听课评课与质量检测", "地点", "会议室"),
        ),
    )


def _made(path: Path, form: str, lines: Sequence[Line]) -> Made:
    cells = lines[2].rows
    merged: tuple[str, ...] = (cells[1][1], cells[2][0])
    if form in ("xlsx", "txt"):
        # A workbook of ours has no merged cell but its title, a text none at all.
        merged = (lines[0].text,) if form == "xlsx" else ()
    return Made(path, form, tuple(_pieces(lines)), merged)


def _pieces(lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        if line.kind != "table":
            yield line.text
        for row in line.rows:
            yield from (cell for cell in row if cell != "^")


def _bytes(lines: Sequence[Line], form: str, at: int) -> bytes:
    match form:
        case "docx":
            look = ("style", "bold", "plain")[at % 3]
            return word.document(lines, when=WHEN, creator="Administrator", headings=look)
        case "xlsx":
            return sheet.workbook([_unmerged(line) for line in lines], when=WHEN)
        case "fodp":
            return slides.document(lines)
        case "html":
            return pages.document(lines, "gb18030" if at % 2 else "utf-8")
        case _:
            text = "\r\n".join(_unmerged(line).plain for line in lines)
            return text.encode("gb18030" if at % 2 else "utf-8")


def _unmerged(line: Line) -> Line:
    """A continued cell left empty, for what has no merged cells."""
    rows = tuple(tuple("" if cell == "^" else cell for cell in row) for row in line.rows)
    return Line(line.kind, line.text, rows)


def _convert(folder: Path, form: str, source: str) -> None:
    """All papers of a folder by one start of LibreOffice; their sources are gone afterwards."""
    papers = sorted(folder.glob(f"*.{source}"))
    if not papers:
        return
    profile = (folder / "profile").as_uri()
    command = [
        _soffice(), "--headless", f"-env:UserInstallation={profile}", "--convert-to", form,
        "--outdir", str(folder), *map(str, papers),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    shutil.rmtree(folder / "profile", ignore_errors=True)
    for paper in papers:
        paper.with_suffix(f".{form}").stat()
        paper.unlink()


def _soffice() -> str:
    found = shutil.which("soffice")
    if found is None:
        raise FileNotFoundError("soffice")
    return found
