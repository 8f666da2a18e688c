"""Speed of the press: a month's stage reports, printed, stamped and written to disk.

    python bench/forms.py [--copies 342] [--runs 5] [--reference-copies 38] [--json FILE]

342 = 38 schools x 9 subjects, one month of the sample county. docxtpl prints the same form with
the same values in the same run, fewer copies of it (it is slower) and without any stamp in the
document's properties. Medians of the runs; the second of our runs must give the same bytes as
the first. Prints a table to standard error and one JSON object to standard output.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import io
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from docx import Document
from docxtpl import DocxTemplate

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from archive.kind_files import load_kinds  # noqa: E402
from generator import Form, FormSpec, Sheet, Stamp, compile_form  # noqa: E402

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


def our_form() -> Form:
    kind = load_kinds(KINDS)[KIND]
    spec = FormSpec.of(kind.id, kind.name, "1", kind.fields, kind.sections)
    return compile_form(KINDS / KIND / "form.docx", spec)


def print_ours(form: Form, folder: Path, copies: int) -> None:
    form.write_many(
        Sheet(
            folder / f"{number:04}.docx",
            values(number),
            Stamp.issue(KIND, "1", f"unit-{number // 9}", SUBJECTS[number % 9], "2014-10"),
        )
        for number in range(copies)
    )


def reference_template(path: Path) -> None:
    """Our form as docxtpl wants it: two more rows with its control tags around the list's row."""
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
    for number in range(copies):
        given = values(number)
        rows = given.pop("活动")
        given["全部活动"] = rows + [{}] * (BLANK_ROWS - len(rows))
        given["表单编号"] = f"REF-{number:04}"
        document = DocxTemplate(str(template))
        document.render(given, autoescape=True)
        document.save(str(folder / f"{number:04}.docx"))


def timed(run: Callable[[Path], None], runs: int) -> tuple[list[float], list[str]]:
    """Seconds and a digest of all files, for each run in a fresh folder."""
    seconds, digests = [], []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            start = time.perf_counter()
            run(folder)
            seconds.append(time.perf_counter() - start)
            digest = hashlib.sha256()
            for file in sorted(folder.iterdir()):
                digest.update(file.read_bytes())
            digests.append(digest.hexdigest())
    return seconds, digests


def measure(copies: int, reference_copies: int, runs: int) -> dict[str, Any]:
    start = time.perf_counter()
    form = our_form()
    compiled = time.perf_counter() - start
    ours, digests = timed(lambda folder: print_ours(form, folder, copies), runs)
    with tempfile.TemporaryDirectory() as name:
        template = Path(name) / "reference.docx"
        reference_template(template)
        theirs, _ = timed(lambda f: print_reference(template, f, reference_copies), runs)
    each, reference = statistics.median(ours) / copies, statistics.median(theirs) / reference_copies
    sample = form.render(values(0), "prefilled", Stamp.issue(KIND, "1", "u", "语文", "2014-10"))
    return {
        "copies": copies,
        "runs": runs,
        "seconds": round(statistics.median(ours), 4),
        "ms_each": round(each * 1000, 3),
        "compile_ms": round(compiled * 1000, 1),
        "docxtpl_copies": reference_copies,
        "docxtpl_ms_each": round(reference * 1000, 3),
        "times_faster": round(reference / each, 1),
        "same_bytes": len(set(digests)) == 1,
        "bytes_each": len(sample),
        "opens": len(Document(io.BytesIO(sample)).tables) > 0,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=342)
    parser.add_argument("--reference-copies", type=int, default=38)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = measure(options.copies, options.reference_copies, options.runs)
    rows = [
        ("press", found["copies"], found["ms_each"]),
        ("docxtpl", found["docxtpl_copies"], found["docxtpl_ms_each"]),
    ]
    for name, copies, each in rows:
        print(
            f"{name:<8} {copies:>4} copies  {each:>8.3f} ms each  {1000 / each:>7.0f}/s",
            file=sys.stderr,
        )
    text = json.dumps(found, ensure_ascii=False)
    if options.json:
        options.json.write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0 if found["same_bytes"] and found["opens"] else 1


if __name__ == "__main__":
    sys.exit(main())
