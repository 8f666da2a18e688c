"""A copy under way is told from a complete file by what stands at its end."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from watch.endings import is_complete

PDF = b"%PDF-1.4\n" + b"x" * 20_000 + b"\nstartxref\n9\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"i" * 9_000 + b"\x00\x00\x00\x00IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0" + b"j" * 9_000 + b"\xff\xd9"
RTF = b"{\\rtf1 " + b"t" * 9_000 + b"}\r\n"
TEXT = "研修总结".encode() * 2_000


def docx(comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", os.urandom(20_000))
        archive.comment = comment
    return out.getvalue()


def ole() -> bytes:
    """A compound file of 40 sectors: FAT in sector 30, directory in sector 31."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    head[30:32] = (9).to_bytes(2, "little")
    head[44:48] = (1).to_bytes(4, "little")
    head[48:52] = (31).to_bytes(4, "little")
    head[76:] = b"\xff" * (512 - 76)
    head[76:80] = (30).to_bytes(4, "little")
    sectors = [b"d" * 512] * 40
    fat = [0xFFFFFFFE] * 128
    fat[30] = 0xFFFFFFFD
    sectors[30] = b"".join(n.to_bytes(4, "little") for n in fat)
    sectors[31] = "Root Entry".encode("utf-16-le").ljust(512, b"\x00")
    return bytes(head) + b"".join(sectors)


WHOLE = {
    "docx": docx(), "docx with comment": docx(b"c" * 5_000), "ole": ole(), "pdf": PDF,
    "png": PNG, "jpeg": JPEG, "rtf": RTF,
}  # fmt: skip


@pytest.mark.parametrize("kind", WHOLE)
def test_a_whole_file_is_complete(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "f"
    path.write_bytes(WHOLE[kind])
    assert is_complete(path)


@pytest.mark.parametrize(
    ("kind", "share"),
    # The last sectors of the compound file are only stream data: nothing tells that they lack.
    [(k, s) for k in WHOLE for s in (0.02, 0.3, 0.6, 0.95) if (k, s) != ("ole", 0.95)],
)
def test_half_a_file_is_not(tmp_path: Path, kind: str, share: float) -> None:
    path, data = tmp_path / "f", WHOLE[kind]
    path.write_bytes(data[: int(len(data) * share)])
    assert not is_complete(path)


@pytest.mark.parametrize("share", [0.0, 0.02, 0.3, 0.6])
@pytest.mark.parametrize("kind", [*WHOLE, "text"])
def test_a_preallocated_file_is_not(tmp_path: Path, kind: str, share: float) -> None:
    path, data = tmp_path / "f", WHOLE.get(kind, TEXT)
    arrived = data[: int(len(data) * share)]
    path.write_bytes(arrived.ljust(len(data), b"\x00"))
    assert not is_complete(path)


def test_plain_text_needs_no_mark(tmp_path: Path) -> None:
    path = tmp_path / "f.txt"
    path.write_bytes(TEXT)
    assert is_complete(path)


@pytest.mark.parametrize("data", [b"", b"\x00" * 10])
def test_a_name_made_first_is_not_complete(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "f.doc"
    path.write_bytes(data)
    assert not is_complete(path)


def test_a_file_that_cannot_be_opened_is_not(tmp_path: Path) -> None:
    assert not is_complete(tmp_path / "gone")
    assert not is_complete(tmp_path)


@pytest.mark.samples
def test_real_files_are_complete_when_whole() -> None:
    """All but deliberately broken ones (fuzzed zips, a truncated .xls)."""
    base = Path(os.environ.get("YANXIU_SAMPLES", Path(__file__).parents[3] / "shared" / "samples"))
    files = [p for p in base.rglob("*") if p.is_file() and "clusterfuzz" not in p.name]
    if not files:
        pytest.skip("no sample files here")
    wrong = [p.name for p in files if not is_complete(p)]
    assert len(wrong) <= len(files) // 100, wrong
