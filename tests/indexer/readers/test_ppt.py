"""Shows of PowerPoint 97-2003: the order of slides, what stands on them, and damage."""

from __future__ import annotations

import random
import struct
import time
from pathlib import Path

import made_ppt as made
import made_pptx
import pytest
from converted import convert
from made_ppt import Show, group, options, shape, slide, text

import indexer
from indexer import sniff
from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.reading import Reading

_TITLE, _DATE, _NOTES_BODY = 0x0D, 0x07, 0x0C
_TABLE, _LETTERING, _PICTURE = 0x039F, 0x00C0, 0x0104


def cells(*row: str) -> str:
    """A row of a table; "<" continues the cell to the left, "^" the one above."""
    made = ""
    for at, words in enumerate(row):
        more = {"<": ' hMerge="1"', "^": ' vMerge="1"'}.get(words, "")
        more += ' gridSpan="2"' if row[at + 1 : at + 2] == ("<",) else ""
        more += ' rowSpan="2"' if words == "71.2" else ""
        inner = made_pptx.line("" if words in "<^" else words)
        made += f"<a:tc{more}><a:txBody><a:bodyPr/>{inner}</a:txBody><a:tcPr/></a:tc>"
    return f'<a:tr h="720000">{made}</a:tr>'


_GRID = (
    "<a:tbl><a:tblPr/><a:tblGrid>"
    + '<a:gridCol w="2520000"/>' * 3
    + "</a:tblGrid>"
    + cells("班级", "<", "均分")
    + cells("八年级", "一班", "71.2")
    + cells("八年级", "二班", "^")
    + "</a:tbl>"
)


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    folder = tmp_path_factory.mktemp("ppt")
    words = made_pptx.shape
    source = made_pptx.pptx(
        folder / "a.pptx",
        words("title", "研修总结", place=(2, 1, 20, 3)) + words("", "数学组", place=(2, 9, 9, 2)),
        words("title", "成绩", place=(2, 1, 20, 3)) + made_pptx.frame(_GRID, (2, 8, 21, 6)),
        words("", "第一段", "第二段", place=(2, 10, 20, 2))
        + made_pptx.group(
            words("", "副组长𠮷", place=(12, 6, 6, 2)), words("", "组长", place=(2, 6, 6, 2))
        ),
        parts={"ppt/notes.xml": made_pptx.tree(words("body", "讲两分钟", index="1"), root="notes")},
        linked={0: (("n", "notesSlide", "../notes.xml"),)},
    )
    return indexer.read(convert(source, "ppt", folder))


def test_it_works(reading: Reading) -> None:
    assert (reading.format, reading.status) == ("ppt", "complete")
    assert reading.title == "研修总结"


def test_a_slide_is_a_page_and_its_title_a_heading(reading: Reading) -> None:
    headings = [block for block in reading.blocks if block.kind == "heading"]
    assert [(block.text, block.level, block.page) for block in headings] == [
        ("研修总结", 0, 1), ("成绩", 1, 2),
    ]  # fmt: skip


def test_groups_and_text_boxes_by_where_they_lie(reading: Reading) -> None:
    texts = [block.text for block in reading.blocks if block.page == 3]
    assert texts == ["组长", "副组长𠮷", "第一段", "第二段"]


def test_a_table_has_each_merged_cell_once(reading: Reading) -> None:
    (table,) = [block for block in reading.blocks if block.kind == "table"]
    assert table.rows == (
        ("班级", "", "均分"), ("八年级", "一班", "71.2"), ("八年级", "二班", ""),
    )  # fmt: skip
    assert set(table.merged) == {(0, 1), (2, 2)}


def test_notes_follow_their_slide(reading: Reading) -> None:
    assert [(block.kind, block.text, block.page) for block in reading.blocks][2] == (
        "note", "讲两分钟", 1,
    )  # fmt: skip


