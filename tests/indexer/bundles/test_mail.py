from __future__ import annotations

import base64
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from taken_out import contents

from indexer.bundles.mail import MailBundle, has_attachments
from indexer.bundles.pouring import CHUNK
from indexer.sniff import detect

LETTER = (
    "各位老师：现将本学期教研组工作计划和集体备课安排发给大家，请于十一月七日以前交回修改意见。"
)
GREETING = "老师好，附件是我们学校的计划，请查收。"


def mail(folder: Path, text: str = GREETING, subject: str = "十月份材料") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "zhang@example.cn", "li@example.cn"
    message["Subject"], message["Date"] = subject, "Fri, 07 Nov 2014 09:30:00 +0800"
    message.set_content(text)
    return message


def attach(message: EmailMessage, name: str, data: bytes) -> None:
    message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)


def saved(folder: Path, message: EmailMessage | bytes) -> Path:
    path = folder / "a.eml"
    path.write_bytes(message if isinstance(message, bytes) else message.as_bytes())
    assert detect(path) in ("eml", "mht")
    return path


def by_hand(folder: Path, *heads: bytes, data: bytes = b"eA==") -> Path:
    """A letter with one attachment whose headers are written as given."""
    head = b"From: a@b.cn\r\nTo: c@d.cn\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
    head += b'Content-Type: multipart/mixed; boundary="=_1"\r\n\r\n--=_1\r\n'
    text = b"Content-Type: text/plain\r\n\r\nhello\r\n--=_1\r\n"
    body = b"\r\n".join(heads) + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + data
    return saved(folder, head + text + body + b"\r\n--=_1--\r\n")


def test_attachments_are_the_members(tmp_path: Path) -> None:
    message = mail(tmp_path)
    attach(message, "计划.docx", b"PK first")
    attach(message, "反思.doc", bytes(range(256)) * 500)
    found = contents(saved(tmp_path, message))
    assert found == {"计划.docx": b"PK first", "反思.doc": bytes(range(256)) * 500}


def test_a_letter_that_says_something_is_a_member_too(tmp_path: Path) -> None:
    message = mail(tmp_path, LETTER, "关于报送/十月份材料")
    attach(message, "计划.docx", b"x")
    found = contents(saved(tmp_path, message))
    assert list(found) == ["计划.docx", "关于报送_十月份材料.txt"]
    text = found["关于报送_十月份材料.txt"]
    assert isinstance(text, bytes)
    assert LETTER in text.decode()


def test_the_text_of_a_letter_in_html(tmp_path: Path) -> None:
    message = mail(tmp_path, subject="通知")
    page = f"<html><style>p{{}}</style><p>{LETTER}</p><div>第二段</div></html>"
    message.clear_content()
    message.set_content(page.encode("gb18030"), "text", "html", params={"charset": "gb2312"})
    attach(message, "计划.docx", b"x")
    text = contents(saved(tmp_path, message))["通知.txt"]
    assert isinstance(text, bytes)
    assert text.decode().split() == ["通知", LETTER, "第二段"]


def test_a_letter_without_attachments_is_a_document(tmp_path: Path) -> None:
    assert not has_attachments(saved(tmp_path, mail(tmp_path, LETTER)))


def test_pictures_in_the_text_and_signatures_are_not_attached(tmp_path: Path) -> None:
    message = mail(tmp_path)
    message.add_alternative("<img src='cid:logo'>", subtype="html")
    html = message.get_payload()[1]  # type: ignore[index]
    html.add_related(b"GIF8", "image", "gif", cid="<logo>", filename="image001.gif")  # type: ignore[union-attr]
    assert not has_attachments(saved(tmp_path, message))
    signed = by_hand(tmp_path, b'Content-Type: application/pgp-signature; name="a.asc"')
    assert not has_attachments(signed)


def test_a_page_saved_as_mht_is_a_document(tmp_path: Path) -> None:
    page = (
        b'From: <Saved by Word>\r\nMIME-Version: 1.0\r\n'
        b'Content-Type: multipart/related; boundary="=_1"\r\n\r\n--=_1\r\n'
        b'Content-Location: file:///C:/a.htm\r\nContent-Type: text/html; name="a.htm"\r\n\r\n<p>x'
        b'\r\n--=_1\r\nContent-Location: file:///C:/a.png\r\nContent-Type: image/png\r\n\r\nx'
        b'\r\n--=_1--\r\n'
    )  # fmt: skip
    assert not has_attachments(saved(tmp_path, page))


NAME = "质检分析（师春玲）.docx"
_B64 = base64.b64encode(NAME.encode("gb18030"))


