"""The first page as a picture: upright, of a bounded size, or an error with a code."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import Image

from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.picture import first_page

RED, BLUE = (255, 0, 0), (0, 0, 255)


def drawn(path: Path, form: str) -> Image.Image:
    png = first_page(path, form, Limits())
    assert png is not None
    return Image.open(io.BytesIO(png))


def two_colours(width: int, height: int) -> Image.Image:
    """Red above, blue below."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (0, height // 2, width, height))
    return image


def near(colour: object, other: tuple[int, int, int]) -> bool:
    assert isinstance(colour, tuple)
    return all(abs(a - b) < 30 for a, b in zip(colour, other, strict=True))


def test_a_photograph_lies_as_it_was_taken(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter to the right (EXIF 2.3, Orientation)
    two_colours(1600, 1200).save(path, exif=exif)
    image = drawn(path, "jpg")
    assert image.size == (800, 1067)
    assert near(image.getpixel((700, 500)), RED)
    assert near(image.getpixel((100, 500)), BLUE)


def test_what_is_transparent_is_white(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(path)
    assert drawn(path, "png").getpixel((5, 5)) == (255, 255, 255)


def test_a_picture_of_too_many_pixels_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("L", (8, 8)).save(path)
    size = struct.pack(">II", 20_000, 20_000)
    header = b"IHDR" + size + path.read_bytes()[24:29]
    path.write_bytes(
        path.read_bytes()[:12] + header + struct.pack(">I", zlib.crc32(header))
        + path.read_bytes()[33:]
    )  # fmt: skip
    with pytest.raises(ReadError) as caught:
        first_page(path, "png", Limits())
    assert caught.value.code == "too_large"


@pytest.mark.parametrize("form", ["jpg", "png", "gif", "bmp", "tiff", "webp", "heic", "pdf"])
def test_broken_bytes_have_a_code(tmp_path: Path, form: str) -> None:
    path = tmp_path / "a"
    if form in ("heic", "pdf"):
        path.write_bytes(b"\0\0\0\x18ftypheic" + bytes(100) if form == "heic" else b"%PDF-1.4\n")
    else:
        two_colours(300, 300).save(path, {"jpg": "jpeg"}.get(form, form))
        path.write_bytes(path.read_bytes()[:30])
    with pytest.raises(ReadError) as caught:
        first_page(path, form, Limits())
    assert caught.value.code == "corrupt"


def pdf(path: Path, box: str) -> Path:
    """One page, red all over."""
    content = b"1 0 0 rg -9999 -9999 99999 99999 re f"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents 4 0 R >>".encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    path.write_bytes(
        data + b"xref\n0 5\n0000000000 65535 f \n" + table
        + b"trailer << /Root 1 0 R /Size 5 >>\nstartxref\n%d\n%%%%EOF" % len(data)
    )  # fmt: skip
    return path


def test_a_page_is_drawn_within_bounds_whatever_its_size(tmp_path: Path) -> None:
    page = drawn(pdf(tmp_path / "a.pdf", "0 0 595 842"), "pdf")
    assert page.width == 800
    assert near(page.getpixel((400, 500)), RED)
    strip = drawn(pdf(tmp_path / "b.pdf", "0 0 10 14400"), "pdf")
    assert strip.width < 20
    assert strip.height <= 2400


def package(path: Path, thumbnail: Image.Image) -> Path:
    kept = io.BytesIO()
    thumbnail.save(kept, "JPEG")
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("word/document.xml", "<w/>")
        made.writestr("docProps/thumbnail.jpeg", kept.getvalue())
    return path


def test_an_office_file_shows_the_picture_it_keeps(tmp_path: Path) -> None:
    image = drawn(package(tmp_path / "a.docx", two_colours(200, 300)), "docx")
    assert near(image.getpixel((100, 50)), RED)


def test_the_white_page_of_a_template_is_no_picture(tmp_path: Path) -> None:
    path = package(tmp_path / "a.docx", Image.new("RGB", (200, 300), "white"))
    assert first_page(path, "docx", Limits()) is None


def test_what_cannot_be_drawn_has_none(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    assert first_page(tmp_path / "a", "txt", Limits()) is None
    assert first_page(tmp_path / "a", "doc", Limits()) is None


def test_a_reading_holds_the_first_page_where_it_is_asked_for(tmp_path: Path) -> None:
    import indexer

    Image.new("RGB", (400, 300), "grey").save(tmp_path / "a.png")
    assert indexer.read(tmp_path / "a.png").picture == b""
    reading = indexer.read(tmp_path / "a.png", picture=True)
    assert reading.picture.startswith(b"\x89PNG")
    assert indexer.Reading.from_json(reading.to_json()) == reading
