"""Names from a bundle: decoded as their writer meant them, made safe, told apart."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.charset import decode

#: Control characters, what Windows refuses in names, half characters, and the marks that turn the
#: direction of writing, with which an .exe can look like a .doc.
_UNSAFE = re.compile('[\x00-\x1f\x7f<>:"|?*\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069]')
_RESERVED = re.compile(r"^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
#: Longer parts do not fit on any disk (255 bytes are 85 Chinese characters, which the store cuts
#: by itself); a longer path is an attack or a mistake, and its end says more than its beginning.
_LONGEST_PART, _LONGEST = 200, 800


def safe(name: str) -> str:
    """A relative path without anything that climbs, hides a drive or a device. Never empty."""
    parts = []
    for part in name.replace("\\", "/").split("/"):
        part = _shortened(_UNSAFE.sub("_", part).strip(" "))
        if part in ("", ".", ".."):
            continue
        if part.endswith("."):
            part = part.rstrip(".") + "_"
        parts.append(f"_{part}" if _RESERVED.match(part) else part)
    return "/".join(_last_of(parts)) or "_"


def _last_of(parts: list[str]) -> list[str]:
    kept: list[str] = []
    room = _LONGEST
    for part in reversed(parts):
        room -= len(part) + 1
        if room < 0 and kept:
            break
        kept.append(part)
    return kept[::-1]


def _shortened(part: str) -> str:
    if len(part) <= _LONGEST_PART:
        return part
    stem, dot, suffix = part.rpartition(".")
    if not dot or len(suffix) > 10:
        return part[:_LONGEST_PART].rstrip(" .")
    return stem[: _LONGEST_PART - len(suffix) - 1] + dot + suffix


def unique(names: Sequence[str]) -> list[str]:
    """The same names, those that were there before (in any case of letters) with a number."""
    seen: set[str] = set()
    last: dict[str, int] = {}
    found = []
    for name in names:
        stem, dot, suffix = name.rpartition(".")
        if not dot or "/" in suffix:
            stem, dot, suffix = name, "", ""
        folded = name.casefold()
        fresh, count = name, last.get(folded, 1)
        while fresh.casefold() in seen:
            count += 1
            fresh = f"{stem} ({count}){dot}{suffix}"
        # Remembered, so that ten thousand files of one name do not each count from the start.
        last[folded] = count
        seen.add(fresh.casefold())
        found.append(fresh)
    return found


def decoded(raws: Sequence[bytes]) -> list[str]:
    """Names as text. Judged together: one bundle has one coding, and a short name alone is often
    valid in several."""
    together = decode(b"\n".join(raws)).split("\n") if raws else []
    if len(together) == len(raws):
        return together
    return [decode(raw) for raw in raws]
