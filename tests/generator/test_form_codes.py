"""The QR code of a form's number: drawn for each copy, in a place of the template or one made."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sample_forms import SPEC, make, opened, write_template

from generator import Stamp, compile_form, qr
from generator.code_place import BESIDE, DESCRIPTION
from indexer.codes import find

STAMP = Stamp.issue("stage_report", "1", "0190f2", "语文", "2014-10")
SOFFICE = shutil.which("soffice")
TEXT = st.text(max_size=20)


def codes(data: bytes) -> list[tuple[str, ...]]:
    """What the pictures described as codes say, in the package's order of footers."""
    found = []
    for part in opened(data).part.package.iter_parts():
        if "footer" in part.partname:
            for words in part.element.iter(qn("wp:docPr")):
                blip = next(words.getparent().iter(qn("a:blip")))
                assert words.get("descr") == DESCRIPTION
                picture = part.related_parts[blip.get(qn("r:embed"))]
                assert picture.content_type == "image/png"
                found.append(find(Image.open(io.BytesIO(picture.blob))))
    return found


@given(st.tuples(TEXT, TEXT, TEXT, TEXT, TEXT))
def test_a_code_says_its_number(values: tuple[str, str, str, str, str]) -> None:
    stamp = Stamp.issue(*values)
    image = Image.open(io.BytesIO(qr.picture(stamp.form_no)))
    assert image.size == (296, 296)
    # As on a page of 150 dpi.
    side = round(qr.SIDE_MM / 25.4 * 150)
    small = image.convert("L").resize((side, side), Image.Resampling.BOX)
    assert find(small) == (stamp.form_no,)


def test_the_longest_number_has_room() -> None:
    stamp = Stamp.issue("a" * 20, "1" * 20, "u", "s", "2" * 40)
    assert len(stamp.form_no) == 39
    assert find(Image.open(io.BytesIO(qr.picture(stamp.form_no)))) == (stamp.form_no,)


def test_the_same_number_is_the_same_picture_for_good() -> None:
    """A change of these bytes would change every form issued again."""
    assert qr.picture(STAMP.form_no) == qr.picture(STAMP.form_no)
    image = Image.open(io.BytesIO(qr.picture(STAMP.form_no))).convert("1")
    small = image.resize((qr.SIDE, qr.SIDE), Image.Resampling.NEAREST).tobytes()
    assert hashlib.sha256(small).hexdigest()[:16] == "3370b804140e36c4"


def test_the_code_is_large_enough_and_has_its_quiet_zone() -> None:
    assert qr.MODULES * qr.MODULE_MM >= 13
    image = Image.open(io.BytesIO(qr.picture(STAMP.form_no))).convert("L")
    box = image.point(lambda value: 255 - value).getbbox()
    assert box == (32, 32, 264, 264)  # 4 modules of 8 pixels


def test_a_templates_picture_is_no_code_itself() -> None:
    for picture in (qr.placeholder(), qr.empty()):
        assert find(Image.open(io.BytesIO(picture))) == ()


def test_a_template_without_a_place_gets_one_in_a_footer_of_ours(path: Path) -> None:
    form = make(path, "x")
    assert codes(form.render({}, "blank", STAMP)) == [(STAMP.form_no,)]
    other = Stamp.issue("stage_report", "1", "u2", "数学", "2014-10")
    assert codes(form.render({}, "blank", other)) == [(other.form_no,)]


def test_a_copy_without_a_number_shows_white(path: Path) -> None:
    printed = make(path, "x").render({})
    assert codes(printed) == [()]
    with zipfile.ZipFile(io.BytesIO(printed)) as archive:
        image = Image.open(io.BytesIO(archive.read("word/media/formQR.png")))
    assert image.convert("L").getextrema() == (255, 255)


def test_a_template_with_the_line_alone_gets_the_code(path: Path) -> None:
    printed = make(path, "x", footer="编号 {{ 表单编号 }}").render({}, "blank", STAMP)
    assert [p.text for p in opened(printed).sections[0].footer.paragraphs] == [
        f"编号 {STAMP.form_no}"
    ]
    assert codes(printed) == [(STAMP.form_no,)]


def test_words_make_way_for_the_code(path: Path) -> None:
    def centre(document: Any) -> None:
        document.sections[0].footer.add_paragraph("居中").alignment = WD_ALIGN_PARAGRAPH.CENTER

    printed = opened(make(path, "x", footer="左边", edit=centre).render({}, "blank", STAMP))
    indents = {
        p.text: p.paragraph_format.left_indent.twips if p.paragraph_format.left_indent else 0
        for p in printed.sections[0].footer.paragraphs
    }
    assert indents == {"左边": BESIDE, "居中": 0, f"表单编号：{STAMP.form_no}": BESIDE}


