"""Real documents: the five seeds of the domain, the filing samples, and files that are odd,
encrypted or broken on purpose. `make sweep` takes all of them; here a few stand for each format."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from archives import Archive
from docx import Document

STATUSES = {"filed", "review", "duplicate", "quarantined", "ignored", "unpacked"}
#: What the seeds are (DOMAIN.md): a county's plan, a school's, a collection, a scheme, rules.
SEED_KINDS = {
    "000": {"county_plan"},
    "001": {"school_plan"},
    "003": {"school_plan", "train_plan"},
    "004": {"rules"},
}
#: One file of each sort of the sample collection, for the short run.
FEW = (
    "apache+poi/Bug51834.doc", "apache+poi/bug53475-password-is-pass.docx",
    "apache+poi/bug59058.docx", "apache+poi/MissingBits.xls", "apache+poi/DataTableCities.xlsx",
    "apache+poi/clusterfuzz-testcase-minimized-POIXWPFFuzzer-6733884933668864.docx",
    "apache+poi/clusterfuzz-testcase-minimized-POIHWPFFuzzer-4892412469968896.doc",
    "apache+tika/testWORKS.wps", "apache+tika/test-documents.7z", "apache+tika/testTika4424.zip",
    "mozilla+pdf.js/bomb_giant.pdf", "mozilla+pdf.js/boundingBox_invalid.pdf",
    "RapidAI+RapidOCR/ta.png", "ofdrw+ofdrw/helloworld.ofd",
)  # fmt: skip


def phrase_of(text: str) -> str:
    """A stretch of the middle of a text without quotes or breaks."""
    lines = [line.strip() for line in text.splitlines() if len(line.strip()) > 40]
    return lines[len(lines) // 2][12:28].replace("“", "").replace("”", "")


@pytest.fixture
def seeded(archive: Archive, seeds: Path, tmp_path: Path) -> tuple[Archive, dict[str, str]]:
    """An archive that took in the seeds as .txt and as .docx; the text by file name."""
    folder, texts = tmp_path / "交", {}
    folder.mkdir()
    for seed in sorted(seeds.glob("*.txt")):
        text = texts[seed.stem[:3]] = seed.read_text("utf-8")
        (folder / f"{seed.stem[:3]}.txt").write_text(text, "utf-8")
        paper = Document()
        for line in text.splitlines():
            paper.add_paragraph("".join(c for c in line if c >= " ").strip())
        paper.save(str(folder / f"{seed.stem[:3]}.docx"))
    lines = archive.ok("add", folder, "--json").lines
    assert {line["status"] for line in lines} <= {"filed", "review"}
    for line in lines:
        wanted = SEED_KINDS.get(line["file"][:3])
        assert wanted is None or line["kind"] in wanted, line["file"]
    return archive, texts


def test_seeds_are_found_in_both_scripts_and_by_any_phrase(
    seeded: tuple[Archive, dict[str, str]],
) -> None:
    archive, texts = seeded
    simplified, traditional = archive.hits("研训中心"), archive.hits("研訓中心")
    assert simplified == traditional
    assert simplified
    for number, text in texts.items():
        phrase = phrase_of(text)
        found = archive.ok("search", f'"{phrase}"', "--json").line["hits"]
        files = {hit["file"][:3] for hit in found}
        assert number in files, phrase


def test_a_few_odd_files_are_all_accounted_for(archive: Archive, samples: Path) -> None:
    files = [samples / "files" / name for name in FEW]
    done = archive.run("add", *files, "--json")
    accounted(done.lines, [str(f) for f in files])
    assert done.code == 1
    again = archive.run("verify")
    assert again.code == 0


def accounted(lines: list[dict[str, object]], labels: list[str]) -> None:
    """Every file has its line and a status; what is set apart has a code, words and a remedy."""
    assert [line["file"] for line in lines if line["member"] is None] != []
    assert {line["file"] for line in lines} == set(labels)
    for line in lines:
        assert line["status"] in STATUSES
        if line["status"] == "quarantined":
            error = line["error"]
            assert isinstance(error, dict)
            assert all(error[part] for part in ("code", "message", "remedy"))


@pytest.mark.sweep
def test_every_sample_file(archive: Archive, samples: Path) -> None:
    for folder in (samples / "files", samples / "filing" / "files"):
        labels = [p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()]
        accounted(archive.run("add", folder, "--json").lines, labels)
    assert archive.run("verify").code == 0


def test_filing_of_the_samples(archive: Archive, samples: Path, tmp_path: Path) -> None:
    """Whatever is filed without a person is filed right."""
    folder = samples / "filing"
    lines = archive.run("add", folder / "files", "--json").lines
    accounted(lines, [p.name for p in (folder / "files").iterdir()])
    report = score(lines, folder, tmp_path)
    assert "AUTO-FILED precision" in report
    wrong = [line for line in report.splitlines() if line.strip().startswith("WRONG")]
    assert wrong == []


def score(lines: list[dict[str, object]], folder: Path, scratch: Path) -> str:
    """The judgement of the samples' own score.py. (Its last table asks for a key that the
    manifest does not have; everything before it is printed.)"""
    kinds = json.loads((folder / "kinds.json").read_text("utf-8"))
    names = {i: label for label, ids in kinds.items() if isinstance(ids, list) for i in ids}
    with (scratch / "predictions.jsonl").open("w", encoding="utf-8") as out:
        for line in lines:
            error = line["error"] if isinstance(line["error"], dict) else {}
            status = {"quarantined": "error", "duplicate": "filed"}.get(str(line["status"]))
            told = {**line, "kind": names.get(str(line["kind"])), "error": error.get("code")}
            told["status"] = status or line["status"]
            out.write(json.dumps(told, ensure_ascii=False) + "\n")
    files = [scratch / "predictions.jsonl", folder / "manifest.jsonl"]
    command = [sys.executable, folder / "score.py", *files, "--list"]
    return subprocess.run(command, capture_output=True).stdout.decode()
