"""Text in what is drawn: boxes, WordArt, shapes, diagrams, charts; each once."""

from __future__ import annotations

from pathlib import Path

from made_docx import docx, para, run

import indexer


def texts(path: Path) -> list[str]:
    return [block.text for block in indexer.read(path).blocks]


def line(tmp_path: Path, *runs: str, **parts: str) -> str:
    """The text of one paragraph made of these runs."""
    (text,) = texts(docx(tmp_path / "a.docx", f"<w:p>{''.join(runs)}</w:p>", **parts))
    return text


def box(*lines: str) -> str:
    return f"<w:txbxContent>{''.join(map(para, lines))}</w:txbxContent>"


def drawing(inside: str) -> str:
    return f"<w:r><w:drawing>{inside}</w:drawing></w:r>"


def test_text_boxes_of_both_kinds_and_inside_groups(tmp_path: Path) -> None:
    inner = f"<v:shape><v:textbox>{box('旧框')}</v:textbox></v:shape>"
    vml = f"<w:r><w:pict><v:group>{inner}</v:group></w:pict></w:r>"
    new = drawing(f"<wps:wsp><wps:txbx>{box('新框', '二行')}</wps:txbx></wps:wsp>")
    path = docx(tmp_path / "a.docx", f"<w:p>{run('正文')}{vml}{new}</w:p>")
    assert texts(path) == ["正文", "旧框", "新框", "二行"]


def test_only_the_first_choice_counts(tmp_path: Path) -> None:
    alternates = (
        f"<mc:AlternateContent><mc:Choice Requires='wps'>{run('甲')}</mc:Choice>"
        f"<mc:Choice Requires='w14'>{run('乙')}</mc:Choice><mc:Fallback>{run('丙')}</mc:Fallback>"
        "</mc:AlternateContent>"
    )
    lone = f"<mc:AlternateContent><mc:Fallback>{run('丁')}</mc:Fallback></mc:AlternateContent>"
    assert line(tmp_path, alternates, lone) == "甲丁"


def test_word_art_and_text_of_shapes(tmp_path: Path) -> None:
    art = '<w:r><w:pict><v:shape><v:textpath string="艺术字"/></v:shape></w:pict></w:r>'
    shape = drawing("<a:p><a:r><a:t>形状</a:t></a:r><a:br/><a:r><a:t>文字</a:t></a:r></a:p>")
    assert texts(docx(tmp_path / "a.docx", f"<w:p>{art}{shape}</w:p>")) == ["艺术字", "形状\n文字"]


def test_diagrams_and_charts_are_read(tmp_path: Path) -> None:
    names = "http://schemas.openxmlformats.org/drawingml/2006"
    point = "<dgm:pt><dgm:t><a:p><a:r><a:t>{}</a:t></a:r></a:p></dgm:t></dgm:pt>"
    points = "".join(map(point.format, ("组长", "成员")))
    spaces = f'xmlns:a="{names}/main" xmlns:dgm="{names}/diagram" xmlns:c="{names}/chart"'
    data = f"<dgm:dataModel {spaces}><dgm:ptLst>{points}</dgm:ptLst></dgm:dataModel>"
    chart = (
        f"<c:chartSpace {spaces}><c:title><a:p><a:r><a:t>成绩</a:t></a:r></a:p></c:title>"
        "<c:tx><c:v>一班</c:v></c:tx><c:cat><c:v>语文</c:v><c:v>数学</c:v></c:cat></c:chartSpace>"
    )
    diagram = drawing(f'<dgm:relIds {spaces} r:dm="rdata"/>')
    chart_frame = drawing(f'<c:chart {spaces} r:id="rchart"/>')
    body = f"<w:p>{diagram}{chart_frame}</w:p>"
    others = [("diagramData", "data.xml", data), ("chart", "chart.xml", chart)]
    path = docx(tmp_path / "a.docx", body, others=others)
    assert texts(path) == ["组长", "成员", "成绩", "一班", "语文\t数学"]
