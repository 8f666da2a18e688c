"""Every form of the house: names, layout, its example, and the pages LibreOffice makes of it."""

from __future__ import annotations

import io
import re
import runpy
import zipfile
from pathlib import Path
from typing import Any

import pdfplumber
import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn
from laid_out import SOFFICE, as_pdf
from PIL import Image, ImageFilter
from shipped_values import (
    KINDS,
    LONG_NAME,
    PAPERS,
    SHIPPED,
    TEMPLATES,
    shipped,
    source,
    source_name,
    values,
)

from archive.filing import Clues
from archive.forms import spec_of
from archive.judging import Judgement, judge
from archive.register import Register
from generator import MODES, Mode, Stamp, read_stamp
from indexer.codes import find
from indexer.readers import read
from yanxiu.demo import county

BUILD = runpy.run_path(str(TEMPLATES / "forms_source" / "build.py"))


def stamp(kind_id: str) -> Stamp:
    return Stamp.issue(kind_id, "1", "unit-1", "语文", "2014-10")


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def all_text(data: bytes) -> str:
    document = Document(io.BytesIO(data))
    parts = [document.element.body]
    for section in document.sections:
        parts += [section.footer._element, section.even_page_footer._element]
    return "\n".join("".join(t.text or "" for t in part.iter(qn("w:t"))) for part in parts)


@pytest.mark.parametrize("kind_id", SHIPPED)
def test_the_form_asks_for_all_its_kind_asks_for(kind_id: str) -> None:
    """Every field, section and column of kind.toml has its place on the paper."""
    spec = spec_of(PAPERS[kind_id])
    names = [field.key for field in spec.fields] + [section.name for section in spec.sections]
    names += [f"{rows.name}.{column}" for rows in spec.all_lists for column in rows.columns]
    document = Document(str(PAPERS[kind_id].template))
    written = "".join(t.text or "" for t in document.element.body.iter(qn("w:t")))
    for name in names:
        assert re.search(r"\{\{ " + re.escape(name) + r"(\|[^}]+)? \}\}", written), name


@pytest.mark.parametrize("kind_id", SHIPPED)
@pytest.mark.parametrize("mode", MODES)
def test_nothing_of_the_template_is_left_over(kind_id: str, mode: Any) -> None:
    printed = shipped(kind_id).render(values(kind_id, mode), mode, stamp(kind_id))
    text = all_text(printed)
    for leftover in ("{{", "}}", "{%", "None", "Undefined", "nan"):
        assert leftover not in text
    assert text.count(f"表单编号：{stamp(kind_id).form_no}") == 2  # odd and even pages
    assert read_stamp(printed) == stamp(kind_id)


@pytest.mark.parametrize("kind_id", SHIPPED)
def test_all_that_was_filled_in_is_printed(kind_id: str) -> None:
    printed = all_text(shipped(kind_id).render(values(kind_id, "filled"), "filled"))
    for value in source(kind_id)["written"].values():
        rows = [r for row in value for r in row] if isinstance(value, list) else [value]
        for word in (line for cell in rows for line in str(cell).split("\n")):
            assert word.strip() in printed


@pytest.fixture(scope="module")
def register() -> Register:
    return county()


def judged(kind_id: str, mode: Mode, register: Register, folder: Path) -> Judgement:
    """What the house thinks of a copy that bears no number and no telling name."""
    path = folder / "新建 Microsoft Word 文档.docx"
    path.write_bytes(shipped(kind_id).render(values(kind_id, mode), mode))
    return judge(read(path), Clues(path.name), KINDS, register)


@pytest.mark.parametrize("kind_id", SHIPPED)
def test_a_filled_form_is_complete_and_filed_as_what_it_is(
    kind_id: str, register: Register, tmp_path: Path
) -> None:
    judgement = judged(kind_id, "filled", register, tmp_path)
    assert judgement.filing.kind == PAPERS[kind_id].kind.id, judgement.filing
    assert judgement.findings.complete, judgement.findings
    assert not judgement.blank


