"""Templates with one slip each: `template_faults.toml` says which, here they are made out of our
own forms."""

from __future__ import annotations

import copy
import io
import re
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lxml import etree

from generator.ooxml import R, W, add_content_type, add_relationship, bytes_of, parse, w

CASES = Path(__file__).with_name("template_faults.toml")
FORMS = {"S": "stage_report", "P": "school_plan", "Q": "qa_report"}
DOCUMENT = "word/document.xml"
PARTS = {
    "document": DOCUMENT,
    "footer": "word/footer1.xml",
    "even": "word/footer2.xml",
    "header": "word/headerSlip.xml",
}
_RELS = "word/_rels/document.xml.rels"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_SPACES = (
    f'xmlns:w="{W}" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_BOX = (
    "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:wsp><wps:txbx>"
    "<w:txbxContent><w:p><w:r><w:t>{0}</w:t></w:r></w:p></w:txbxContent></wps:txbx></wps:wsp>"
    "</w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent><w:p><w:r>"
    "<w:t>{0}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback>"
    "</mc:AlternateContent></w:r></w:p>"
)
_CELL = "<w:tc><w:tcPr><w:tcW w:w='1000' w:type='dxa'/></w:tcPr><w:p>{}</w:p></w:tc>"
_NESTED = (
    "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w='1000'/><w:gridCol w:w='1000'/></w:tblGrid>"
    f"<w:tr>{_CELL.format('')}{_CELL.format('')}</w:tr>"
    f"<w:tr>{_CELL.format('')}{_CELL.format('<w:r><w:t>{0}</w:t></w:r>')}</w:tr></w:tbl><w:p/>"
)

Case = Mapping[str, Any]


def cases(which: str = "fault") -> list[dict[str, Any]]:
    """The cases of one heading: fault or warning."""
    found: list[dict[str, Any]] = tomllib.loads(CASES.read_text("utf-8"))[which]
    return found


def codes(case: Case) -> tuple[str, ...]:
    code = case["code"]
    return (code,) if isinstance(code, str) else tuple(code)


def place(case: Case, data: bytes) -> str:
    """Where the slip stands in the form `data` that it was made in."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        root = parse(file.read(DOCUMENT))
    counts = {}
    for tag in ("p", "tbl"):
        around = (w("p"), w("tbl"))
        counts[tag] = sum(
            not any(a.tag in around for a in e.iterancestors()) for e in root.iter(w(tag))
        )
    written: str = case["place"]
    return written.format(p=counts["p"], t=counts["tbl"])


def named(case: Case) -> str:
    """A short name for test output: the fault and its place."""
    return f"{case['form']} {'/'.join(codes(case))} {case['place']}"


def made(form: bytes, case: Case) -> bytes:
    """The form with the slip in it."""
    with zipfile.ZipFile(io.BytesIO(form)) as file:
        members = {info.filename: file.read(info) for info in file.infolist()}
    if case.get("part") == "header":
        _add_header(members)
    if "notes" in case:
        _add_notes(members, case["notes"])
    elif "member" in case:
        members[case["member"]["name"]] = case["member"]["text"].encode()
    else:
        name = PARTS[case.get("part", "document")]
        root = parse(members[name])
        _change(root, case)
        members[name] = bytes_of(root)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return out.getvalue()


def _change(root: Any, case: Case) -> None:
    if "find" in case:
        _replace(root, case)
        if "also" in case:
            _replace(root, case["also"])
        return
    place = _cell(root, case["cell"]) if "cell" in case else root
    body = root.find(w("body"))
    if place is root and body is not None:
        place = body
    for block in _blocks(case):
        last = place[-1] if len(place) else None
        if last is not None and last.tag == w("sectPr"):
            last.addprevious(block)
        else:
            place.append(block)


def _blocks(case: Case) -> list[Any]:
    if "box" in case:
        return _parsed(_BOX.replace("{0}", case["box"]))
    if "nested" in case:
        return _parsed(_NESTED.replace("{0}", case["nested"]))
    if "block" in case:
        return _parsed(case["block"])
    return _parsed(f"<w:p><w:r><w:t>{case['text']}</w:t></w:r></w:p>")


def _parsed(words: str) -> list[Any]:
    return list(etree.fromstring(f"<x {_SPACES}>{words}</x>"))


def _cell(root: Any, at: list[int]) -> Any:
    table, row, column = at
    found = root.find(w("body")).findall(w("tbl"))[table - 1].findall(w("tr"))[row - 1]
    return found.findall(w("tc"))[column - 1]


def _replace(root: Any, case: Case) -> None:
    text = next(t for t in root.iter(w("t")) if case["find"] in (t.text or ""))
    run = text.getparent()
    if "run" in case:
        for piece in _parsed(case["run"]):
            run.addprevious(piece)
        run.getparent().remove(run)
    elif "pieces" in case:
        _in_pieces(run, case["pieces"])
    elif case.get("copy_row"):
        row = next(run.iterancestors(w("tr")))
        row.addnext(copy.deepcopy(row))
    else:
        text.text = text.text.replace(case["find"], case["text"])
        paragraph = next(run.iterancestors(w("p")))
        for words in reversed(case.get("then", ())):
            twin = copy.deepcopy(paragraph)
            next(twin.iter(w("t"))).text = words
            paragraph.addnext(twin)


def _in_pieces(run: Any, pieces: list[str]) -> None:
    """Runs that differ, so that nobody may simply join them."""
    for number, words in enumerate(pieces):
        twin = copy.deepcopy(run)
        text = next(twin.iter(w("t")))
        text.text = words
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        properties = twin.find(w("rPr"))
        if properties is None:
            properties = etree.Element(w("rPr"))
            twin.insert(0, properties)
        if number % 2:
            etree.SubElement(properties, w("lang")).set(w("val"), f"en-{number}")
        run.addprevious(twin)
    run.getparent().remove(run)


def _add_header(members: dict[str, bytes]) -> None:
    name = PARTS["header"]
    members[name] = f'<w:hdr xmlns:w="{W}"/>'.encode()
    _register(members, name, "header")
    document = parse(members[DOCUMENT])
    section = next(document.iter(w("sectPr")))
    reference = etree.Element(w("headerReference"))
    reference.set(w("type"), "default")
    reference.set(f"{{{R}}}id", _register_id(members))
    section.insert(0, reference)
    members[DOCUMENT] = bytes_of(document)


def _add_notes(members: dict[str, bytes], notes: list[str]) -> None:
    name = "word/footnotes.xml"
    lines = "".join(
        f'<w:footnote w:id="{n}"><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:footnote>'
        for n, words in enumerate(notes, 2)
    )
    rules = (
        '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    )
    members[name] = f'<w:footnotes xmlns:w="{W}">{rules}{lines}</w:footnotes>'.encode()
    _register(members, name, "footnotes")
    document = parse(members[DOCUMENT])
    paragraph = next(document.iter(w("p")))
    for number in range(2, len(notes) + 2):
        paragraph.append(_parsed(f'<w:r><w:footnoteReference w:id="{number}"/></w:r>')[0])
    members[DOCUMENT] = bytes_of(document)


def _register(members: dict[str, bytes], name: str, kind: str) -> None:
    members["[Content_Types].xml"] = add_content_type(
        members["[Content_Types].xml"], f"/{name}", f"{_TYPE}{kind}+xml"
    )
    members[_RELS], _ = add_relationship(members[_RELS], _KIND + kind, name.removeprefix("word/"))


def _register_id(members: dict[str, bytes]) -> str:
    found = re.findall(rb'Id="(rIdYx\d+)"', members[_RELS])
    return found[-1].decode()
