"""Pictures of every form, blank and filled with its example, and a page that shows them.

    python tools/form_pictures.py [--forms stage_report,notice.reminder] [--to docs/forms]

Needs LibreOffice (soffice). Fonts that the forms name and the machine lacks are replaced as
indexer/office/fonts.conf says; docs/OPERATIONS.md names the packages.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from archive.form_examples import example  # noqa: E402
from archive.forms import Paper, compiled, papers  # noqa: E402
from archive.kind_files import BUILTIN, load_kinds  # noqa: E402
from generator import Mode, Stamp  # noqa: E402
from indexer.office.soffice import fonts  # noqa: E402

MODES: dict[Mode, str] = {"blank": "空白", "filled": "填好"}
#: 72 dpi x 1.25: a page of 744 x 1052 points, legible and some 60 kB.
SCALE = 1.25


def printed(paper: Paper, mode: Mode) -> bytes:
    """One copy, with the example beside its source."""
    given = {"县名": "蒲城县", **example(paper)}
    stamp = Stamp.issue(paper.id, paper.version, "", "", "")
    return compiled(paper).render(given, mode, stamp)


def draw(found: Iterable[Paper], folder: Path) -> Iterator[tuple[Paper, str, list[Path]]]:
    """(form, mode, pictures of its pages), all of them with one start of LibreOffice."""
    with tempfile.TemporaryDirectory() as name:
        made = [(p, m, Path(name) / f"{p.id}-{m}.docx") for p in found for m in MODES]
        for paper, mode, path in made:
            path.write_bytes(printed(paper, mode))
        profile = f"-env:UserInstallation={(Path(name) / 'profile').as_uri()}"
        command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", name]
        subprocess.run(
            [*command, *(str(path) for *_, path in made)],
            check=True, capture_output=True, env={**os.environ, **fonts()},
        )  # fmt: skip
        for paper, mode, path in made:
            yield paper, mode, _pictures(path.with_suffix(".pdf"), folder)


def _pictures(pdf: Path, folder: Path) -> list[Path]:
    pictures = []
    for number, page in enumerate(pypdfium2.PdfDocument(pdf), 1):
        picture = folder / f"{pdf.stem}-{number}.png"
        image = page.render(scale=SCALE).to_pil().convert("RGB")
        _few_colours(image).save(picture, optimize=True)
        pictures.append(picture)
    return pictures


def _few_colours(image: Image.Image) -> Image.Image:
    """Sixteen greys, or 48 colours for a page with a red head."""
    red, green, _ = image.split()
    coloured = ImageChops.subtract(red, green).getextrema()[1] > 64
    return image.quantize(48) if coloured else image.convert("L").quantize(16)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", default="")
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "forms")
    options = parser.parse_args()
    wanted = set(filter(None, options.forms.split(",")))
    found = [p for p in papers(load_kinds(BUILTIN)) if not wanted or p.id in wanted]
    options.to.mkdir(parents=True, exist_ok=True)
    lines = [
        "# 表单样张",
        "",
        "由 `tools/form_pictures.py` 生成，字体以代替字体排版（见 docs/OPERATIONS.md）。",
        "",
    ]
    for paper, mode, pictures in draw(found, options.to):
        if mode == "blank":
            lines += [f"## {paper.name}（{paper.id}）", ""]
        links = " ".join(f"![{paper.name}]({p.name})" for p in pictures)
        lines += [f"{MODES[mode]}：{links}", ""]  # type: ignore[index]
        print(*pictures, sep="\n")
    if not wanted:
        (options.to / "README.md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
