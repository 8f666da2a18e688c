from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from made_ofd import NS, grid, image, lines, ofd, page, path, run, template

import indexer
from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.readers import ofd as reader
from indexer.readers.ofd.runs import steps
from indexer.reading import Block, Reading
from indexer.sniff import detect

FULL = "教研组本学期围绕课堂教学效率开展了多次研讨活动取得一定成效"  # 29 characters, 145 mm


def read(target: Path, limits: Limits | None = None) -> Reading:
    """What the reader itself finds, without the outline."""
    return reader.read(target, limits or Limits())


def texts(target: Path, kind: str = "paragraph") -> list[str]:
    return [block.text for block in read(target).blocks if block.kind == kind]


def table_of(target: Path) -> Block:
    return next(block for block in read(target).blocks if block.kind == "table")


@pytest.mark.parametrize(
    ("given", "count", "expected"),
    [
        ("3 3 1.5", 3, [3, 3, 1.5]),
        ("g 2 3 1.5", 3, [3, 3, 1.5]),
        ("1.59", 4, [1.59] * 4),
        ("g 99999999 2", 3, [2, 2, 2]),
        ("g 2", 2, None),
        ("nan x 4", 2, [4, 4]),
        ("", 2, None),
        (None, 2, None),
    ],
)
def test_distances(given: str | None, count: int, expected: list[float] | None) -> None:
    assert steps(given, count) == expected


def test_it_works(tmp_path: Path) -> None:
    target = ofd(tmp_path / "a.ofd", lines("一、工作开展情况", "开展了三次教研活动。"))
    assert detect(target) == "ofd"
    reading = indexer.read(target)
    assert [item.title for item in reading.outline] == ["工作开展情况"]
    assert reading.outline[0].place == "第 1 页"


def test_characters_drawn_one_by_one_in_any_order(tmp_path: Path) -> None:
    text = "教研组计划"
    drawn = [run(sign, 20 + 5 * at, 30, code='DeltaX=""') for at, sign in enumerate(text)]
    target = ofd(tmp_path / "a.ofd", run("下面一行", 20, 45) + "".join(reversed(drawn)))
    assert texts(target) == ["教研组计划", "下面一行"]


def test_gaps_are_spaces(tmp_path: Path) -> None:
    content = run("学校：孙镇初中", 20, 30) + run("学科：化学", 80, 30)
    assert texts(ofd(tmp_path / "a.ofd", content)) == ["学校：孙镇初中  学科：化学"]


def test_a_typed_space_is_kept_and_one_that_is_written_over_is_not(tmp_path: Path) -> None:
    code = 'DeltaX="5 5 2.5 5"'
    over = run("月 日", 20, 45, code='DeltaX="5 10"') + run("11", 25, 45, code='DeltaX="2.5"')
    target = ofd(tmp_path / "a.ofd", run("科目 化学", 20, 30, code=code) + over)
    assert texts(target) == ["科目 化学", "月11 日"]


def test_full_lines_make_a_paragraph(tmp_path: Path) -> None:
    content = lines(FULL, FULL, "到此为止。", "另起一段。")
    assert texts(ofd(tmp_path / "a.ofd", content)) == [FULL + FULL + "到此为止。", "另起一段。"]


def test_an_indented_line_begins_a_paragraph(tmp_path: Path) -> None:
    content = lines(FULL, FULL) + run(FULL[2:], 30, 46) + run("尾行。", 20, 54)
    assert texts(ofd(tmp_path / "a.ofd", content)) == [FULL + FULL, FULL[2:] + "尾行。"]


def test_several_lines_in_one_text_code(tmp_path: Path) -> None:
    code = 'DeltaX="5 -5 5" DeltaY="0 9 0"'
    assert texts(ofd(tmp_path / "a.ofd", run("甲乙丙丁", 20, 30, code=code))) == ["甲乙", "丙丁"]


