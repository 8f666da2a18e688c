"""A Word 97-2003 document with everything in it, made by LibreOffice once for a test run."""

from __future__ import annotations

from pathlib import Path

import pytest
from converted import convert
from made_docx import cell, docx, field, list_levels, numbered, para, run, table

_WIDTH = '<w:tcW w:w="2000" w:type="dxa"/>'
_GRID = (
    '<w:tbl><w:tblPr><w:tblW w:w="6000" w:type="dxa"/></w:tblPr><w:tblGrid>'
    + '<w:gridCol w:w="2000"/>' * 3
    + "</w:tblGrid>"
)
_MARK = 'w:id="1" w:author="a" w:date="2014-01-01T00:00:00Z"'


def wide(content: str, properties: str = "") -> str:
    return cell(content, f"{_WIDTH}{properties}")


def gridded(*rows: tuple[str, ...]) -> str:
    return table(*rows).replace("<w:tbl>", _GRID)


_CHANGES = (
    f"<w:p>{run('应到')}<w:del {_MARK}><w:r><w:delText>三十</w:delText></w:r></w:del>"
    f"<w:ins {_MARK}>{run('四十')}</w:ins>{run('人')}</w:p>"
    f"<w:p><w:pPr><w:rPr><w:del {_MARK}/></w:rPr></w:pPr>{run('前半')}</w:p>{para('后半')}"
    f"<w:p>{run('隐藏', '<w:vanish/>')}{run('可见𠮷字')}</w:p>"
)
_CHECKED = "<w:name w:val='c'/><w:enabled/><w:checkBox><w:sizeAuto/><w:default w:val='0'/>"
_CHECKED += "<w:checked/></w:checkBox>"
_PICKED = "<w:name w:val='d'/><w:enabled/><w:ddList><w:result w:val='1'/>"
_PICKED += "<w:listEntry w:val='男'/><w:listEntry w:val='女'/></w:ddList>"
_LINK = field("HYPERLINK &quot;http://x.cn/&quot;", run("县教育网"))
_FIELDS = (
    f"<w:p>{run('见')}{_LINK}{run('。')}</w:p>"
    f"<w:p>{run('参加')}{field('FORMCHECKBOX', '', _CHECKED)}{run('性别')}"
    f"{field('FORMDROPDOWN', '', _PICKED)}</w:p>"
    f"<w:p>{run('符号')}<w:r><w:sym w:font='Wingdings' w:char='F0FE'/></w:r>"
    f"<w:r><w:sym w:font='Symbol' w:char='F061'/></w:r></w:p>"
)
_BOX = (
    f"<w:p>{run('带框')}<w:r><w:pict><v:shape type='#_x0000_t202' "
    "style='position:absolute;width:200pt;height:60pt'><v:textbox><w:txbxContent>"
    f"{para('框里的字')}</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
    + para("框后的字")
)
_HEAD = "<w:tr><w:trPr><w:tblHeader/></w:trPr>" + "".join(map(wide, "甲乙丙")) + "</w:tr>"
_TABLES = (
    gridded(
        (cell("教师情况", '<w:tcW w:w="4000" w:type="dxa"/><w:gridSpan w:val="2"/>'), wide("人数")),
        (wide("初级", '<w:vMerge w:val="restart"/>'), wide("男"), wide("3")),
        (wide("", "<w:vMerge/>"), wide("女"), wide("4")),
    )
    + para("表间")
    + gridded(
        (wide("左"), wide(gridded((wide("子"), wide("丑"), wide("寅"))) + para("后")), wide("右"))
    ).replace(_GRID, _GRID + _HEAD, 1)
)
_LARGE = run("三号字", '<w:sz w:val="32"/>')
_NOTES = "<w:footnoteReference w:id='{}'/>"
_BODY = (
    para("教 学 反 思", extra='<w:jc w:val="center"/>')
    + para("指导思想", extra=numbered())
    + para("以发展观为指导。")
    + para("目标", extra=numbered())
    + para("细目", extra=numbered(1))
    + f"<w:p>{_LARGE}</w:p>"
    + f"<w:p>{run('得：', '<w:b/>')}{run('学生积极发言，课堂气氛热烈。')}</w:p>"
    + _CHANGES
    + _FIELDS
    + _BOX
    + _TABLES
    + f"<w:p>{run('加注')}<w:r>{_NOTES.format(2)}</w:r></w:p>"
    + f"<w:p><w:commentRangeStart w:id='0'/>{run('被批')}<w:commentRangeEnd w:id='0'/>"
    + "<w:r><w:commentReference w:id='0'/></w:r></w:p>"
    + para("〔eq \\o\\ac(○,5)〕圈")
    + '<w:sectPr><w:headerReference w:type="default" r:id="rheader"/>'
    + '<w:headerReference w:type="first" r:id="rheader2"/><w:titlePg/></w:sectPr>'
)
_SEPARATORS = "".join(
    f'<w:footnote w:type="{kind}" w:id="{at}"><w:p/></w:footnote>'
    for at, kind in enumerate(("separator", "continuationSeparator"))
)
_made: list[Path] = []


@pytest.fixture(scope="module")
def word_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not _made:
        folder = tmp_path_factory.mktemp("doc")
        source = docx(
            folder / "a.docx",
            _BODY,
            numbering=list_levels(("chineseCounting", "%1、"), ("decimal", "%1.%2")),
            header=para("孙镇初中"),
            header2=para("封面页眉"),
            footnotes=f"{_SEPARATORS}<w:footnote w:id='2'>{para('脚注的字')}</w:footnote>",
            comments=f"<w:comment w:id='0' w:author='李四'>{para('请核实')}</w:comment>",
        )
        _made.append(convert(source, "doc", folder))
    return _made[0]
