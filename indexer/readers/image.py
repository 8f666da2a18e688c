"""Pictures: what they are, when and with what they were taken, and their QR codes.

Their text is not recognised here, which takes seconds: the pages are named in `scanned`, and
`indexer.ocr` does the rest later.
"""

from __future__ import annotations

import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np
from PIL import Image

from indexer import codes, scans, sniff
from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.reading import Reading

FORMATS = ("png", "jpg", "tiff", "bmp", "gif", "webp", "heic")

_PILLOW = {
    "png": "PNG", "jpg": "JPEG", "tiff": "TIFF", "bmp": "BMP", "gif": "GIF", "webp": "WEBP",
    "heic": "HEIF",
}  # fmt: skip
#: Below this many pixels a side is an icon or a bullet, no page.
_ICON = 32
#: Pages looked at for codes: they stand on the first.
_CODED = 3
#: Longer side to which a JPEG may be scaled while it is decoded, eight times as fast.
DRAFT = 2600
#: Exif 2.32, tags of IFD 0 and of the Exif IFD.
_MAKE, _MODEL, _ORIENTATION, _EXIF = 0x010F, 0x0110, 0x0112, 0x8769
_TAKEN, _ZONE = 0x9003, 0x9011
#: What sets a picture upright, by its orientation (Exif 2.32, 4.6.4 A).
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}  # fmt: skip
_SIDEWAYS = (5, 6, 7, 8)


def read(path: Path, limits: Limits) -> Reading:
    """A partial reading without blocks. Raises ReadError: corrupt (truncated too), too_large,
    unreadable."""
    form = sniff.detect(path)
    with path.open("rb") as file, opened(file, form, limits) as image:
        pages = _pages(image, limits)
        metadata = _metadata(image)
        first = upright(image)
        if min(first.size) < _ICON:
            return _reading(form, metadata, ("图片很小，没有可以识别的文字",))
        if pages == 1 and _is_blank(first):
            return _reading(form, metadata, ("图片是空白的",))
        found = list(codes.find(first))
        for number in range(2, min(pages, _CODED) + 1):
            _turn_to(image, number, limits)
            found += codes.find(upright(image))
    scanned = tuple(range(1, pages + 1))
    more = () if pages < limits.pages else (f"第 {pages + 1} 页起没有读，文件太长",)
    return _reading(
        form, metadata, (*scans.notes(scanned), *more), scanned, tuple(dict.fromkeys(found))
    )


def _reading(
    form: str,
    metadata: dict[str, str],
    left_out: tuple[str, ...],
    scanned: tuple[int, ...] = (),
    found: tuple[str, ...] = (),
) -> Reading:
    return Reading(
        format=form,
        status="partial",
        blocks=(),
        metadata=metadata,
        left_out=left_out,
        scanned=scanned,
        codes=found,
    )


def frame(file: IO[bytes], form: str, number: int, limits: Limits) -> Image.Image:
    """Page `number` (from 1) of a picture, upright, as RGB on white. Raises ReadError."""
    with opened(file, form, limits) as image:
        _turn_to(image, number, limits)
        return upright(image)


@contextmanager
def opened(file: IO[bytes], form: str, limits: Limits) -> Iterator[Image.Image]:
    """The picture in `file`, of the sniffed format `form`, not decoded yet, within the limits.

    What goes wrong inside the block becomes a ReadError: corrupt or too_large.
    """
    try:
        with warnings.catch_warnings():
            # Our own limit is below the one that Pillow warns of.
            warnings.simplefilter("ignore")
            if form == "webp":
                _check(_webp_size(file.read(30)), limits)
                file.seek(0)
            if form == "heic":
                import pi_heif

                pi_heif.register_heif_opener()
            with Image.open(file, formats=(_PILLOW[form],)) as image:
                _check(image.size, limits)
                yield image
    except (Image.DecompressionBombError, MemoryError) as error:
        raise ReadError("too_large", str(error)) from error
    except (OSError, SyntaxError, ValueError, EOFError, RuntimeError, zlib.error) as error:
        raise ReadError("corrupt", f"picture: {error}") from error
    except (KeyError, IndexError, TypeError, ArithmeticError, struct.error) as error:
        # Pillow's plug-ins meet wrong headers in many ways.
        raise ReadError("corrupt", f"picture: {type(error).__name__}: {error}") from error


