"""Programs in a template or a value do not run, wherever they stand.

The payloads follow published ones: docxtpl issues 549 and 632 (which run a shell command out of a
template with docxtpl 0.20.2), jinja issue 549, Ghostwriter issue 266, CVE-2016-10745,
CVE-2019-10906, CVE-2024-56326, CVE-2025-27516, and the known lists of attacks on Jinja templates.
Those that can would make the file {mark}.
"""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest
from docxtpl import DocxTemplate
from sample_forms import SPEC, altered, make, paragraphs, write_template

from generator import FormError, FormSpec, Stamp, compile_form
from generator.sandbox import BLOCK, CLOSE, END, OPEN

PAYLOADS = {
    "docxtpl-549": "{{{{ ''.__class__.__mro__[1].__subclasses__()[389](['touch','{mark}']) }}}}",
    "docxtpl-549-flask": "{{{{ get_flashed_messages.__class__.__mro__[1].__subclasses__()[90] }}}}",
    "docxtpl-632": "{{{{ cycler.__init__.__globals__.os.popen('touch {mark}').read() }}}}",
    "lipsum": "{{{{ lipsum.__globals__['os'].popen('touch {mark}').read() }}}}",
    "joiner": "{{{{ joiner.__init__.__globals__.os.system('touch {mark}') }}}}",
    "namespace": "{{{{ namespace.__init__.__globals__.os.system('touch {mark}') }}}}",
    "self": "{{{{ self.__init__.__globals__.__builtins__.open('{mark}', 'w') }}}}",
    "self-template": "{{{{ self._TemplateReference__context.cycler.__init__.__globals__.os }}}}",
    "dict": "{{{{ dict.__base__.__subclasses__() }}}}",
    "import": "{{{{ lipsum.__globals__.__builtins__.__import__('os').system('touch {mark}') }}}}",
    "jinja-549": "{{% for c in [].__class__.__base__.__subclasses__() %}}"
    "{{% if c.__name__ == 'catch_warnings' %}}"
    "{{{{ c.__init__.__globals__['__builtins__'].open('{mark}', 'w') }}}}"
    "{{% endif %}}{{% endfor %}}",
    "format": "{{{{ '{{0.__class__.__base__}}'.format(学校) }}}}",
    "format_map": "{{{{ '{{a.__class__}}'.format_map(dict(a=学校)) }}}}",
    "indirect": "{{{{ ['{{0.__class__}}'.format]|map('string')|list }}}}",
    "attr": "{{{{ ''|attr('format')|string }}}}",
    "attr-hex": "{{{{ 学校|attr('\\x5f\\x5fclass\\x5f\\x5f') }}}}",
    "attr-join": "{{{{ 学校|attr(['_'*2,'class','_'*2]|join) }}}}",
    "item": "{{{{ 学校['__class__'] }}}}",
    "xmlattr": "{{{{ {{'x onload=x': 1}}|xmlattr }}}}",
    "include": "{{% include '/etc/passwd' %}}",
    "import-file": "{{% import '/etc/passwd' as x %}}",
    "set": "{{% set x = cycler.__init__.__globals__.os.popen('touch {mark}') %}}",
    "macro": "{{% macro m() %}}{{{{ cycler.__init__.__globals__ }}}}{{% endmacro %}}{{{{ m() }}}}",
    "loop": "{{% for i in range(999999999) %}}x{{% endfor %}}",
    "power": "{{{{ 9**9**9 }}}}",
    "repeat": "{{{{ '甲'*999999999 }}}}",
    "config": "{{{{ config.items() }}}}",
    "request": "{{{{ request.application.__globals__.__builtins__ }}}}",
    "docxtpl-paragraph": "{{%p for x in cycler.__init__.__globals__ %}}",
    "docxtpl-richtext": "{{{{r cycler.__init__.__globals__.os.popen('touch {mark}').read() }}}}",
    "docxtpl-vmerge": "{{%vm cycler.__init__.__globals__.os.popen('touch {mark}') %}}",
    "statement-in-quotes": '{{{{ "{{% set x = 1 %}}" }}}}',
    "own-delimiters": OPEN + "cycler.__init__.__globals__.os.popen('touch {mark}')" + CLOSE,
    "own-block": BLOCK + "for x in v" + END + OPEN + "x" + CLOSE + BLOCK + "endfor" + END,
}
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    """The file a payload would make."""
    return tmp_path / "ran"


def words(name: str, mark: Path) -> str:
    return PAYLOADS[name].format(mark=mark)