def test_matrix_and_boundary_place_the_text(tmp_path: Path) -> None:
    scaled = (
        '<ofd:TextObject Boundary="20 30 90 8" Size="1" CTM="6 0 0 6 0 0">'
        '<ofd:TextCode X="0" Y="0.8" DeltaX="1 1">在上面</ofd:TextCode></ofd:TextObject>'
    )
    target = ofd(tmp_path / "a.ofd", run("在下面", 20, 60) + scaled)
    assert texts(target) == ["在上面", "在下面"]
    assert read(target).blocks[0].size == 17.0


def test_a_page_written_downwards_from_the_right(tmp_path: Path) -> None:
    def column(text: str, x: float) -> str:
        return run(text, x, 30, code=f'DeltaY="g {len(text) - 1} 5"')

    target = ofd(tmp_path / "a.ofd", column("床前明月光。", 50) + column("静夜思唐李白", 60))
    assert texts(target) == ["静夜思唐李白", "床前明月光。"]


def test_a_page_on_its_side_is_turned_with_its_table(tmp_path: Path) -> None:
    def turned(text: str, x: float, y: float) -> str:
        return (
            f'<ofd:TextObject Boundary="{x} {y} 50 50" Size="5" CTM="0 1 -1 0 0 0">'
            f'<ofd:TextCode X="0" Y="0" DeltaX="g 9 5">{text}</ofd:TextCode></ofd:TextObject>'
        )

    content = grid([60, 75, 90], [20, 60, 100]) + turned("标题在前", 120, 30)
    content += turned("甲", 82, 22) + turned("乙", 82, 62) + turned("丙", 67, 22)
    target = ofd(tmp_path / "a.ofd", content)
    assert [block.text for block in read(target).blocks] == ["标题在前", "甲\t乙\n丙"]


def test_what_lies_askew_is_a_watermark_once(tmp_path: Path) -> None:
    mark = run("保密资料", 20, 90, extra='CTM="0.7 0.7 -0.7 0.7 0 0"')
    target = ofd(tmp_path / "a.ofd", run("正文", 20, 30) + mark * 3, run("续页", 20, 30) + mark)
    assert texts(target, "header") == ["保密资料"]
    assert texts(target) == ["正文", "续页"]


def test_bold_fonts_and_weights(tmp_path: Path) -> None:
    fonts = '<ofd:Fonts><ofd:Font ID="7" FontName="黑体"/></ofd:Fonts>'
    content = (
        run("黑体行", 20, 30, extra='Font="7"') + run("重的行", 20, 50, extra='Weight="800"')
        + run("平常行", 20, 70)
    )  # fmt: skip
    blocks = read(ofd(tmp_path / "a.ofd", content, resources=fonts)).blocks
    assert [block.bold for block in blocks] == [True, True, False]


def test_a_short_line_in_the_middle_is_centred(tmp_path: Path) -> None:
    content = run("教学反思", 83, 30) + lines(FULL, FULL, top=50)
    blocks = read(ofd(tmp_path / "a.ofd", content)).blocks
    assert [block.centred for block in blocks] == [True, False]


def test_text_drawn_twice_to_look_bold_stands_once(tmp_path: Path) -> None:
    content = run("教学反思", 20, 30) + run("教学反思", 20.3, 30.1)
    assert texts(ofd(tmp_path / "a.ofd", content)) == ["教学反思"]


def test_a_raised_character_belongs_to_its_line(tmp_path: Path) -> None:
    content = run("面积为十平方米", 20, 30) + run("②", 55, 28.5, size=3)
    assert texts(ofd(tmp_path / "a.ofd", content)) == ["面积为十平方米②"]


def test_a_ruled_table_with_merged_cells(tmp_path: Path) -> None:
    rules = path(20, 40, 90, 30) + path(20, 55, 90, 0, "M 0 0 L 90 0")
    rules += path(50, 40, 0, 30, "M 0 0 L 0 30") + path(80, 55, 0, 15, "M 0 0 L 0 15")
    words = run("课题", 22, 50) + run("溶解度", 52, 50) + run("班级", 22, 65)
    words += run("九一", 52, 65) + run("好", 82, 65)
    target = ofd(tmp_path / "a.ofd", run("表前", 20, 30) + rules + words + run("表后", 20, 90))
    block = table_of(target)
    assert block.rows == (("课题", "溶解度", ""), ("班级", "九一", "好"))
    assert block.merged == ((0, 2),)
    assert [b.text for b in read(target).blocks] == ["表前", "课题\t溶解度\n班级\t九一\t好", "表后"]


