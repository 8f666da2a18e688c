"""Fields of a .docx: results, form fields, equations; never the instructions."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_docx import docx, field, para, run

import indexer


def texts(path: Path) -> list[str]:
    return [block.text for block in indexer.read(path).blocks]


def line(tmp_path: Path, *runs: str, **parts: str) -> str:
    """The text of one paragraph made of these runs."""
    (text,) = texts(docx(tmp_path / "a.docx", f"<w:p>{''.join(runs)}</w:p>", **parts))
    return text


def test_the_code_of_a_field_is_left_out_however_deep(tmp_path: Path) -> None:
    inner = field("MERGEFIELD 班级", run("三班"))
    whole = field(f'</w:instrText></w:r>{inner}<w:r><w:instrText> = "三班"', run("优"))
    assert line(tmp_path, run("等第："), whole, run("。")) == "等第：优。"


def test_a_field_over_several_paragraphs_keeps_its_result(tmp_path: Path) -> None:
    first, last = field("TOC", "").split('<w:r><w:fldChar w:fldCharType="end">')
    body = f"<w:p>{first}{run('目标')}</w:p><w:p>{run('措施')}<w:r>"
    body += f'<w:fldChar w:fldCharType="end">{last}</w:p>'
    assert texts(docx(tmp_path / "a.docx", body)) == ["目标", "措施"]


def test_a_field_that_never_ends_hides_nothing(tmp_path: Path) -> None:
    body = '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r></w:p>' + para("正文还在")
    assert texts(docx(tmp_path / "a.docx", body)) == ["正文还在"]


def test_a_simple_field_gives_its_result(tmp_path: Path) -> None:
    simple = f'<w:fldSimple w:instr="AUTHOR">{run("李雪")}</w:fldSimple>'
    assert line(tmp_path, run("作者："), simple) == "作者：李雪"


_ENTRIES = "<w:listEntry w:val='男'/><w:listEntry w:val='女'/>"


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("<w:checkBox><w:default w:val='0'/><w:checked/></w:checkBox>", "☑"),
        ("<w:checkBox><w:default w:val='1'/></w:checkBox>", "☑"),
        ("<w:checkBox><w:default w:val='1'/><w:checked w:val='0'/></w:checkBox>", "□"),
        (f"<w:ddList><w:result w:val='1'/>{_ENTRIES}</w:ddList>", "女"),
        (f"<w:ddList>{_ENTRIES}</w:ddList>", "男"),
    ],
)
def test_form_fields_show_what_was_filled_in(tmp_path: Path, form: str, shown: str) -> None:
    assert line(tmp_path, run("答"), field("FORM", "", form)) == "答" + shown


def test_a_form_field_with_a_result_of_its_own_shows_it_once(tmp_path: Path) -> None:
    choice = "<w:ddList><w:result w:val='0'/><w:listEntry w:val='男'/></w:ddList>"
    assert line(tmp_path, field("FORMDROPDOWN", run("男"), choice)) == "男"
    assert line(tmp_path, field("FORMTEXT", run("孙镇"), "<w:textInput/>")) == "孙镇"


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        (r"EQ \f(1,2)", "1/2"),
        (r"EQ \f(a+b,c)", "(a+b)/c"),
        (r"eq \o\ac(○,3)", "③"),
        (r"EQ \o\ac(□,优)", "优"),
        (r"EQ x\s\up8(2)", "x^2"),
        (r"EQ \r(3,x)", "3√x"),
        (r"EQ \* jc2 \* hps10 \o\ad(\s\up 9(pīn),拼)", "拼"),
        (r"EQ \b\lc\{(\a\al(x=1,y=2))", "{x=1;y=2"),
        ("REF x", ""),
    ],
)
def test_an_equation_field_is_written_out(tmp_path: Path, code: str, shown: str) -> None:
    assert line(tmp_path, run("解"), field(code)) == "解" + shown
