"""The names of OpenDocument (ISO/IEC 26300; OASIS OpenDocument 1.3) that the reader asks for."""

from __future__ import annotations

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"

OFFICE = f"{{{_OASIS}office:1.0}}"
STYLE = f"{{{_OASIS}style:1.0}}"
TEXT = f"{{{_OASIS}text:1.0}}"
TABLE = f"{{{_OASIS}table:1.0}}"
DRAW = f"{{{_OASIS}drawing:1.0}}"
FO = f"{{{_OASIS}xsl-fo-compatible:1.0}}"
SVG = f"{{{_OASIS}svg-compatible:1.0}}"
PRESENTATION = f"{{{_OASIS}presentation:1.0}}"
FORM = f"{{{_OASIS}form:1.0}}"
META = f"{{{_OASIS}meta:1.0}}"
DC = "{http://purl.org/dc/elements/1.1/}"
HREF = "{http://www.w3.org/1999/xlink}href"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
#: What LibreOffice adds and the standard does not have, or not yet.
LOEXT = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"
