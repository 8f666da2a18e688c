"""The parts of a letter (RFC 5322, RFC 2045) found by walking through its lines once.

Only the headers are held in memory; a part is told by where it lies in the file. So a letter of any
size costs little, whatever it encloses.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import HeaderParser
from email.utils import collapse_rfc2231_value
from typing import BinaryIO

from indexer.bundles.pouring import CHUNK, cut
from indexer.charset import decode
from indexer.errors import ReadError

#: A longer line is taken in pieces; RFC 5322 (2.1.1) allows 998 characters, attachments of 8 bits
#: may have none at all.
_LINE = 64 * 1024
#: Bytes of one header block that are looked at; what stands behind is passed over.
_HEADERS = 256 * 1024
#: Letters in letters and lists of lists; a real one has three or four levels.
_DEEPEST = 20
_NOT_BASE64 = bytes(set(range(256)) - set(base64.b64encode(bytes(range(256)) * 3)) - set(b"+/="))
#: Codings that a letter may name. Others are guessed: names like "idna" are codecs for Python,
#: but not of text.
_CODINGS = re.compile(r"utf-?(?:7|8|16)|us-ascii|iso-?8859|windows-12|big5|hz|shift|euc|koi8")


@dataclass(frozen=True, slots=True)
class Part:
    """A leaf of a letter: `start` and `end` of its body in the file, the subtype of the multipart
    around it ("" for a letter of one part). `whole` is False where the letter broke off in it."""

    head: Message
    within: str
    start: int
    end: int
    whole: bool = True

    @property
    def kind(self) -> str:
        return self.head.get_content_type()

    @property
    def disposition(self) -> str:
        return str(self.head.get_content_disposition() or "")

    @property
    def name(self) -> str:
        """The file name it goes by, "" where it has none."""
        return _parameter(self.head, "filename", "content-disposition") or _parameter(
            self.head, "name", "content-type"
        )


def letter(file: BinaryIO, most: int) -> tuple[Message, list[Part]]:
    """The head of the letter and its leaves, in order. Raises ReadError("too_large") where there
    are more than `most`."""
    walk = _Walk(file, most)
    walk.run()
    return walk.head or Message(), walk.parts


class _Walk:
    """`lists`: the multiparts we are inside, as (delimiter, subtype)."""

    def __init__(self, file: BinaryIO, most: int) -> None:
        self.head: Message | None = None
        self.parts: list[Part] = []
        self._file, self._most = file, most
        self._lists: list[tuple[bytes, str]] = []
        self._open: tuple[Message, str, int] | None = None

    def run(self) -> None:
        at: int | None = self._begin_part(0)
        while at is not None:
            at = self._next_part(at)
        end = self._file.seek(0, os.SEEK_END)
        self._close(end, whole=not self._lists)

    def _next_part(self, at: int) -> int | None:
        """Where to go on behind the next delimiter after `at`, None where there is none."""
        for begun, line in _dashed_lines(self._file, at):
            mark = line.rstrip()
            for depth in range(len(self._lists) - 1, -1, -1):
                delimiter = self._lists[depth][0]
                if mark == delimiter:
                    self._close(begun, whole=True)
                    del self._lists[depth + 1 :]
                    return self._begin_part(begun + len(line))
                if mark == delimiter + b"--":
                    self._close(begun, whole=True)
                    del self._lists[depth:]
                    return begun + len(line)
        return None

    def _begin_part(self, at: int) -> int:
        """Read a header block and open its part; where the body begins."""
        block, at = self._header_block(at)
        head = HeaderParser().parsestr(decode(block) if not block.isascii() else block.decode())
        if self.head is None:
            self.head = head
        boundary = head.get_boundary()
        if head.get_content_maintype() == "multipart" and boundary and len(self._lists) < _DEEPEST:
            delimiter = b"--" + boundary.encode("utf-8", "replace").rstrip()
            self._lists.append((delimiter, head.get_content_subtype()))
        else:
            if len(self.parts) >= self._most:
                raise ReadError("too_large", f"more than {self._most} parts")
            within = self._lists[-1][1] if self._lists else ""
            self._open = (head, within, at)
        return at

    def _header_block(self, at: int) -> tuple[bytes, int]:
        lines: list[bytes] = []
        length = 0
        self._file.seek(at)
        while line := self._file.readline(_LINE):
            at += len(line)
            if not line.strip():
                break
            if lines and line.startswith(b"--") and self._is_delimiter(line):
                # A part without a body, not even the empty line before it.
                return b"".join(lines), at - len(line)
            if length < _HEADERS:
                lines.append(line)
                length += len(line)
        return b"".join(lines), at

    def _is_delimiter(self, line: bytes) -> bool:
        mark = line.rstrip()
        return any(mark in (one, one + b"--") for one, _ in self._lists)

    def _close(self, end: int, *, whole: bool) -> None:
        if self._open is not None:
            head, within, start = self._open
            self.parts.append(Part(head, within, start, max(start, end), whole))
            self._open = None


def _dashed_lines(file: BinaryIO, at: int) -> Iterator[tuple[int, bytes]]:
    """(place, line) of every line from `at` on, where one begins, that starts with two hyphens."""
    fresh = True
    while window := _window(file, at):
        for begun in _dashes(window, fresh):
            end = window.find(b"\n", begun) + 1
            yield at + begun, window[begun : end or len(window)]
        at += len(window)
        fresh = window.endswith(b"\n")


def _window(file: BinaryIO, at: int) -> bytes:
    """The next whole lines, or a piece of one that is too long."""
    file.seek(at)
    data = file.read(CHUNK)
    return data[: data.rfind(b"\n") + 1] or data


def _dashes(window: bytes, fresh: bool) -> Iterator[int]:
    if fresh and window.startswith(b"--"):
        yield 0
    found = window.find(b"\n--")
    while found >= 0:
        yield found + 1
        found = window.find(b"\n--", found + 1)


def body(file: BinaryIO, part: Part) -> Iterator[bytes]:
    """The bytes of a part without the coding for transport. Raises ReadError("corrupt")."""
    coding = str(part.head.get("content-transfer-encoding", "")).strip().lower()
    raw = cut(file, part.start, part.end - part.start)
    if coding == "base64":
        return _from_base64(raw)
    if coding == "quoted-printable":
        return _without_last_break(_from_quoted(file, part))
    return _without_last_break(raw)


def _from_base64(raw: Iterator[bytes]) -> Iterator[bytes]:
    left = b""
    try:
        for piece in raw:
            left += piece.translate(None, _NOT_BASE64)
            if b"=" in left:
                # What is padded ends there; some mailers write piece after padded piece.
                *ended, left = re.split(rb"(?<==)(?!=)", left)
                for one in ended:
                    yield binascii.a2b_base64(one)
            whole = len(left) - len(left) % 4
            yield binascii.a2b_base64(left[:whole])
            left = left[whole:]
        yield binascii.a2b_base64(left + b"=" * (-len(left) % 4))
    except binascii.Error as error:
        raise ReadError("corrupt", f"base64: {error}") from error


def _from_quoted(file: BinaryIO, part: Part) -> Iterator[bytes]:
    file.seek(part.start)
    left = part.end - part.start
    while left > 0 and (line := file.readline(min(_LINE, left))):
        left -= len(line)
        yield binascii.a2b_qp(line)


def _without_last_break(raw: Iterator[bytes]) -> Iterator[bytes]:
    """The line break before a delimiter belongs to the delimiter (RFC 2046, 5.1.1)."""
    held = b""
    for piece in raw:
        both = held + piece
        held = both[-2:]
        yield both[:-2]
    yield held.removesuffix(b"\n").removesuffix(b"\r")


def text_of(data: bytes, charset: str | None) -> str:
    """The text of bytes in the coding a letter names; guessed where it names none we know."""
    coding = (charset or "").strip().lower()
    if coding.startswith(("gb", "x-gb", "cp936", "hz-")):
        coding = "hz" if coding.startswith("hz") else "gb18030"
    elif not _CODINGS.match(coding):
        return decode(data)
    try:
        return data.decode(codecs.lookup(coding).name)
    except (LookupError, UnicodeError):
        return decode(data)


def words(value: str) -> str:
    """A header's value with its encoded words (RFC 2047) read."""
    flat = re.sub(r"\r?\n(?=[ \t])", "", value)
    try:
        pieces = decode_header(flat)
    except (HeaderParseError, binascii.Error, ValueError):
        return flat
    found = [text_of(p, c) if isinstance(p, bytes) else p for p, c in pieces]
    return "".join(found).strip()


def _parameter(head: Message, name: str, header: str) -> str:
    try:
        value = head.get_param(name, header=header)
        if isinstance(value, tuple):  # RFC 2231
            charset, language, text = value
            coding = "gb18030" if (charset or "").lower().startswith("gb") else charset
            return collapse_rfc2231_value((coding, language, text)).strip()
        return words(value).strip() if isinstance(value, str) else ""
    except (LookupError, ValueError, TypeError):
        return ""
