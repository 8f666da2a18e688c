"""Pictures as values: checked when they are made, printed in the line where their tag stands."""

from __future__ import annotations

import hashlib
import io
import re
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from generator.drawing import EMU, inline
from generator.errors import FormError
from generator.ooxml import IMAGE_REL, legal

#: Of one picture: as a telephone takes it. 75 MB once decoded, which it is when it is checked.
MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 25_000_000
#: Longest edge on paper: that of A3, in millimetres.
MAX_MM = 420
#: Of one copy together.
MAX_PICTURES, MAX_ALL_BYTES = 200, 24 * 1024 * 1024

_SIGNATURES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}
_USED = re.compile(r'r:embed="(yxp[0-9a-f]{24})"')
#: Every picture leaves the slot with this number and gets its own in the copy.
_UNNUMBERED = '<wp:docPr id="0" '


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG or JPEG with its width on paper in millimetres; the height follows. `words`: what is
    said of it to those who do not see it.

    Raises `FormError` bad_picture: other or broken bytes, no size, beyond the bounds above.
    """

    data: bytes = field(repr=False)
    width_mm: float
    words: str = "图片"
    kind: str = field(init=False, repr=False, compare=False)
    height_mm: float = field(init=False, compare=False)
    #: The relationship and the member are named by the bytes: the same picture is kept once.
    relation: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        kind, width, height = _checked(self.data)
        high = self.width_mm * height / width if 0 < self.width_mm <= MAX_MM else 0
        if not 0 < high <= MAX_MM:
            raise FormError("bad_picture", f"{self.width_mm} mm x {high} mm")
        object.__setattr__(self, "kind", kind)
        object.__setattr__(self, "height_mm", high)
        digest = hashlib.sha256(self.data).hexdigest()[:24]
        object.__setattr__(self, "relation", f"yxp{digest}")

    @property
    def member(self) -> str:
        return f"word/media/{self.relation}.{self.kind}"

    def drawing(self) -> str:
        width, height = (max(1, round(edge * EMU)) for edge in (self.width_mm, self.height_mm))
        words = " ".join(legal(self.words).split())[:200]
        return inline(self.relation, 0, words, width, height)


def _checked(data: bytes) -> tuple[str, int, int]:
    """(kind, width, height in pixels) of bytes that can be decoded to the end."""
    kind = next((k for start, k in _SIGNATURES.items() if data[:8].startswith(start)), "")
    if not kind or len(data) > MAX_BYTES:
        raise FormError("bad_picture", f"{len(data)} bytes, {kind or 'no PNG or JPEG'}")
    from PIL import Image  # 60 ms, which forms without pictures need not pay

    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                raise FormError("bad_picture", f"{width} x {height} pixels")
            image.draft("L", (width // 8, height // 8))
            image.load()
    except (
        *(OSError, ValueError, SyntaxError, EOFError, struct.error, zlib.error, MemoryError),
        Image.DecompressionBombError,
    ) as error:
        raise FormError("bad_picture", str(error)) from error
    return kind, width, height


def pieces(value: object) -> Sequence[object] | None:
    """A picture, or a sequence of texts and at least one picture, as a sequence; None for any
    other value."""
    if isinstance(value, Picture):
        return (value,)
    if isinstance(value, list | tuple) and any(isinstance(piece, Picture) for piece in value):
        return value
    return None


def pictures_of(values: Iterable[object]) -> dict[str, Picture]:
    """Every picture among values, rows and cells, by its relationship.

    Raises `FormError` too_large where they are too many or too large together.
    """
    found: dict[str, Picture] = {}
    for value in values:
        for piece in pieces(value) or ():
            if isinstance(piece, Picture):
                found[piece.relation] = piece
    size = sum(len(picture.data) for picture in found.values())
    if len(found) > MAX_PICTURES or size > MAX_ALL_BYTES:
        raise FormError("too_large", f"{len(found)} pictures, {size} bytes")
    return found


def number_drawings(part: str, start: int) -> str:
    """The part with a number of its own for each picture printed into it."""
    first, *rest = part.split(_UNNUMBERED)
    numbered = (f'<wp:docPr id="{start + n}" {text}' for n, text in enumerate(rest))
    return "".join([first, *numbered])


def used_in(part: str, known: Mapping[str, Picture]) -> list[Picture]:
    """The pictures a printed part shows, each once, in order of appearance."""
    return [known[name] for name in dict.fromkeys(_USED.findall(part)) if name in known]


def relationships(used: Iterable[Picture]) -> str:
    return "".join(
        f'<Relationship Id="{picture.relation}" Type="{IMAGE_REL}" Target="/{picture.member}"/>'
        for picture in used
    )


def members_of(used: Iterable[Picture]) -> dict[str, bytes]:
    return {picture.member: picture.data for picture in used}