def texts_of(path: Path) -> list[str]:
    return [block.text for block in indexer.read(path).blocks]


def titled(title: str, *shapes: bytes) -> bytes:
    return slide(shape(text(title, 0), place=_TITLE), *shapes)


def test_of_two_saves_the_newer_counts(tmp_path: Path) -> None:
    show = Show().save([titled("旧的一页"), titled("删掉的一页")])
    show.save([titled("新的一页")])
    assert texts_of(show.write(tmp_path / "a.ppt")) == ["新的一页"]


def test_an_object_of_an_older_save_is_still_live(tmp_path: Path) -> None:
    show = Show().save([titled("旧的一页"), titled("没有改的一页")])
    before = show.data
    show.save([titled("新的一页"), titled("没有改的一页")])
    # The second save's directory without the second slide: it is the first save's then.
    at = show.data.rindex(struct.pack("<I", 3 | 1 << 20))
    show.data = show.data[:at] + struct.pack("<I", 0xFFFFF | 1 << 20) + show.data[at + 4 :]
    assert len(show.data) > len(before)
    assert texts_of(show.write(tmp_path / "a.ppt")) == ["新的一页", "没有改的一页"]


def test_texts_that_the_document_keeps_for_a_slide(tmp_path: Path) -> None:
    refer = [made.record(0x0F9E, struct.pack("<I", at)) for at in range(2)]
    shapes = [shape(refer[1]), shape(refer[0], place=_TITLE), shape(text("caf\xe9", narrow=True))]
    outline = text("标题", 0) + text("要点一\r要点二\x0b又一行", 1) + text("没有框的文字", 1)
    path = Show().save([slide(*shapes)], outlines=[outline]).write(tmp_path / "a.ppt")
    blocks = indexer.read(path).blocks
    assert (blocks[0].kind, blocks[0].text) == ("heading", "标题")
    assert [block.text for block in blocks[1:]] == [
        "没有框的文字", "要点一", "要点二\n又一行", "café",
    ]  # fmt: skip


def test_lettering_is_read_and_leads_a_show_without_titles(tmp_path: Path) -> None:
    words = "勾股定理".encode("utf-16-le") + b"\0\0"
    art = shape(options=options((_LETTERING, words)), kind=136, box=(0, 0, 900, 300))
    name = shape(text("执教：王老师"), box=(0, 500, 900, 700))
    path = Show().save([slide(name, art)]).write(tmp_path / "a.ppt")
    reading = indexer.read(path)
    assert reading.title == "勾股定理"
    assert [block.text for block in reading.blocks] == ["勾股定理", "执教：王老师"]


def test_page_numbers_and_todays_date_are_left_out(tmp_path: Path) -> None:
    today = made.record(0x0FF8, struct.pack("<I", 0))
    number = made.record(0x0FD8, struct.pack("<I", 2))
    shapes = [
        shape(text("*") + today, place=_DATE),
        shape(text("第 * 页*") + number),
        shape(text("页眉"), place=0x0A),
        shape(text("*") + made.record(0x0FD8, bytes(4)), data=made.record(0x0420, b"\x08")),
    ]
    assert texts_of(Show().save([slide(*shapes)]).write(tmp_path / "a.ppt")) == ["第  页*"]


def test_a_footer_is_given_once_and_apart(tmp_path: Path) -> None:
    place = shape(text("桥陵初中"), data=made.record(0x0420, b"\x09"))
    atom = made.record(0x0FDA, struct.pack("<HH", 0, 0x20))
    strings = made.wide_string("不显示的日期"), made.wide_string("校本研修", 2)
    kept = made.holder(0x0FD9, atom, *strings)
    path = Show().save([titled("一", place), titled("二", place)]).write(tmp_path / "a.ppt")
    assert [(block.kind, block.text) for block in indexer.read(path).blocks] == [
        ("heading", "一"), ("footer", "桥陵初中"), ("heading", "二"),
    ]  # fmt: skip
    path = Show().save([slide(shape(text("一")), more=kept)]).write(tmp_path / "b.ppt")
    assert texts_of(path) == ["一", "校本研修"]


