"""Pictures: told by their bytes, bounded by their headers, with their codes and what the camera
noted; their text is for later."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageDraw

import indexer
from indexer.errors import ReadError
from indexer.limits import DEFAULT, Limits
from indexer.readers import image
from indexer.reading import Reading

WAITS = ("第 1 页是图片，文字待识别",)
#: 64 by 48 pixels from dark blue to white.
HEIC = base64.b64decode(
    """
    AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAaptZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAA
    AAAAAA5waXRtAAAAAAACAAAAEGlkYXQAAAAAAEAAMAAAADhpbG9jAQAAAERAAAIAAQAAAAAAAAHOAAEAAAAAAAAAOgACAAEA
    AAAAAAAAAQAAAAAAAAAIAAAAOGlpbmYAAAAAAAIAAAAVaW5mZQIAAAEAAQAAaHZjMQAAAAAVaW5mZQIAAAAAAgAAZ3JpZAAA
    AADVaXBycAAAALNpcGNvAAAAc2h2Y0MBA3AAAAAAAAAAAAAe8AD8/fj4AAAPAyAAAQAYQAEMAf//A3AAAAMAkAAAAwAAAwAe
    ugJAIQABACdCAQEDcAAAAwCQAAADAAADAB6gIIEFlurkprmwIAAAAwAgAAADACEiAAEABkQBwXPAiQAAABRpc3BlAAAAAAAA
    AEAAAABAAAAAFGlzcGUAAAAAAAAAQAAAADAAAAAQcGl4aQAAAAADCAgIAAAAGmlwbWEAAAAAAAAAAgABAoECAAICA4QAAAAa
    aXJlZgAAAAAAAAAOZGltZwACAAEAAQAAAEJtZGF0AAAANigBr1jm+TodObxA33Ea1xdp2U8ppo97q8Vur8hHDGOleeVcFGig
    jLvy/PAv5JCB/S7EdFMbgA==
    """
)


def page(size: tuple[int, int] = (400, 300)) -> Image.Image:
    made = Image.new("RGB", size, "white")
    ImageDraw.Draw(made).rectangle((50, 50, 200, 90), fill="black")
    return made


def code(text: str, size: int = 120) -> Image.Image:
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    symbol = Image.fromarray(zxingcpp.write_barcode_to_image(made, scale=4))
    return symbol.convert("RGB").resize((size, size), Image.Resampling.NEAREST)


def read(path: Path, limits: Limits = DEFAULT) -> Reading:
    return indexer.read(path, limits=limits)


def refused(path: Path, limits: Limits = DEFAULT) -> str:
    with pytest.raises(ReadError) as caught:
        indexer.read(path, limits=limits)
    return caught.value.code


@pytest.mark.parametrize("form", ["png", "jpg", "tiff", "bmp", "gif", "webp"])
def test_a_picture_is_a_page_that_waits(tmp_path: Path, form: str) -> None:
    path = tmp_path / "扫描件"
    page().save(path, {"jpg": "JPEG"}.get(form, form.upper()))
    reading = read(path)
    assert (reading.format, reading.status, reading.blocks) == (form, "partial", ())
    assert (reading.scanned, reading.left_out) == ((1,), WAITS)
    assert (reading.metadata["width"], reading.metadata["height"]) == ("400", "300")


def test_the_pictures_of_telephones(tmp_path: Path) -> None:
    path = tmp_path / "IMG_0001.heic"
    path.write_bytes(HEIC)
    reading = read(path)
    assert (reading.format, reading.scanned, reading.metadata["width"]) == ("heic", (1,), "64")
    path.write_bytes(HEIC[:-60])
    assert refused(path) == "corrupt"


def test_what_the_camera_noted(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "HUAWEI", "HUAWEI P7", 6
    exif.get_ifd(0x8769)[0x9003] = "2014:11:07 08:30:12"
    page().save(tmp_path / "a.jpg", exif=exif)
    metadata = read(tmp_path / "a.jpg").metadata
    assert metadata["created"] == "2014-11-07T08:30:12"
    assert metadata["camera"] == "HUAWEI P7"
    # Orientation 6: the sensor lay on its side.
    assert (metadata["width"], metadata["height"]) == ("300", "400")


def test_damaged_notes_of_a_camera_do_no_harm(tmp_path: Path) -> None:
    page().save(tmp_path / "a.jpg", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff broken")
    assert read(tmp_path / "a.jpg").scanned == (1,)


def test_a_picture_is_turned_as_its_camera_noted(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    page().save(tmp_path / "a.png", exif=exif)
    with (tmp_path / "a.png").open("rb") as file:
        upright = image.frame(file, "png", 1, DEFAULT)
    assert upright.size == (300, 400)
    assert upright.getpixel((300 - 70, 100)) == (0, 0, 0)


@pytest.mark.parametrize("turn", [0, 90, 7])
def test_codes_are_read(tmp_path: Path, turn: int) -> None:
    made = page((1000, 1400))
    made.paste(code("研修:阶段报告:2014-10-0042-7"), (820, 60))
    made.rotate(turn, expand=True, fillcolor="white").save(tmp_path / "a.png")
    assert read(tmp_path / "a.png").codes == ("研修:阶段报告:2014-10-0042-7",)


def test_codes_on_large_and_on_small_pictures(tmp_path: Path) -> None:
    made = page((4000, 5600))
    made.paste(code("https://example.cn/r/1", 500), (3200, 300))
    made.save(tmp_path / "large.jpg")
    code("小图", 70).save(tmp_path / "small.png")
    assert read(tmp_path / "large.jpg").codes == ("https://example.cn/r/1",)
    assert read(tmp_path / "small.png").codes == ("小图",)


def test_every_page_of_a_tiff_waits(tmp_path: Path) -> None:
    pages = [page(), page(), page((500, 200))]
    pages[2].paste(code("末页", 100), (380, 50))
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    reading = read(tmp_path / "a.tif")
    assert (reading.scanned, reading.codes) == ((1, 2, 3), ("末页",))
    assert reading.left_out == ("第 1—3 页是图片，文字待识别",)
    fewer = read(tmp_path / "a.tif", Limits(pages=2))
    assert (fewer.scanned, fewer.left_out[1]) == ((1, 2), "第 3 页起没有读，文件太长")


def test_pictures_in_motion_are_one_page(tmp_path: Path) -> None:
    frames = [page(), page((400, 300)).rotate(180)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    assert read(tmp_path / "a.gif").scanned == (1,)


def test_icons_and_empty_sheets_have_nothing_to_wait_for(tmp_path: Path) -> None:
    page((24, 24)).save(tmp_path / "icon.png")
    Image.new("L", (1240, 1754), 248).save(tmp_path / "sheet.png")
    for name, note in (("icon", "图片很小，没有可以识别的文字"), ("sheet", "图片是空白的")):
        reading = read(tmp_path / f"{name}.png")
        assert (reading.status, reading.scanned, reading.left_out) == ("partial", (), (note,))


@pytest.mark.parametrize("form", ["png", "jpg", "gif", "bmp", "webp", "tiff"])
def test_a_picture_cut_short_is_corrupt(tmp_path: Path, form: str) -> None:
    data = io.BytesIO()
    Image.effect_noise((300, 300), 60).convert("RGB").save(
        data, {"jpg": "JPEG"}.get(form, form.upper())
    )
    path = tmp_path / "a"
    path.write_bytes(data.getvalue()[: len(data.getvalue()) * 2 // 3])
    assert refused(path) == "corrupt"


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def test_bombs_are_refused_by_their_headers(tmp_path: Path) -> None:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(bytes(1_000_000)))
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + head + data + chunk(b"IEND", b""))
    assert refused(tmp_path / "a.png") == "too_large"
    size = (16_383 - 1).to_bytes(3, "little") * 2
    canvas = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + size
    (tmp_path / "a.webp").write_bytes(b"RIFF" + struct.pack("<I", 22) + b"WEBP" + canvas)
    assert refused(tmp_path / "a.webp") == "too_large"
    page().save(tmp_path / "a.bmp")
    assert refused(tmp_path / "a.bmp", Limits(pixels=100_000)) == "too_large"


def test_what_is_drawn_on_nothing_is_seen(tmp_path: Path) -> None:
    """White writing on a transparent ground would be lost on white."""
    for ink, ground in (((255, 255, 255, 255), (0, 0, 0)), ((0, 0, 0, 255), (255, 255, 255))):
        made = Image.new("RGBA", (200, 100), (0, 0, 0, 0))
        ImageDraw.Draw(made).rectangle((40, 40, 90, 60), fill=ink)
        made.save(tmp_path / "a.png")
        with (tmp_path / "a.png").open("rb") as file:
            seen = image.frame(file, "png", 1, DEFAULT)
        assert (seen.getpixel((60, 50)), seen.getpixel((5, 5))) == (ink[:3], ground)


def test_sixteen_bits_are_not_cut_off(tmp_path: Path) -> None:
    made = Image.new("I;16", (200, 100), 40_000)
    made.paste(9_000, (40, 40, 90, 60))
    made.save(tmp_path / "a.png")
    with (tmp_path / "a.png").open("rb") as file:
        seen = image.frame(file, "png", 1, DEFAULT)
    assert (seen.getpixel((60, 50)), seen.getpixel((5, 5))) == ((0, 0, 0), (255, 255, 255))
