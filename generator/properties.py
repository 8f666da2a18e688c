"""Document properties of a printed form: core.xml (identifier, title), custom.xml (the stamp)."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree
from markupsafe import escape

from generator.ooxml import cut, legal, parse
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
_EMPTY_CORE = f'<cp:coreProperties xmlns:cp="{CP}" xmlns:dc="{DC}"/>'.encode()
_EMPTY_CUSTOM = f'<Properties xmlns="{CUSTOM}" xmlns:vt="{VT}"/>'.encode()

_NOT_COPIED = frozenset(
    (
        *("title", "identifier", "contentStatus", "creator", "lastModifiedBy", "revision"),
        *("created", "modified", "lastPrinted"),
    )
)

#: What a clerk reads in the file's properties; a standard field (ECMA-376 part 2, 11.1).
STATUS = {"blank": "空白表", "prefilled": "预填表", "filled": "填好"}


@dataclass(frozen=True, slots=True)
class Properties:
    """The property parts of a template, cut open where each copy has its own values.

    Author and dates of the template are left out: in a copy they would pass for those of the
    paper, and a copy must have the same bytes whenever it is made.
    """

    core: tuple[str, str]
    custom: tuple[str, str]
    #: Number of the stamp among the custom properties; 0 and 1 are reserved (MS-OLEPS 2.18).
    pid: int

    @classmethod
    def of(cls, core: bytes | None, custom: bytes | None) -> Properties:
        """From the parts of a template. Raises `ValueError` for what is no XML."""
        core_root = parse(core or _EMPTY_CORE)
        for item in list(core_root):
            if etree.QName(item).localname in _NOT_COPIED:
                core_root.remove(item)
        custom_root = parse(custom or _EMPTY_CUSTOM)
        for old in [item for item in custom_root if item.get("name") == PROPERTY]:
            custom_root.remove(old)
        for pid, item in enumerate(custom_root, 2):
            item.set("pid", str(pid))
        pid = len(custom_root) + 2
        return cls(cut(core_root), cut(custom_root), pid)

    def core_xml(self, title: str, mode: str, stamp: Stamp | None) -> bytes:
        """Core properties with the form's title, its status and, if stamped, its number."""
        words = _element("dc", DC, "title", title) + _element(
            "cp", CP, "contentStatus", STATUS[mode]
        )
        if stamp:
            words += _element("dc", DC, "identifier", stamp.form_no)
        head, foot = self.core
        return (head + words + foot).encode()

    def custom_xml(self, stamp: Stamp | None) -> bytes:
        """Custom properties with the stamp as the last of them."""
        head, foot = self.custom
        if not stamp:
            return (head + foot).encode()
        value = escape(legal(dump(stamp)))
        item = (
            f'<property xmlns="{CUSTOM}" fmtid="{_FMTID}" pid="{self.pid}" name="{PROPERTY}">'
            f'<vt:lpwstr xmlns:vt="{VT}">{value}</vt:lpwstr></property>'
        )
        return (head + item + foot).encode()


def _element(prefix: str, uri: str, tag: str, text: str) -> str:
    return f'<{prefix}:{tag} xmlns:{prefix}="{uri}">{escape(legal(text))}</{prefix}:{tag}>'
