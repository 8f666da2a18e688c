"""The round trip: forms filled in at random, converted, read back and compared.

    python bench/returns.py [--forms 1000] [--scans 30] [--json FILE]

Each form goes four ways: as it is, and saved by LibreOffice as .docx, .doc and .odt. A field is
*equal* when what was written is read back, *doubtful* when it is not but says why, *silently
wrong* when neither. Scans: printed to PDF by LibreOffice, rasterised at 200 dpi, turned by up to
two degrees, with noise, blur, JPEG and a red seal over part of the page.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from archive.filing import Clues  # noqa: E402
from archive.forms import Paper, papers  # noqa: E402
from archive.judging import judge  # noqa: E402
from archive.kind_files import BUILTIN, load_kinds  # noqa: E402
from archive.register import Register  # noqa: E402
from archive.returns import Return, read_back, recognise  # noqa: E402
from archive.returns.lines import clean  # noqa: E402
from bench import Values  # noqa: E402
from bench.filling import Copy, copies  # noqa: E402
from indexer.readers import read  # noqa: E402
from yanxiu.demo import county  # noqa: E402

WAYS = ("as it is", "docx", "doc", "odt")
#: Files handed to one start of LibreOffice.
BATCH = 125
SHOWN = 30


@dataclass
class Tally:
    """Counts of one way, and the first few that went wrong."""

    forms: int = 0
    fields: int = 0
    equal: int = 0
    doubtful: int = 0
    silent: int = 0
    recognised: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def note(self, name: str, wanted: object, read: object, sure: bool) -> None:
        self.fields += 1
        if wanted == read:
            self.equal += 1
        elif sure:
            self.silent += 1
            self.wrong.append(f"SILENT {name}: {wanted!r} / {read!r}")
        else:
            self.doubtful += 1
            self.wrong.append(f"doubt  {name}: {wanted!r} / {read!r}")


def compare(one: Copy, read: Return, tally: Tally, label: str) -> None:
    """Every field, section and cell of a list."""
    for answer in read.answers:
        wanted = clean(one.written.get(answer.name, ""))
        tally.note(f"{label} {answer.name} {answer.doubts}", wanted, answer.value, answer.sure)
    for rows in read.lists:
        wanted_rows = [tuple(map(clean, row)) for row in one.rows.get(rows.name, ())]
        found = [tuple(row) for row in rows.texts]
        name = f"{label} {rows.name} {rows.doubts}"
        for at in range(max(len(wanted_rows), len(found))):
            mine = wanted_rows[at] if at < len(wanted_rows) else ("",) * len(rows.columns)
            theirs = rows.rows[at] if at < len(rows.rows) else ()
            for column, text in enumerate(mine):
                cell = theirs[column] if column < len(theirs) else None
                sure = not rows.doubts and (cell is None or cell.sure)
                tally.note(f"{name}[{at}]", text, cell.value if cell else None, sure)


def converted(files: Sequence[Path], form: str, folder: Path) -> list[Path]:
    """The files as LibreOffice saves them, many with one start."""
    folder.mkdir(parents=True, exist_ok=True)
    program = shutil.which("soffice")
    if program is None:
        raise RuntimeError("LibreOffice (soffice) is not on this machine")
    profile = f"-env:UserInstallation={(folder.parent / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", form, "--outdir", str(folder)]
    for start in range(0, len(files), BATCH):
        batch = files[start : start + BATCH]
        subprocess.run([*command, *map(str, batch)], check=True, capture_output=True, timeout=1800)
    return [folder / f"{file.stem}.{form}" for file in files]


def shipped() -> list[Paper]:
    return papers(load_kinds(BUILTIN))


def round_trip(
    made: Sequence[Copy], register: Register, folder: Path, ways: Sequence[str] = WAYS
) -> dict[str, Tally]:
    """The copies each way; what came back, counted."""
    originals = []
    for number, one in enumerate(made):
        path = folder / "as it is" / f"{number:04}-{one.paper.id}.docx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one.data)
        originals.append(path)
    known = shipped()
    tallies = {}
    for way in ways:
        files = originals if way == WAYS[0] else converted(originals, way, folder / way)
        tallies[way] = tally = Tally()
        for one, file in zip(made, files, strict=True):
            _count(one, file, known, register, tally)
    return tallies


def _count(one: Copy, file: Path, known: Sequence[Paper], register: Register, tally: Tally) -> None:
    reading = read(file)
    found = recognise(reading, known, register)
    tally.forms += 1
    tally.recognised += bool(found and found.issued and found.issued.stamp == one.stamp)
    started = time.perf_counter()
    back = read_back(reading, one.paper, one.stamp)
    tally.seconds += time.perf_counter() - started
    compare(one, back, tally, file.name)


# --- printed and scanned ------------------------------------------------------------------


def scanned(files: Sequence[Path], folder: Path, seed: int = 7) -> Iterator[Path]:
    """Each PDF as a scanner gives it: a picture of one page, a PDF of pictures for several."""
    from PIL import Image

    from bench.printed import pages_of

    chance = random.Random(seed)
    for file in files:
        pages = [Image.fromarray(page) for page in pages_of(file, chance)]
        path = folder / f"{file.stem}.{'jpg' if len(pages) == 1 else 'pdf'}"
        path.parent.mkdir(parents=True, exist_ok=True)
        more: dict[str, Any] = {"save_all": True, "append_images": pages[1:]}
        pages[0].save(path, quality=75, resolution=200, **(more if len(pages) > 1 else {}))
        yield path


def scans(made: Sequence[Copy], register: Register, folder: Path) -> Values:
    """How many scans show their number, and are filed as they were issued."""
    originals = []
    for number, one in enumerate(made):
        path = folder / "printed" / f"{number:02}-{one.paper.id}.docx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one.data)
        originals.append(path)
    kinds, counted = load_kinds(BUILTIN), Counter[str]()
    pdfs = converted(originals, "pdf", folder / "pdf")
    for one, path in zip(made, scanned(pdfs, folder / "scans"), strict=True):
        reading = read(path)
        counted["read"] += one.stamp.form_no in reading.codes
        filing = judge(reading, Clues("扫描件"), kinds, register).filing
        counted["filed"] += filing.status == "filed" and _is_right(one, filing, register)
    return {
        "scans": len(made),
        "codes_percent": _percent(counted["read"], len(made)),
        "filed_percent": _percent(counted["filed"], len(made)),
    }


def _percent(part: int, whole: int) -> float:
    return round(100 * part / max(whole, 1), 3)


def _is_right(one: Copy, filing: Any, register: Register) -> bool:
    own = one.unit.id in (filing.unit, filing.school)
    subject = not one.stamp.subject or one.stamp.subject in filing.subjects
    return filing.kind == one.paper.kind.id and own and subject and _when(one, filing)


def _when(one: Copy, filing: Any) -> bool:
    name = one.stamp.period
    if len(name) == 7:
        return bool(filing.month == name)
    term = int(name[10:]) if len(name) > 9 else None
    return bool(filing.school_year == name[:9] and (term is None or filing.term == term))


# --- measuring ------------------------------------------------------------------------------


def measure(forms: int, pages: int, verbose: bool = False) -> Values:
    register, known = county(), shipped()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = list(copies(known, register, forms))
        tallies = round_trip(made, register, folder)
        printed = list(copies(known, register, pages, seed=11))
        found = scans(printed, register, folder)
    if verbose:
        for way, tally in tallies.items():
            for line in tally.wrong[:SHOWN]:
                print(f"{way}: {line}", file=sys.stderr)
    return {**_summed(tallies, len(known)), **found}


def _summed(tallies: dict[str, Tally], kinds: int) -> Values:
    fields = sum(t.fields for t in tallies.values())
    equal = sum(t.equal for t in tallies.values())
    returned = sum(t.forms for t in tallies.values())
    rows = [
        [way, t.forms, t.recognised, t.fields, t.equal, t.doubtful, t.silent]
        for way, t in tallies.items()
    ]
    return {
        "forms": next(iter(tallies.values())).forms,
        "papers": kinds,
        "fields": fields,
        "equal_percent": _percent(equal, fields),
        "silent": sum(t.silent for t in tallies.values()),
        "recognised_percent": _percent(sum(t.recognised for t in tallies.values()), returned),
        "read_back_ms": round(1000 * sum(t.seconds for t in tallies.values()) / returned, 2),
        "ways": {
            "columns": ["way", "forms", "recognised", "fields", "equal", "doubtful", "silent"],
            "rows": rows,
        },
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", type=int, default=1000)
    parser.add_argument("--scans", type=int, default=30)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = measure(options.forms, options.scans, verbose=True)
    text = json.dumps(found, ensure_ascii=False)
    if options.json:
        options.json.write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0 if found["silent"] == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
