"""Where things stand in an OCFL 1.1 storage root (extension 0003) and how content files are named.

Pure functions; https://ocfl.io/1.1/spec/ and
https://ocfl.github.io/extensions/0003-hash-and-id-n-tuple-storage-layout.html
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable

from archive.durable import StoreError

ROOT_NAMASTE = ("0=ocfl_1.1", b"ocfl_1.1\n")
OBJECT_NAMASTE = ("0=ocfl_object_1.1", b"ocfl_object_1.1\n")
INVENTORY = "inventory.json"
SIDECAR = "inventory.json.sha512"
EXTENSION = "0003-hash-and-id-n-tuple-storage-layout"
#: One level of 4,096 folders: 25 objects in each at 100,000; every level more costs each new object
#: a folder to be made and synced.
TUPLES, TUPLE_SIZE = 1, 3

_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
#: Names that Windows keeps for devices, with or without an extension.
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_FORBIDDEN = re.compile(r'[<>:"\\|?*\x00-\x1f\x7f]|[. ]$')
#: ext4 and SMB allow 255 bytes a name; room is left for a suffix.
_NAME_BYTES = 200


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"


#: Every file a fresh root has, relative to it, with its exact bytes. The namaste comes last: a
#: root without it is an unfinished one.
ROOT_FILES: tuple[tuple[str, bytes], ...] = (
    (
        f"extensions/{EXTENSION}/config.json",
        _json(
            {
                "extensionName": EXTENSION,
                "digestAlgorithm": "sha256",
                "tupleSize": TUPLE_SIZE,
                "numberOfTuples": TUPLES,
            }
        ),
    ),
    (
        "ocfl_layout.json",
        _json({"extension": EXTENSION, "description": "Hashed n-tuple tree with the object id"}),
    ),
    ROOT_NAMASTE,
)


def id_digest(object_id: str) -> str:
    return hashlib.sha256(object_id.encode()).hexdigest()


def tuple_path(digest: str) -> str:
    """The directories above an object: "abc/def/012"."""
    return "/".join(digest[i * TUPLE_SIZE : (i + 1) * TUPLE_SIZE] for i in range(TUPLES))


def object_path(object_id: str) -> str:
    """The object's root relative to the storage root, "/" between segments."""
    digest = id_digest(object_id)
    encoded = "".join(
        c if c in _PLAIN else "".join(f"%{b:02x}" for b in c.encode()) for c in object_id
    )
    name = encoded if len(encoded) <= 100 else f"{encoded[:100]}-{digest}"
    return f"{tuple_path(digest)}/{name}"


def check_logical_path(path: str) -> None:
    """Raises StoreError `store_path` for what OCFL forbids (E053) and for text that is no text
    (lone surrogates of an undecodable file name; see `logical_name`)."""
    bad = any(part in ("", ".", "..") for part in path.split("/"))
    if bad or "\x00" in path or any(0xD800 <= ord(c) <= 0xDFFF for c in path):
        raise StoreError("store_path", ascii(path))


def check_no_nesting(paths: Iterable[str]) -> None:
    """No logical path may be a directory of another (E095)."""
    known = set(paths)
    for path in known:
        parts = path.split("/")
        if any("/".join(parts[:i]) in known for i in range(1, len(parts))):
            raise StoreError("store_path", f"{path!r} lies inside another file")


def logical_name(name: str) -> str:
    """A file name of any origin as one segment of a logical path, readable Chinese kept.

    Names that Linux could not decode (GBK from an old share) are read as GB18030.
    """
    if any(0xDC80 <= ord(c) <= 0xDCFF for c in name):
        name = name.encode("utf-8", "surrogateescape").decode("gb18030", "replace")
    name = "".join("\ufffd" if 0xD800 <= ord(c) <= 0xDFFF else c for c in name)
    name = name.replace("/", "_").replace("\x00", "_")
    return name if name not in ("", ".", "..") else "_"


def content_path(version: int, logical: str, taken: Iterable[str] = ()) -> str:
    """Where a new file's bytes stand inside the object.

    Chinese is kept; what Windows refuses (`?`, `CON`, over-long names, a name differing only in
    case from one in `taken`) is replaced and marked with eight digits of the original's digest.
    """
    safe = f"v{version}/content/" + "/".join(_safe_segment(part) for part in logical.split("/"))
    if _fold(safe) in {_fold(path) for path in taken}:
        head, _, last = safe.rpartition("/")
        safe = f"{head}/{_marked(last, logical)}"
    return safe


def _safe_segment(name: str) -> str:
    safe = _FORBIDDEN.sub("_", name)
    if _DEVICES.match(safe):
        safe = "_" + safe
    if safe == name and len(name.encode()) <= _NAME_BYTES:
        return name
    return _marked(safe, name)


def _marked(safe: str, original: str) -> str:
    stem, dot, suffix = safe.rpartition(".")
    if not stem or len(suffix) > 10:
        stem, dot, suffix = safe, "", ""
    stem = stem.encode()[: _NAME_BYTES - 40].decode("utf-8", "ignore")
    return f"{stem}~{hashlib.sha256(original.encode()).hexdigest()[:8]}{dot}{suffix}"


def _fold(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()
