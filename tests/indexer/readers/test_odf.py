from __future__ import annotations

from pathlib import Path

import pytest
from converted import convert
from made_docx import cell, docx, list_levels, numbered, table
from made_docx import para as docx_para
from made_odf import flat, items, level, list_style, odp, odt, para

import indexer
from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.readers import odf
from indexer.reading import Block, Reading
from indexer.sniff import detect

ROOT = Path(__file__).resolve().parents[3]


def read(path: Path, limits: Limits | None = None) -> Reading:
    """What the reader itself finds, without the outline."""
    return odf.read(path, limits or Limits())


def texts(path: Path, kind: str = "paragraph") -> list[str]:
    return [block.text for block in read(path).blocks if block.kind == kind]


def table_of(path: Path) -> Block:
    return next(block for block in read(path).blocks if block.kind == "table")


def grid(*rows: str, head: str = "") -> str:
    header = f"<table:table-header-rows>{head}</table:table-header-rows>" if head else ""
    return f"<table:table>{header}{''.join(rows)}</table:table>"


def row(*cells: str) -> str:
    made = "".join(
        c if c.startswith("<") else f"<table:table-cell>{para(c)}</table:table-cell>" for c in cells
    )
    return f"<table:table-row>{made}</table:table-row>"


CHINESE = level(1, "一, 二, 三, ...", 'style:num-suffix="、"')


def test_paragraphs_headings_and_breaks(tmp_path: Path) -> None:
    path = odt(
        tmp_path / "a.odt",
        para("教学反思", "Title")
        + '<text:h text:outline-level="2">一、过程</text:h>'
        + para("第一行<text:line-break/>第二<text:s text:c='3'/>行<text:tab/>尾  注\n 完"),
    )
    reading = read(path)
    assert [(b.kind, b.level, b.text) for b in reading.blocks] == [
        ("paragraph", 0, "教学反思"),
        ("heading", 2, "一、过程"),
        ("paragraph", 0, "第一行\n第二   行\t尾 注 完"),
    ]


def test_a_style_named_title_makes_the_title(tmp_path: Path) -> None:
    style = (
        '<office:styles><style:style style:name="T1" style:display-name="Title" '
        'style:family="paragraph"/></office:styles>'
    )
    path = odt(tmp_path / "a.odt", para("研修计划", "T1") + para("正文"), styles=style)
    assert indexer.read(path).title == "研修计划"


def test_bold_centred_and_size_come_through_parents(tmp_path: Path) -> None:
    styles = (
        '<office:styles><style:style style:name="S" style:family="paragraph">'
        '<style:paragraph-properties fo:text-align="center"/>'
        '<style:text-properties style:font-weight-asian="bold" style:font-size-asian="16pt"/>'
        "</style:style></office:styles>"
    )
    auto = (
        '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="S"/>'
        '<style:style style:name="N" style:family="text">'
        '<style:text-properties style:font-weight-asian="normal"/></style:style>'
    )
    body = para("全部粗", "P1") + para('目标：<text:span text:style-name="N">细</text:span>', "P1")
    first, second = read(odt(tmp_path / "a.odt", body, auto=auto, styles=styles)).blocks
    assert (first.bold, first.centred, first.size) == (True, True, 16.0)
    assert (second.bold, second.lead) == (False, len("目标："))


def test_chinese_numbers_with_a_second_level(tmp_path: Path) -> None:
    levels = list_style(CHINESE, level(2, "1", 'text:display-levels="2"'))
    inner = items("甲", "乙", style="")
    path = odt(tmp_path / "a.odt", items(para("总则") + inner, "分则"), auto=levels)
    assert texts(path) == ["一、总则", "一.1 甲", "一.2 乙", "二、分则"]


def test_a_list_goes_on_where_it_says_so(tmp_path: Path) -> None:
    body = (
        items("甲", "乙", extra='xml:id="one"') + para("插话")
        + items("丙", extra='text:continue-numbering="true"')
        + items("丁")
        + items("戊", extra='text:continue-list="one"')
    )  # fmt: skip
    path = odt(tmp_path / "a.odt", body, auto=list_style(CHINESE))
    assert texts(path) == ["一、甲", "二、乙", "插话", "三、丙", "一、丁", "四、戊"]


