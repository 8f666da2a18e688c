"""A letter (.eml, or .mht as Outlook saves one) with attachments: they are the members, and with
them the letter's own text, if it says more than that something is attached."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from lxml import etree, html

from indexer.bundles.member import Member
from indexer.bundles.mime import Part, body, letter, text_of, words
from indexer.bundles.names import safe, unique
from indexer.bundles.pouring import opened, pour
from indexer.errors import ReadError
from indexer.limits import DEFAULT, Limits

#: A letter of fewer Chinese characters only hands the attachments over (“老师好，附件是……请查收”).
_GREETING = 30
#: Bytes of the letter's own text that are read; its attachments have no such bound.
_TEXT = 4 * 1024 * 1024
_CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
#: Parts with a name that nobody attached.
_MACHINERY = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
)
_SUFFIXES = {"message/rfc822": ".eml", "text/plain": ".txt", "text/html": ".html"}
_BREAKS = frozenset({"p", "br", "div", "tr", "li", "table", "h1", "h2", "h3", "h4", "blockquote"})


def open_bundle(path: Path, form: str, limits: Limits, name: str) -> MailBundle:
    return MailBundle(path, limits)


class MailBundle:
    def __init__(self, path: Path, limits: Limits = DEFAULT) -> None:
        self._file = opened(path)
        try:
            head, parts = letter(self._file, limits.members)
            self._attached = [part for part in parts if _is_attached(part)]
            self._subject = words(str(head.get("subject", "")))
            self._sent = _date(head)
            text = _own_text(self._file, parts)
            enough = len(_CHINESE.findall(text)) >= _GREETING
            self._text = (
                f"{self._subject}\n\n{text}\n".encode("utf-8", "replace") if enough else b""
            )
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def members(self) -> Iterator[Member]:
        """The attachments, then the text."""
        given = [_name(part, at) for at, part in enumerate(self._attached, 1)]
        own = [_file_name(self._subject or "邮件正文") + ".txt"] if self._text else []
        names = unique([safe(name) for name in given + own])
        for index, name in enumerate(names):
            if index == len(self._attached):
                yield Member(name, len(self._text), index, self._sent)
                continue
            part = self._attached[index]
            error = None if part.whole else ReadError("corrupt", "the letter breaks off")
            yield Member(name, part.end - part.start, index, self._sent, error)

    def extract(self, member: Member, target: Path) -> None:
        if member.index == len(self._attached):
            pour([self._text], target, member.size)
            return
        part = self._attached[member.index]
        if not part.whole:
            raise ReadError("corrupt", "the letter breaks off")
        # Without the coding for transport there are fewer bytes, never more.
        pour(body(self._file, part), target, member.size, exact=False)


def has_attachments(path: Path, limits: Limits = DEFAULT) -> bool:
    """Whether the letter at `path` is more than its text. False for what cannot be read: its
    reader then says why."""
    try:
        with opened(path) as file:
            return any(_is_attached(part) for part in letter(file, limits.members)[1])
    except ReadError:
        return False
    except (ValueError, LookupError, TypeError, AttributeError, IndexError):
        # What damaged headers provoke in the standard library's parser.
        return False


def _is_attached(part: Part) -> bool:
    """Attached by a person: not the text, nor a picture that the text shows, nor a signature."""
    if part.kind in _MACHINERY or part.start == part.end:
        return False
    if part.within == "related" and part.head.get("content-id") and part.kind[:6] == "image/":
        return False  # some mailers call these attachments
    if part.disposition == "attachment" or part.kind == "message/rfc822":
        return True
    # In a web page saved as a letter and in letters with pictures, what belongs to the text.
    return bool(part.name) and not (part.within == "related" and _is_shown(part))


def _is_shown(part: Part) -> bool:
    named = part.head.get("content-id") or part.head.get("content-location")
    return bool(named) or part.kind.startswith(("image/", "text/"))


def _name(part: Part, number: int) -> str:
    if part.name:
        return _file_name(part.name)
    suffix = _SUFFIXES.get(part.kind, "")
    return f"附件{number}{suffix}"


def _file_name(name: str) -> str:
    """A name without the folders that some mailers leave in it, and without breaks."""
    plain = " ".join(name.split())
    return plain.replace("\\", "/").rsplit("/", 1)[-1] if "." in plain else plain.replace("/", "_")


def _own_text(file: BinaryIO, parts: list[Part]) -> str:
    """The text that the sender wrote: the plain one, else the one in HTML."""
    own = [part for part in parts if not _is_attached(part)]
    for kind in ("text/plain", "text/html"):
        for part in own:
            if part.kind == kind:
                data = _start_of(file, part)
                text = text_of(data, part.head.get_content_charset())
                text = _without_tags(text) if kind == "text/html" else text
                if text.strip():
                    return "\n".join(line.rstrip() for line in text.strip().splitlines())
    return ""


def _start_of(file: BinaryIO, part: Part) -> bytes:
    found = b""
    try:
        for piece in body(file, part):
            found += piece
            if len(found) >= _TEXT:
                break
    except ReadError:
        return found  # what there is of it; the attachments are not worse for that
    return found[:_TEXT]


def _without_tags(text: str) -> str:
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text, parser=parser)
    except (etree.LxmlError, ValueError):
        return ""
    pieces: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        ignored = element.tag in ("script", "style", "title")
        if event == "start":
            pieces.append("\n" if element.tag in _BREAKS else "")
            pieces.append("" if ignored else element.text or "")
        else:
            pieces.append(element.tail or "")
    return re.sub(r"\n\s*\n+", "\n", "".join(pieces))


def _date(head: Message) -> datetime | None:
    try:
        sent = parsedate_to_datetime(str(head.get("date", "")))
        return sent.astimezone().replace(tzinfo=None)
    except (ValueError, TypeError, OverflowError, OSError, IndexError):
        return None
