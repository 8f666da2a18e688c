"""What stands inside paragraphs of a .docx: changes, controls, symbols, math."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_docx import docx, para, run

import indexer

_MARK = 'w:id="1" w:author="王" w:date="2014-01-01T00:00:00Z"'


def texts(path: Path) -> list[str]:
    return [block.text for block in indexer.read(path).blocks]


def line(tmp_path: Path, *runs: str, **parts: str) -> str:
    """The text of one paragraph made of these runs."""
    (text,) = texts(docx(tmp_path / "a.docx", f"<w:p>{''.join(runs)}</w:p>", **parts))
    return text


def test_moved_text_stands_only_where_it_went(tmp_path: Path) -> None:
    moved = (
        f"<w:moveFrom {_MARK}>{run('旧处')}</w:moveFrom><w:moveTo {_MARK}>{run('新处')}</w:moveTo>"
    )
    assert line(tmp_path, moved) == "新处"


def test_a_paragraph_deleted_at_the_end_of_a_cell_does_not_run_into_the_next(
    tmp_path: Path,
) -> None:
    gone = f"<w:p><w:pPr><w:rPr><w:del {_MARK}/></w:rPr></w:pPr>{run('末')}</w:p>"
    body = f"<w:tbl><w:tr><w:tc>{gone}</w:tc><w:tc>{para('右')}</w:tc></w:tr></w:tbl>"
    assert texts(docx(tmp_path / "a.docx", body)) == ["末\t右"]


def control(properties: str, *runs: str) -> str:
    inside = f"<w:sdtContent>{''.join(runs)}</w:sdtContent>"
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr>{inside}</w:sdt>"


def test_the_prompt_of_a_control_is_nobodys_text(tmp_path: Path) -> None:
    prompt = run("单击此处输入文字。", '<w:rStyle w:val="a3"/>')
    empty = control("<w:showingPlcHdr/>", prompt)
    filled = control("", run("蒲城"))
    body = f"<w:p>{run('学校：')}{empty}{run('，')}{filled}</w:p>"
    body += control("<w:showingPlcHdr/>", f"<w:p>{prompt}</w:p>")
    assert texts(docx(tmp_path / "a.docx", body)) == ["学校：，蒲城"]


def test_a_control_filled_in_by_a_program_is_kept(tmp_path: Path) -> None:
    assert line(tmp_path, control("<w:showingPlcHdr/>", run("孙镇初中"))) == "孙镇初中"


def test_a_checked_box_control_shows_its_sign(tmp_path: Path) -> None:
    box = "<w14:checkbox><w14:checked w14:val='1'/></w14:checkbox>"
    assert line(tmp_path, control(box, run("☒")), run("同意")) == "☒同意"


def test_hidden_by_style_or_by_a_character_style(tmp_path: Path) -> None:
    styles = (
        '<w:style w:type="character" w:styleId="h"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="p"><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    styled, shown = run("藏", '<w:rStyle w:val="h"/>'), run("显", '<w:vanish w:val="0"/>')
    body = para("提示", "p") + f"<w:p>{styled}{run('见')}</w:p>"
    body += f'<w:p><w:pPr><w:pStyle w:val="p"/></w:pPr>{shown}</w:p>'
    assert texts(docx(tmp_path / "a.docx", body, styles=styles)) == ["见", "显"]


def test_bold_through_a_character_style(tmp_path: Path) -> None:
    styles = '<w:style w:type="character" w:styleId="s"><w:rPr><w:b/></w:rPr></w:style>'
    styled = run("得：", '<w:rStyle w:val="s"/>')
    body = f"<w:p>{styled}{run('学生积极。')}</w:p>"
    (block,) = indexer.read(docx(tmp_path / "a.docx", body, styles=styles)).blocks
    assert block.lead == 2


def test_the_size_of_most_characters(tmp_path: Path) -> None:
    styles = (
        "<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val='21'/></w:rPr></w:rPrDefault>"
        "</w:docDefaults><w:style w:type='paragraph' w:styleId='p'><w:rPr>"
        "<w:sz w:val='32'/></w:rPr></w:style>"
    )
    larger = run("四号字", '<w:sz w:val="28"/>')
    body = para("正文") + para("大字", "p") + f"<w:p>{run('小')}{larger}</w:p>"
    blocks = indexer.read(docx(tmp_path / "a.docx", body, styles=styles)).blocks
    assert [block.size for block in blocks] == [10.5, 16.0, 14.0]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', "☑"),
        ('<w:r><w:sym w:font="Wingdings 2" w:char="F052"/></w:r>', "☑"),
        ('<w:r><w:sym w:font="Wingdings 2" w:char="F0A3"/></w:r>', "□"),
        ('<w:r><w:sym w:font="Symbol" w:char="F062"/></w:r>', "β"),
        ('<w:r><w:sym w:font="MS Gothic" w:char="2611"/></w:r>', "☑"),
        (run("R", '<w:rFonts w:ascii="Wingdings 2" w:hAnsi="Wingdings 2"/>'), "☑"),
        (run("\uf0fc", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'), "√"),
        (run("\uf0fc"), "√"),
        (run("同意", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'), "同意"),
    ],
)
def test_symbols_come_out_as_what_they_show(tmp_path: Path, given: str, shown: str) -> None:
    assert line(tmp_path, run("是"), given) == "是" + shown


def test_special_characters(tmp_path: Path) -> None:
    inside = "<w:r><w:t>甲</w:t><w:softHyphen/><w:t>乙</w:t><w:noBreakHyphen/><w:t>丙</w:t></w:r>"
    assert line(tmp_path, inside, run("a\nb\u00adc")) == "甲乙-丙a bc"


def test_a_phonetic_guide_is_read_once(tmp_path: Path) -> None:
    ruby = (
        f"<w:r><w:ruby><w:rubyPr/><w:rt>{run('zhōng')}</w:rt>"
        f"<w:rubyBase>{run('中')}</w:rubyBase></w:ruby></w:r>"
    )
    assert line(tmp_path, ruby, run("国")) == "中国"


def test_links_smart_tags_and_bookmarks_are_looked_through(tmp_path: Path) -> None:
    inside = (
        f"<w:hyperlink>{run('网')}</w:hyperlink><w:bookmarkStart/>"
        f"<w:smartTag><w:smartTagPr/>{run('站')}</w:smartTag><w:bookmarkEnd/>"
        f"<w:customXml><w:customXmlPr/>{run('址')}</w:customXml>"
    )
    assert line(tmp_path, inside) == "网站址"


def m(tag: str, *inside: str) -> str:
    return f"<m:{tag}>{''.join(inside)}</m:{tag}>"


def letters(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


@pytest.mark.parametrize(
    ("math", "shown"),
    [
        (letters("E=m") + m("sSup", m("e", letters("c")), m("sup", letters("2"))), "E=mc^2"),
        (m("f", m("num", letters("a+b")), m("den", letters("2"))), "(a+b)/2"),
        (m("rad", m("deg"), m("e", letters("x"))), "√x"),
        (m("d", m("e", letters("x,y"))), "(x,y)"),
        (
            m("nary", "<m:naryPr><m:chr m:val='∑'/></m:naryPr>", m("sub", letters("i=1")),
              m("sup", letters("n")), m("e", letters("i"))),
            "∑_(i=1)^n i",
        ),
    ],
)  # fmt: skip
def test_math_is_written_in_one_line(tmp_path: Path, math: str, shown: str) -> None:
    assert line(tmp_path, run("由"), m("oMath", math)) == "由" + shown