def test_an_item_may_start_anew_and_a_second_paragraph_has_no_label(tmp_path: Path) -> None:
    body = (
        '<text:list text:style-name="L"><text:list-item text:start-value="5">'
        f"{para('甲')}{para('甲续')}</text:list-item><text:list-header>{para('题头')}"
        f"</text:list-header><text:list-item>{para('乙')}</text:list-item></text:list>"
    )
    path = odt(tmp_path / "a.odt", body, auto=list_style(CHINESE))
    assert texts(path) == ["五、甲", "甲续", "题头", "六、乙"]


def test_a_sublist_begins_anew_under_each_item(tmp_path: Path) -> None:
    levels = list_style(CHINESE, level(2, "①, ②, ③, ..."))
    body = items(para("甲") + items("子", "丑", style=""), para("乙") + items("寅", style=""))
    path = odt(tmp_path / "a.odt", body, auto=levels)
    assert texts(path) == ["一、甲", "①子", "②丑", "二、乙", "①寅"]


def test_bullets_have_no_label(tmp_path: Path) -> None:
    bullet = '<text:list-level-style-bullet text:level="1" text:bullet-char="●"/>'
    path = odt(tmp_path / "a.odt", items("甲"), auto=list_style(bullet))
    assert texts(path) == ["甲"]


def test_headings_count_by_the_outline(tmp_path: Path) -> None:
    outline = (
        "<office:styles><text:outline-style>"
        '<text:outline-level-style text:level="1" style:num-prefix="第" style:num-suffix="章" '
        'style:num-format="一, 二, 三, ..."/></text:outline-style></office:styles>'
    )
    heading = '<text:h text:outline-level="1">{}</text:h>'
    path = odt(tmp_path / "a.odt", heading.format("总论") + heading.format("实施"), styles=outline)
    assert texts(path, "heading") == ["第一章 总论", "第二章 实施"]


def test_merged_cells_stand_once(tmp_path: Path) -> None:
    wide = f'<table:table-cell table:number-columns-spanned="2">{para("课题")}</table:table-cell>'
    tall = f'<table:table-cell table:number-rows-spanned="2">{para("目标")}</table:table-cell>'
    covered = "<table:covered-table-cell/>"
    path = odt(
        tmp_path / "a.odt",
        grid(row(wide, covered, "丙"), row(tall, "甲", "乙"), row(covered, "丁", "戊")),
    )
    block = table_of(path)
    assert block.rows == (("课题", "", "丙"), ("目标", "甲", "乙"), ("", "丁", "戊"))
    assert block.merged == ((0, 1), (2, 0))
    assert block.text == "课题\t丙\n目标\t甲\t乙\n丁\t戊"


def test_a_block_of_merged_cells_adds_no_columns(tmp_path: Path) -> None:
    both = 'table:number-columns-spanned="2" table:number-rows-spanned="2"'
    covered = '<table:covered-table-cell table:number-columns-repeated="2"/>'
    path = odt(
        tmp_path / "a.odt",
        grid(
            row(f"<table:table-cell {both}>{para('大')}</table:table-cell>",
                "<table:covered-table-cell/>", "甲"),
            row(covered, "乙"),
        ),
    )  # fmt: skip
    assert table_of(path).rows == (("大", "甲"), ("", "乙"))


def test_header_rows_and_nested_tables(tmp_path: Path) -> None:
    inner = grid(row("一", "二"), row("三", "四"))
    path = odt(
        tmp_path / "a.odt",
        grid(row("甲", f"<table:table-cell>{inner}</table:table-cell>"), head=row("姓名", "学科")),
    )
    block = table_of(path)
    assert block.header_rows == 1
    assert block.rows[1] == ("甲", "一\t二\n三\t四")


def test_one_cell_is_a_frame(tmp_path: Path) -> None:
    path = odt(tmp_path / "a.odt", grid(row("框里的字")))
    assert texts(path) == ["框里的字"]


