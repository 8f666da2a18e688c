"""The five source documents of the domain: their outlines as a careful reader writes them down.

`golden/` holds each outline, a level and a title a line, written by hand after reading the paper.
What it takes for a heading: a line that names what follows, also where it runs into its text; the
points of a list are none where they are sentences, the lines of a form or a table neither.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from made_docx import docx, para

import indexer
from indexer.folding import fold, load_table
from indexer.reading import Reading

GOLDEN = Path(__file__).parent / "golden"
SEEDS = sorted(path.name.removesuffix(".outline.txt") for path in GOLDEN.glob("*.outline.txt"))

_ASCII = "".join(map(chr, range(0x21, 0x7F)))
_WIDE = "".join(chr(code + 0xFEE0) for code in range(0x21, 0x7F))
_TRADITIONAL = {new: old for old, new in load_table().items() if new not in load_table()}
_VARIANTS: dict[str, Callable[[str], str]] = {
    "full width": lambda text: text.translate(str.maketrans(_ASCII, _WIDE)),
    "half width": lambda text: text.translate(str.maketrans(_WIDE, _ASCII)),
    "traditional": lambda text: text.translate(str.maketrans(_TRADITIONAL)),
    "simplified": lambda text: text.translate(str.maketrans(load_table())),
}


def _outline(reading: Reading) -> list[str]:
    return [f"{item.level} {item.title}" for item in reading.outline]


def _golden(seed: str) -> list[str]:
    return (GOLDEN / f"{seed}.outline.txt").read_text("utf-8").splitlines()


def _same(line: str) -> str:
    return "".join(fold(line).split())


def test_all_five_have_an_outline() -> None:
    assert len(SEEDS) == 5


@pytest.mark.parametrize("seed", SEEDS)
def test_the_outline_is_the_careful_readers(seeds: Path, seed: str) -> None:
    assert _outline(indexer.read(seeds / f"{seed}.txt")) == _golden(seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_word_file_has_the_same_outline_as_its_text(
    seeds: Path, tmp_path: Path, seed: str
) -> None:
    lines = (seeds / f"{seed}.txt").read_text("utf-8").split("\n")
    path = docx(tmp_path / "a.docx", "".join(para(escape(line)) for line in lines))
    assert _outline(indexer.read(path)) == _golden(seed)


@pytest.mark.parametrize("variant", _VARIANTS)
@pytest.mark.parametrize("seed", SEEDS)
def test_script_and_width_make_no_difference(
    seeds: Path, tmp_path: Path, seed: str, variant: str
) -> None:
    text = (seeds / f"{seed}.txt").read_text("utf-8")
    path = tmp_path / "a.txt"
    path.write_text(_VARIANTS[variant](text), "utf-8")
    found = [_same(line) for line in _outline(indexer.read(path))]
    assert found == [_same(line) for line in _golden(seed)]


def test_a_section_holds_the_text_of_its_parts(seeds: Path) -> None:
    (path,) = seeds.glob("001_*.txt")
    measures = next(o for o in indexer.read(path).outline if o.title == "研修措施")
    for part in ("加强教育理论学习", "抓好教师的业务学习", "大力培养中青年教师"):
        assert part in measures.body


def test_a_heading_glued_to_the_text_before_it_ends_that_text(seeds: Path) -> None:
    (path,) = seeds.glob("002_*.txt")
    bodies = {item.title: item.body for item in indexer.read(path).outline}
    assert bodies["加強集體備課指導,切實提高集體備課質量"].endswith("并按計劃實施。")
    assert bodies["開展系列活動,促進教師素質不斷提高"].startswith("各片研訓組要根據")


def test_the_lost_form_header_is_known_to_be_blank(seeds: Path) -> None:
    (path,) = seeds.glob("000_*.txt")
    fields = indexer.read(path).fields
    assert (fields["学校"], fields["学科"], fields["报告时间"]) == ("", "", "")