def test_thin_filled_bars_are_rules_too(tmp_path: Path) -> None:
    bar = 'Stroke="false" Fill="true"'
    rules = "".join(path(20, y, 60, 0.3, extra=bar) for y in (40, 50, 60))
    rules += "".join(path(x, 40, 0.3, 20, extra=bar) for x in (20, 50, 80))
    words = run("甲", 22, 47) + run("乙", 52, 47) + run("丙", 22, 57)
    target = ofd(tmp_path / "a.ofd", rules + words)
    assert table_of(target).rows == (("甲", "乙"), ("丙", ""))


def test_lines_in_a_cell_join_only_where_they_fill_it(tmp_path: Path) -> None:
    rules = grid([20, 35, 80], [30, 70])
    down = "".join(run(sign, 25, 38 + 7 * at, code='DeltaX=""') for at, sign in enumerate("购买方"))
    words = run("名称：某校", 37, 38) + run("地址在县城北街十八", 37, 46)
    words += run("号院内", 37, 54) + run("电话：0913", 37, 62)
    assert table_of(ofd(tmp_path / "a.ofd", rules + down + words)).rows == (
        ("购买方", "名称：某校\n地址在县城北街十八号院内\n电话：0913"),
    )


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    short = FULL[:14]
    left = lines(*[f"左{short}"] * 6, x=20, top=50)
    right = lines(*[f"右{short}"] * 6, x=105, top=51)
    target = ofd(tmp_path / "a.ofd", run("横贯全页的试卷标题有这么长才够宽", 60, 30) + right + left)
    text = read(target).text
    assert text.index("试卷") < text.index("左") < text.rindex("左") < text.index("右")


def test_a_form_with_two_labels_on_a_line_has_no_columns(tmp_path: Path) -> None:
    content = "".join(
        run(f"标签{at}：值", 20, 30 + 9 * at) + run(f"另签{at}：值", 110, 30 + 9 * at)
        for at in range(7)
    )
    assert texts(ofd(tmp_path / "a.ofd", content))[0] == "标签0：值  另签0：值"


def test_a_template_of_one_page_is_part_of_it(tmp_path: Path) -> None:
    common = '<ofd:TemplatePage ID="9" BaseLoc="Tpls/Tpl_0/Content.xml"/>'
    parts: dict[str, str | bytes] = {"Doc_0/Tpls/Tpl_0/Content.xml": page(run("姓名：", 20, 30))}
    target = ofd(
        tmp_path / "a.ofd", page(run("张敏", 36, 30), template("9")), common=common, parts=parts
    )
    assert texts(target) == ["姓名：张敏"]


def test_a_template_of_many_pages_gives_header_and_footer_once(tmp_path: Path) -> None:
    common = '<ofd:TemplatePage ID="9" BaseLoc="Tpls/Tpl_0/Content.xml"/>'
    drawn = run("孙镇初中教研", 20, 15) + run("内部资料", 20, 280) + run("意见：", 20, 60)
    parts: dict[str, str | bytes] = {"Doc_0/Tpls/Tpl_0/Content.xml": page(drawn)}
    pages = [
        page(run(f"第{n}次活动", 20, 40) + run("同意", 36, 60) + run("落款", 20, 90), template("9"))
        for n in "一二"
    ]
    target = ofd(tmp_path / "a.ofd", *pages, common=common, parts=parts)
    assert texts(target, "header") == ["孙镇初中教研"]
    assert texts(target, "footer") == ["内部资料"]
    assert texts(target) == ["第一次活动", "意见：同意", "落款", "第二次活动", "意见：同意", "落款"]