@pytest.mark.parametrize("narrow", [True, False])
def test_where_there_is_no_room_the_code_has_its_own_line(path: Path, narrow: bool) -> None:
    def cramp(document: Any) -> None:
        section = document.sections[0]
        if narrow:
            section.bottom_margin = Mm(15)
        else:
            section.footer.add_table(1, 1, Mm(100)).cell(0, 0).text = "页脚里的表"

    printed = make(path, "x", footer="左边", edit=cramp).render({}, "blank", STAMP)
    footer = opened(printed).sections[0].footer
    assert list(footer._element.iter(qn("wp:inline")))
    assert not list(footer._element.iter(qn("wp:anchor")))
    assert codes(printed) == [(STAMP.form_no,)]


def test_every_kind_of_page_has_a_footer_with_it(path: Path) -> None:
    def kinds(document: Any) -> None:
        document.settings.odd_and_even_pages_header_footer = True
        section = document.sections[0]
        section.different_first_page_header_footer = True
        section.even_page_footer.paragraphs[0].text = "偶数页"

    printed = opened(make(path, "x", footer="单数页", edit=kinds).render({}, "blank", STAMP))
    section = printed.sections[0]
    for footer in (section.footer, section.even_page_footer, section.first_page_footer):
        assert f"表单编号：{STAMP.form_no}" in [p.text for p in footer.paragraphs]
    sides = [
        footer._element.find(f".//{qn('wp:align')}").text
        for footer in (section.footer, section.even_page_footer, section.first_page_footer)
    ]
    assert sides == ["left", "right", "left"]


def test_a_later_section_has_the_footers_of_the_one_before(path: Path) -> None:
    def sections(document: Any) -> None:
        document.add_section()

    printed = opened(make(path, "x", footer="页脚", edit=sections).render({}, "blank", STAMP))
    assert [s.footer.is_linked_to_previous for s in printed.sections] == [False, True]


def placed(path: Path, picture: bytes) -> Path:
    """A template whose author put a picture for the code into the text."""

    def place(document: Any) -> None:
        document.add_paragraph().add_run().add_picture(io.BytesIO(picture), Mm(20))
        next(document.element.body.iter(qn("wp:docPr"))).set("descr", DESCRIPTION)

    return write_template(path, "编号 {{ 表单编号 }}", edit=place)


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("L", (60, 60), 200).save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize("picture", [qr.placeholder(), jpeg()], ids=["png", "jpeg"])
def test_a_place_the_author_made_is_used(path: Path, picture: bytes) -> None:
    printed = compile_form(placed(path, picture), SPEC).render({}, "blank", STAMP)
    document = opened(printed)
    blip = next(document.element.body.iter(qn("a:blip")))
    part = document.part.related_parts[blip.get(qn("r:embed"))]
    assert part.content_type == "image/png"
    assert find(Image.open(io.BytesIO(part.blob))) == (STAMP.form_no,)
    assert not [p for p in document.part.package.iter_parts() if "footer" in p.partname]


def test_a_place_whose_picture_is_missing_gets_ours(path: Path) -> None:
    placed(path, qr.placeholder())
    with zipfile.ZipFile(path) as archive:
        members = {n: archive.read(n) for n in archive.namelist() if "media/" not in n}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    document = opened(compile_form(path, SPEC).render({}, "blank", STAMP))
    blip = next(document.element.body.iter(qn("a:blip")))
    blob = document.part.related_parts[blip.get(qn("r:embed"))].blob
    assert find(Image.open(io.BytesIO(blob))) == (STAMP.form_no,)


BODY = ["某段文字，足够长的一段文字，用来看版面有没有被推动。" * 3] * 20


@pytest.fixture(scope="module")
def county_pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Path]]:
    """(template, copy) as PDF of templates that know nothing of numbers and codes."""
    if not SOFFICE:
        pytest.skip("LibreOffice (soffice) is not on this machine")
    folder = tmp_path_factory.mktemp("county")

    def even(document: Any) -> None:
        document.settings.odd_and_even_pages_header_footer = True
        document.sections[0].even_page_footer.paragraphs[0].text = "偶数页"

    cases: dict[str, dict[str, Any]] = {"none": {}, "even": {"footer": "奇数页", "edit": even}}
    for name, options in cases.items():
        form = make(folder / f"{name}-template.docx", *BODY, **options)
        (folder / f"{name}.docx").write_bytes(form.render({}, "blank", STAMP))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [SOFFICE, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run(
        [*command, *map(str, folder.glob("*.docx"))], check=True, capture_output=True, timeout=600
    )
    return {name: (folder / f"{name}-template.pdf", folder / f"{name}.pdf") for name in cases}


@pytest.mark.parametrize("name", ["none", "even"])
def test_the_code_is_read_from_every_page_and_moves_nothing(
    county_pages: dict[str, tuple[Path, Path]], name: str
) -> None:
    template, copy = (pypdfium2.PdfDocument(path) for path in county_pages[name])
    assert len(copy) == len(template) > 1
    for page in copy:
        assert find(page.render(scale=150 / 72).to_pil()) == (STAMP.form_no,)
