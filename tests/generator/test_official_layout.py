"""Official documents as they are printed, measured in the PDF and on its pixels, in mm.

The numbers are those of GB/T 9704-2012; what they are measured on is filled with the examples
beside the sources. One start of LibreOffice for all.
"""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from docx import Document
from docx.oxml.ns import qn
from laid_out import MM, ROLES, Picture, as_pdf, font_of, plain_font
from shipped_values import SHIPPED, TEMPLATES, shipped, values

from generator import Stamp

#: Edges of the type area: 37/35/28/26 mm of margin on A4.
TOP, BOTTOM, LEFT, RIGHT = 37.0, 262.0, 28.0, 184.0
#: A character of 4号, by which page number and imprint stand in.
FOUR = 14 / 72 * MM
#: A character of the body (3号).
THREE = 15.75 / 72 * MM
RED_HEADS = ("notice", "notice.circular", "notice.reminder")
OFFICIAL = (*RED_HEADS, "briefing", "supervise", "county_plan", "cluster_rule", "rules")
TABLES = ("stage_report", "qa_report", "school_plan")
#: The others only in the long sweep: their tables are of the same few styles.
OTHERS = [
    pytest.param(form, marks=pytest.mark.sweep)
    for form in SHIPPED
    if form not in (*OFFICIAL, *TABLES)
]
HAN = re.compile("[一-鿿]")
LINE = 28.95


class Printed:
    """A document as .docx and .pdf, the PDF read once."""

    def __init__(self, data: bytes, pdf: Path) -> None:
        self.data, self.pdf = data, pdf

    @cached_property
    def _pages(self) -> list[tuple[list[dict[str, Any]], list[dict[str, Any]]]]:
        """(characters, lines and filled boxes) of each page."""
        with pdfplumber.open(self.pdf) as document:
            return [(page.chars, [*page.lines, *page.rects]) for page in document.pages]

    @property
    def pages(self) -> int:
        return len(self._pages)

    def chars(self, page: int | None = None) -> list[dict[str, Any]]:
        """Characters in reading order, of one page or all."""
        pages = self._pages if page is None else [self._pages[page]]
        return [char for chars, _ in pages for char in chars]

    def rules(self, page: int) -> list[dict[str, Any]]:
        """Level lines at least 100 mm long, from above."""
        drawn = self._pages[page][1]
        long = [d for d in drawn if d["x1"] - d["x0"] > 283 and d["bottom"] - d["top"] < 4]
        return sorted(long, key=lambda d: d["top"])

    def picture(self, page: int) -> Picture:
        return Picture(self.pdf, page)