def test_a_missing_template_is_named(tmp_path: Path) -> None:
    target = ofd(tmp_path / "a.ofd", page(run("正文", 20, 30), template("9")))
    assert read(target).left_out == ("第 1 页的模板缺失，其中的文字没有读",)


def test_composite_units_and_blocks_are_looked_through(tmp_path: Path) -> None:
    unit = (
        '<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="5"><ofd:Content>'
        f"<ofd:PageBlock>{run('单元里', 0, 10)}</ofd:PageBlock>"
        '<ofd:CompositeObject ResourceID="5"/></ofd:Content></ofd:CompositeGraphicUnit>'
        "</ofd:CompositeGraphicUnits>"
    )
    content = run("上面", 20, 30) + '<ofd:CompositeObject Boundary="20 50 9 9" ResourceID="5"/>'
    target = ofd(tmp_path / "a.ofd", content, resources=unit)
    assert texts(target)[:2] == ["上面", "单元里"]


def test_a_unit_that_shows_itself_many_times_ends(tmp_path: Path) -> None:
    again = '<ofd:CompositeObject Boundary="0 1 9 9" ResourceID="5"/>' * 10
    unit = (
        f'<ofd:CompositeGraphicUnit ID="5"><ofd:Content>{again}</ofd:Content>'
        "</ofd:CompositeGraphicUnit>"
    )
    limits = Limits(characters=100)
    target = ofd(tmp_path / "a.ofd", again + run("字" * 101, 20, 30), resources=unit)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "_OBJECTS", 5000)
        assert read(target, limits).left_out == ("第 1 页起没有读，文件太长",)


def test_invisible_objects_are_left_out(tmp_path: Path) -> None:
    content = run("看得见", 20, 30) + run("看不见", 20, 50, extra='Visible="false"')
    assert texts(ofd(tmp_path / "a.ofd", content)) == ["看得见"]


def annotated(target: Path, annotation: str) -> Path:
    part = f"<ofd:PageAnnot {NS}>{annotation}</ofd:PageAnnot>"
    return ofd(
        target,
        run("正文", 20, 30),
        document="<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>",
        parts={
            "Doc_0/Annots/Annotations.xml": f'<ofd:Annotations {NS}><ofd:Page PageID="0">'
            "<ofd:FileLoc>Page_0/Annotation.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>",
            "Doc_0/Annots/Page_0/Annotation.xml": part,
        },
    )


def test_a_readers_note_is_a_comment(tmp_path: Path) -> None:
    note = (
        '<ofd:Annot Type="Highlight" Creator="王芳"><ofd:Remark>要补数据</ofd:Remark></ofd:Annot>'
    )
    blocks = read(annotated(tmp_path / "a.ofd", note)).blocks
    assert [(b.kind, b.text) for b in blocks] == [
        ("paragraph", "正文"),
        ("comment", "王芳：要补数据"),
    ]


def test_a_watermark_annotation_is_a_header(tmp_path: Path) -> None:
    mark = (
        '<ofd:Annot Type="Watermark"><ofd:Appearance Boundary="0 0 210 297">'
        f"{run('内部使用', 20, 90)}{run('内部使用', 20, 150)}</ofd:Appearance></ofd:Annot>"
        '<ofd:Annot Type="Watermark" Visible="false"><ofd:Appearance>'
        f"{run('看不见', 20, 90)}</ofd:Appearance></ofd:Annot>"
    )
    blocks = read(annotated(tmp_path / "a.ofd", mark)).blocks
    assert [(b.kind, b.text) for b in blocks] == [("paragraph", "正文"), ("header", "内部使用")]


def test_attachments_are_named(tmp_path: Path) -> None:
    listed = (
        f'<ofd:Attachments {NS}><ofd:Attachment Name="成绩" Format="xlsx">'
        "<ofd:FileLoc>a.xlsx</ofd:FileLoc></ofd:Attachment></ofd:Attachments>"
    )
    target = ofd(
        tmp_path / "a.ofd",
        run("正文", 20, 30),
        document="<ofd:Attachments>/Doc_0/Attachs/Attachments.xml</ofd:Attachments>",
        parts={"Doc_0/Attachs/Attachments.xml": listed},
    )
    reading = read(target)
    assert (reading.status, reading.left_out) == ("partial", ("附件“成绩.xlsx”没有读",))


