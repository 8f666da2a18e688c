"""Slides of 2007 and later: what stands on them, in which order, and what is damaged."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_pptx import (
    A,
    P,
    frame,
    group,
    line,
    pptx,
    relations,
    shape,
    tree,
)

import indexer
from indexer.errors import ReadError

_DGM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_NEW = "http://schemas.microsoft.com/office/powerpoint/2018/8/main"


def texts_of(path: Path) -> list[str]:
    return [block.text for block in indexer.read(path).blocks]


def one(tmp_path: Path, *shapes: str) -> list[str]:
    return texts_of(pptx(tmp_path / "a.pptx", "".join(shapes)))


def test_slides_in_order_with_titles_as_headings(tmp_path: Path) -> None:
    path = pptx(
        tmp_path / "a.pptx",
        shape("subTitle", "桥陵初中") + shape("ctrTitle", "教学反思"),
        shape("title", "得") + shape("body", "课堂气氛热烈", "学生积极"),
        shape("title", "失") + shape("sldNum", "3"),
    )
    reading = indexer.read(path)
    assert [(item.level, item.title, item.place) for item in reading.outline] == [
        (0, "教学反思", "第 1 页"), (1, "得", "第 2 页"), (1, "失", "第 3 页"),
    ]  # fmt: skip
    assert reading.outline[1].body == "课堂气氛热烈\n学生积极"
    assert "3" not in reading.text


def test_a_footer_is_given_once_and_apart(tmp_path: Path) -> None:
    today = '<a:p><a:fld id="{1}" type="datetime1"><a:t>2026/3/1</a:t></a:fld></a:p>'
    below = shape("ftr", "桥陵初中") + shape("sldNum", "3") + shape("dt", today)
    path = pptx(tmp_path / "a.pptx", shape("title", "一") + below, shape("title", "二") + below)
    assert [(block.kind, block.text) for block in indexer.read(path).blocks] == [
        ("heading", "一"), ("footer", "桥陵初中"), ("heading", "二"),
    ]  # fmt: skip


def test_hidden_slides_are_read(tmp_path: Path) -> None:
    hidden = tree(shape("", "备用的一页"), attributes=' show="0"')
    assert texts_of(pptx(tmp_path / "a.pptx", shape("", "一"), hidden)) == ["一", "备用的一页"]


def cell(text: str, more: str = "") -> str:
    return f"<a:tc {more}><a:txBody>{line(text)}</a:txBody></a:tc>"


def grid(*rows: str, properties: str = "") -> str:
    made = "".join(f"<a:tr>{row}</a:tr>" for row in rows)
    return f"<a:tbl><a:tblPr{properties}/>{made}</a:tbl>"


def test_merged_cells_once_and_the_head_of_a_table(tmp_path: Path) -> None:
    rows = (
        cell("成绩", "gridSpan='2'") + cell("盖住", "hMerge='1'") + cell("班", "rowSpan='2'"),
        cell("八（1）") + cell("71.2") + cell("也盖住", "vMerge='1'"),
    )
    path = pptx(tmp_path / "a.pptx", frame(grid(*rows, properties=" firstRow='1'")))
    (table,) = indexer.read(path).blocks
    assert table.rows == (("成绩", "", "班"), ("八（1）", "71.2", ""))
    assert table.header_rows == 1


def test_notes_follow_their_slide_without_furniture(tmp_path: Path) -> None:
    notes = tree(
        shape("body", "讲两分钟"), shape("sldNum", "1"), shape("hdr", "校名"), root="notes"
    )
    path = pptx(
        tmp_path / "a.pptx", shape("", "一"), shape("", "二"),
        parts={"ppt/notes.xml": notes}, linked={0: (("n", "notesSlide", "../notes.xml"),)},
    )  # fmt: skip
    assert [(block.kind, block.text, block.page) for block in indexer.read(path).blocks] == [
        ("paragraph", "一", 1), ("note", "讲两分钟", 1), ("paragraph", "二", 2),
    ]  # fmt: skip


def test_rows_from_the_top_and_columns_where_they_stand_further_apart(tmp_path: Path) -> None:
    def at(text: str, x: int, y: int, wide: int = 6) -> str:
        return shape("", text, place=(x, y, wide, 2))

    cards = [at("右二", 12, 8), at("右一", 12, 6), at("左二", 2, 8), at("左一", 2, 6)]
    assert one(tmp_path, *cards, at("题", 2, 1, 20)) == ["题", "左一", "左二", "右一", "右二"]
    steps = [at("三", 9, 12), at("一", 2, 4), at("四", 2, 18), at("二", 9, 4)]
    assert one(tmp_path, *steps) == ["一", "二", "三", "四"]


def test_what_overlaps_stays_in_the_order_of_drawing(tmp_path: Path) -> None:
    over = [shape("", text, place=(2, 10 - at, 8, 6)) for at, text in enumerate("甲乙丙")]
    assert one(tmp_path, *over) == ["甲", "乙", "丙"]


def test_a_group_stays_together(tmp_path: Path) -> None:
    inside = [shape("", "组乙", place=(2, 7, 5, 1)), shape("", "组甲", place=(2, 5, 5, 1))]
    table = frame(grid(cell("组内表")), (2, 3, 5, 1))
    shapes = [shape("", "下", place=(2, 12, 9, 2)), group(*inside, table, place=(2, 3, 5, 5))]
    assert one(tmp_path, *shapes) == ["组内表", "组甲", "组乙", "下"]


def test_placeholders_lie_where_their_layout_or_its_master_has_them(tmp_path: Path) -> None:
    prompts = [
        shape("body", "单击此处添加文本", index=index, place=(1, top, 9, 2))
        for index, top in (("1", 9), ("2", 5))
    ]
    parts = {
        "ppt/layout.xml": tree(*prompts, root="sldLayout"),
        "ppt/bare.xml": tree(root="sldLayout"),
        "ppt/_rels/bare.xml.rels": relations(("m", "slideMaster", "master.xml")),
        "ppt/master.xml": tree(shape("body", "单击此处", place=(1, 14, 9, 2)), root="sldMaster"),
    }
    linked = {
        at: (("l", "slideLayout", f"../{layout}.xml"),)
        for at, layout in enumerate(("layout", "bare"))
    }
    path = pptx(
        tmp_path / "a.pptx", shape("body", "下", index="1") + shape("body", "上", index="2"),
        shape("body", "正文") + shape("", "框", place=(1, 5, 9, 2)), parts=parts, linked=linked,
    )  # fmt: skip
    assert texts_of(path) == ["上", "下", "框", "正文"]


def test_of_alternatives_one_is_read(tmp_path: Path) -> None:
    def either(*ways: str) -> str:
        choice, fallback = ways
        return (
            f'<mc:AlternateContent><mc:Choice Requires="x">{choice}</mc:Choice>'
            f"<mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent>"
        )

    ink = '<p:contentPart r:id="rId9"/>'
    assert one(tmp_path, either(shape("", "新"), shape("", "旧"))) == ["新"]
    assert one(tmp_path, either(ink, shape("", "旧"))) == ["旧"]


def test_equations_line_breaks_and_page_numbers_in_text(tmp_path: Path) -> None:
    fraction = (
        f'<m:oMath xmlns:m="{_M}"><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num>'
        "<m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>"
    )
    text = (
        f"<a:p><a:r><a:t>取</a:t></a:r>{fraction}<a:br/><a:r><a:t>即可</a:t></a:r>"
        '<a:fld id="{1}" type="slidenum"><a:t>7</a:t></a:fld></a:p>'
    )
    assert one(tmp_path, shape("", text)) == ["取1/2\n即可"]


def test_automatic_numbers(tmp_path: Path) -> None:
    def item(text: str, scheme: str, level: int = 0) -> str:
        bullet = f"<a:buAutoNum {scheme}/>" if scheme else ""
        return line(text, f'<a:pPr lvl="{level}">{bullet}</a:pPr>')

    chinese, bracketed = 'type="ea1JpnChsDbPeriod"', 'type="arabicParenBoth" startAt="3"'
    lines = [
        item("目标", chinese), item("知识", bracketed, 1), item("能力", bracketed, 1),
        item("过程", chinese), item("方法", bracketed, 1), item("无号", ""), item("又起", chinese),
    ]  # fmt: skip
    assert one(tmp_path, shape("", *lines)) == [
        "一．目标", "(3) 知识", "(4) 能力", "二．过程", "(3) 方法", "无号", "一．又起",
    ]  # fmt: skip


def test_the_words_of_a_diagram_in_the_order_of_its_branches(tmp_path: Path) -> None:
    def point(ident: str, text: str, kind: str = "node") -> str:
        return f'<d:pt modelId="{ident}" type="{kind}"><d:t>{line(text)}</d:t></d:pt>'

    links = [("0", "a", 0), ("0", "b", 1), ("a", "c", 0), ("b", "b", 0)]
    made = "".join(
        f'<d:cxn modelId="x{at}" srcId="{source}" destId="{target}" srcOrd="{order}"/>'
        for at, (source, target, order) in enumerate(links)
    )
    data = (
        f'<d:dataModel xmlns:d="{_DGM}" xmlns:a="{A}"><d:ptLst>{point("0", "", "doc")}'
        f"{point('b', '副组长')}{point('a', '组长')}{point('c', '秘书', 'asst')}"
        f"{point('p', '版式', 'pres')}</d:ptLst><d:cxnLst>{made}</d:cxnLst></d:dataModel>"
    )
    path = pptx(
        tmp_path / "a.pptx", frame(f'<d:relIds xmlns:d="{_DGM}" r:dm="d1"/>', uri="diagram"),
        parts={"ppt/data.xml": data}, linked={0: (("d1", "diagramData", "../data.xml"),)},
    )  # fmt: skip
    assert texts_of(path) == ["组长", "秘书", "副组长"]


def test_the_titles_and_names_of_a_chart(tmp_path: Path) -> None:
    def names(*given: str) -> str:
        points = "".join(f"<c:pt><c:v>{name}</c:v></c:pt>" for name in given)
        return f"<c:strRef><c:strCache>{points}</c:strCache></c:strRef>"

    chart = (
        f'<c:chartSpace xmlns:c="{_C}" xmlns:a="{A}"><c:chart><c:title><c:tx><c:rich>'
        f"{line('各班均分')}</c:rich></c:tx></c:title><c:ser><c:tx>{names('语文')}</c:tx>"
        f"<c:cat>{names('一班', '二班')}</c:cat><c:val><c:v>71.2</c:v></c:val></c:ser>"
        "</c:chart></c:chartSpace>"
    )
    path = pptx(
        tmp_path / "a.pptx", frame(f'<c:chart xmlns:c="{_C}" r:id="c1"/>', uri="chart"),
        parts={"ppt/chart.xml": chart}, linked={0: (("c1", "chart", "../chart.xml"),)},
    )  # fmt: skip
    assert texts_of(path) == ["各班均分", "语文", "一班\t二班"]


def test_comments_of_both_kinds_with_their_authors(tmp_path: Path) -> None:
    old = f'<p:cmLst xmlns:p="{P}"><p:cm authorId="0"><p:text>补充数据</p:text></p:cm></p:cmLst>'
    reply = f'<n:reply authorId="{{B}}"><n:txBody>{line("已补")}</n:txBody></n:reply>'
    new = (
        f'<n:cmLst xmlns:n="{_NEW}" xmlns:a="{A}"><n:cm authorId="{{A}}"><n:replyLst>{reply}'
        f"</n:replyLst><n:txBody>{line('字太小')}</n:txBody></n:cm></n:cmLst>"
    )
    parts = {
        "ppt/old.xml": old,
        "ppt/new.xml": new,
        "ppt/people.xml": f'<p:cmAuthorLst xmlns:p="{P}"><p:cmAuthor id="0" name="李校长"/>'
        "</p:cmAuthorLst>",
        "ppt/authors.xml": f'<n:authorLst xmlns:n="{_NEW}"><n:author id="{{A}}" name="王老师"/>'
        "</n:authorLst>",
    }
    path = pptx(
        tmp_path / "a.pptx", shape("", "一"), parts=parts,
        linked={0: (("o", "comments", "../old.xml"), ("n", "comments", "../new.xml"))},
        main=(("p", "commentAuthors", "people.xml"), ("q", "authors", "authors.xml")),
    )  # fmt: skip
    reading = indexer.read(path)
    assert [block.text for block in reading.blocks if block.kind == "comment"] == [
        "李校长：补充数据", "王老师：字太小", "已补",
    ]  # fmt: skip
    assert reading.text == "一"


def test_a_line_larger_than_all_else_is_the_title_of_its_slide(tmp_path: Path) -> None:
    def sized(text: str, points: int, top: int) -> str:
        return shape("", line(text, run=f' sz="{points}00"'), place=(1, top, 20, 2))

    path = pptx(
        tmp_path / "a.pptx", shape("title", "总题"),
        sized("研究的过程和方法", 20, 5) + sized("我们的做法", 36, 1),
        sized("研究的过程和方法", 20, 5) + sized("又是做法", 21, 1),
        sized("研究的过程和方法", 40, 5) + sized("小字在上", 20, 1),
    )  # fmt: skip
    assert [item.title for item in indexer.read(path).outline] == ["总题", "我们的做法"]


def test_lettering_leads_a_show_without_titles(tmp_path: Path) -> None:
    bent = '<a:prstTxWarp prst="textArchUp"/>'
    name = shape("", "2015年6月", "执教：王老师", place=(1, 9, 9, 2))
    path = pptx(tmp_path / "a.pptx", name + shape("", "勾股定理", place=(1, 1, 20, 5), body=bent))
    reading = indexer.read(path)
    assert reading.title == "勾股定理"
    assert reading.blocks[0].centred


def test_slides_that_are_pictures_are_named(tmp_path: Path) -> None:
    path = pptx(tmp_path / "a.pptx", shape("title", "照片"), "<p:pic/>")
    assert indexer.read(path).left_out == ("第 2 页是图片，没有文字",)
    many = [shape("title", "照片"), *["<p:pic/>"] * 3, shape("", "一"), "<p:pic/>"]
    assert indexer.read(pptx(path, *many)).left_out == ("第 2～4、6 页是图片，没有文字",)


def test_damaged_slides_and_notes_are_named_and_the_others_read(tmp_path: Path) -> None:
    path = pptx(
        tmp_path / "a.pptx", shape("", "一"), "<p:sld <", shape("", "三"),
        parts={"ppt/notes.xml": "<p:notes"}, linked={2: (("n", "notesSlide", "../notes.xml"),)},
    )  # fmt: skip
    reading = indexer.read(path)
    assert [(block.text, block.page) for block in reading.blocks] == [("一", 1), ("三", 3)]
    assert reading.left_out == (
        "第 2 页已损坏，没有读", "第 3 页的图示、图表、备注或批注已损坏，没有读",
    )  # fmt: skip


def test_of_a_slide_that_breaks_off_the_first_part_is_read(tmp_path: Path) -> None:
    whole = tree(shape("", "一"), shape("", "二"))
    path = pptx(tmp_path / "a.pptx", whole[: whole.index("二") + 1])
    reading = indexer.read(path)
    assert [block.text for block in reading.blocks] == ["一", "二"]
    assert reading.left_out == ("第 1 页有一部分损坏，只读出了能读的内容",)


def test_of_a_package_that_breaks_off_the_slides_that_came_are_read(tmp_path: Path) -> None:
    path = pptx(tmp_path / "a.pptx", shape("", "一"), shape("", "二"), shape("", "三"))
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.index(b"ppt/slides/slide2.xml") + 40])
    reading = indexer.read(path)
    assert [block.text for block in reading.blocks] == ["一", "二"]
    assert reading.left_out[0] == "文件没有传完整，只读出了已有的部分"


def test_without_one_readable_slide_it_is_corrupt(tmp_path: Path) -> None:
    with pytest.raises(ReadError) as caught:
        indexer.read(pptx(tmp_path / "a.pptx", "<p:sld <"))
    assert caught.value.code == "corrupt"


def test_real_slides(samples: Path) -> None:
    folder = samples / "files" / "apache+poi"
    reading = indexer.read(folder / "45545_Comment.pptx")
    first = [block.text for block in reading.blocks if block.page == 1]
    assert first.index("Access to Finance for Local Governments") < first.index("Antonio Vives")
    assert [b.text for b in reading.blocks if b.kind == "comment"] == [
        "XPVMWARE01：testdoc", "XPVMWARE01：test phrase",
    ]  # fmt: skip
    japanese = indexer.read(folder / "with_japanese.pptx")
    assert "𐌲𐌿𐍄𐌹𐍃𐌺" in japanese.text
