"""What a form must not carry: macros, controls, outside parts, fields that fetch or run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from generator.errors import Fault
from generator.ooxml import Element, R, bytes_of, parse, rels_of, w

#: Fields that only count, date or point inside the document (ECMA-376 part 1, 17.16.5). What is
#: not here (DDE, INCLUDETEXT, LINK, MACROBUTTON, DATABASE …) is refused.
FIELDS = frozenset(
    (
        *("PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "PAGEREF", "REF", "NOTEREF", "SEQ"),
        *("TOC", "STYLEREF", "DATE", "TIME", "CREATEDATE", "SAVEDATE", "TITLE", "SUBJECT"),
        *("SHAPE", "FILENAME", "IF", "QUOTE", "LISTNUM", "AUTONUM", "INDEX", "XE", "TC"),
        *("AUTHOR", "HYPERLINK", "EQ", "SYMBOL", "FORMTEXT", "FORMCHECKBOX", "FORMDROPDOWN"),
    )
)
_BAD_MEMBER = re.compile(
    r"vbaProject|vbaData|/activeX/|/embeddings/|/ctrlProps/|customUI/", re.IGNORECASE
)
#: Other files, objects, controls; the data source of a mail merge, which Word asks on opening.
BAD_ELEMENTS = tuple(
    map(w, ("altChunk", "object", "control", "subDoc", "mailMerge", "saveThroughXslt"))
)
#: Attributes that have Word load what a relationship names; a link to click on has r:id.
_LOADING = tuple(f"{{{R}}}{name}" for name in ("embed", "link", "pict", "href"))


def active_members(members: Mapping[str, bytes]) -> Iterator[Fault]:
    """Faults of the package: members that hold programs, relationships that lead outside."""
    for name, data in members.items():
        if _BAD_MEMBER.search(name):
            yield Fault("active_content", f"含有宏、控件或嵌入对象 {name}", "整个文件")
        if name.endswith(".rels"):
            yield from _outside(data)


def _outside(data: bytes) -> Iterator[Fault]:
    try:
        relationships = list(parse(data))
    except ValueError:
        yield Fault("active_content", "文件内部的关系表已损坏", "整个文件")
        return
    for item in relationships:
        kind = (item.get("Type") or "").rpartition("/")[2]
        target = item.get("Target") or ""
        leads_out = item.get("TargetMode") == "External" or _is_address(target)
        if leads_out and kind != "hyperlink":
            yield Fault("active_content", f"引用了文件外的内容（{kind}）", "整个文件")


def _is_address(target: str) -> bool:
    return "://" in target or target.startswith(("//", "\\\\"))


def loaded_from_outside(part: str, root: Element, members: Mapping[str, bytes]) -> Iterator[Fault]:
    """Faults of a part: pictures and the like that are fetched by way of a link to click on."""
    rels = members.get(rels_of(part))
    if rels is None:
        return
    outside = {
        item.get("Id") for item in parse(rels) if item.get("TargetMode") == "External"
    }  # fmt: skip
    if outside and any(element.get(a) in outside for element in root.iter() for a in _LOADING):
        yield Fault("active_content", "引用了文件外的内容（图片）", "整个文件")


def without_attached_template(members: dict[str, bytes]) -> None:
    """Forget the path of the .dotx the author's file was made from: it names his machine and Word
    would go and look for it. `members` is changed in place."""
    rels, settings = "word/_rels/settings.xml.rels", "word/settings.xml"
    if rels not in members or settings not in members:
        return
    relationships, root = parse(members[rels]), parse(members[settings])
    for item in list(relationships):
        if (item.get("Type") or "").endswith("/attachedTemplate"):
            relationships.remove(item)
    for element in list(root.iter(w("attachedTemplate"))):
        element.getparent().remove(element)
    members[rels], members[settings] = bytes_of(relationships), bytes_of(root)


def is_xml(name: str, data: bytes) -> bool:
    """Whether a word processor may take a member for XML: what it is said to be decides, not its
    name, so its first bytes are looked at (marks of UTF-8 and UTF-16 aside)."""
    start = data[:64].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")
    return name.lower().endswith((".xml", ".rels")) or start.startswith(b"<")


def active_fields(root: Element, place: str) -> Iterator[Fault]:
    """Faults of a part: fields other than those allowed, chunks of other files."""
    for words in _instructions(root):
        name = (words.split() or [""])[0].upper()
        if name and not name.startswith("=") and name not in FIELDS:
            yield Fault("active_content", f"有不能使用的域 {name[:20]}", place, words.strip()[:60])
    if next(root.iter(*BAD_ELEMENTS), None) is not None:
        yield Fault("active_content", "插入了别的文件或对象", place)


def _instructions(root: Element) -> Iterator[str]:
    """The instruction of each field, however many runs it is spread over. A field inside it leaves
    a brace, so that no name is put together from the result of another field."""
    open_fields: list[list[str]] = []
    for element in root.iter(w("fldChar"), w("instrText"), w("fldSimple")):
        kind = element.get(w("fldCharType"))
        if element.tag == w("fldSimple"):
            yield element.get(w("instr")) or ""
        elif kind == "begin":
            if open_fields:
                open_fields[-1].append("{")
            open_fields.append([])
        elif kind == "end" and open_fields:
            yield "".join(open_fields.pop())
        elif element.tag == w("instrText"):
            if not open_fields:
                open_fields.append([])
            open_fields[-1].append(element.text or "")
    yield from ("".join(words) for words in open_fields)
