"""Templates and files made to do harm cost little, run nothing and are refused."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from jinja2.exceptions import SecurityError, TemplateRuntimeError, TemplateSyntaxError
from sample_forms import SPEC, make, paragraphs, write_template

from generator import FormError, compile_form, read_stamp
from generator.sandbox import BLOCK, CLOSE, END, OPEN, template

BODY = "word/document.xml"


def altered(path: Path, change: Mapping[str, Callable[[bytes], bytes]]) -> Path:
    """The template at `path` with members changed or added."""
    with zipfile.ZipFile(path) as before:
        members = {info.filename: before.read(info) for info in before.infolist()}
    for name, alter in change.items():
        members[name] = alter(members.get(name, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
        for name, data in members.items():
            after.writestr(name, data)
    return path


def refused(path: Path) -> FormError:
    with pytest.raises(FormError) as caught:
        compile_form(path, SPEC)
    return caught.value


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip at all", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_docx_is_said_so(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    assert refused(path).code == "not_docx"
    assert read_stamp(data) is None


def test_a_missing_file_is_an_os_error(path: Path) -> None:
    with pytest.raises(OSError):
        compile_form(path, SPEC)


def test_a_bomb_is_refused_before_it_unpacks(path: Path) -> None:
    write_template(path, "x")
    altered(path, {"word/media/a.bin": lambda _: bytes(40_000_000)})
    assert path.stat().st_size < 200_000
    assert refused(path).code == "too_large"


def test_a_text_part_too_large_to_parse_is_refused(path: Path) -> None:
    write_template(path, "x")
    altered(path, {BODY: lambda data: data + b" " * 4_000_000})
    assert refused(path).code == "too_large"


def test_many_parts_that_are_large_together_are_refused(path: Path) -> None:
    header = b'<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    header += b"<w:p/>" * 60_000 + b"</w:hdr>"
    write_template(path, "x")
    altered(path, {f"word/header{n}.xml": lambda _: header for n in range(10, 14)})
    assert refused(path).code == "too_large"


def test_thousands_of_members_are_refused_unread(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(3000):
            archive.writestr(f"m{number}", b"")
    assert refused(path).code == "too_large"
    assert read_stamp(path) is None


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/evil", "word\\evil"])
def test_names_that_climb_out_are_refused(path: Path, name: str) -> None:
    write_template(path, "x")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, b"x")
    assert refused(path).code == "not_docx"


def test_a_member_twice_is_refused(path: Path) -> None:
    write_template(path, "x")
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(BODY, b"<x/>")
    assert refused(path).code == "not_docx"


def test_entities_are_refused(path: Path) -> None:
    write_template(path, "x")
    bomb = b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">]>'
    altered(path, {BODY: lambda data: data.replace(b"<w:document", bomb + b"<w:document", 1)})
    assert refused(path).code == "not_docx"


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2],
        lambda _: b"<html/>",
        lambda data: data.replace(b"schemas.openxmlformats.org/wordprocessingml", b"example.org/w"),
    ],
)
def test_damaged_or_foreign_xml_is_refused(path: Path, damage: Callable[[bytes], bytes]) -> None:
    altered(write_template(path, "x"), {BODY: damage})
    assert refused(path).code == "not_docx"


def test_macros_and_objects_are_refused(path: Path) -> None:
    altered(write_template(path, "x"), {"word/vbaProject.bin": lambda _: b"x"})
    assert [f.code for f in refused(path).faults] == ["active_content"]


def relate(kind: str) -> Callable[[bytes], bytes]:
    item = (
        f'<Relationship Id="rIdEvil" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'relationships/{kind}" Target="http://203.0.113.1/x" TargetMode="External"/>'
    ).encode()
    return lambda data: data.replace(b"</Relationships>", item + b"</Relationships>")


def test_parts_fetched_from_outside_are_refused(path: Path) -> None:
    altered(write_template(path, "x"), {"word/_rels/document.xml.rels": relate("image")})
    error = refused(path)
    assert error.faults[0].code == "active_content"
    assert "image" in error.faults[0].message


def test_links_to_click_on_are_allowed(path: Path) -> None:
    altered(write_template(path, "x"), {"word/_rels/document.xml.rels": relate("hyperlink")})
    assert compile_form(path, SPEC)


@pytest.mark.parametrize(
    "words", [("DDEAUTO c:\\\\cmd",), ("INC", "LUDETEXT x"), ('LINK Excel "x"',), ("dde a",)]
)
def test_fields_that_fetch_or_run_are_refused(path: Path, words: tuple[str, ...]) -> None:
    runs = "".join(f"<w:r><w:instrText>{word}</w:instrText></w:r>" for word in words)
    field = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'{runs}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    ).encode()
    write_template(path, "x")
    altered(path, {BODY: lambda data: data.replace(b"<w:sectPr", field + b"<w:sectPr", 1)})
    assert [f.code for f in refused(path).faults] == ["active_content"]


def test_the_authors_own_template_path_is_forgotten(path: Path) -> None:
    rels = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b"</Relationships>"
    )
    attach = b'<w:attachedTemplate xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
    attach += b'relationships" r:id="rIdEvil"/></w:settings>'
    altered(
        write_template(path, "x"),
        {
            "word/_rels/settings.xml.rels": lambda _: relate("attachedTemplate")(rels),
            "word/settings.xml": lambda data: data.replace(b"</w:settings>", attach),
        },
    )
    printed = compile_form(path, SPEC).render({})
    with zipfile.ZipFile(io.BytesIO(printed)) as archive:
        assert b"203.0.113.1" not in archive.read("word/_rels/settings.xml.rels")
        assert b"attachedTemplate" not in archive.read("word/settings.xml")


@pytest.mark.parametrize(
    "text",
    ["{{" * 400_000, "{% " * 300_000, "{{ 学校 }}" * 30_000, "｛｛" * 200_000, "}}" * 400_000],
)
def test_a_paragraph_of_nothing_but_tags_ends_soon(path: Path, text: str) -> None:
    start = time.process_time()
    write_template(path, text)
    assert refused(path).code == "template_faults"
    assert time.process_time() - start < 5


def test_a_great_many_rows_and_controls_end_soon(path: Path) -> None:
    control = b"<w:sdt><w:sdtContent><w:p><w:r><w:t>x</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    write_template(path, "{{ 学校 }}")
    altered(path, {BODY: lambda d: d.replace(b"<w:sectPr", control * 13_000 + b"<w:sectPr", 1)})
    start = time.process_time()
    assert compile_form(path, SPEC)
    assert time.process_time() - start < 8


def test_the_output_is_bounded(path: Path) -> None:
    form = make(path, *["{{ 取得成效 }}"] * 600)
    with pytest.raises(FormError) as caught:
        form.render({"取得成效": "长" * 50_000})
    assert caught.value.code == "too_large"


def test_code_in_a_value_is_only_text(path: Path) -> None:
    form = make(path, "：{{ 学校 }}")
    attack = f"{{{{ 7*7 }}}}{OPEN}7*7{CLOSE}{BLOCK}for x in l{END}]]><w:p/>"
    expected = "：{{ 7*7 }}7*7for x in l]]><w:p/>"
    assert paragraphs(form.render({"学校": attack})) == [expected]


def test_code_outside_tags_is_only_text(path: Path) -> None:
    """Our own delimiters in a template are dropped before the engine sees it."""
    form = make(path, f"甲{OPEN}7*7{CLOSE}{{{{ 学校 }}}}")
    assert paragraphs(form.render({"学校": "乙"})) == ["甲7*7乙"]


@pytest.mark.parametrize(
    "code",
    [
        "''.__class__.__mro__",
        "v.__class__",
        "v.append",
        "range(10)",
        "lipsum",
        "slot.__globals__",
        "v|attr('__class__')",
        "v|map('upper')",
    ],
)
def test_the_second_wall_holds_too(code: str) -> None:
    """Even if an author's words reached the engine: nothing to call, no attribute to reach."""
    with pytest.raises((SecurityError, TemplateRuntimeError, TemplateSyntaxError)):
        template(f"{OPEN}{code}{CLOSE}", ()).render({"v": []})


def test_the_second_wall_gives_no_way_to_change_values() -> None:
    values: list[int] = [1]
    with pytest.raises((SecurityError, TemplateRuntimeError)):
        template(f"{OPEN}v.clear(){CLOSE}", ()).render({"v": values})
    assert values == [1]