def test_notes_without_the_furniture_of_their_page(tmp_path: Path) -> None:
    notes = slide(
        shape(text("讲两分钟", 2), place=_NOTES_BODY), shape(text("页眉"), place=0x0A), kind=0x03F0
    )
    show = Show().save([slide(shape(text("一")), notes=500)], [notes])
    blocks = indexer.read(show.write(tmp_path / "a.ppt")).blocks
    assert [(block.kind, block.text) for block in blocks] == [
        ("paragraph", "一"), ("note", "讲两分钟"),
    ]  # fmt: skip


def test_comments_with_their_authors(tmp_path: Path) -> None:
    strings = (made.wide_string("李校长"), made.wide_string("补充数据", 1))
    tags = made.tags("___PPT10", made.holder(0x2EE0, *strings))
    path = Show().save([slide(shape(text("一")), more=tags)]).write(tmp_path / "a.ppt")
    reading = indexer.read(path)
    assert (reading.blocks[1].kind, reading.blocks[1].text) == ("comment", "李校长：补充数据")


def numbers(*schemes: tuple[int, int] | None) -> bytes:
    """A StyleTextProp9Atom: for each entry a scheme and its start, or nothing."""
    return made.record(
        0x0FAC,
        b"".join(
            struct.pack("<IHHHII", 0x03000000, 1, *scheme, 0, 0) if scheme else bytes(12)
            for scheme in schemes
        ),
    )


def style(lines: list[str], levels: list[int]) -> bytes:
    """A StyleTextPropAtom in which each line is a run that means the entry of its place."""
    return made.record(
        0x0FA1,
        b"".join(
            struct.pack("<IHI", len(line) + 1, level, 0)
            for line, level in zip(lines, levels, strict=True)
        )
        + b"".join(
            struct.pack("<IIH", len(line) + 1, 0x3C00, at % 16 << 10)
            for at, line in enumerate(lines)
        ),
    )


def test_automatic_numbers_of_a_text_box(tmp_path: Path) -> None:
    lines = ["目标", "知识", "能力", "过程", "小结"]
    chinese, bracketed = (0x11, 1), (0x0C, 1)
    data = made.tags("___PPT9", numbers(chinese, bracketed, bracketed, chinese, None))
    inside = text("\r".join(lines)) + style(lines, [0, 1, 1, 0, 0])
    path = Show().save([slide(shape(inside, data=data))]).write(tmp_path / "a.ppt")
    assert texts_of(path) == ["一. 目标", "(1) 知识", "(2) 能力", "二. 过程", "小结"]


def test_automatic_numbers_of_texts_that_the_document_keeps(tmp_path: Path) -> None:
    lines = [f"第{at}条" for at in range(18)]
    outline = text("标题", 0) + text("\r".join(lines), 1) + style(lines, [0] * 18)
    header = made.record(0x0FAF, struct.pack("<II", 256, 1), 1)
    tags = made.tags(
        "___PPT9", made.holder(0x0FAE, header, numbers(*[(3, 5)] * 16, *[(0x0C, 1)] * 2))
    )
    refer = [made.record(0x0F9E, struct.pack("<I", at)) for at in range(2)]
    show = Show().save(
        [slide(*map(shape, refer))], outlines=[outline], more=made.holder(0x07D0, tags)
    )
    texts = texts_of(show.write(tmp_path / "a.ppt"))
    assert (texts[1], texts[-1]) == ("5. 第0条", "(2) 第17条")


