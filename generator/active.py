"""What a form must not carry: macros, controls, outside parts, fields that fetch or run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from generator.errors import Fault
from generator.ooxml import Element, bytes_of, parse, w

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
_BAD_MEMBER = re.compile(r"vbaProject|vbaData|/activeX/|/embeddings/|/ctrlProps/", re.IGNORECASE)


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
        if item.get("TargetMode") == "External" and kind != "hyperlink":
            yield Fault("active_content", f"引用了文件外的内容（{kind}）", "整个文件")


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


def active_fields(root: Element, place: str) -> Iterator[Fault]:
    """Faults of a part: fields other than those allowed, chunks of other files."""
    for words in _instructions(root):
        name = (words.split() or [""])[0].upper()
        if name and not name.startswith("=") and name not in FIELDS:
            yield Fault("active_content", f"有不能使用的域 {name[:20]}", place, words.strip()[:60])
    if next(root.iter(w("altChunk"), w("object"), w("control")), None) is not None:
        yield Fault("active_content", "插入了别的文件或对象", place)


def _instructions(root: Element) -> Iterator[str]:
    """The instruction of each field, however many runs it is spread over."""
    open_fields: list[list[str]] = []
    for element in root.iter(w("fldChar"), w("instrText"), w("fldSimple")):
        kind = element.get(w("fldCharType"))
        if element.tag == w("fldSimple"):
            yield element.get(w("instr")) or ""
        elif kind == "begin":
            open_fields.append([])
        elif kind == "end" and open_fields:
            yield "".join(open_fields.pop())
        elif element.tag == w("instrText"):
            if not open_fields:
                open_fields.append([])
            open_fields[-1].append(element.text or "")
    yield from ("".join(words) for words in open_fields)
