"""The number of a form as a QR code.

zxing-cpp draws 342 codes in 16 ms; segno 1.6.6 took 496 ms with the mask given too, 3.1 s without
(median of 5 runs, two cores). Version, correction level and mask are fixed, so a number gives the
same modules whatever a later library thinks the best mask.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable

#: Version 3 at level Q (a quarter of it may be lost) holds 47 letters and digits; the longest
#: number has 39 (ISO/IEC 18004, table 7).
_VERSION, _LEVEL, _MASK = 3, "Q", 3
MODULES = 17 + 4 * _VERSION
#: White modules around the code (ISO/IEC 18004, 5.3.8).
QUIET = 4
SIDE = MODULES + 2 * QUIET
#: Of one module on paper: the code is 13.05 mm wide and has 2.7 pixels a module at 150 dpi.
MODULE_MM = 0.45
SIDE_MM = SIDE * MODULE_MM
#: Seven rows of pixels that differ in nothing from the one above (PNG filter 2).
_SAME = (b"\2" + bytes(SIDE)) * 7


def picture(number: str) -> bytes:
    """The code of a form's number with its quiet zone, as a PNG of 296 by 296 pixels."""
    import zxingcpp  # 20 ms, which a process that prints nothing need not pay

    code = zxingcpp.create_barcode(
        number, zxingcpp.BarcodeFormat.QRCode,
        ec_level=_LEVEL, version=_VERSION, data_mask=_MASK,
    )  # fmt: skip
    modules = memoryview(code.to_image(scale=1, add_quiet_zones=True)).tobytes()
    return _png(modules[start : start + SIDE] for start in range(0, SIDE * SIDE, SIDE))


def _png(rows: Iterable[bytes]) -> bytes:
    """Rows of modules (0 black, 255 white) as a bilevel PNG: a byte is 8 pixels, a row 8 rows. An
    enlarged picture keeps its edges where a viewer smooths. Level 2: 20 µs and 469 bytes, level 6
    125 µs and 358."""
    lines = b"".join([piece for row in rows for piece in (b"\0", row, _SAME)])
    side = 8 * SIDE
    head = struct.pack(">LLBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 2)), (b"IEND", b""))
    packed = (
        struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def empty() -> bytes:
    """What stands in the place of the code where a copy has no number: white."""
    return _png([b"\xff" * SIDE] * SIDE)


def placeholder() -> bytes:
    """What a template shows: the three corners of a code, which no reader takes for one."""
    rows = [bytearray(b"\xff" * SIDE) for _ in range(SIDE)]
    far = QUIET + MODULES - 7
    for top, left in ((QUIET, QUIET), (QUIET, far), (far, QUIET)):
        for y in range(7):
            for x in range(7):
                ring = max(abs(y - 3), abs(x - 3))
                if ring != 2:
                    rows[top + y][left + x] = 0
    return _png(map(bytes, rows))
