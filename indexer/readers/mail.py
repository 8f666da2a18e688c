"""Letters (.eml) without attachments; one with attachments is a bundle, see `indexer.bundles`."""

from __future__ import annotations

import contextlib
import email
import email.policy
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import parsedate_to_datetime
from itertools import islice
from pathlib import Path

from indexer.charset import decode, decode_as
from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.readers import html
from indexer.readers.text import read_bytes
from indexer.reading import Block, Reading

FORMATS = ("eml",)

#: Header fields that people read, and what they are called here.
_FIELDS = (("From", "发件人"), ("To", "收件人"), ("Cc", "抄送"), ("Date", "日期"))
#: Parts looked at; a letter of a person has a handful.
_PARTS = 200
_HEADER = 2000


def read(path: Path, limits: Limits) -> Reading:
    """Subject, who wrote to whom and when, and the letter's text: its plain text where it has
    one, else its page. Raises ReadError: corrupt, empty, unreadable."""
    data, cut = read_bytes(path, limits)
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    subject = header_text(message, "Subject")
    blocks = [Block("heading", subject, 0, by="style")] if subject else []
    for name, label in _FIELDS:
        value = header_text(message, name)
        if value:
            blocks.append(Block("paragraph", f"{label}：{value}"))
    left_out = [f"附件「{name}」没有读" for name in attachment_names(message)]
    body = list(islice(_body(message, left_out), limits.blocks + 1))
    if not body and not subject:
        raise ReadError("empty", "a letter without subject and text")
    left_out += [f"超过 {limits.characters} 字，后面的内容没有读"] if cut else []
    return Reading(
        format="eml",
        status="partial" if left_out else "complete",
        blocks=(*blocks, *body),
        metadata=_metadata(message, subject),
        left_out=tuple(left_out),
    )


def header_text(message: Message, name: str) -> str:
    """A header field decoded (RFC 2047; raw GBK, as old programs send it, too), on one line."""
    # Not `get`: it makes question marks of raw bytes.
    given = next((v for key, v in message.raw_items() if key.lower() == name.lower()), "")
    pieces = []
    for piece, charset in _pieces(str(given)[:_HEADER]):
        if isinstance(piece, str) and _is_raw(piece):
            piece = piece.encode("utf-8", "surrogateescape")
        pieces.append(_decoded(piece, charset) if isinstance(piece, bytes) else piece)
    return " ".join("".join(pieces).split())


def text_of(part: Message) -> str:
    """The text of a text part, whatever coding it claims."""
    payload = part.get_payload(decode=True)
    return _decoded(payload, part.get_content_charset()) if isinstance(payload, bytes) else ""


def body_text(message: Message) -> str:
    """The letter's text as lines."""
    return "\n".join(block.text for block in _body(message, []))


def attachment_names(message: Message) -> Iterator[str]:
    """The names of what is attached; pictures that the page shows are no attachments."""
    for part in islice(message.walk(), _PARTS):
        name = part.get_filename()
        shown = part.get_content_maintype() == "image" and part.get("Content-ID")
        if name and not shown:
            yield " ".join(_name(name).split())
        elif part.get_content_type() == "message/rfc822" and part is not message:
            yield "转发的邮件.eml"


def _name(name: str) -> str:
    pieces = [_decoded(p, c) if isinstance(p, bytes) else p for p, c in _pieces(name)]
    return "".join(pieces)


def _pieces(text: str) -> list[tuple[bytes | str, str | None]]:
    """(text, charset) as `decode_header` gives them; what is coded wrongly stays as it stands."""
    try:
        return list(decode_header(text))
    except (ValueError, LookupError, HeaderParseError):
        return [(text, None)]


def _is_raw(text: str) -> bool:
    return any("\udc80" <= sign <= "\udcff" for sign in text)


def _decoded(data: bytes, charset: str | None) -> str:
    if charset and charset.lower() not in ("unknown-8bit", "us-ascii"):
        text = decode_as(data, charset)
        if text is not None:
            return text
    return decode(data)


def _body(message: Message, left_out: list[str]) -> Iterator[Block]:
    """What is not read is added to `left_out`."""
    texts = [part for part in islice(message.walk(), _PARTS) if _is_text(part)]
    plain = [part for part in texts if part.get_content_type() == "text/plain"]
    if any(text_of(part).strip() for part in plain):
        for part in plain:
            for line in text_of(part).splitlines():
                if line.strip():
                    yield Block("paragraph", line.strip(" \t\u3000\xa0"))
        return
    for part in texts:
        payload = part.get_payload(decode=True)
        if (
            part.get_content_type() == "text/html"
            and isinstance(payload, bytes)
            and payload.strip()
        ):
            yield from html.blocks(html.parse(text_of(part)), left_out)


def _is_text(part: Message) -> bool:
    return part.get_content_maintype() == "text" and part.get_content_disposition() != "attachment"


def _metadata(message: Message, subject: str) -> dict[str, str]:
    found = {"title": subject, "author": header_text(message, "From")}
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        found["created"] = parsedate_to_datetime(str(message.get("Date", ""))).isoformat()
    return {key: value for key, value in found.items() if value}
