from __future__ import annotations

from pathlib import Path

import pytest

import indexer


def _pdf(path: Path, content: str) -> Path:
    """A page of this content stream with the font F1."""
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        "/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(content)}>>\nstream\n{content}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    made, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(made))
        made += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    made += f"xref\n0 6\n0000000000 65535 f \n{table}trailer<</Size 6/Root 1 0 R>>\n"
    path.write_text(made + f"startxref\n{made.index('xref')}\n%%EOF", "latin-1")
    return path


@pytest.mark.parametrize(
    "shown",
    [
        "/F1 {size} Tf 1 0 0 1 72 {y} Tm ({text}) Tj",
        "/F1 1 Tf {size} 0 0 {size} 72 {y} Tm ({text}) Tj",  # all at size 1, and scaled
    ],
)
def test_blocks_know_the_size_of_their_text(tmp_path: Path, shown: str) -> None:
    lines = [("Report of the year", 22, 780), ("What we did", 16, 700)]
    lines += [("We met every week and spoke about lessons.", 12, y) for y in (660, 620, 580)]
    content = "BT\n" + "\n".join(shown.format(size=size, y=y, text=text) for text, size, y in lines)
    reading = indexer.read(_pdf(tmp_path / "a.pdf", content + "\nET"))
    assert [block.size for block in reading.blocks] == [22, 16, 12]
    assert [(item.level, item.title) for item in reading.outline] == [
        (0, "Report of the year"),
        (1, "What we did"),
    ]