def test_text_boxes_follow_their_paragraph(tmp_path: Path) -> None:
    box = f"<draw:frame><draw:text-box>{para('框中')}</draw:text-box></draw:frame>"
    shape = f"<draw:g><draw:custom-shape>{para('形中')}</draw:custom-shape></draw:g>"
    path = odt(tmp_path / "a.odt", para(f"前{box}{shape}后") + para("下一段"))
    assert texts(path) == ["前后", "框中", "形中", "下一段"]


def test_notes_and_comments_stand_apart(tmp_path: Path) -> None:
    note = (
        '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>'
        f"<text:note-body>{para('脚注')}</text:note-body></text:note>"
    )
    comment = (
        f"<office:annotation><dc:creator>王芳</dc:creator>{para('要补数据')}</office:annotation>"
    )
    reading = read(odt(tmp_path / "a.odt", para(f"正文{note}{comment}完。")))
    assert [(b.kind, b.text) for b in reading.blocks] == [
        ("paragraph", "正文完。"), ("note", "脚注"), ("comment", "王芳：要补数据"),
    ]  # fmt: skip
    assert "要补数据" not in reading.text


@pytest.mark.parametrize("in_place", [False, True])
def test_deleted_text_is_left_out(tmp_path: Path, in_place: bool) -> None:
    content = "" if in_place else para("删了")
    changes = (
        '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion>'
        f"{content}</text:deletion></text:changed-region></text:tracked-changes>"
    )
    mark = (
        '<text:change-start text:change-id="c1"/>删了<text:change-end text:change-id="c1"/>'
        if in_place
        else '<text:change text:change-id="c1"/>'
    )
    path = odt(tmp_path / "a.odt", changes + para(f"前{mark}后"))
    assert texts(path) == ["前后"]


def test_hidden_text_and_prompts_are_left_out(tmp_path: Path) -> None:
    auto = (
        '<style:style style:name="H" style:family="text">'
        '<style:text-properties text:display="none"/></style:style>'
    )
    body = (
        para('看得见<text:span text:style-name="H">看不见</text:span>')
        + para("姓名：<text:placeholder>&lt;单击输入&gt;</text:placeholder>")
        + f'<text:section text:display="none">{para("藏节")}</text:section>'
        + f"<text:section>{para('明节')}</text:section>"
    )
    assert texts(odt(tmp_path / "a.odt", body, auto=auto)) == ["看得见", "姓名：", "明节"]


def test_form_controls_show_their_values(tmp_path: Path) -> None:
    forms = (
        '<office:forms><form:form><form:checkbox form:id="c" form:current-state="checked" '
        'form:label="同意"/><form:text form:id="t" form:current-value="张敏"/></form:form>'
        "</office:forms>"
    )
    body = forms + para('<draw:control draw:control="c"/> <draw:control draw:control="t"/>')
    assert texts(odt(tmp_path / "a.odt", body)) == ["☑同意 张敏"]


def test_headers_of_the_master_pages_in_use(tmp_path: Path) -> None:
    def master(name: str, header: str, extra: str = "") -> str:
        return (
            f'<style:master-page style:name="{name}"><style:header {extra}>{para(header)}'
            f"</style:header><style:footer>{para('12')}</style:footer></style:master-page>"
        )

    styles = (
        "<office:master-styles>"
        + master("Standard", "孙镇初中")
        + master("Unused", "没有用的")
        + master("Other", "附录页眉")
        + "</office:master-styles>"
    )
    auto = '<style:style style:name="P" style:family="paragraph" style:master-page-name="Other"/>'
    path = odt(tmp_path / "a.odt", para("正文") + para("附录", "P"), auto=auto, styles=styles)
    assert texts(path, "header") == ["孙镇初中", "附录页眉"]
    assert texts(path, "footer") == []


def test_pages_where_the_counts_agree(tmp_path: Path) -> None:
    body = para("第一页") + "<text:soft-page-break/>" + para("第二页")
    counted = '<meta:document-statistic meta:page-count="{}"/>'
    two = read(odt(tmp_path / "a.odt", body, meta=counted.format(2)))
    assert [block.page for block in two.blocks] == [1, 2]
    three = read(odt(tmp_path / "b.odt", body, meta=counted.format(3)))
    assert [block.page for block in three.blocks] == [None, None]


