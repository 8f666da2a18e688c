"""The first page of a document as a small picture, for people who look through a list of papers.

Drawn by pdfium or taken from the file; other office files are drawn where there is a LibreOffice.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image, ImageOps

from indexer.errors import ReadError
from indexer.limits import Limits
from indexer.readers.package import Package

if TYPE_CHECKING:
    from indexer.office import Office

#: Pixels across, and the most of them down: a strip of a very long picture is enough.
WIDTH = 800
_HEIGHT = 2400
#: Pixels of a picture that is opened at all; 300 MB as RGB. The largest cameras of telephones give
#: 50 to 108 million.
_PIXELS = 120_000_000

_PICTURES = {
    "jpg": "JPEG", "png": "PNG", "gif": "GIF", "bmp": "BMP", "tiff": "TIFF", "webp": "WEBP",
    "heic": "HEIF",
}  # fmt: skip
#: Modes of pixels that can be scaled as they are; a palette's numbers have no mean.
_SCALED = frozenset({"L", "RGB", "RGBA", "CMYK", "YCbCr"})
#: Where packages keep one (ECMA-376 part 2, 8.4; ODF 1.3 part 2, 3.9). Office also writes .emf and
#: .wmf there, which are drawings, not pixels.
_OOXML_THUMBNAILS = (
    "docProps/thumbnail.jpeg", "docProps/thumbnail.jpg", "docProps/thumbnail.png",
)  # fmt: skip
_ODF_THUMBNAILS = ("Thumbnails/thumbnail.png",)
_THUMBNAILS: dict[str, Sequence[str]] = {
    "docx": _OOXML_THUMBNAILS, "pptx": _OOXML_THUMBNAILS, "xlsx": _OOXML_THUMBNAILS,
    "odt": _ODF_THUMBNAILS, "odp": _ODF_THUMBNAILS, "ods": _ODF_THUMBNAILS, "odf": _ODF_THUMBNAILS,
}  # fmt: skip
_OFFICE = frozenset(
    {"docx", "doc", "word_old", "rtf", "wordml", "odt", "pptx", "ppt", "odp", "xlsx", "xls", "ods"}
)


def first_page(path: Path, form: str, limits: Limits, office: Office | None = None) -> bytes | None:
    """The first page of the file at `path`, of the sniffed format `form`, as PNG at most 800 pixels
    wide; None where the format has no picture and cannot be drawn here.

    `office` draws what has none; without it nothing is started. Raises ReadError: corrupt,
    encrypted, too_large, unreadable, and what a conversion ends in.
    """
    if form == "pdf":
        return _png(_drawn(path))
    if form in _PICTURES:
        return _png(_opened(path, form))
    if form in _THUMBNAILS and (kept := _thumbnail(path, form, limits)) is not None:
        return _png(kept)
    if form in _OFFICE and office is not None and office.present:
        return _through(office, path)
    return None


def _through(office: Office, path: Path) -> bytes:
    (outcome,) = office.convert([path], "pdf")
    if isinstance(outcome, ReadError):
        raise outcome
    try:
        return _png(_drawn(outcome))
    finally:
        outcome.unlink(missing_ok=True)


# --- PDF --------------------------------------------------------------------------------------


def _drawn(path: Path) -> Image.Image:
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        locked = raw.FPDF_GetLastError() in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        raise ReadError("encrypted" if locked else "corrupt", f"pdf: {error}") from error
    except OSError as error:
        raise ReadError("unreadable", str(error)) from error
    try:
        page = document[0]
        width, height = page.get_size()
        if not (width > 0 and height > 0):
            raise ReadError("corrupt", f"pdf: a page of {width} by {height}")
        # A page may be as thin as it likes; what is drawn of it stays within the bounds. Half a
        # pixel less, since pdfium takes the next whole number.
        scale = min((WIDTH - 0.5) / width, (_HEIGHT - 0.5) / height)
        picture: Image.Image = page.render(scale=scale).to_pil()
        return picture
    except (pdfium.PdfiumError, IndexError, ValueError) as error:
        raise ReadError("corrupt", f"pdf: {error}") from error
    finally:
        document.close()


# --- pictures ---------------------------------------------------------------------------------


def _opened(path: Path, form: str) -> Image.Image:
    if form == "heic":
        import pi_heif

        pi_heif.register_heif_opener()
    try:
        with path.open("rb") as file:
            return _decoded(file, (_PICTURES[form],))
    except FileNotFoundError as error:
        raise ReadError("unreadable", str(error)) from error


def _thumbnail(path: Path, form: str, limits: Limits) -> Image.Image | None:
    """The picture that a package keeps of its first page; None where there is none, or none that
    can be used: it is a gift, no duty."""
    try:
        with Package(path, limits) as package:
            name = next((name for name in _THUMBNAILS[form] if package.has(name)), None)
            if name is None:
                return None
            kept = _decoded(io.BytesIO(package.data(name)), ("JPEG", "PNG"))
    except ReadError:
        return None
    # Libraries that fill in a template of their own leave the template's white page in the file.
    darkest, lightest = kept.convert("L").getextrema()
    return kept if darkest != lightest else None


def _decoded(file: IO[bytes], formats: tuple[str, ...]) -> Image.Image:
    """The picture upright, scaled down, on white. Raises ReadError."""
    try:
        with Image.open(file, formats=formats) as image:
            if image.width * image.height > _PIXELS:
                raise ReadError("too_large", f"{image.width} by {image.height} pixels")
            image.draft("RGB", (_HEIGHT, _HEIGHT))  # a JPEG is decoded at a fraction of its size
            small: Image.Image = image if image.mode in _SCALED else image.convert("RGBA")
            small.thumbnail((_HEIGHT, _HEIGHT))
            upright = ImageOps.exif_transpose(small)
            upright.thumbnail((WIDTH, _HEIGHT))
            return _on_white(upright)
    except Image.DecompressionBombError as error:
        raise ReadError("too_large", str(error)) from error
    except (OSError, SyntaxError, ValueError, EOFError, zlib.error) as error:
        raise ReadError("corrupt", f"picture: {error}") from error
    except (KeyError, IndexError, TypeError, OverflowError, ZeroDivisionError) as error:
        # Pillow's plug-ins meet wrong headers in many ways.
        raise ReadError("corrupt", f"picture: {type(error).__name__}: {error}") from error


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    layered = image.convert("RGBA")
    ground = Image.new("RGBA", layered.size, "white")
    return Image.alpha_composite(ground, layered).convert("RGB")


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.convert("RGB").save(file, "PNG", optimize=True)
    return file.getvalue()
