"""Recognising text on made scans, beside tesseract: wrong characters, pages a minute, memory.

    python -m bench.ocr FOLDER ENGINE    (one pass over the scans of a folder, used by `measure`)

The texts are those of the sample county's papers, and one in Traditional characters. A character
is wrong that must be put in, taken out or replaced (Levenshtein), in reading order, white space
left out and full width made half (NFKC): nobody can tell the two widths apart on paper.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np

from bench import ROOT, Values, run, scans, work
from yanxiu.demo import county, papers, word
from yanxiu.demo.papers import Line, _lines

FAMILIES = ("Noto Serif CJK SC", "Noto Sans CJK SC")
#: Papers longer than a line or two, by the beginnings of their keys.
PAPERS = ("stage", "quality", "reflect", "group", "school", "teacher", "evaluation")
OFFICE_DPI = 150
#: Which of tesseract's languages reads a kind best: it is told, our engine is not.
LANGUAGES = {"traditional": "chi_tra"}


def measure(pages: int, seed: int = 20141107) -> Values:
    """`pages` of each kind, recognised by our own means, by tesseract behind our own preparation,
    and by tesseract as it comes. Raises RuntimeError where fonts or programs are missing."""
    with work() as folder:
        written = list(_scans(folder, pages, random.Random(seed)))
        ours = run([sys.executable, "-m", "bench.ocr", str(folder), "rapidocr"])
        behind = run([sys.executable, "-m", "bench.ocr", str(folder), "tesseract"])
        readings = {
            "ours": _texts(ours.out),
            "behind": _texts(behind.out),
            "alone": {path.name: _tesseract(path) for path in written},
        }
        wrong = {name: _wrong(written, texts) for name, texts in readings.items()}
        seconds = [json.loads(line)["cpu"] for line in ours.out.splitlines()]
    kinds = list(wrong["ours"])
    mine, theirs = (sum(e for e, _ in wrong[name].values()) for name in ("ours", "alone"))
    return {
        "pages": len(written),
        "characters": sum(length for _, length in wrong["ours"].values()),
        **{f"right_{kind}": _right(*wrong["ours"][kind]) for kind in kinds},
        "times_fewer": round(theirs / max(1, mine), 1),
        "pages_per_minute": round(60 * len(seconds) / sum(seconds), 1),
        "peak_mb": ours.own_mb,
        "kinds": {
            "columns": [
                "scans", "characters", "wrong, %", "tesseract alone, %",
                "tesseract behind our preparation, %",
            ],
            "rows": [
                [
                    kind, wrong["ours"][kind][1],
                    *(_share(*wrong[name][kind]) for name in ("ours", "alone", "behind")),
                ]
                for kind in kinds
            ],
        },
    }  # fmt: skip


def _share(errors: int, length: int) -> float:
    return round(100 * errors / length, 2)


def _right(errors: int, length: int) -> float:
    return round(100 - 100 * errors / length, 2)


# --- the scans ----------------------------------------------------------------


def _scans(folder: Path, pages: int, chance: random.Random) -> Iterator[Path]:
    """`pages` scans of each kind as pictures, each with its text beside it as .txt."""
    texts = [p.lines for k, p in papers.load(county()).items() if k.startswith(PAPERS)]
    texts = [lines for lines in texts if sum(len(line.plain) for line in lines) > 300]
    other = _lines((ROOT / "bench" / "traditional.txt").read_text("utf-8"))
    for kind in scans.KINDS:
        for at in range(pages):
            lines = other if kind == "traditional" else chance.choice(texts)
            yield _saved(_set(kind, at, lines, chance), folder)
    if shutil.which("soffice"):
        for scan in _office([chance.choice(texts) for _ in range(pages)], folder, chance):
            yield _saved(scan, folder)


def _set(kind: str, at: int, lines: Sequence[Line], chance: random.Random) -> scans.Scan:
    family = FAMILIES[at % 2].replace("SC", "TC" if kind == "traditional" else "SC")
    dpi = 200 if kind == "photo" else (150, 200)[at // 2 % 2]
    setting = scans.Setting(family, scans.SIZES[at % len(scans.SIZES)], dpi)
    pixels, text = next(scans.pages(lines, setting))
    return scans.spoilt(kind, pixels, text, chance)


def _office(
    texts: Sequence[Sequence[Line]], folder: Path, chance: random.Random
) -> Iterator[scans.Scan]:
    """First pages of .docx files as LibreOffice prints them, scanned."""
    import pypdfium2 as pdfium

    when = datetime(2015, 4, 28, 8, tzinfo=UTC)
    paths = [folder / f"{at}.docx" for at in range(len(texts))]
    for path, lines in zip(paths, texts, strict=True):
        path.write_bytes(word.document(lines, when=when))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, *map(str, paths)], check=True, capture_output=True, timeout=300)
    for path in paths:
        with pdfium.PdfDocument(path.with_suffix(".pdf")) as document:
            page = document[0]
            text = page.get_textpage().get_text_range()
            pixels = np.array(page.render(scale=OFFICE_DPI / 72).to_pil().convert("RGB"))
        scan = scans.spoilt("clean", pixels, text, chance)
        yield scans.Scan("office", scan.pixels, text)


def _saved(scan: scans.Scan, folder: Path) -> Path:
    path = scans.saved(scan, folder, len(list(folder.glob("*.txt"))))
    path.with_suffix(".txt").write_text(scan.text, "utf-8")
    return path


# --- what was read --------------------------------------------------------------


def _texts(out: str) -> dict[str, str]:
    return {found["file"]: found["text"] for found in map(json.loads, out.splitlines())}


def _tesseract(path: Path) -> str:
    """What tesseract reads by itself, with its own layout."""
    language = LANGUAGES.get(_kind(path), "chi_sim")
    command = ["tesseract", str(path), "stdout", "-l", language]
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return done.stdout


def _kind(path: Path) -> str:
    return path.stem.partition("-")[2]


def _wrong(written: Sequence[Path], texts: dict[str, str]) -> dict[str, tuple[int, int]]:
    """(wrong characters, characters) of each kind."""
    found: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for path in written:
        stands = _folded(path.with_suffix(".txt").read_text("utf-8"))
        errors, length = found[_kind(path)]
        errors += distance(stands, _folded(texts[path.name]))
        found[_kind(path)] = errors, length + len(stands)
    return dict(found)


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def distance(one: str, other: str) -> int:
    """Levenshtein's, a row of the table at a time."""
    signs = np.array([ord(sign) for sign in other])
    steps = np.arange(len(other) + 1)
    row = steps.copy()
    for at, sign in enumerate(one, 1):
        changed = np.minimum(row[:-1] + (signs != ord(sign)), row[1:] + 1)
        row = np.minimum.accumulate(np.concatenate(([at], changed)) - steps) + steps
    return int(row[-1])


# --- one pass -------------------------------------------------------------------


def main(folder: Path, name: str) -> None:
    """Recognise every picture of the folder; a JSON line each: file, text, cpu seconds."""
    from indexer.ocr import rapid, recognise, tesseract

    engine = rapid.load() if name == "rapidocr" else tesseract.load()
    if engine is None:
        raise SystemExit(f"{name} does not work here")
    recognise(np.full((400, 400, 3), 255, np.uint8), 1, engine)
    for path in sorted([*folder.glob("*.png"), *folder.glob("*.jpg")]):
        pixels = np.ascontiguousarray(cv2.imread(str(path))[..., ::-1])
        started = time.process_time()
        blocks, _ = recognise(pixels, 1, engine)
        found = {"file": path.name, "text": "\n".join(block.text for block in blocks)}
        cpu = round(time.process_time() - started, 3)
        print(json.dumps({**found, "cpu": cpu}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