def run(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def in_body(text: str) -> dict[str, Callable[[bytes], bytes]]:
    return {
        "word/document.xml": lambda data: data.replace(
            b"<w:sectPr", run(text).encode() + b"<w:sectPr", 1
        )
    }


def in_part(name: str, around: str) -> Callable[[str], dict[str, Callable[[bytes], bytes]]]:
    return lambda text: {name: lambda _: around.format(run(text)).encode()}


def in_box(text: str) -> dict[str, Callable[[bytes], bytes]]:
    shape = '<v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent>'
    close = "</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
    box = f"<w:p><w:r><w:pict>{shape}{run(text)}{close}".encode()
    return {"word/document.xml": lambda data: data.replace(b"<w:sectPr", box + b"<w:sectPr", 1)}


#: Where a template has text that is looked at for tags.
PLACES = {
    "body": in_body,
    "text box": in_box,
    "header": in_part("word/header9.xml", f'<w:hdr xmlns:w="{W}">{{}}</w:hdr>'),
    "footer": in_part("word/footer9.xml", f'<w:ftr xmlns:w="{W}">{{}}</w:ftr>'),
    "footnote": in_part(
        "word/footnotes.xml",
        f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="2">{{}}</w:footnote></w:footnotes>',
    ),
    "endnote": in_part(
        "word/endnotes.xml",
        f'<w:endnotes xmlns:w="{W}"><w:endnote w:id="2">{{}}</w:endnote></w:endnotes>',
    ),
}


def said(path: Path) -> str:
    """All that a template compiles to and prints, or the code of its refusal."""
    try:
        form = compile_form(path, SPEC)
    except FormError as error:
        return error.code
    data = form.render({"学校": "甲"}, "filled", Stamp.issue("k", "1", "u", "s", "p"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "".join(archive.read(n).decode("utf-8", "replace") for n in archive.namelist())


def test_the_payloads_are_real(path: Path, mark: Path) -> None:
    """docxtpl runs one of them, so they would be seen to run here too."""
    write_template(path, words("docxtpl-632", mark))
    document = DocxTemplate(str(path))
    with contextlib.suppress(Exception):
        document.render({})
    assert mark.exists()


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_program_in_the_text_is_refused(path: Path, mark: Path, name: str) -> None:
    altered(write_template(path, "x"), PLACES["body"](words(name, mark)))
    found = said(path)
    if name.startswith("own-"):
        assert "cycler" in found or "for x in v" in found  # printed as the words they are
    else:
        assert found == "template_faults"
    assert not mark.exists()


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", ["docxtpl-632", "jinja-549", "own-delimiters"])
def test_a_program_is_refused_wherever_it_stands(
    path: Path, mark: Path, name: str, place: str
) -> None:
    altered(write_template(path, "x"), PLACES[place](words(name, mark)))
    assert (said(path) == "template_faults") == (name != "own-delimiters")
    assert not mark.exists()


CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
DC = "http://purl.org/dc/elements/1.1/"
CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
APP = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
#: Parts whose words are carried along as they are.
PROPERTIES = {
    "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{CORE}" xmlns:dc="{DC}">'
    "<dc:subject>{}</dc:subject><cp:keywords>{}</cp:keywords></cp:coreProperties>",
    "docProps/custom.xml": f'<Properties xmlns="{CUSTOM}"><property name="x" pid="2">'
    "<x>{}{}</x></property></Properties>",
    "docProps/app.xml": f'<Properties xmlns="{APP}"><Company>{{}}{{}}</Company></Properties>',
}


@pytest.mark.parametrize(
    ("name", "part"),
    [(name, "docProps/custom.xml") for name in PAYLOADS]
    + [("docxtpl-632", part) for part in PROPERTIES if part != "docProps/custom.xml"],
)
def test_a_program_in_the_properties_is_only_words(
    path: Path, mark: Path, name: str, part: str
) -> None:
    """docxtpl renders them too (its issue 632 names render_properties)."""
    payload = words(name, mark)
    written = PROPERTIES[part].format(escape(payload), escape(payload)).encode()
    altered(write_template(path, "{{ 学校 }}"), {part: lambda _: written})
    form = compile_form(path, SPEC)
    data = form.render({"学校": "甲"}, "filled", Stamp.issue("k", "1", "u", "s", "p"))
    assert paragraphs(data) == ["甲"]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        kept = archive.read(part).decode()
    assert kept.count("{{") + kept.count("{%") == 2 * (payload.count("{{") + payload.count("{%"))
    assert not mark.exists()


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_program_in_a_value_is_only_words(path: Path, mark: Path, name: str) -> None:
    payload = words(name, mark)
    form = make(
        path, "：{{ 学校 }}", "{{ 取得成效 }}", rows=(("{{ 名单.姓名 }}", "{{ 学科|日期 }}"),)
    )
    values = {"学校": payload, "取得成效": payload, "学科": payload, "名单": [{"姓名": payload}]}
    plain = payload.translate(dict.fromkeys(map(ord, OPEN + CLOSE + BLOCK + END)))
    assert paragraphs(form.render(values)) == [f"：{plain}", plain]
    assert not mark.exists()


@pytest.mark.parametrize("name", ["docxtpl-632", "own-delimiters", "own-block"])
def test_a_program_in_a_stamp_or_a_title_is_only_words(path: Path, mark: Path, name: str) -> None:
    payload = words(name, mark)
    write_template(path, "{{ 表名 }}")
    form = compile_form(path, FormSpec("k", payload))
    stamp = Stamp.issue(payload, payload, payload, payload, payload)
    plain = payload.translate(dict.fromkeys(map(ord, OPEN + CLOSE + BLOCK + END)))
    assert paragraphs(form.render({}, "blank", stamp)) == [plain]
    assert not mark.exists()


@pytest.mark.parametrize("name", ["docxtpl-632", "power", "own-delimiters"])
def test_a_program_as_a_name_of_the_spec_is_only_a_name(path: Path, mark: Path, name: str) -> None:
    """Even a county that names a field so gets a place for a value."""
    inner = words(name, mark).strip("{} ")
    write_template(path, f"：{{{{ {inner} }}}}")
    spec = FormSpec("k", "表", extra=(inner,))
    with contextlib.suppress(FormError):
        assert paragraphs(compile_form(path, spec).render({inner: "值"})) == ["：值"]
    assert not mark.exists()
