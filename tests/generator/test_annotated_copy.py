"""The author gets his own file back with a comment at each place and nothing else changed."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from sample_forms import SPEC, write_template

from bench.template_faults import made
from generator import FormError
from generator.lint.comments import AUTHOR, annotate, without_our_comments
from generator.lint.linting import lint
from generator.ooxml import parse, w


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {info.filename: file.read(info) for info in file.infolist()}


def template(path: Path, *paragraphs: str, **options: Any) -> bytes:
    return write_template(path, *paragraphs, **options).read_bytes()


def annotated(data: bytes) -> bytes:
    return annotate(data, [r for r in lint(data, SPEC) if r.stops])


def marked(data: bytes) -> dict[str, str]:
    """For each comment the words it is anchored at."""
    root = parse(members(data)["word/document.xml"])
    open_marks: set[str] = set()
    words: dict[str, str] = {}
    for element in root.iter(w("commentRangeStart"), w("commentRangeEnd"), w("t")):
        number = element.get(w("id"))
        if element.tag == w("commentRangeStart"):
            open_marks.add(number)
            words[number] = ""
        elif element.tag == w("commentRangeEnd"):
            open_marks.discard(number)
        else:
            for mark in open_marks:
                words[mark] += element.text or ""
    return words


def comments(data: bytes) -> list[tuple[str, str]]:
    return [(c.author, c.text) for c in docx.Document(io.BytesIO(data)).comments]


def test_each_comment_stands_at_the_words(path: Path) -> None:
    data = template(
        path, "学校：{{ 学孝 }}，{{ 学科 }}和{学科}。", rows=(("甲{{ 科木", "{{ 学校 }}"),)
    )
    copy = annotated(data)
    assert list(marked(copy).values()) == ["{{ 学孝 }}", "{学科}", "{{ 科木"]
    first = comments(copy)[0]
    assert first[0] == AUTHOR
    assert "没有“学孝”这个名称，是不是“学科”" in first[1]
    assert "建议写成：{{ 学科 }}" in first[1]


def test_nothing_else_of_the_file_changes(path: Path) -> None:
    data = template(path, "前{{ 学孝 }}后", rows=(("{{ 学校 }}", "乙"),), footer="{{ 学校 }}")
    before, after = members(data), members(annotated(data))
    changed = {name for name in after if before.get(name) != after[name]}
    assert changed <= {"word/document.xml", "word/comments.xml", "[Content_Types].xml",
                       "word/_rels/document.xml.rels"}  # fmt: skip
    old, new = docx.Document(io.BytesIO(data)), docx.Document(io.BytesIO(annotated(data)))
    assert [p.text for p in new.paragraphs] == [p.text for p in old.paragraphs]
    assert annotated(data) == annotated(data)


def test_looks_survive_where_a_run_is_parted(path: Path) -> None:
    def bold(document: Any) -> None:
        document.paragraphs[0].runs[0].bold = True

    copy = annotated(template(path, "前{{ 学孝 }}后", edit=bold))
    runs = docx.Document(io.BytesIO(copy)).paragraphs[0].runs
    assert [(r.text, r.bold) for r in runs if r.text] == [
        ("前", True), ("{{ 学孝 }}", True), ("后", True)
    ]  # fmt: skip


def test_other_people_s_comments_stay_and_ours_are_renewed(path: Path) -> None:
    def comment(document: Any) -> None:
        document.add_comment(document.paragraphs[1].runs, "请核对", "王老师", "王")

    data = template(path, "{{ 学孝 }}", "好", edit=comment)
    twice = annotated(annotated(data))
    assert sorted(author for author, _ in comments(twice)) == sorted([AUTHOR, "王老师"])
    bare = without_our_comments(twice)
    assert comments(bare) == [("王老师", "请核对")]
    assert b"commentReference" in members(bare)["word/document.xml"]


def test_taking_the_comments_out_leaves_what_the_author_wrote(path: Path) -> None:
    data = template(path, "前{{ 学孝 }}后", rows=(("{{ 学",),))
    bare = without_our_comments(annotated(data))
    assert comments(bare) == []
    assert [p.text for p in docx.Document(io.BytesIO(bare)).paragraphs] == ["前{{ 学孝 }}后"]
    assert without_our_comments(data) == data


@pytest.mark.parametrize(
    ("case", "place"),
    [
        ({"part": "header", "text": "{{ 校名 }}"}, "页眉"),
        ({"notes": ["{{ 学孝 }}"]}, "脚注 1"),
        ({"box": "{{ 学孝 }}"}, "第 2 段的文本框"),
    ],
)
def test_where_word_takes_no_comment_it_stands_in_the_text_and_names_the_place(
    path: Path, case: dict[str, Any], place: str
) -> None:
    data = made(template(path, "第一段"), {"form": "S", **case})
    copy = annotated(data)
    [(_, text)] = comments(copy)
    assert text.startswith(f"{place}：")
    root = parse(members(copy)["word/document.xml"])
    [mark] = root.iter(w("commentReference"))
    assert not any(a.tag == w("txbxContent") for a in mark.iterancestors())


def test_words_in_links_and_controls_are_marked_whole(path: Path) -> None:
    run = ('<w:r><w:t>看{{ 学</w:t></w:r><w:hyperlink w:anchor="a"><w:r><w:t>孝 }}后</w:t></w:r>'
           "</w:hyperlink>")  # fmt: skip
    data = made(template(path, "第一段"), {"form": "S", "find": "第一段", "run": run})
    copy = annotated(data)
    assert list(marked(copy).values()) == ["{{ 学孝 }}后"]


@pytest.mark.sweep
def test_libreoffice_shows_the_comments(path: Path) -> None:
    soffice = shutil.which("soffice")
    if not soffice:
        pytest.skip("LibreOffice (soffice) is not on this machine")
    data = template(path, "学校：{{ 学孝 }}", rows=(("{{ 学", "x"),), footer="{{ 页")
    path.write_bytes(annotated(data))
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", "odt", "--outdir"]
    subprocess.run([*command, str(path.parent), str(path)], check=True, capture_output=True,
                   timeout=120)  # fmt: skip
    content = members(path.with_suffix(".odt").read_bytes())["content.xml"].decode()
    assert content.count("<office:annotation ") == 3
    assert AUTHOR in content
    assert "页脚：" in content


def test_what_is_no_document_is_refused() -> None:
    with pytest.raises(FormError):
        annotate(b"nothing", [])