@pytest.mark.parametrize(
    "head",
    [
        b'Content-Disposition: attachment; filename="=?gb18030?B?%s?="' % _B64,
        b'Content-Disposition: attachment;\r\n filename="=?GB2312?B?%s?=\r\n =?GB2312?B?%s?="'
        % (_B64[:8], _B64[8:]),
        b'Content-Type: application/octet-stream; name="%s"' % NAME.encode("gb18030"),
        b'Content-Disposition: attachment; filename="%s"' % NAME.encode(),
        b"Content-Disposition: attachment; filename*=GBK''"
        + b"".join(b"%%%02X" % byte for byte in NAME.encode("gb18030")),
        b"Content-Disposition: attachment;\r\n filename*0*=UTF-8''"
        + b"".join(b"%%%02X" % byte for byte in NAME.encode()[:9])
        + b";\r\n filename*1*="
        + b"".join(b"%%%02X" % byte for byte in NAME.encode()[9:]),
        b'Content-Disposition: attachment; filename="..\\\\..\\\\%s"' % NAME.encode(),
    ],
    ids=["rfc2047", "rfc2047 in two", "raw gbk", "raw utf-8", "rfc2231", "rfc2231 in two", "path"],
)
def test_names_however_a_mailer_writes_them(tmp_path: Path, head: bytes) -> None:
    path = by_hand(tmp_path, head)
    assert has_attachments(path)
    assert contents(path) == {NAME: b"x"}


def test_a_letter_within_a_letter_is_a_member(tmp_path: Path) -> None:
    inner = mail(tmp_path, LETTER, "里面的")
    attach(inner, "里.docx", b"inner")
    message = mail(tmp_path)
    message.add_attachment(inner, filename="转发.eml")
    found = contents(saved(tmp_path, message))
    assert list(found) == ["转发.eml"]
    inside = found["转发.eml"]
    assert isinstance(inside, bytes)
    assert contents(saved(tmp_path, inside))["里.docx"] == b"inner"


def test_a_letter_that_breaks_off_loses_its_last_attachment_alone(tmp_path: Path) -> None:
    message = mail(tmp_path)
    attach(message, "a.docx", b"x" * 300)
    attach(message, "b.docx", b"y" * 3000)
    data = message.as_bytes()
    path = saved(tmp_path, data[: len(data) - 1000])
    assert contents(path) == {"a.docx": b"x" * 300, "b.docx": "corrupt"}


@pytest.mark.parametrize("coding", ["base64", "quoted-printable", "7bit", "binary"])
def test_each_coding_for_transport(tmp_path: Path, coding: str) -> None:
    text = b"line = one\r\nline two\r\n" * 50
    coded = {"base64": base64.encodebytes(text), "quoted-printable": text.replace(b"=", b"=3D")}
    head = b"Content-Disposition: attachment; filename=a.txt"
    path = by_hand(tmp_path, head, data=coded.get(coding, text))
    path.write_bytes(
        path.read_bytes().replace(b"Encoding: base64", b"Encoding: " + coding.encode())
    )
    assert contents(path) == {"a.txt": text}


def test_pieces_padded_one_by_one(tmp_path: Path) -> None:
    head = b"Content-Disposition: attachment; filename=a.txt"
    data = b"\r\n".join(base64.b64encode(piece) for piece in (b"a", b"bc", b"def"))
    assert contents(by_hand(tmp_path, head, data=data)) == {"a.txt": b"abcdef"}


def test_a_line_without_end_and_countless_levels_cost_little(tmp_path: Path) -> None:
    head = b"From: a\r\nTo: b\r\nSubject: c\r\n"
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (at, at)
        for at in range(3000)
    )
    path = saved(tmp_path, head + nested + b"Content-Type: " + b"x" * 3_000_000)
    assert not has_attachments(path)


def test_a_codec_that_is_none_of_text_is_not_called(tmp_path: Path) -> None:
    message = mail(tmp_path, LETTER, "通知").as_bytes()
    for codec in (b"idna", b"unicode_escape", b"zlib", b"no-such"):
        path = saved(tmp_path, message.replace(b'charset="utf-8"', b"charset=" + codec))
        with MailBundle(path) as bundle:
            (member,) = bundle.members()
            assert member.name == "通知.txt"


def test_when_it_was_sent(tmp_path: Path) -> None:
    message = mail(tmp_path)
    attach(message, "a.docx", b"x")
    with MailBundle(saved(tmp_path, message)) as bundle:
        (member,) = bundle.members()
    sent = datetime(2014, 11, 7, 1, 30, tzinfo=UTC)
    assert member.modified == sent.astimezone().replace(tzinfo=None)


@pytest.mark.parametrize("fill", [b"x", b"-", b"\n", b"\r\n", b"--\r\n", b"x" * 75 + b"\r\n"])
@pytest.mark.parametrize("short", [0, 1, 2, 3, 30])
def test_a_delimiter_is_found_wherever_a_piece_of_the_file_ends(
    tmp_path: Path, fill: bytes, short: int
) -> None:
    head = b"Content-Disposition: attachment; filename=a.txt"
    data = (fill * CHUNK)[: CHUNK - short]
    path = by_hand(tmp_path, head, data=data)
    path.write_bytes(path.read_bytes().replace(b"Encoding: base64", b"Encoding: binary"))
    assert contents(path) == {"a.txt": data}