def test_metadata(tmp_path: Path) -> None:
    meta = (
        "<dc:title>计划</dc:title><meta:initial-creator>张敏</meta:initial-creator>"
        "<dc:creator>李雪</dc:creator><meta:creation-date>2015-09-01T08:00:00</meta:creation-date>"
        '<meta:user-defined meta:name="表单编号">F-1</meta:user-defined>'
    )
    reading = read(odt(tmp_path / "a.odt", para("正文"), meta=meta))
    assert reading.metadata == {
        "title": "计划", "author": "张敏", "lastModifiedBy": "李雪",
        "created": "2015-09-01T08:00:00", "custom:表单编号": "F-1",
    }  # fmt: skip


def test_a_flat_file_is_read_alike(tmp_path: Path) -> None:
    path = flat(tmp_path / "a.fodt", para("平面文件"))
    assert detect(path) == "odt"
    assert texts(path) == ["平面文件"]


def test_the_media_type_tells_text_from_slides(tmp_path: Path) -> None:
    assert detect(odt(tmp_path / "a", para("x"))) == "odt"
    assert detect(odp(tmp_path / "b", "")) == "odp"


def test_a_password_is_encrypted(tmp_path: Path) -> None:
    path = odt(tmp_path / "a.odt", "", manifest="<manifest:encryption-data/>")
    with pytest.raises(ReadError) as caught:
        read(path)
    assert caught.value.code == "encrypted"


def test_a_broken_content_part_is_corrupt(tmp_path: Path) -> None:
    with pytest.raises(ReadError) as caught:
        read(odt(tmp_path / "a.odt", "<text:p>"))
    assert caught.value.code == "corrupt"


def test_a_file_cut_short_is_still_known(tmp_path: Path) -> None:
    path = odt(tmp_path / "a.odt", para("正文" * 300))
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ReadError) as caught:
        indexer.read(path)
    assert (detect(path), caught.value.code) == ("odt", "corrupt")


def test_repeated_rows_end_at_the_limit(tmp_path: Path) -> None:
    many = '<table:table-row table:number-rows-repeated="9999999">'
    cells = f'<table:table-cell table:number-columns-repeated="9999">{para("x")}</table:table-cell>'
    body = grid(*[f"{many}{cells}</table:table-row>"] * 50)
    reading = read(odt(tmp_path / "a.odt", body), Limits(cells=2000))
    assert reading.status == "partial"
    assert "后面的内容没有读" in reading.left_out[0]


def test_too_many_characters_are_partial(tmp_path: Path) -> None:
    reading = read(odt(tmp_path / "a.odt", para("字" * 20) + para("尾")), Limits(characters=10))
    assert reading.left_out == ("超过 10 字，后面的内容没有读",)


def test_embedded_objects_are_named(tmp_path: Path) -> None:
    frame = '<draw:frame><draw:object xlink:href="./Object 1"/><draw:image/></draw:frame>'
    reading = read(odt(tmp_path / "a.odt", para(f"图{frame}")))
    assert reading.left_out == ("有 1 个图表等嵌入对象没有读",)


def test_formulas_are_read_in_their_place(tmp_path: Path) -> None:
    def token(sign: str) -> str:
        return f"<mi>{sign}</mi>"

    half = f"<mfrac><mrow>{token('a')}<mo>+</mo>{token('b')}</mrow><mn>2</mn></mfrac>"
    total = f"<munderover><mo>∑</mo>{token('i')}{token('n')}</munderover>{token('i')}"
    formula = (
        f"<semantics><mrow>{half}<mo>+</mo><msup>{token('y')}<mn>2</mn></msup><mo>+</mo>"
        f"<msqrt>{token('c')}</msqrt><mo>+</mo>{total}</mrow>"
        '<annotation encoding="StarMath 5.0">{a+b} over 2</annotation></semantics>'
    )
    body = para('求<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>的值')
    reading = read(odt(tmp_path / "a.odt", body, formula=formula))
    assert reading.text == "求(a+b)/2+y^2+√c+∑_i^n i的值"
    assert reading.left_out == ()


