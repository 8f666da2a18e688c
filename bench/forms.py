"""Speed of the press beside docxtpl: stage reports printed, stamped and written to disk.

342 = 38 schools x 9 subjects, one month of the sample county. Every copy has its number in the
footers, as a QR code there, and in its properties. docxtpl prints the same form with the same
values in the same run, without code and properties. Each run is a process of its own:

    python -m bench.forms press|docxtpl COPIES FOLDER    one JSON object on standard output
"""

from __future__ import annotations

import copy
import hashlib
import io
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from archive.kind_files import load_kinds
from bench import ROOT, Values, report, run, summary, work
from generator import Form, FormSpec, Sheet, Stamp, compile_form, write_many
from generator.many import HERE

KINDS = ROOT / "templates" / "kinds"
KIND = "stage_report"
SUBJECTS = ("语文", "数学", "英语", "物理", "化学", "历史", "地理", "生物", "政治")
BLANK_ROWS = 4


def values(number: int) -> dict[str, Any]:
    """What the house knows before a school fills the rest in: four header values, three rows."""
    school, subject = divmod(number, len(SUBJECTS))
    return {
        "县名": "样例县",
        "学校": f"样例县第{school + 1}初级中学",
        "学科": SUBJECTS[subject],
        "报告时间": "2014年10月",
        "活动": [
            {"时间": f"10月{day}日", "形式": "集体备课", "主题": f"第{day}课 <教学设计> & 说课",
             "主讲人": "某教师", "人数": 10 + day}
            for day in (9, 16, 23)
        ],
    }  # fmt: skip


def our_spec() -> FormSpec:
    kind = load_kinds(KINDS)[KIND]
    return FormSpec.of(kind.id, kind.name, "1", kind.fields, kind.sections)


def print_ours(form: Form, folder: Path, copies: int) -> None:
    sheets = (
        Sheet(
            folder / f"{number:04}.docx",
            values(number),
            Stamp.issue(KIND, "1", f"unit-{number // 9}", SUBJECTS[number % 9], "2014-10"),
        )
        for number in range(copies)
    )
    write_many(form, sheets)


def reference_template(path: Path) -> None:
    """Our form as docxtpl wants it: two more rows with its control tags around the list's row."""
    from docx import Document

    document = Document(str(KINDS / KIND / "form.docx"))
    table = next(t for t in document.tables if any("活动." in c.text for c in t._cells))
    row = next(r for r in table.rows if any("活动." in c.text for c in r.cells))
    for text, add in (
        ("{%tr for 活动 in 全部活动 %}", row._tr.addprevious),
        ("{%tr endfor %}", row._tr.addnext),
    ):
        control = copy.deepcopy(row._tr)
        add(control)
        cells = next(r for r in table.rows if r._tr is control).cells
        for cell in cells[1:]:
            cell.text = ""
        cells[1].text = text
    document.save(str(path))


def print_reference(template: Path, folder: Path, copies: int) -> None:
    from docxtpl import DocxTemplate

    for number in range(copies):
        given = values(number)
        rows = given.pop("活动")
        given["全部活动"] = rows + [{}] * (BLANK_ROWS - len(rows))
        given["表单编号"] = f"REF-{number:04}"
        document = DocxTemplate(str(template))
        document.render(given, autoescape=True)
        document.save(str(folder / f"{number:04}.docx"))


def once(engine: str, copies: int, folder: Path) -> Values:
    """Print and write `copies`; seconds from the first value to the last file."""
    form, compiled = None, 0.0
    if engine == "press":
        read = our_spec()
        began = time.perf_counter()
        form = compile_form(KINDS / KIND / "form.docx", read)
        compiled = time.perf_counter() - began
    with tempfile.TemporaryDirectory() as name:
        template = Path(name) / "reference.docx"
        if form is None:
            reference_template(template)
            print_reference(template, folder, 1)  # what is imported and made ready the first time
        started, cpu = time.perf_counter(), time.process_time()
        if form is None:
            print_reference(template, folder, copies)
        else:
            print_ours(form, folder, copies)
        seconds = time.perf_counter() - started
    return {"seconds": seconds, "cpu": time.process_time() - cpu, "compiled": compiled}


