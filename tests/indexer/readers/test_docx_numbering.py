"""Automatic numbers of a .docx as Word prints them: restarts, overrides, links, legal style."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_docx import docx, para

import indexer


def level(depth: int, form: str, text: str, extra: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{extra}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def abstract(ident: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{ident}">{"".join(levels)}</w:abstractNum>'


def num(ident: int, target: int, overrides: str = "") -> str:
    inside = f'<w:abstractNumId w:val="{target}"/>{overrides}'
    return f'<w:num w:numId="{ident}">{inside}</w:num>'


def item(ident: int, depth: int | None = 0, text: str = "x") -> str:
    shown = f'<w:ilvl w:val="{depth}"/>' if depth is not None else ""
    return para(text, extra=f'<w:numPr>{shown}<w:numId w:val="{ident}"/></w:numPr>')


_DECIMAL = (
    level(0, "decimal", "%1"),
    level(1, "decimal", "%1.%2"),
    level(2, "decimal", "%1.%2.%3"),
)
_LIST = abstract(7, *_DECIMAL)


def labels(tmp_path: Path, numbering: str, body: str, styles: str = "") -> list[str]:
    parts = {"styles": styles} if styles else {}
    path = docx(tmp_path / "a.docx", body, numbering=numbering, **parts)
    return [block.text.removesuffix("x").strip() for block in indexer.read(path).blocks]


def items(*given: tuple[int, int]) -> str:
    return "".join(item(ident, depth) for ident, depth in given)


def test_a_level_that_was_passed_over_counts_as_used(tmp_path: Path) -> None:
    body = items((1, 1), (1, 1), (1, 0), (1, 2))
    assert labels(tmp_path, _LIST + num(1, 7), body) == ["1.1", "1.2", "2", "2.1.1"]


def test_instances_of_one_list_count_on_together(tmp_path: Path) -> None:
    body = items((1, 0), (2, 0), (1, 0), (2, 1))
    assert labels(tmp_path, _LIST + num(1, 7) + num(2, 7), body) == ["1", "2", "3", "3.1"]


def override(depth: int, inside: str) -> str:
    return f'<w:lvlOverride w:ilvl="{depth}">{inside}</w:lvlOverride>'


def test_an_overridden_start_begins_anew_once(tmp_path: Path) -> None:
    again = override(0, '<w:startOverride w:val="1"/>')
    body = items((1, 0), (1, 0), (2, 0), (2, 0), (1, 0))
    found = labels(tmp_path, _LIST + num(1, 7) + num(2, 7, again), body)
    assert found == ["1", "2", "1", "2", "3"]


def test_an_overridden_start_holds_at_every_restart(tmp_path: Path) -> None:
    third = override(1, '<w:startOverride w:val="3"/>')
    body = items((2, 0), (2, 1), (2, 1), (2, 0), (2, 1))
    assert labels(tmp_path, _LIST + num(2, 7, third), body) == ["1", "1.3", "1.4", "2", "2.3"]


def test_an_overridden_level_looks_as_it_says(tmp_path: Path) -> None:
    letters = override(0, level(0, "upperLetter", "%1)", start=3))
    body = items((1, 0), (2, 0), (1, 0))
    assert labels(tmp_path, _LIST + num(1, 7) + num(2, 7, letters), body) == ["1", "B)", "3"]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("", ["1", "1.1", "1.1.1", "1.2", "1.2.1", "2", "2.1", "2.1.1"]),
        ('<w:lvlRestart w:val="1"/>', ["1", "1.1", "1.1.1", "1.2", "1.2.2", "2", "2.1", "2.1.1"]),
        ('<w:lvlRestart w:val="0"/>', ["1", "1.1", "1.1.1", "1.2", "1.2.2", "2", "2.1", "2.1.3"]),
    ],
)
def test_when_a_level_begins_again(tmp_path: Path, rule: str, expected: list[str]) -> None:
    made = abstract(7, *_DECIMAL[:2], level(2, "decimal", "%1.%2.%3", rule))
    depths = (0, 1, 2, 1, 2, 0, 1, 2)
    assert labels(tmp_path, made + num(1, 7), items(*((1, d) for d in depths))) == expected


def test_legal_numbers_are_arabic(tmp_path: Path) -> None:
    made = abstract(
        7,
        level(0, "chineseCountingThousand", "第%1章"),
        level(1, "upperRoman", "%1.%2", "<w:isLgl/>"),
        level(2, "upperRoman", "%2-%3", '<w:isLgl w:val="0"/>'),
    )
    body = items((1, 0), (1, 1), (1, 2))
    assert labels(tmp_path, made + num(1, 7), body) == ["第一章", "1.1", "I-I"]


@pytest.mark.parametrize(
    ("follow", "expected"),
    [("nothing", "第1章总则"), ("space", "第1章 总则"), ("tab", "第1章 总则")],
)
def test_what_follows_a_number(tmp_path: Path, follow: str, expected: str) -> None:
    made = abstract(7, level(0, "decimal", "第%1章", f'<w:suff w:val="{follow}"/>'))
    path = docx(tmp_path / "a.docx", item(1, 0, "总则"), numbering=made + num(1, 7))
    assert [block.text for block in indexer.read(path).blocks] == [expected]


def test_digits_do_not_run_into_a_text_that_begins_with_digits(tmp_path: Path) -> None:
    made = abstract(7, level(0, "decimal", "%1", '<w:suff w:val="nothing"/>'))
    path = docx(tmp_path / "a.docx", item(1, 0, "2015年"), numbering=made + num(1, 7))
    assert [block.text for block in indexer.read(path).blocks] == ["1 2015年"]


def style(ident: str, num_id: int | None = None, based: str = "", kind: str = "paragraph") -> str:
    numbers = f'<w:numPr><w:numId w:val="{num_id}"/></w:numPr>' if num_id else ""
    base = f'<w:basedOn w:val="{based}"/>' if based else ""
    return (
        f'<w:style w:type="{kind}" w:styleId="{ident}"><w:name w:val="{ident}"/>{base}'
        f"<w:pPr>{numbers}</w:pPr></w:style>"
    )


def test_levels_linked_with_styles(tmp_path: Path) -> None:
    made = abstract(
        7,
        level(0, "chineseCounting", "%1、", '<w:pStyle w:val="a"/>'),
        level(1, "chineseCounting", "（%2）", '<w:pStyle w:val="b"/>'),
    )
    styles = style("a", 1) + style("b", 1) + style("c", based="b")
    body = para("x", "a") + para("x", "b") + para("x", "c") + para("x", "a")
    found = labels(tmp_path, made + num(1, 7), body, styles)
    assert found == ["一、", "（一）", "（二）", "二、"]


def test_a_number_taken_away_from_a_style(tmp_path: Path) -> None:
    none = para("x", "a", extra='<w:numPr><w:numId w:val="0"/></w:numPr>')
    body = para("x", "a") + none + para("x", "a")
    assert labels(tmp_path, _LIST + num(1, 7), body, style("a", 1)) == ["1", "", "2"]


@pytest.mark.parametrize("told", ['<w:styleLink w:val="s"/>', ""])
def test_a_list_that_only_names_a_numbering_style(tmp_path: Path, told: str) -> None:
    made = abstract(7, told, level(0, "decimal", "A%1"))
    made += abstract(8, '<w:numStyleLink w:val="s"/>') + num(1, 7) + num(2, 8)
    found = labels(tmp_path, made, items((2, 0), (2, 0)), style("s", 1, kind="numbering"))
    assert found == ["A1", "A2"]


def test_numbers_filled_up_with_zeros(tmp_path: Path) -> None:
    custom = (
        '<w:lvl w:ilvl="0"><w:start w:val="9"/><mc:AlternateContent><mc:Choice Requires="w14">'
        '<w:numFmt w:val="custom" w:format="001, 002, 003, ..."/></mc:Choice><mc:Fallback>'
        '<w:numFmt w:val="decimal"/></mc:Fallback></mc:AlternateContent>'
        '<w:lvlText w:val="%1"/></w:lvl>'
    )
    found = labels(tmp_path, abstract(7, custom) + num(1, 7), items((1, 0), (1, 0)))
    assert found == ["009", "010"]


def test_a_level_without_numbers_adds_none_to_those_below(tmp_path: Path) -> None:
    made = abstract(7, _DECIMAL[0], level(1, "bullet", "—"), level(2, "decimal", "%1.%2%3"))
    body = items((1, 0), (1, 1), (1, 2), (1, 2))
    assert labels(tmp_path, made + num(1, 7), body) == ["1", "", "1.1", "1.2"]


def test_a_hidden_paragraph_takes_no_number(tmp_path: Path) -> None:
    hidden = item(1).replace("<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>")
    hidden = hidden.replace("</w:numPr>", "</w:numPr><w:rPr><w:vanish/></w:rPr>")
    body = item(1) + hidden + item(1)
    assert labels(tmp_path, _LIST + num(1, 7), body) == ["1", "2"]


def test_a_bullet_that_says_something_is_kept(tmp_path: Path) -> None:
    made = abstract(7, level(0, "bullet", "注："), level(1, "bullet", "●")) + num(1, 7)
    assert labels(tmp_path, made, items((1, 0), (1, 1))) == ["注：", ""]