def test_facts_signatures_and_tags(tmp_path: Path) -> None:
    info = (
        "<ofd:Title>函</ofd:Title><ofd:Author>办公室</ofd:Author>"
        "<ofd:CreationDate>2023-7-12</ofd:CreationDate><ofd:CustomDatas>"
        '<ofd:CustomData Name="文号">12号</ofd:CustomData></ofd:CustomDatas>'
    )
    signature = (
        f'<ofd:Signature {NS}><ofd:SignedInfo><ofd:Provider Company="BW"/>'
        "<ofd:SignatureDateTime>20201010151120</ofd:SignatureDateTime></ofd:SignedInfo>"
        "</ofd:Signature>"
    )
    tag = (
        f'<t:eInvoice {NS} xmlns:t="x"><t:金额><ofd:ObjectRef>77</ofd:ObjectRef></t:金额>'
        "</t:eInvoice>"
    )
    target = ofd(
        tmp_path / "a.ofd",
        run("318元", 20, 30, extra='ID="77"'),
        info=info,
        body="<ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures>",
        document="<ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags>",
        parts={
            "Doc_0/Signs/Signatures.xml": f"<ofd:Signatures {NS}>"
            '<ofd:Signature ID="1" BaseLoc="Sign_0/Signature.xml"/></ofd:Signatures>',
            "Doc_0/Signs/Sign_0/Signature.xml": signature,
            "Doc_0/Tags/CustomTags.xml": f"<ofd:CustomTags {NS}><ofd:CustomTag>"
            "<ofd:FileLoc>Tag.xml</ofd:FileLoc></ofd:CustomTag></ofd:CustomTags>",
            "Doc_0/Tags/Tag.xml": tag,
        },
    )
    assert read(target).metadata == {
        "title": "函", "author": "办公室", "created": "2023-07-12", "custom:文号": "12号",
        "signed": "2020-10-10T15:11:20 BW", "custom:金额": "318元", "pages": "1",
    }  # fmt: skip


def test_a_filled_form_field_is_a_property(tmp_path: Path) -> None:
    block = f'<ofd:PageBlock ID="10">{run("张敏", 40, 30)}</ofd:PageBlock>'
    fields = (
        f'<ofd:AreaHolderBlocks {NS}><ofd:AreaHolderBlock AreaName="姓名" PageBlockID="10"/>'
        '<ofd:AreaHolderBlock AreaName="生日" PageBlockID="21"/></ofd:AreaHolderBlocks>'
    )
    target = ofd(tmp_path / "a.ofd", block, parts={"Doc_0/AreaHolderBlocks.xml": fields})
    assert read(target).metadata == {"custom:姓名": "张敏", "pages": "1"}


def test_several_documents_and_the_current_version(tmp_path: Path) -> None:
    second = (
        "<ofd:DocRoot>Doc_1/Old.xml</ofd:DocRoot><ofd:Versions>"
        '<ofd:Version ID="1" BaseLoc="Doc_1/V1.xml"/>'
        '<ofd:Version ID="2" BaseLoc="Doc_1/V2.xml" Current="true"/></ofd:Versions>'
    )
    listed = '<ofd:Pages><ofd:Page ID="1" BaseLoc="P.xml"/></ofd:Pages>'
    root = "<ofd:DocRoot>New.xml</ofd:DocRoot>"
    target = ofd(
        tmp_path / "a.ofd",
        run("第一份", 20, 30),
        body=f"</ofd:DocBody><ofd:DocBody>{second}",
        parts={
            "Doc_1/V2.xml": f"<ofd:DocVersion {NS}>{root}</ofd:DocVersion>",
            "Doc_1/New.xml": f"<ofd:Document {NS}>{listed}</ofd:Document>",
            "Doc_1/P.xml": page(run("第二份新版", 20, 30)),
        },
    )
    assert [(b.page, b.text) for b in read(target).blocks] == [(1, "第一份"), (2, "第二份新版")]


