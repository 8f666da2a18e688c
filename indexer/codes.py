"""QR codes on pages: forms carry their number in one, and posters an address."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

#: Longer sides at which a picture is looked at, one after the other until a code is found. A code
#: on a photographed A4 page has modules of 2 pixels at the first; larger than both it is noise.
_SIDES = (1600, 2600)
#: Smaller pictures are enlarged: a module should be 3 pixels wide (zxing needs about 2).
_SMALL = 500
#: A page with more codes is a sheet of labels; a code holds at most 4,296 characters (ISO/IEC
#: 18004, table 7).
_CODES, _CHARACTERS = 20, 4296


def find(image: Image.Image) -> tuple[str, ...]:
    """The texts of the QR codes on an upright picture, each once, in reading order; () for none."""
    if min(image.size) < 21:
        return ()  # the smallest code has 21 by 21 modules
    grey = image.convert("L")
    for side in _sides(max(image.size)):
        found = _decoded(_scaled(grey, side))
        if found:
            return found
    return ()


def _sides(longer: int) -> Sequence[int]:
    if longer < _SMALL:
        return (longer, 3 * longer)
    return [side for side in _SIDES if side < longer] or [longer]


def _scaled(image: Image.Image, side: int) -> Image.Image:
    factor = side / max(image.size)
    if factor == 1:
        return image
    width, height = (max(1, round(edge * factor)) for edge in image.size)
    return image.resize((width, height), Image.Resampling.BICUBIC)


def _decoded(image: Image.Image) -> tuple[str, ...]:
    import zxingcpp

    seen = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)
    ordered = sorted(seen, key=lambda code: (code.position.top_left.y, code.position.top_left.x))
    texts = (code.text.replace("\0", "").strip()[:_CHARACTERS] for code in ordered)
    return tuple(dict.fromkeys(text for text in texts if text))[:_CODES]