def test_a_line_larger_than_all_else_is_the_title_of_its_slide(tmp_path: Path) -> None:
    def sized(words: str, points: int, top: int) -> bytes:
        runs = struct.pack("<IHIIIH", len(words) + 1, 0, 0, len(words) + 1, 0x20000, points)
        return shape(text(words) + made.record(0x0FA1, runs), box=(0, top, 900, top + 100))

    pages = [
        slide(sized("研究的过程和方法", 20, 300), sized("我们的做法", size, 0)) for size in (36, 21)
    ]
    reading = indexer.read(Show().save([titled("总题"), *pages]).write(tmp_path / "a.ppt"))
    assert [(item.title, item.place) for item in reading.outline] == [
        ("总题", "第 1 页"), ("我们的做法", "第 2 页"),
    ]  # fmt: skip


def test_rectangles_that_are_no_grid_keep_their_texts(tmp_path: Path) -> None:
    own = shape(options=options((_TABLE, 1), kind=0xF122))
    places = [(0, 0, 500, 100), (0, 0, 500, 100)]
    cells = [shape(text(f"格{at}"), box=place, child=True) for at, place in enumerate(places)]
    path = Show().save([slide(group(own, *cells))]).write(tmp_path / "a.ppt")
    assert texts_of(path) == ["格0", "格1"]


def test_a_slide_that_is_a_picture_is_named(tmp_path: Path) -> None:
    picture = shape(options=options((_PICTURE | 0x4000, 1)), kind=75)
    show = Show().save([titled("照片"), slide(picture), slide(picture)])
    reading = indexer.read(show.write(tmp_path / "a.ppt"))
    assert reading.left_out == ("第 2～3 页是图片，没有文字",)


def test_encrypted_shows_are_told(tmp_path: Path) -> None:
    show = Show().save([titled("一")])
    with pytest.raises(ReadError) as caught:
        indexer.read(show.write(tmp_path / "a.ppt", token=0xF3D1C4DF))
    assert caught.value.code == "encrypted"


def test_an_encryption_session_tells_where_the_user_is_lost(tmp_path: Path) -> None:
    show = Show().save([made.record(0x2F14, bytes(20), version=15)])
    edit = show.data.rindex(b"\xf5\x0f\x1c\0\0\0") + 2
    show.data = show.data[:edit] + struct.pack("<I", 32) + show.data[edit + 4 :]
    show.data += struct.pack("<I", 2)
    with pytest.raises(ReadError) as caught:
        indexer.read(show.write(tmp_path / "a.ppt", edit=0))
    assert caught.value.code == "encrypted"


def test_the_newest_edit_is_found_where_the_user_is_lost(tmp_path: Path) -> None:
    show = Show().save([titled("旧的一页")])
    show.save([titled("新的一页")])
    path = made.ole(tmp_path / "a.ppt", {"PowerPoint Document": show.data})
    assert texts_of(path) == ["新的一页"]


def test_without_a_directory_texts_are_salvaged_once(tmp_path: Path) -> None:
    master = slide(shape(text("单击此处编辑母版标题样式", 0)), kind=0x03F8)
    show = Show().save([titled("标题", shape(text("要点一\r要点二"))), master])
    show.save([titled("标题", shape(text("要点一\r要点二\r要点三")))])
    show.data = show.data.replace(b"\xf5\x0f", b"\xf5\x0e")
    reading = indexer.read(show.write(tmp_path / "a.ppt"))
    assert [block.text for block in reading.blocks] == ["标题", "要点一", "要点二", "要点三"]
    assert reading.status == "partial"
    assert "目录已损坏" in reading.left_out[0]


def test_a_damaged_slide_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    show = Show().save([titled("一"), made.record(0x1234), titled("三")])
    reading = indexer.read(show.write(tmp_path / "a.ppt"))
    assert [block.text for block in reading.blocks] == ["一", "三"]
    assert reading.left_out == ("第 2 页已损坏，没有读",)


def test_a_dps_is_a_show(tmp_path: Path) -> None:
    path = Show().save([titled("一")]).write(tmp_path / "a.dps")
    assert sniff.detect(path) == "ppt"


