"""The stamp of an issued form: a number derived from what the form is for, never drawn by lot.

    YX-STAGE-1-201410-7KQ2M4XP-9R
    |  |     | |      |        two check characters (ISO 7064 MOD 1271-36) over all before
    |  |     | |      40 bits of SHA-256 over kind, version, unit, subject and period
    |  |     | period, as far as it is ASCII letters and digits (at most 10; 0 where none is)
    |  |     version of the form (at most 4)
    |  first word of the kind's id (at most 8)
    fixed: 研修

The same form for the same unit, subject and period therefore always bears the same number, on
any machine. The digest is written in Crockford's base 32 (no I, L, O, U). 342 forms of one month
collide with a probability of 5e-8. The check finds every single wrong letter or digit and every
swap of two neighbouring ones.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from generator.errors import FormError
from generator.ooxml import MAX_XML, parse, w
from generator.package import directory_fits, read_member

PROPERTY = "yanxiu-form"
#: Characters Word keeps of a text property.
MAX_PROPERTY = 255
CORE_PART = "docProps/core.xml"
CUSTOM_PART = "docProps/custom.xml"

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: Ten bits as two of its digits.
_PAIRS = tuple(one + other for one in _CROCKFORD for other in _CROCKFORD)
_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NUMBER = re.compile(r"YX-[A-Z0-9]{1,8}-[A-Z0-9]{1,4}-[A-Z0-9]{1,10}-[0-9A-Z]{8}-[0-9A-Z]{2}")
#: What people, keyboards and converters make of a hyphen.
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－﹣"), "-")
#: A stamp part larger than this is none of ours.
_MAX_PART = 512 * 1024
_STORY = re.compile(r"word/(?:footer|header)\w*\.xml\Z|word/document\.xml\Z")


@lru_cache(maxsize=4096)
def form_number(kind: str, version: str, unit: str, subject: str, period: str) -> str:
    """The number of a form (see above). Any text is taken; only its NFC form counts."""
    values = [unicodedata.normalize("NFC", v) for v in (kind, version, unit, subject, period)]
    parts = ("YX", *number_parts(values[0], values[1], values[4]), _word(values))
    stem = "-".join(parts)
    return f"{stem}-{check_characters(stem)}"


def number_parts(kind: str, version: str, period: str) -> tuple[str, str, str]:
    """What a number says openly of kind, version and period (its second to fourth part)."""
    head = _ascii(kind.partition("_")[0], 8) or "FORM"
    return head, _ascii(version, 4) or "0", _ascii(period, 10) or "0"


def _word(values: Sequence[str]) -> str:
    digest = hashlib.sha256("\x1f".join(values).encode("utf-8", "replace")).digest()
    bits = int.from_bytes(digest[:5], "big")
    return (
        _PAIRS[bits >> 30]
        + _PAIRS[bits >> 20 & 1023]
        + _PAIRS[bits >> 10 & 1023]
        + _PAIRS[bits & 1023]
    )


def stamp_among(number: str, candidates: Iterable[tuple[str, str, str, str, str]]) -> Stamp | None:
    """The stamp of a number, found by trying (kind, version, unit, subject, period); None where
    it is of none of them. A wrong one fits once in 1.1e12 tries."""
    number = clean_number(number)
    word = number.split("-")[-2]
    composed: dict[str, str] = {}
    for values in candidates:
        for value in values:
            if value not in composed:
                composed[value] = unicodedata.normalize("NFC", value)
        if _word([composed[value] for value in values]) == word:
            stamp = Stamp.issue(*values)
            if stamp.form_no == number:
                return stamp
    return None


def _ascii(text: str, length: int) -> str:
    return re.sub(r"[^A-Z0-9]", "", text.upper())[:length]


def check_characters(text: str) -> str:
    """The two check characters of ISO 7064 MOD 1271-36; whatever is no letter or digit is skipped
    (`ISO 79` gives `3W`, the example of the standard)."""
    rest = 0
    for character in text:
        if character in _ALPHANUMERIC:
            rest = (rest + _ALPHANUMERIC.index(character)) * 36 % 1271
    check = (1 - rest * 36) % 1271
    return _ALPHANUMERIC[check // 36] + _ALPHANUMERIC[check % 36]


def clean_number(text: str) -> str:
    """A number as it is compared: half-width capitals, plain hyphens, no white space."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_DASHES).split()).upper()


