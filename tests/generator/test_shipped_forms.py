"""The three forms of the house: names, layout, and the pages LibreOffice makes of them."""

from __future__ import annotations

import io
import re
import runpy
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn
from shipped_values import SHIPPED, TEMPLATES, WRITTEN, kind_of, shipped, values

from archive.completeness import check
from generator import MODES, Stamp, read_stamp
from indexer.readers import read

SOFFICE = shutil.which("soffice")
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
    kind = kind_of(kind_id)
    names = [field.key for field in kind.fields] + [section.name for section in kind.sections]
    for section in kind.sections:
        if section.rows:
            names += [f"{section.rows.name}.{column}" for column in section.rows.columns]
    document = Document(str(TEMPLATES / "kinds" / kind_id / "form.docx"))
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
    for value in WRITTEN[kind_id].values():
        words = value.split("\n") if isinstance(value, str) else [str(c) for r in value for c in r]
        for word in words:
            assert word in printed


@pytest.mark.parametrize("kind_id", SHIPPED)
def test_a_filled_form_is_complete_and_a_blank_one_is_not(kind_id: str, tmp_path: Path) -> None:
    kind = kind_of(kind_id)
    for mode, complete in (("filled", True), ("blank", False)):
        path = tmp_path / f"{mode}.docx"
        path.write_bytes(shipped(kind_id).render(values(kind_id, mode), mode))  # type: ignore[arg-type]
        findings = check(read(path), kind)
        assert findings.complete is complete, findings


@pytest.mark.parametrize("kind_id", SHIPPED)
def test_the_form_is_what_its_source_says(kind_id: str) -> None:
    built = BUILD["build_form"](kind_id, BUILD["build_base"]())
    assert members(built) == members((TEMPLATES / "kinds" / kind_id / "form.docx").read_bytes())


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
    document: Any = Document(str(TEMPLATES / "kinds" / kind_id / "form.docx"))
    assert document.tables
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
    parts = members((TEMPLATES / "kinds" / kind_id / "form.docx").read_bytes())
    footers = [data.decode() for name, data in parts.items() if "footer" in name and "xml" in name]
    assert len(footers) == 2
    for footer in footers:
        runs = re.findall(r"<w:r>.*?</w:r>", footer, re.DOTALL)
        pieces = [r for r in runs if "fldChar" in r or "instrText" in r]
        assert len(pieces) == 4
        assert all(r.count("w:fldChar ") + r.count("<w:instrText") == 1 for r in pieces)


@pytest.fixture(scope="module")
def pdfs(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """Each form in each mode as LibreOffice lays it out: one start for all nine."""
    if not SOFFICE:
        pytest.skip("LibreOffice (soffice) is not on this machine")
    folder = tmp_path_factory.mktemp("pages")
    paths = {}
    for kind_id in SHIPPED:
        for mode in MODES:
            path = folder / f"{kind_id}-{mode}.docx"
            path.write_bytes(shipped(kind_id).render(values(kind_id, mode), mode, stamp(kind_id)))
            paths[kind_id, mode] = path
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [SOFFICE, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run(
        [*command, *map(str, paths.values())], check=True, capture_output=True, timeout=180
    )
    return {key: path.with_suffix(".pdf") for key, path in paths.items()}


@pytest.mark.parametrize(
    ("kind_id", "pages"), [("school_plan", 3), ("stage_report", 1), ("qa_report", 1)]
)
def test_page_count_is_the_same_in_all_modes(
    pdfs: dict[tuple[str, str], Path], kind_id: str, pages: int
) -> None:
    counts = {mode: len(pypdfium2.PdfDocument(pdfs[kind_id, mode])) for mode in MODES}
    assert counts == dict.fromkeys(MODES, pages)


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
def test_long_school_names_are_whole(pdfs: dict[tuple[str, str], Path], kind_id: str) -> None:
    page = pypdfium2.PdfDocument(pdfs[kind_id, "prefilled"])[0]
    text = "".join(page.get_textpage().get_text_range().split())
    assert "附属小学" in text or "属小学" in text
    assert "蒲城县城关镇" in text