SCAN = '<ofd:MultiMedia ID="3" Type="Image"><ofd:MediaFile>{}</ofd:MediaFile></ofd:MultiMedia>'


@pytest.mark.parametrize(
    "loc", ["scan.png", "/Doc_0/Res/scan.png", "Doc_0/Res/SCAN.png", ".\\scan.png"]
)
def test_a_page_that_is_a_picture_is_scanned(tmp_path: Path, loc: str) -> None:
    target = ofd(
        tmp_path / "a.ofd",
        run("有字的页", 20, 30),
        image("4", 20, 20) + image("3"),
        resources=SCAN.format(loc),
        parts={"Doc_0/Res/scan.png": b"the picture"},
    )
    reading = read(target)
    assert reading.scanned == (2,)
    assert reading.left_out == ("第 2 页是图片，没有文字",)
    assert reader.page_image(target, 2, Limits()) == b"the picture"
    assert reader.page_image(target, 1, Limits()) is None
    assert reader.page_image(target, 3, Limits()) is None


def test_a_picture_that_is_missing_cannot_be_recognised(tmp_path: Path) -> None:
    target = ofd(tmp_path / "a.ofd", image("3"), resources=SCAN.format("gone.png"))
    reading = read(target)
    assert (reading.scanned, reading.left_out) == ((), ("第 1 页是图片，没有文字",))
    assert reader.page_image(target, 1, Limits()) is None


def test_characters_of_a_private_code_are_counted(tmp_path: Path) -> None:
    target = ofd(tmp_path / "a.ofd", run("浏\ue123\ue124览", 20, 30))
    reading = read(target)
    assert reading.left_out == ("第 1 页有 2 个字用了自造编码，读不出来",)
    assert reading.text.replace(" ", "") == "浏览"


def test_encryption_is_told_even_of_the_whole_package(tmp_path: Path) -> None:
    target = tmp_path / "a.ofd"
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("Encryptions.xml", f"<ofd:Encryptions {NS}/>")
        package.writestr("secret.dat", b"\0\1\2")
    with pytest.raises(ReadError) as caught:
        indexer.read(target)
    assert caught.value.code == "encrypted"


@pytest.mark.parametrize("root", ["<not closed", f"<ofd:OFD {NS}/>"])
def test_a_broken_root_is_corrupt(tmp_path: Path, root: str) -> None:
    with pytest.raises(ReadError) as caught:
        read(ofd(tmp_path / "a.ofd", run("x", 20, 30), parts={"OFD.xml": root}))
    assert caught.value.code == "corrupt"


def test_a_file_cut_short_is_still_known(tmp_path: Path) -> None:
    target = ofd(tmp_path / "a.ofd", run("正文", 20, 30))
    target.write_bytes(target.read_bytes()[:-100])
    with pytest.raises(ReadError) as caught:
        indexer.read(target)
    assert (detect(target), caught.value.code) == ("ofd", "corrupt")


def test_more_characters_than_a_page_can_have_end_the_reading(tmp_path: Path) -> None:
    target = ofd(tmp_path / "a.ofd", run("第一页", 20, 30), run("字" * 60_000, 20, 30))
    assert read(target).left_out == ("第 2 页起没有读，文件太长",)


def test_a_broken_page_is_named_and_the_others_read(tmp_path: Path) -> None:
    target = ofd(tmp_path / "a.ofd", "<ofd:Page ", run("第二页", 20, 30))
    reading = read(target)
    assert reading.left_out == ("第 1 页已损坏",)
    assert reading.text == "第二页"


def test_hostile_numbers_are_passed_over(tmp_path: Path) -> None:
    content = (
        run("正文", 20, 30) + run("远", 1e300, 30) + run("大", 20, 50, size=1e12)
        + run("非数", 20, 60, extra='CTM="nan 0 0 nan 0 0"')
        + path(20, 40, 1e308, 1e308) + path(20, 40, 5, 5, "M 0 0 L inf nan C Q")
    )  # fmt: skip
    reading = read(ofd(tmp_path / "a.ofd", content))
    assert "正文" in reading.text


