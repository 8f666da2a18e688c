"""Names from a bundle: decoded as their writer meant them, made safe, told apart."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.charset import decode

#: Control characters, what Windows refuses in names, half characters, and characters that are not
#: seen or turn the direction of writing, with which an .exe can look like a .doc.
_UNSAFE = re.compile(
    '[\x00-\x1f\x7f-\x9f<>:"|?*\ud800-\udfff\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]'
)
#: Windows keeps these for devices, with any extension
#: (https://learn.microsoft.com/windows/win32/fileio/naming-a-file).
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])(?:\.|$)")
#: Longer parts do not fit on any disk (255 bytes are 85 Chinese characters, which the store cuts
#: by itself); a longer path is an attack or a mistake, and its end says more than its beginning.
_LONGEST_PART, _LONGEST = 200, 800


def safe(name: str, longest: int = _LONGEST_PART) -> str:
    """A relative path without anything that climbs, hides a drive or a device, its parts of at
    most `longest` characters. Never empty."""
    parts = []
    for part in name.replace("\\", "/").split("/"):
        part = _shortened(_UNSAFE.sub("_", part).strip(" "), longest)
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


def _shortened(part: str, longest: int) -> str:
    if len(part) <= longest:
        return part
    stem, dot, suffix = part.rpartition(".")
    if not dot or len(suffix) > 10:
        return part[:longest].rstrip(" .")
    return stem[: longest - len(suffix) - 1].rstrip(" .") + dot + suffix


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