def probe(*paragraphs: tuple[str, str]) -> bytes:
    """(text, style id) on the official base."""
    document: Any = Document(str(TEMPLATES / "base.docx"))
    styles = {style.style_id: style for style in document.styles}
    for text, style in paragraphs:
        document.add_paragraph(text, style=styles[style])
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def roles_probe() -> bytes:
    document: Any = Document(io.BytesIO(probe()))
    for role in ROLES:
        run = document.add_paragraph().add_run(f"国家标准公文格式{ROLES.index(role)}")
        fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:eastAsia", "w:ascii", "w:hAnsi"):
            fonts.set(qn(script), role)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def printed(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> dict[str, Printed]:
    """The forms asked for filled in, a page of body text, a line in each font."""
    stand_ins = [font_of(role) for role in ROLES]
    if len(set(stand_ins)) < len(ROLES) or "" in stand_ins:
        pytest.skip(f"fonts for the five roles are missing (docs/OPERATIONS.md): {stand_ins}")
    folder = tmp_path_factory.mktemp("official")
    made = {"body": probe(("国" * (26 + 28 * 50), "Normal")), "roles": roles_probe()}
    swept = any(item.get_closest_marker("sweep") for item in request.session.items)
    for form in SHIPPED if swept else (*OFFICIAL, *TABLES):
        stamp = Stamp.issue(form, "1", "unit-1", "", "2014-10")
        made[form] = shipped(form).render(values(form, "filled"), "filled", stamp)
    for name, data in made.items():
        (folder / f"{name}.docx").write_bytes(data)
    pdfs = as_pdf([folder / f"{name}.docx" for name in made], folder)
    return {n: Printed(d, pdf) for (n, d), pdf in zip(made.items(), pdfs, strict=True)}


# --- the body: 22 lines of 28 characters in 156 x 225 mm -----------------------------------------


def lines_of(chars: list[dict[str, Any]]) -> dict[float, list[dict[str, Any]]]:
    """Characters by their base line (points from the upper edge of the page)."""
    lines: dict[float, list[dict[str, Any]]] = defaultdict(list)
    for char in chars:
        lines[round(841.89 - char["matrix"][5], 1)].append(char)
    return dict(sorted(lines.items()))


def test_a_page_of_body_text_has_22_lines_of_28_characters(printed: dict[str, Printed]) -> None:
    first = lines_of([c for c in printed["body"].chars(0) if c["text"] == "国"])
    second = lines_of([c for c in printed["body"].chars(1) if c["text"] == "国"])
    assert [len(line) for line in first.values()] == [26] + [28] * 21
    assert [len(line) for line in second.values()] == [28] * 22


def test_the_type_area_stands_37_35_28_26_mm_from_the_edges(printed: dict[str, Printed]) -> None:
    """Lines begin a fifth of their height below the base line of the one before (the rule by which
    Word and LibreOffice place text in lines of exact height)."""
    lines = lines_of([c for c in printed["body"].chars(1) if c["text"] == "国"])
    bases = list(lines)
    assert (bases[0] - 0.8 * LINE) / 72 * MM == pytest.approx(TOP, abs=1)
    assert (bases[-1] + 0.2 * LINE) / 72 * MM == pytest.approx(BOTTOM, abs=1)
    whole = lines[bases[1]]
    assert whole[0]["x0"] / 72 * MM == pytest.approx(LEFT, abs=1)
    assert whole[-1]["x1"] / 72 * MM == pytest.approx(RIGHT, abs=1)


# --- the page number ----------------------------------------------------------------------------


def dashes(document: Printed, page: int) -> list[dict[str, Any]]:
    """The two dashes of — 1 —, from the left."""
    below = [c for c in document.chars(page) if c["top"] / 72 * MM > BOTTOM and c["text"] == "—"]
    return sorted(below, key=lambda c: c["x0"])


@pytest.mark.parametrize("form", [*OFFICIAL, *TABLES, *OTHERS])
def test_the_page_number_is_7_mm_below_and_one_character_in(
    printed: dict[str, Printed], form: str
) -> None:
    document = printed[form]
    for page in range(min(2, document.pages)):
        left, right = dashes(document, page)
        x0, x1 = (left["x0"] / 72 * MM, left["x1"] / 72 * MM)
        _, top, _, _ = document.picture(page).ink(x0, BOTTOM + 1, x1, BOTTOM + 15)
        assert top - BOTTOM == pytest.approx(7, abs=0.5)
        if page % 2 == 0:
            assert right["x1"] / 72 * MM == pytest.approx(RIGHT - FOUR, abs=0.7)
        else:
            assert left["x0"] / 72 * MM == pytest.approx(LEFT + FOUR, abs=0.7)


# --- the red head -------------------------------------------------------------------------------


@pytest.mark.parametrize("form", RED_HEADS)
def test_the_mark_of_the_organ_stands_35_mm_below_the_type_areas_edge(
    printed: dict[str, Printed], form: str
) -> None:
    left, top, right, _ = printed[form].picture(0).ink(LEFT, TOP, RIGHT, 90, red=True)
    assert top - TOP == pytest.approx(35, abs=1)
    assert (left + right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=1)


@pytest.mark.parametrize("form", RED_HEADS)
def test_the_red_line_is_as_wide_as_the_type_area_and_4_mm_below_the_number(
    printed: dict[str, Printed], form: str
) -> None:
    line = printed[form].rules(0)[0]
    assert line["x0"] / 72 * MM == pytest.approx(LEFT, abs=0.5)
    assert line["x1"] / 72 * MM == pytest.approx(RIGHT, abs=0.5)
    top = line["top"] / 72 * MM
    picture = printed[form].picture(0)
    _, first, _, last = picture.ink(LEFT, top - 2, RIGHT, top + 2, red=True)
    assert 0.3 <= last - first <= 0.6
    words = picture.ink(LEFT, top - 13, RIGHT, top - 0.5)
    assert first - words[3] == pytest.approx(4, abs=0.5)


@pytest.mark.parametrize("form", RED_HEADS)
def test_two_lines_are_free_around_number_and_red_line(
    printed: dict[str, Printed], form: str
) -> None:
    """Base lines: two lines between the mark's and the number's, two from the rule to the title."""
    text = lines_of(printed[form].chars(0))
    number = next(at for at, line in text.items() if "〔" in {c["text"] for c in line})
    title = min(at for at, line in text.items() if at > number and line[0]["size"] > 20)
    rule = printed[form].rules(0)[0]["top"]
    assert 2.5 * LINE <= title - rule <= 3.3 * LINE
    mark = max(at for at in text if at < number)
    assert 2.8 * LINE <= number - mark <= 3.4 * LINE


def test_marks_of_the_head_move_up_where_others_are_missing(printed: dict[str, Printed]) -> None:
    """平急 alone stands in the first line; below 份号 and 密级 it stands in the third."""
    tops = {}
    for form, word in (("notice", "平急"), ("notice.circular", "特急")):
        chars = [c for c in printed[form].chars(0) if c["text"] == word[1]]
        tops[form] = chars[0]["top"]
    assert tops["notice.circular"] - tops["notice"] == pytest.approx(2 * LINE, abs=1)


# --- signature and imprint ----------------------------------------------------------------------


@pytest.mark.parametrize("form", [*RED_HEADS, "county_plan", "cluster_rule", "rules"])
def test_the_date_under_a_seal_ends_four_characters_in(
    printed: dict[str, Printed], form: str
) -> None:
    """By its middle, for a date of 6½ characters (LibreOffice parts digits from characters whatever
    the style says, which makes it wider); the organ stands above it."""
    lines = list(lines_of(printed[form].chars(printed[form].pages - 1)).values())
    date = next(
        n for n, line in enumerate(lines) if re.fullmatch(r"20\d\d年\d+月\d+日", words(line))
    )
    at, organ = lines[date], lines[date - 1]
    assert RIGHT - middle(at) == pytest.approx((4 + 6.5 / 2) * THREE, abs=0.7)
    assert middle(at) == pytest.approx(middle(organ), abs=0.5)


def words(line: list[dict[str, Any]]) -> str:
    return "".join(c["text"] for c in line).strip()


def middle(line: list[dict[str, Any]]) -> float:
    """The middle of a line in mm."""
    return float(min(c["x0"] for c in line) + max(c["x1"] for c in line)) / 2 / 72 * MM


@pytest.mark.parametrize("form", [*RED_HEADS, "briefing"])
def test_the_imprint_ends_on_the_lower_edge_of_the_type_area(
    printed: dict[str, Printed], form: str
) -> None:
    page = printed[form].pages - 1
    picture = printed[form].picture(page)
    at = sorted({round((r["top"] + r["bottom"]) / 144 * MM, 1) for r in printed[form].rules(page)})
    assert at[-1] == pytest.approx(BOTTOM, abs=0.5)
    widths = []
    for y in at[-3:]:
        left, top, right, bottom = picture.ink(LEFT - 2, y - 0.6, RIGHT + 2, y + 0.6)
        assert (left, right) == (pytest.approx(LEFT, abs=0.5), pytest.approx(RIGHT, abs=0.5))
        widths.append(bottom - top)
    assert widths[0] > widths[1] < widths[2]


# --- fonts --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fonts(printed: dict[str, Printed]) -> dict[str, set[str]]:
    """Role -> names its font has in a PDF."""
    lines = lines_of([c for c in printed["roles"].chars(0) if HAN.match(c["text"])])
    found = {
        role: {plain_font(c["fontname"]) for c in line}
        for role, line in zip(ROLES, lines.values(), strict=False)
    }
    assert len({name for names in found.values() for name in names}) == len(ROLES)
    return found


def wanted_fonts(data: bytes) -> Iterator[tuple[str, str]]:
    """(Chinese characters, font named for them) of every run of the body."""
    document: Any = Document(io.BytesIO(data))
    styles = {style.style_id: style.element for style in document.styles}
    for paragraph in document.element.body.iter(qn("w:p")):
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        own = "Normal" if style is None else style.get(qn("w:val"))
        for run in paragraph.r_lst:
            text = "".join(HAN.findall("".join(t.text or "" for t in run.iter(qn("w:t")))))
            character = run.find(f"{qn('w:rPr')}/{qn('w:rStyle')}")
            chain = [] if character is None else [character.get(qn("w:val"))]
            font = next(filter(None, (_font(styles, style) for style in (*chain, own))))
            if text:
                yield text, font


def _font(styles: dict[str, Any], style_id: str) -> str:
    """The font for Chinese of a style or of those it is based on; that of the document at last."""
    style = styles[style_id]
    named = style.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
    if named is not None:
        return str(named.get(qn("w:eastAsia")))
    base = style.find(qn("w:basedOn"))
    if base is not None:
        return _font(styles, base.get(qn("w:val")))
    return "" if style.get(qn("w:type")) == "character" else "仿宋_GB2312"


@pytest.mark.parametrize("form", [*OFFICIAL, *TABLES, *OTHERS])
def test_every_run_has_the_font_of_its_role(
    printed: dict[str, Printed], fonts: dict[str, set[str]], form: str
) -> None:
    chars = [c for c in printed[form].chars() if HAN.match(c["text"])]
    chars = [c for c in chars if c["top"] / 72 * MM < BOTTOM]
    text = "".join(c["text"] for c in chars)
    names = [plain_font(c["fontname"]) for c in chars]
    wrong = []
    for words_, role in wanted_fonts(printed[form].data):
        spots = [m.start() for m in re.finditer(re.escape(words_), text)]
        if not any(set(names[at : at + len(words_)]) <= fonts[role] for at in spots):
            wrong.append((words_[:20], role))
    assert not wrong


def test_levels_of_an_official_text_have_their_fonts(
    printed: dict[str, Printed], fonts: dict[str, set[str]]
) -> None:
    """Title 小标宋, 一、 黑体, （一） 楷体, text and 1． 仿宋, page number 宋体."""
    expected = {
        "关于报送": "方正小标宋简体",
        "报送内容": "黑体",
        "教研组校本研修计划写": "",
        "学校校本研修计划": "楷体_GB2312",
        "教师个人研修计划由学校": "仿宋_GB2312",
        "写明教学状况": "仿宋_GB2312",
    }
    chars = [c for c in printed["notice"].chars() if HAN.match(c["text"])]
    text = "".join(c["text"] for c in chars)
    for spoken, role in expected.items():
        at = text.index(spoken)
        used = [plain_font(c["fontname"]) for c in chars[at : at + len(spoken)]]
        if role:
            assert set(used) <= fonts[role], spoken
        else:  # the heading runs on into its text
            assert used[0] in fonts["楷体_GB2312"]
            assert used[-1] in fonts["仿宋_GB2312"]
    left, right = dashes(printed["notice"], 0)
    assert {plain_font(c["fontname"]) for c in (left, right)} <= fonts["宋体"]