def test_more_pages_than_allowed_is_partial(tmp_path: Path) -> None:
    target = ofd(tmp_path / "a.ofd", *[run(f"第{n}页文字", 20, 30) for n in "一二三"])
    reading = read(target, Limits(pages=2))
    assert reading.left_out == ("第 3 页起没有读，文件太长",)
    assert reading.metadata["pages"] == "3"


def test_running_heads_and_page_numbers(tmp_path: Path) -> None:
    pages = [
        run("孙镇初中校本研修", 20, 15)
        + run(f"本页的内容是{n}", 20, 60)
        + run(f"— {at} —", 90, 285)
        for at, n in enumerate("甲乙丙丁", 1)
    ]
    target = ofd(tmp_path / "a.ofd", *pages)
    assert texts(target, "header") == ["孙镇初中校本研修"]
    assert texts(target) == [f"本页的内容是{n}" for n in "甲乙丙丁"]


def test_a_footer_with_its_page_number_stands_once(tmp_path: Path) -> None:
    pages = [
        run(f"本页的内容是{n}", 20, 60) + run("表单编号：甲", 20, 285) + run(f"— {at} —", 120, 285)
        for at, n in enumerate("甲乙丙", 1)
    ]
    target = ofd(tmp_path / "a.ofd", *pages)
    assert texts(target, "footer") == ["表单编号：甲  — 1 —"]
    assert texts(target) == [f"本页的内容是{n}" for n in "甲乙丙"]


def test_signature_and_date_at_the_right_are_two_lines(tmp_path: Path) -> None:
    content = lines(FULL, FULL) + run("孙镇初中教研组", 130, 46) + run("九月十日", 145, 54)
    assert texts(ofd(tmp_path / "a.ofd", content))[-2:] == ["孙镇初中教研组", "九月十日"]


def test_head_lines_with_labels_are_not_joined(tmp_path: Path) -> None:
    head = "学校：孙镇初中学科：化学年级：九年级教师：雷亚锋职务：组长"
    gaps = 'DeltaX="' + "5 " * 6 + "9 " + "5 " * 4 + "9 " + "5 " * 20 + '"'
    content = run(head, 20, 30, code=gaps) + run(head, 20, 38, code=gaps)
    assert len(texts(ofd(tmp_path / "a.ofd", content))) == 2


@pytest.fixture(scope="module")
def foreign(samples: Path) -> Path:
    return samples / "files" / "ofdrw+ofdrw"


def test_a_real_invoice(foreign: Path) -> None:
    reading = read(foreign / "v4signed.ofd")
    assert reading.blocks[0].text == "重庆增值税电子普通发票"
    block = next(block for block in reading.blocks if block.kind == "table")
    assert block.rows[0][1].startswith(
        "名  称：科游迈利有限公司\n纳税人识别号：9150010807MGZHI002\n"
    )
    assert block.rows[2][2] == "叁佰壹拾捌圆整  （小写）¥318.00"
    assert reading.metadata["custom:发票号码"] == "99999951"
    assert reading.left_out == ("附件“original_invoice.xml”没有读",)


def test_a_real_certificate_of_two_templates(foreign: Path) -> None:
    text = read(foreign / "testImageNotFound.ofd").text
    assert (
        "二、《矿产资源勘查许可证》不得转借、转让、买卖；《矿产资源勘查许可证》遗矢后必须到" in text
    )
    assert "勘查项目名称：探矿权新立" in text
    assert "2022 年 11 月 01 日" in text


def test_real_files_with_odd_paths_private_codes_and_no_text(foreign: Path) -> None:
    odd = foreign / "不规范资源路径.ofd"
    assert "太仓市婚姻登记处" in read(odd).text
    picture = reader.page_image(odd, 1, Limits())
    assert picture is not None
    assert picture.startswith(b"GIF8")
    assert "149 个字" in read(foreign / "ano.ofd").left_out[0]
    assert len(read(foreign / "Page5.ofd").left_out) == 5