def upright(image: Image.Image) -> Image.Image:
    """The frame at hand decoded, turned as its EXIF says, as RGB on white; a JPEG larger than
    `DRAFT` at a fraction of its size."""
    turn = _TURNS.get(_exif(image).get(_ORIENTATION, 1))
    image.draft("RGB", (DRAFT, DRAFT))
    image.load()
    turned = image if turn is None else image.transpose(turn)
    if turned.mode in ("I", "I;16", "I;16B", "F"):
        return _eight_bits(turned)
    if not turned.has_transparency_data:
        return turned.convert("RGB")
    layered = turned.convert("RGBA")
    ground = Image.new("RGBA", layered.size, _ground(layered))
    return Image.alpha_composite(ground, layered).convert("RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    """From the darkest to the lightest shade instead of cut off at 255."""
    shades = np.nan_to_num(np.asarray(image, np.float32))
    low, high = float(shades.min()), float(shades.max())
    scaled = (shades - low) * (255.0 / max(high - low, 1e-6))
    return Image.fromarray(scaled.astype(np.uint8)).convert("RGB")


def _ground(layered: Image.Image) -> str:
    """White, or black where what is drawn is itself nearly white."""
    grey, alpha = layered.convert("L"), layered.getchannel("A")
    drawn = grey.histogram(alpha.point(lambda value: 255 if value > 127 else 0))
    light = sum(drawn[200:])
    return "black" if light > 0.9 * max(1, sum(drawn)) else "white"


def _check(size: tuple[int, int], limits: Limits) -> None:
    width, height = size
    if width * height > limits.pixels:
        raise ReadError("too_large", f"{width} by {height} pixels")


def _webp_size(head: bytes) -> tuple[int, int]:
    """The size in the file's head (RFC 9649): Pillow's decoder takes its memory as it opens one."""
    kind, bits = head[12:16], head[20:30].ljust(10, b"\0")
    if kind == b"VP8X":
        return tuple(int.from_bytes(bits[at : at + 3], "little") + 1 for at in (4, 7))  # type: ignore[return-value]
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", bits[6:10])
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        packed = int.from_bytes(bits[1:5], "little")
        return (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    raise ReadError("corrupt", "webp: no picture at its head")


def _pages(image: Image.Image, limits: Limits) -> int:
    """How many pages there are. Only a TIFF has pages; frames elsewhere are motion."""
    if image.format != "TIFF":
        return 1
    count = 1
    while count < limits.pages:
        try:
            image.seek(count)
        except EOFError:
            break
        _check(image.size, limits)
        count += 1
    image.seek(0)
    return count


def _turn_to(image: Image.Image, number: int, limits: Limits) -> None:
    image.seek(number - 1)
    _check(image.size, limits)


def _is_blank(image: Image.Image) -> bool:
    """Whether there is nothing on it: a scanner's grain stays within a few shades."""
    small = image.convert("L")
    small.thumbnail((400, 400))
    shades = small.histogram()
    seen = [shade for shade, count in enumerate(shades) if count]
    return seen[-1] - seen[0] < 12


def _metadata(image: Image.Image) -> dict[str, str]:
    """width, height (as people see it), created (ISO 8601) and camera."""
    exif = _exif(image)
    width, height = image.size if exif.get(_ORIENTATION, 1) not in _SIDEWAYS else image.size[::-1]
    found = {"width": str(width), "height": str(height)}
    inner = exif.get_ifd(_EXIF) if _EXIF in exif else {}
    created = _iso(str(inner.get(_TAKEN, "")), str(inner.get(_ZONE, "")))
    if created:
        found["created"] = created
    make, model = (str(exif.get(tag, "")).strip(" \0") for tag in (_MAKE, _MODEL))
    camera = model if model.lower().startswith(make.lower()) else f"{make} {model}"
    if camera.strip():
        found["camera"] = camera.strip()[:100]
    return found


def _exif(image: Image.Image) -> Image.Exif:
    """What the camera noted; nothing where that is damaged, which does no harm to the picture."""
    try:
        found = image.getexif()
        if _EXIF in found:
            found.get_ifd(_EXIF)
    except (SyntaxError, ValueError, KeyError, IndexError, TypeError, OSError, struct.error):
        return Image.Exif()
    return found


def _iso(taken: str, zone: str) -> str:
    """2014:11:07 08:30:12 -> 2014-11-07T08:30:12 (Exif 2.32, 4.6.6)."""
    match = re.match(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)", taken)
    if match is None or match[1] == "0000":
        return ""
    offset = zone if re.fullmatch(r"[+-]\d\d:\d\d", zone) else ""
    return f"{match[1]}-{match[2]}-{match[3]}T{match[4]}{offset}"