def frame(content: str, top: int, extra: str = "") -> str:
    return (
        f'<draw:frame svg:x="1cm" svg:y="{top}cm" svg:width="10cm" svg:height="2cm" {extra}>'
        f"{content}</draw:frame>"
    )


def box(text: str, top: int, extra: str = "") -> str:
    return frame(f"<draw:text-box>{para(text)}</draw:text-box>", top, extra)


def test_slides_with_titles_tables_and_notes(tmp_path: Path) -> None:
    title = 'presentation:class="title"'
    notes = f"<presentation:notes>{box('讲稿', 1)}</presentation:notes>"
    path = odp(
        tmp_path / "a.odp",
        box("先画在下面", 9) + box("汇报", 1, title) + notes,
        box("数据", 1, title) + frame(grid(row("甲", "1"), row("乙", "2")), 5)
        + box("3", 18, 'presentation:class="page-number"'),
        "<draw:frame><draw:image/></draw:frame>",
    )  # fmt: skip
    reading = read(path)
    assert [(b.kind, b.level, b.page, b.text) for b in reading.blocks] == [
        ("heading", 0, 1, "汇报"), ("paragraph", 0, 1, "先画在下面"), ("note", 0, 1, "讲稿"),
        ("heading", 1, 2, "数据"), ("table", 0, 2, "甲\t1\n乙\t2"),
    ]  # fmt: skip
    assert reading.left_out == ("第 3 页是图片，没有文字",)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for both conversions: LibreOffice sets up its profile once."""
    return tmp_path_factory.mktemp("odf")


@pytest.fixture(scope="module")
def pair(folder: Path) -> tuple[Reading, Reading]:
    """A made .docx, and what LibreOffice saves it as."""
    centred = '<w:jc w:val="center"/>'
    body = (
        docx_para("荆姚中学研修计划", bold=True, extra=centred)
        + docx_para("学校：荆姚中学   学科：化学")
        + docx_para("现状", extra=numbered(0)) + docx_para("师资", extra=numbered(1))
        + docx_para("设备", extra=numbered(1)) + docx_para("目标", extra=numbered(0))
        + docx_para("提高课堂效率。")
        + '<w:tbl><w:tblGrid><w:gridCol w:w="2000"/><w:gridCol w:w="2000"/>'
        '<w:gridCol w:w="2000"/></w:tblGrid>'
        + table(
            (cell("课题", '<w:gridSpan w:val="2"/>'), "溶解度"),
            (cell("课时", '<w:vMerge w:val="restart"/>'), "一", "导入新课"),
            (cell("", "<w:vMerge/>"), "二", "练习"),
        ).removeprefix("<w:tbl>")
    )  # fmt: skip
    levels = list_levels(("chineseCounting", "%1、"), ("decimal", "%1.%2"))
    source = docx(folder / "a.docx", body, numbering=levels)
    return indexer.read(source), indexer.read(convert(source, "odt", folder))


def test_libreoffice_keeps_the_outline(pair: tuple[Reading, Reading]) -> None:
    before, after = pair
    assert [(i.level, i.title) for i in after.outline] == [
        (i.level, i.title) for i in before.outline
    ]
    assert after.title == "荆姚中学研修计划"


def test_libreoffice_keeps_fields_and_tables(pair: tuple[Reading, Reading]) -> None:
    before, after = pair
    assert after.fields == before.fields
    tables = [[(b.rows, b.merged) for b in r.blocks if b.kind == "table"] for r in pair]
    assert tables[0] == tables[1]


def test_a_form_of_the_house_reads_alike_as_odt(folder: Path) -> None:
    source = ROOT / "templates" / "kinds" / "stage_report" / "form.docx"
    before, after = indexer.read(source), indexer.read(convert(source, "odt", folder))
    assert [(i.level, i.title) for i in after.outline] == [
        (i.level, i.title) for i in before.outline
    ]
    assert after.fields == before.fields
    assert [b.text for b in after.blocks if b.kind == "table"] == [
        b.text for b in before.blocks if b.kind == "table"
    ]
