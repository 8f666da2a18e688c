"""Bundles: files that hold files. A format is one module; each gives members and streams them out.

    for one in unpack_into(path, sniff.detect(path), folder):
        if one.error is None:
            (folder / one.file).rename(...)

A bundle is no document: `indexer.readers` reads its members. What is wrong with one member is a
value on it; what is wrong with the whole raises ReadError.
"""

from __future__ import annotations

from indexer.bundles.formats import DEEPEST, FORMATS, MAIL, is_bundle, open_bundle
from indexer.bundles.member import Bundle, Member, Taken
from indexer.bundles.unpacking import unpack_into

__all__ = [
    "DEEPEST",
    "FORMATS",
    "MAIL",
    "Bundle",
    "Member",
    "Taken",
    "is_bundle",
    "open_bundle",
    "unpack_into",
]