def printed(place: Path, engine: str, copies: int, runs: int) -> Values:
    """Several runs, each a process that prints into an empty folder of `place`. They are kept until
    all have ended: ext4 takes long to find a free inode where many were just freed."""
    told: list[Values] = []
    digests: set[str] = set()
    peaks: list[float] = []
    for number in range(runs):
        folder = place / f"{engine}-{copies}-{number}"
        folder.mkdir()
        ran = run([sys.executable, "-m", "bench.forms", engine, str(copies), str(folder)])
        told.append(json.loads(ran.out.splitlines()[-1]))
        digests.add(digest_of(folder.iterdir()))
        if ran.own_mb is not None:
            beside = (os.cpu_count() or 1) if copies > HERE else 0
            peaks.append(ran.own_mb + beside * (ran.child_mb or 0))
    return {
        "copies": copies,
        "seconds": summary([one["seconds"] for one in told]),
        "ms_each": summary([one["seconds"] / copies * 1000 for one in told]),
        "cpu_s": summary([one["cpu"] for one in told]),
        "compile_ms": summary([one["compiled"] * 1000 for one in told], 1),
        "peak_mb": max(peaks) if peaks else None,
        "digests": digests,
    }


def digest_of(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.name.encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def measure(copies: int, more: int, most: int, reference_copies: int, runs: int) -> Values:
    """`copies`: a month's; `more` and `most`: for the growth, in fewer runs."""
    sizes = sorted({max(1, reference_copies // 9), reference_copies})
    with work() as place:
        ours = [printed(place, "press", copies, runs)]
        ours += [printed(place, "press", size, max(2, runs // 2)) for size in (more, most)]
        theirs = [printed(place, "docxtpl", size, max(1, runs // 2)) for size in sizes]
    month, largest, reference = ours[0], ours[-1], theirs[-1]
    sample = sample_copy()
    return {
        "copies": copies,
        "largest": largest["copies"],
        "docxtpl_copies": reference_copies,
        "seconds": month["seconds"],
        "ms_each": month["ms_each"],
        "cpu_s": month["cpu_s"],
        "largest_seconds": largest["seconds"],
        "peak_mb": max((row["peak_mb"] or 0 for row in ours), default=0),
        "docxtpl_ms_each": reference["ms_each"],
        "times_faster": report.ratio(reference["ms_each"], month["ms_each"]),
        "compile_ms": month["compile_ms"],
        "bytes_each": len(sample),
        "same_bytes": all(len(row["digests"]) == 1 for row in ours),
        "opens": _opens(sample),
        "sizes": table(ours, theirs),
        "growth": growth(ours, theirs),
    }


def sample_copy() -> bytes:
    form = compile_form(KINDS / KIND / "form.docx", our_spec())
    stamp = Stamp.issue(KIND, "1", "unit-0", SUBJECTS[0], "2014-10")
    return form.render(values(0), "prefilled", stamp)


def _opens(data: bytes) -> bool:
    from docx import Document

    return len(Document(io.BytesIO(data)).tables) > 0


def table(ours: Sequence[Values], theirs: Sequence[Values]) -> Values:
    reference = theirs[-1]["ms_each"]
    rows = [
        [name, row["copies"], row["seconds"], row["ms_each"], row["cpu_s"], row["peak_mb"] or "",
         report.ratio(reference, row["ms_each"])]
        for name, found in (("press", ours), ("docxtpl", theirs))
        for row in found
    ]  # fmt: skip
    columns = ["printed by", "copies", "s", "ms each", "s of processor", "peak MB", "× docxtpl"]
    return {"columns": columns, "rows": rows}


def growth(ours: Sequence[Values], theirs: Sequence[Values]) -> list[Values]:
    """The panels of docs/forms-growth.svg: series of (copies, value)."""

    def series(key: str) -> dict[str, list[tuple[int, float]]]:
        return {
            name: [(row["copies"], report.middle(row[key])) for row in found if row[key]]
            for name, found in (("press", ours), ("docxtpl", theirs))
        }

    return [
        {"title": "One copy / 每份用时", "unit": "ms", "series": series("ms_each")},
        {"title": "Peak memory / 内存峰值", "unit": "MB", "series": series("peak_mb")},
    ]


if __name__ == "__main__":
    print(json.dumps(once(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))))
