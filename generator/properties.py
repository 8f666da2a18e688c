"""Document properties of a printed form: core.xml (identifier, title), custom.xml (the stamp)."""

from __future__ import annotations

from lxml import etree

from generator.ooxml import bytes_of, legal, parse
from generator.stamp import PROPERTY, Stamp, dump

CP = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
DC = "http://purl.org/dc/elements/1.1/"
CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
VT = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
#: The format id of user-defined properties (MS-OLEPS 2.18).
_FMTID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"

CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
CORE_REL = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
CUSTOM_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
EMPTY_CORE = f'<cp:coreProperties xmlns:cp="{CP}" xmlns:dc="{DC}"/>'.encode()
EMPTY_CUSTOM = f'<Properties xmlns="{CUSTOM}" xmlns:vt="{VT}"/>'.encode()

#: What a clerk reads in the file's properties; a standard field (ECMA-376 part 2, 11.1).
STATUS = {"blank": "空白表", "prefilled": "预填表", "filled": "填好"}


def core_xml(template: bytes, title: str, mode: str, stamp: Stamp | None) -> bytes:
    """The template's core properties with the form's title, status and, if stamped, its number.

    The dates stay the template's own: a copy must have the same bytes whenever it is made.
    """
    root = parse(template)
    _set(root, f"{{{DC}}}title", title)
    _set(root, f"{{{CP}}}contentStatus", STATUS[mode])
    _set(root, f"{{{DC}}}identifier", stamp.form_no if stamp else "")
    return bytes_of(root)


def _set(root: etree._Element, tag: str, text: str) -> None:
    for old in root.findall(tag):
        root.remove(old)
    if text:
        etree.SubElement(root, tag).text = legal(text)


def custom_xml(template: bytes, stamp: Stamp | None) -> bytes:
    """The template's custom properties with the stamp among them."""
    root = parse(template)
    for old in list(root):
        if old.get("name") == PROPERTY:
            root.remove(old)
    if stamp:
        item = etree.SubElement(root, f"{{{CUSTOM}}}property", fmtid=_FMTID, name=PROPERTY)
        etree.SubElement(item, f"{{{VT}}}lpwstr").text = legal(dump(stamp))
    for pid, item in enumerate(root, 2):  # 0 and 1 are reserved (MS-OLEPS 2.18)
        item.set("pid", str(pid))
    return bytes_of(root)