def find_numbers(text: str) -> list[str]:
    """The form numbers in a text, each once; one with wrong check characters is none."""
    if "-" not in text.translate(_DASHES):
        return []
    found = (match.group() for match in _NUMBER.finditer(clean_number(text)))
    return list(dict.fromkeys(number for number in found if verify_number(number)))


def verify_number(number: str) -> bool:
    """Whether this can be a form number of ours: its shape and its check characters."""
    plain = clean_number(number[:200])
    if not _NUMBER.fullmatch(plain):
        return False
    return check_characters(plain[:-3]) == plain[-2:]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an issued form is. `unit` is the opaque id of a unit; `period` as in 2014-10. Where
    only the number could be read from a file, all other values are ""."""

    form_no: str
    kind: str = ""
    version: str = ""
    unit: str = ""
    subject: str = ""
    period: str = ""

    @classmethod
    def issue(cls, kind: str, version: str, unit: str, subject: str, period: str) -> Stamp:
        """The stamp with the number that belongs to these values."""
        number = form_number(kind, version, unit, subject, period)
        return cls(number, kind, version, unit, subject, period)

    @property
    def whole(self) -> bool:
        """Whether the number is the one derived from the other values."""
        derived = form_number(self.kind, self.version, self.unit, self.subject, self.period)
        return derived == self.form_no

    @property
    def values(self) -> tuple[str, ...]:
        """In the order of the class."""
        return (self.form_no, self.kind, self.version, self.unit, self.subject, self.period)

    def to_json(self) -> dict[str, str]:
        return asdict(self)


def dump(stamp: Stamp) -> str:
    """The text of the custom property: the values as a JSON array in the order of the class.

    Word keeps at most 255 characters of such a property; a longer stamp is cut to its number.
    """
    text = json.dumps(stamp.values, ensure_ascii=False, separators=(",", ":"))
    return text if len(text) <= MAX_PROPERTY else stamp.form_no


def read_stamp(source: Path | bytes) -> Stamp | None:
    """The stamp of a .docx, None where it has none (or is no readable .docx).

    Read in this order, because converters and people lose one or the other: the custom property
    (believed only if its number is the one its values give), the core identifier, then the first
    valid number printed in a footer, a header or the text.
    """
    try:
        with (
            io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as stream,
            zipfile.ZipFile(_bounded(stream)) as file,
        ):
            return _from_property(file) or _from_identifier(file) or _from_text(file)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError):
        return None


def _bounded(stream: BinaryIO) -> BinaryIO:
    if not directory_fits(stream):
        raise zipfile.BadZipFile("directory too large")
    return stream


def _part(file: zipfile.ZipFile, name: str, limit: int = _MAX_PART) -> bytes | None:
    try:
        return read_member(file, file.getinfo(name), limit)
    except (KeyError, FormError):
        return None


def _from_property(file: zipfile.ZipFile) -> Stamp | None:
    for element in _elements(_part(file, CUSTOM_PART)):
        if element.get("name") == PROPERTY:
            return load("".join(element.itertext()))
    return None


def load(text: str) -> Stamp | None:
    """The stamp of a custom property's text (see `dump`), believed only if it is whole; one that
    was cut to its number has no other values."""
    if verify_number(text):
        return Stamp(clean_number(text))
    try:
        values = json.loads(text)
        stamp = Stamp(*values)
    except (ValueError, TypeError, RecursionError):
        return None
    if not all(isinstance(value, str) for value in values):
        return None
    return stamp if stamp.whole else None


def _from_identifier(file: zipfile.ZipFile) -> Stamp | None:
    for element in _elements(_part(file, CORE_PART)):
        if element.tag.endswith("}identifier") and verify_number(element.text or ""):
            return Stamp(clean_number(element.text or ""))
    return None


def _from_text(file: zipfile.ZipFile) -> Stamp | None:
    stories = [n for n in file.namelist() if _STORY.match(n)]
    for name in sorted(stories, key=lambda n: (not n.startswith("word/footer"), n)):
        text = "".join(e.text or "" for e in _elements(_part(file, name, MAX_XML), w("t")))
        for number in find_numbers(text):
            return Stamp(number)
    return None


def _elements(data: bytes | None, tag: str = "*") -> list[Any]:
    try:
        return list(parse(data).iter(tag)) if data else []
    except ValueError:
        return []