def test_a_show_saved_for_powerpoint_95_too_is_read_as_the_newer(tmp_path: Path) -> None:
    show = Show().save([titled("一")])
    path = show.write(tmp_path / "a.ppt", folder="PP97_DUALSTORAGE")
    assert texts_of(path) == ["一"]


def test_more_slides_than_allowed_are_partial(tmp_path: Path) -> None:
    path = Show().save([titled(str(at)) for at in range(9)]).write(tmp_path / "a.ppt")
    reading = indexer.read(path, limits=Limits(pages=5))
    assert len(reading.blocks) == 5
    assert reading.left_out == ("第 6 页起没有读，文件太长",)


def outcome(path: Path) -> str:
    try:
        return indexer.read(path).status
    except ReadError as error:
        return error.code


def test_one_slide_named_ever_again_is_read_once(tmp_path: Path) -> None:
    show = Show().save([titled("一", shape(text("长" * 50_000)))], order=[2] * 20_000)
    begun = time.process_time()
    assert texts_of(show.write(tmp_path / "a.ppt")) == ["一", "长" * 50_000]
    assert time.process_time() - begun < 5


def test_groups_without_end_and_edits_in_a_ring_end(tmp_path: Path) -> None:
    nested = shape(text("里"))
    for _ in range(3000):
        nested = group(shape(), nested)
    show = Show().save([titled("外", nested)])
    show.edit = len(show.data) - 36
    at = show.data.rindex(b"\xf5\x0f") + 14
    show.data = show.data[:at] + struct.pack("<I", show.edit) + show.data[at + 4 :]
    begun = time.process_time()
    assert texts_of(show.write(tmp_path / "a.ppt")) == ["外"]
    assert time.process_time() - begun < 5


def test_cells_that_all_reach_down_a_long_table_end(tmp_path: Path) -> None:
    own = shape(options=options((_TABLE, 1), kind=0xF122))
    cells = [shape(box=(0, at * 9, 9, 200_000), child=True) for at in range(20_000)]
    show = Show().save([titled("一", group(own, *cells))])
    begun = time.process_time()
    assert texts_of(show.write(tmp_path / "a.ppt")) == ["一"]
    assert time.process_time() - begun < 5


def test_changed_bytes_end_in_a_reading_or_a_code(tmp_path: Path) -> None:
    lines = ["目标", "知识"]
    inside = text("\r".join(lines)) + style(lines, [0, 1])
    numbered = shape(inside, data=made.tags("___PPT9", numbers((3, 1), (3, 1))))
    show = Show().save([titled("一", numbered, shape(text("二")))], outlines=[text("三")])
    whole = show.write(tmp_path / "a.ppt").read_bytes()
    drawn = random.Random(97)
    for _ in range(200):
        changed = bytearray(whole)
        for _ in range(drawn.choice((1, 4, 30))):
            changed[drawn.randrange(512, len(changed))] = drawn.choice((0, 1, 15, 127, 255))
        path = tmp_path / "b.ppt"
        path.write_bytes(changed)
        assert outcome(path) in (
            "complete",
            "partial",
            "corrupt",
            "empty",
            "encrypted",
            "too_large",
        )


def test_real_shows(samples: Path) -> None:
    folder = samples / "files" / "apache+poi"
    tables = [b for b in indexer.read(folder / "bug60345_suba.ppt").blocks if b.kind == "table"]
    assert tables[0].rows[1] == ("EN", "233 (154-350)", "206 (105-384)")
    slides = indexer.read(folder / "headers_footers_2007.ppt")
    footers = [block.text for block in slides.blocks if block.kind == "footer"]
    assert "THE FOOTER TEXT FOR SLIDE 2" in footers
    assert len(footers) == len(set(footers)) == 4
    assert [item.title for item in slides.outline] == ["Slide 1", "Slide 2", "Slide 3"]
    assert outcome(folder / "ppt_with_png_encrypted.ppt") == "encrypted"
