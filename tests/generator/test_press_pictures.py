"""Pictures as values: checked, printed where their tag stands, kept once."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from lxml import etree
from PIL import Image
from sample_forms import make, opened

from generator import FormError, Picture, Stamp

ROWS = (("时间", "主题"), ("{{ 活动.时间 }}", "{{ 活动.主题 }}"))


def png(colour: int = 0, size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (colour, 80, 160)).save(out, "PNG")
    return out.getvalue()


def jpeg(size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 80, 160)).save(out, "JPEG")
    return out.getvalue()


def shown(document: Any, root: Any = None) -> list[bytes]:
    """The pictures of the text in reading order, each as its bytes."""
    part = document.part
    blips = (document.element.body if root is None else root).iter(qn("a:blip"))
    return [part.related_parts[blip.get(qn("r:embed"))].blob for blip in blips]


@pytest.mark.parametrize("data", [png(), jpeg()], ids=["png", "jpeg"])
def test_a_picture_is_printed_where_its_tag_stands(path: Path, data: bytes) -> None:
    printed = opened(
        make(path, "前", "{{ 附件清单 }}", "后").render({"附件清单": Picture(data, 60)})
    )
    assert [len(list(p._p.iter(qn("a:blip")))) for p in printed.paragraphs] == [0, 1, 0]
    assert shown(printed) == [data]
    shape = printed.inline_shapes[0]
    assert (shape.width.mm, shape.height.mm) == pytest.approx((60, 45), abs=0.01)


def test_texts_and_pictures_keep_their_order(path: Path) -> None:
    value = ["一\n二", Picture(png(1), 30), Picture(png(2), 30), "三", Picture(png(3), 30), ""]
    printed = opened(make(path, "{{ 取得成效 }}").render({"取得成效": value}))
    assert [p.text or len(list(p._p.iter(qn("a:blip")))) for p in printed.paragraphs] == [
        *("一", "二", 2, "三", 1)
    ]
    assert shown(printed) == [png(1), png(2), png(3)]


def test_a_picture_stands_in_the_middle_of_a_line(path: Path) -> None:
    printed = opened(make(path, "甲{{ 学校 }}乙").render({"学校": ["图", Picture(png(), 20)]}))
    assert printed.paragraphs[0].text.replace("\n", "") == "甲图乙"
    assert shown(printed) == [png()]


def test_rows_of_a_list_have_their_own_pictures(path: Path) -> None:
    rows = [{"时间": f"{n}月", "主题": Picture(png(n), 20)} for n in (1, 2, 1)]
    printed = make(path, rows=ROWS).render({"活动": rows})
    table = opened(printed).tables[0]
    seen = [shown(opened(printed), row._tr) for row in table.rows]
    assert seen == [[], [png(1)], [png(2)], [png(1)], []]
    with zipfile.ZipFile(io.BytesIO(printed)) as archive:
        kept = [n for n in archive.namelist() if n.startswith("word/media/yxp")]
        assert len(kept) == 2  # the same picture once
        assert archive.testzip() is None


def test_drawings_have_numbers_of_their_own(path: Path) -> None:
    def head(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "{{ 学校 }}"

    values = {"学校": Picture(png(), 20), "活动": [{"主题": Picture(png(), 20)}] * 4}
    stamp = Stamp.issue("stage_report", "1", "u", "语文", "2014-10")
    printed = make(path, "{{ 学校 }}", rows=ROWS, edit=head).render(values, "filled", stamp)
    numbers = []
    with zipfile.ZipFile(io.BytesIO(printed)) as archive:
        for name in ("document", "header1", "footerYx"):
            root = etree.fromstring(archive.read(f"word/{name}.xml"))
            numbers += [item.get("id") for item in root.iter(qn("wp:docPr"))]
    assert len(numbers) == 7
    assert len(set(numbers)) == 7


def test_a_picture_in_a_header_is_related_from_there(path: Path) -> None:
    def head(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "{{ 学校 }}"

    printed = opened(make(path, "x", edit=head).render({"学校": Picture(png(), 20)}))
    header = printed.sections[0].header
    blip = next(header._element.iter(qn("a:blip")))
    assert header.part.related_parts[blip.get(qn("r:embed"))].blob == png()


def test_a_line_of_fixed_height_does_not_cut_a_picture_off(path: Path) -> None:
    def fix(document: Any) -> None:
        layout = document.paragraphs[0].paragraph_format
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(28.95)
        layout.first_line_indent, layout.space_after = Mm(11), Pt(6)

    form = make(path, "{{ 取得成效 }}", edit=fix)
    printed = opened(form.render({"取得成效": ["字", Picture(png(), 30)]}))
    words, picture = (p.paragraph_format for p in printed.paragraphs)
    assert words.line_spacing_rule == WD_LINE_SPACING.EXACTLY
    assert picture.line_spacing_rule == WD_LINE_SPACING.SINGLE
    assert picture.space_after == Pt(6)
    assert picture.first_line_indent == 0


def test_a_blank_form_prints_no_picture(path: Path) -> None:
    form = make(path, "{{ 附件清单 }}")
    printed = form.render({"附件清单": Picture(png(), 20)}, "blank")
    assert shown(opened(printed)) == []
    assert printed == form.render({}, "blank")


def test_the_same_pictures_give_the_same_bytes(path: Path) -> None:
    form = make(path, "{{ 附件清单 }}", "{{ 学校 }}")
    values = {"附件清单": [Picture(png(), 20)] * 3, "学校": Picture(jpeg(), 20)}
    assert form.render(values) == form.render(dict(reversed(values.items())))


def test_words_of_a_picture_are_only_words(path: Path) -> None:
    words = '"/><w:p/> <wp:docPr id="0" & 甲\x00\n乙'
    printed = opened(make(path, "{{ 学校 }}").render({"学校": [Picture(png(), 20, words), words]}))
    described = [item.get("descr") for item in printed.element.body.iter(qn("wp:docPr"))]
    assert described == ['"/><w:p/> <wp:docPr id="0" & 甲 乙']


def test_a_format_leaves_a_picture_alone(path: Path) -> None:
    form = make(path, "{{ 学校|日期 }}", "{{ 学科|年份 }}", "{{ 附件清单|序号 }}")
    picture = Picture(png(), 20)
    printed = opened(form.render({"学校": picture, "学科": picture, "附件清单": picture}))
    assert shown(printed) == [png()] * 3


def test_a_required_field_is_given_by_a_picture(path: Path) -> None:
    form = make(path, "{{ 学校 }}")
    assert "学校" not in form.missing({"学校": Picture(png(), 20)})


@pytest.mark.parametrize(
    ("data", "width"),
    [
        (b"", 20),
        (b"GIF89a" + bytes(40), 20),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 20),
        (png()[:-30], 20),
        (jpeg()[:-30], 20),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), 20),
        (b"\xff\xd8\xff" + bytes(100), 20),
        (png(), 0),
        (png(), -5),
        (png(), float("nan")),
        (png(), 421),
        (png(size=(1, 4000)), 20),
        (png() + bytes(8 * 1024 * 1024), 20),
    ],
)
def test_other_bytes_and_sizes_are_refused(data: bytes, width: float) -> None:
    with pytest.raises(FormError) as caught:
        Picture(data, width)
    assert caught.value.code == "bad_picture"


def test_a_picture_of_too_many_pixels_is_refused_undecoded() -> None:
    out = io.BytesIO()
    Image.new("1", (9_000, 9_000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(FormError) as caught:
        Picture(out.getvalue(), 20)
    assert caught.value.code == "bad_picture"


def test_pictures_of_a_copy_are_limited_together(path: Path) -> None:
    form = make(path, "{{ 附件清单 }}")
    with pytest.raises(FormError) as caught:
        form.render(
            {"附件清单": [Picture(png(n % 256, (n // 256 + 1, 1)), 20) for n in range(201)]}
        )
    assert caught.value.code == "too_large"
    heavy = png() + bytes(7 * 1024 * 1024)
    with pytest.raises(FormError) as caught:
        form.render({"附件清单": [Picture(heavy + bytes([n]), 20) for n in range(4)]})
    assert caught.value.code == "too_large"


@pytest.mark.parametrize("value", [[], ["x"], ["x", object()], [[Picture(png(), 20)]]])
def test_a_sequence_without_a_picture_is_refused(path: Path, value: object) -> None:
    with pytest.raises(FormError) as caught:
        make(path, "{{ 学校 }}").render({"学校": value})
    assert caught.value.code == "bad_value"


def test_words_beside_pictures_are_still_checked(path: Path) -> None:
    with pytest.raises(FormError) as caught:
        make(path, "{{ 学校 }}").render({"学校": [Picture(png(), 20), object()]})
    assert caught.value.code == "bad_value"
