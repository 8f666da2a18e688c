"""Files sent to the browser: always saved, never shown, with Chinese names that arrive whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from archive.durable import StoreError

#: What an office opens. Everything else, above all HTML and SVG, leaves as plain bytes.
TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".zip": "application/zip",
    ".csv": "text/csv; charset=utf-8",
}
OCTETS = "application/octet-stream"
Sent = TypeVar("Sent", bound=HttpResponseBase)


def attachment(name: str, content: bytes) -> HttpResponse:
    return _named(HttpResponse(content, content_type=_type(name)), name)


def stored_file(name: str, path: Path, sha256: str) -> FileResponse:
    """A file from the store, read through once against its digest, then streamed.
    FileNotFoundError when the store does not hold it, StoreError `store_damaged` when it holds
    other bytes."""
    file = path.open("rb")
    if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
        file.close()
        raise StoreError("store_damaged", str(path))
    file.seek(0)
    return _named(FileResponse(file, content_type=_type(name)), name)


def stream(name: str, pieces: Iterable[bytes]) -> StreamingHttpResponse:
    return _named(StreamingHttpResponse(pieces, content_type=_type(name)), name)


def disposition(name: str) -> str:
    """RFC 6266: `filename*` (RFC 5987) carries the Chinese name, `filename` an ASCII one for the
    very old. Path separators and control characters never get through."""
    clean = "".join("_" if c in '/\\:*?"<>|' or ord(c) < 32 else c for c in name) or "未命名"
    suffix = Path(clean).suffix
    plain = f"file{suffix}" if suffix.isascii() else "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(clean, safe='')}"


def _type(name: str) -> str:
    return TYPES.get(Path(name).suffix.lower(), OCTETS)


def _named(response: Sent, name: str) -> Sent:
    response["Content-Disposition"] = disposition(name)
    response["X-Content-Type-Options"] = "nosniff"
    return response