@pytest.mark.parametrize("kind_id", SHIPPED)
def test_a_blank_form_is_told_from_a_filled_one(
    kind_id: str, register: Register, tmp_path: Path
) -> None:
    judgement = judged(kind_id, "blank", register, tmp_path)
    assert judgement.filing.kind == PAPERS[kind_id].kind.id, judgement.filing
    assert judgement.blank


@pytest.mark.parametrize("kind_id", SHIPPED)
def test_the_form_is_what_its_source_says(kind_id: str) -> None:
    built = BUILD["build_form"](source_name(kind_id), BUILD["build_base"]())
    assert members(built) == members(PAPERS[kind_id].template.read_bytes())


def test_every_source_has_its_form_and_every_form_its_source() -> None:
    assert {form_id.replace(".", "-") for form_id in SHIPPED} == set(BUILD["form_names"]())


def test_the_base_is_what_its_source_says() -> None:
    assert members(BUILD["build_base"]()) == members((TEMPLATES / "base.docx").read_bytes())


def test_building_twice_gives_the_same_bytes() -> None:
    base = BUILD["build_base"]()
    assert BUILD["build_form"]("stage_report", base) == BUILD["build_form"]("stage_report", base)


def test_page_and_body_text_are_official() -> None:
    """A4, 37/35/28/26 mm, 28.95 pt lines, -0.25 pt between characters, 16 pt 仿宋_GB2312."""
    section: Any = Document(str(TEMPLATES / "base.docx")).sections[0]
    assert (section.page_width.twips, section.page_height.twips) == (11906, 16838)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [37, 35, 28, 26]
    styles = members((TEMPLATES / "base.docx").read_bytes())["word/styles.xml"].decode()
    normal = re.search(r'w:styleId="Normal">.*?</w:style>', styles, re.DOTALL)
    assert normal
    assert 'w:line="579" w:lineRule="exact"' in normal.group()
    assert '<w:spacing w:val="-5"/>' in normal.group()
    assert '<w:sz w:val="32"/>' in styles
    for font in ("仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体"):
        assert f'w:eastAsia="{font}"' in styles
    assert "Theme" not in styles
    assert 'w:eastAsia="zh-CN"' in styles


@pytest.mark.parametrize("kind_id", SHIPPED)
def test_tables_have_both_widths_and_they_agree(kind_id: str) -> None:
    document: Any = Document(str(PAPERS[kind_id].template))
    for table in document.tables:
        grid = [column.w.twips for column in table._tbl.tblGrid.gridCol_lst]
        assert abs(sum(grid) - 8845) <= 5  # 156 mm
        for row in table._tbl.tr_lst:
            at = 0
            for cell in row.tc_lst:
                span = cell.grid_span
                assert abs(cell.width.twips - sum(grid[at : at + span])) <= span
                at += span
            assert at == len(grid)


@pytest.mark.parametrize("kind_id", SHIPPED)
def test_page_field_pieces_stand_in_runs_of_their_own(kind_id: str) -> None:
    parts = members(PAPERS[kind_id].template.read_bytes())
    footers = [d.decode() for n, d in parts.items() if "footer" in n and n.endswith(".xml")]
    assert len(footers) == 2
    for footer in footers:
        runs = re.findall(r"<w:r>.*?</w:r>", footer, re.DOTALL)
        pieces = [r for r in runs if "fldChar" in r or "instrText" in r]
        assert len(pieces) == 4
        assert all(r.count("w:fldChar ") + r.count("<w:instrText") == 1 for r in pieces)


@pytest.fixture(scope="module")
def pdfs(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """Each form in each mode as LibreOffice lays it out: one start for all of them."""
    if not SOFFICE:
        pytest.skip("LibreOffice (soffice) is not on this machine")
    folder = tmp_path_factory.mktemp("pages")
    paths = {}
    for kind_id in SHIPPED:
        for mode in MODES:
            path = folder / f"{kind_id}-{mode}.docx"
            path.write_bytes(shipped(kind_id).render(values(kind_id, mode), mode, stamp(kind_id)))
            paths[kind_id, mode] = path
    as_pdf(list(paths.values()), folder)
    return {key: path.with_suffix(".pdf") for key, path in paths.items()}


@pytest.mark.parametrize("kind_id", SHIPPED)
def test_page_count_is_the_same_in_all_modes(
    pdfs: dict[tuple[str, str], Path], kind_id: str
) -> None:
    counts = {mode: len(pypdfium2.PdfDocument(pdfs[kind_id, mode])) for mode in MODES}
    assert counts == dict.fromkeys(MODES, source(kind_id)["pages"])


@pytest.mark.parametrize("kind_id", SHIPPED)
def test_every_page_shows_the_number_and_its_page(
    pdfs: dict[tuple[str, str], Path], kind_id: str
) -> None:
    document = pypdfium2.PdfDocument(pdfs[kind_id, "filled"])
    for number, page in enumerate(document, 1):
        text = page.get_textpage().get_text_range()
        assert stamp(kind_id).form_no in text
        assert re.search(rf"—\s*{number}\s*—", text)


@pytest.mark.parametrize("kind_id", SHIPPED)
def test_every_page_shows_the_code_of_its_number(
    pdfs: dict[tuple[str, str], Path], kind_id: str
) -> None:
    for page in pypdfium2.PdfDocument(pdfs[kind_id, "filled"]):
        assert find(page.render(scale=150 / 72).to_pil()) == (stamp(kind_id).form_no,)


@pytest.mark.parametrize("dpi", [150, 200, 300])
@pytest.mark.parametrize("page", [0, 1])
def test_the_code_is_read_from_a_scan_that_is_askew(
    pdfs: dict[tuple[str, str], Path], page: int, dpi: int
) -> None:
    """Turned, blurred and packed as a hasty scanner does, odd pages and even ones."""
    sheet = pypdfium2.PdfDocument(pdfs["school_plan", "filled"])[page]
    scan = sheet.render(scale=dpi / 72, grayscale=True).to_pil()
    for degrees in (-2.5, 1.5):
        turned = scan.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255)
        packed = io.BytesIO()
        turned.filter(ImageFilter.GaussianBlur(dpi / 300)).save(packed, "JPEG", quality=35)
        assert find(Image.open(packed)) == (stamp("school_plan").form_no,)


@pytest.mark.parametrize("kind_id", SHIPPED)
def test_the_code_keeps_its_distance(pdfs: dict[tuple[str, str], Path], kind_id: str) -> None:
    """At the inner edge, below the type area, clear of the words and of what printers leave."""
    with pdfplumber.open(pdfs[kind_id, "filled"]) as document:
        for page in document.pages:
            code = max(page.images, key=lambda picture: picture["top"])
            left, right, top, bottom = (
                code[side] / 72 * 25.4 for side in ("x0", "x1", "top", "bottom")
            )
            assert right - left == pytest.approx(16.65, abs=0.1)
            edge = left - 28 if page.page_number % 2 else page.width / 72 * 25.4 - 26 - right
            assert abs(edge) < 0.3
            assert top > page.height / 72 * 25.4 - 35 + 1
            assert bottom < page.height / 72 * 25.4 - 10
            beside = [c for c in page.chars if c["bottom"] > code["top"] and c["text"].strip()]
            assert all(c["x1"] < code["x0"] or c["x0"] > code["x1"] for c in beside)


def test_long_school_names_are_whole(tmp_path: Path) -> None:
    """In one start for all of them: the name wraps instead of being cut off."""
    if not SOFFICE:
        pytest.skip("LibreOffice (soffice) is not on this machine")
    paths = []
    for kind_id in SHIPPED:
        if "学校" in values(kind_id, "prefilled"):
            paths.append(tmp_path / f"{kind_id}.docx")
            given = {**values(kind_id, "prefilled"), "学校": LONG_NAME}
            paths[-1].write_bytes(shipped(kind_id).render(given))
    for pdf in as_pdf(paths, tmp_path):
        text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
        assert LONG_NAME[-4:] in "".join(text.split()), pdf.name
