"""Wrong files made from right ones: bytes, and the parts of a format, changed at random.

Pure: bytes and a random generator in, bytes out; the same seed gives the same bytes.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from random import Random

import olefile

Mutation = Callable[[bytes, Random], bytes]

#: Bytes of a made file at most: what grows is cut there.
LARGEST = 8 * 1024 * 1024
#: Numbers that programs forget: nothing, one less than nothing, the ends of each width.
EXTREMES = (
    0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000,
    0xFFFFFFFE, 0xFFFFFFFF,
)  # fmt: skip
_WORDS = (
    b"-1", b"0", b"2147483648", b"99999999999999999999", b"1e999", b"NaN", b"-0.5", b"", b"%",
    b"\xef\xbf\xbf", b"../../../x", b"A" * 5000, "第".encode() * 500, b"true", b"&#0;", b"%1%2%9",
)  # fmt: skip
_TOKENS = re.compile(rb"<[^<>]*>|[^<>]+")
_VALUES = re.compile(rb'(?<==")[^"]*(?=")')
_NUMBERS = re.compile(rb"-?\d+(?:\.\d+)?")
_OBJECTS = re.compile(rb"(?<=\n)(\d+ \d+ obj\b)(.*?)(endobj)", re.S)
_REFERENCES = re.compile(rb"\b\d+ 0 R\b")
_CONTROLS = re.compile(rb"\\[a-z]+-?\d*|[{}]|\\'[0-9a-f]{2}|[^\\{}]+")


def mutated(data: bytes, random: Random) -> bytes:
    """`data` with one to three changes, most of them made where its format is weakest."""
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        data = random.choice(_mutations(data))(data, random)[:LARGEST]
    return data


def _mutations(data: bytes) -> Sequence[Mutation]:
    if data.startswith(b"PK"):
        return (*_BYTES, *_PACKAGE * 4)
    if data.startswith(olefile.MAGIC):
        return (*_BYTES, *_CONTAINER * 4)
    if b"%PDF-" in data[:1024]:
        return (*_BYTES, *_PDF * 3)
    if data.startswith(b"{\\rtf"):
        return (*_BYTES, *_RTF * 3)
    if data.lstrip().startswith(b"<"):
        return (*_BYTES, *_XML * 3)
    return (*_BYTES, *_TEXT * 2)


def _span(size: int, random: Random, most: int = 4096) -> tuple[int, int]:
    start = random.randrange(size + 1)
    return start, min(size, start + random.randrange(1, most))


# --- bytes ------------------------------------------------------------------------------------


def truncated(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def flipped(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice((1, 4, 16, 128)) if data else 0):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def blanked(data: bytes, random: Random) -> bytes:
    start, end = _span(len(data), random)
    return data[:start] + random.choice((b"\0", b"\xff", b" ")) * (end - start) + data[end:]


def removed(data: bytes, random: Random) -> bytes:
    start, end = _span(len(data), random)
    return data[:start] + data[end:]


def repeated(data: bytes, random: Random) -> bytes:
    start, end = _span(len(data), random)
    return data[:start] + data[start:end] * random.choice((2, 3, 50)) + data[end:]


def extreme(data: bytes, random: Random) -> bytes:
    """A few binary numbers, wherever they may stand, set to extremes; more often near the start."""
    changed = bytearray(data)
    for _ in range(random.choice((1, 2, 8))):
        form = random.choice(("<H", "<I", ">H", ">I", "B"))
        size = struct.calcsize(form)
        reach = min(len(changed), random.choice((64, 1024, len(changed) + 1)))
        if reach < size:
            break
        struct.pack_into(
            form, changed, random.randrange(reach - size + 1),
            random.choice(EXTREMES) & ((1 << 8 * size) - 1),
        )  # fmt: skip
    return bytes(changed)


_BYTES: tuple[Mutation, ...] = (truncated, flipped, blanked, removed, repeated, extreme)


# --- markup -----------------------------------------------------------------------------------


def spliced(data: bytes, random: Random) -> bytes:
    """Tags and texts moved, doubled or left out."""
    return b"".join(_shuffled(_TOKENS.findall(data), random))


def _shuffled(tokens: list[bytes], random: Random) -> list[bytes]:
    for _ in range(random.choice((1, 3, 10)) if tokens else 0):
        start = random.randrange(len(tokens))
        piece = tokens[start : start + random.choice((1, 1, 5, 40))]
        to = random.randrange(len(tokens))
        if random.random() < 0.5:
            del tokens[start : start + len(piece)]
        if random.random() < 0.7:
            tokens[to:to] = piece * random.choice((1, 1, 3, 100))
        if not tokens:
            break
    return tokens


def misvalued(data: bytes, random: Random) -> bytes:
    """Values of attributes set to extremes, or to values of others."""
    places = [match.span() for match in _VALUES.finditer(data)]
    for start, end in sorted(random.sample(places, min(len(places), 5)), reverse=True):
        other = places[random.randrange(len(places))]
        value = random.choice((random.choice(_WORDS), data[other[0] : other[1]]))
        data = data[:start] + value + data[end:]
    return data


def nested(data: bytes, random: Random) -> bytes:
    """One element inside itself, many times."""
    tags = re.findall(rb"<([A-Za-z][\w:.-]*)", data)
    if not tags:
        return data
    tag = random.choice(tags)
    depth = random.choice((10, 200, 3000))
    whole = re.search(rb"<%s(?:\s[^<>]*)?>" % re.escape(tag), data)
    if whole is None or whole.group().endswith(b"/>"):
        return data
    opened, closed = whole.group() * depth, b"</%s>" % tag * depth
    return data[: whole.start()] + opened + data[whole.start() :] + random.choice((closed, b""))


_XML: tuple[Mutation, ...] = (spliced, misvalued, nested)


# --- packages ---------------------------------------------------------------------------------


def repacked(data: bytes, random: Random) -> bytes:
    """One member of the package changed, then all packed again with the right sums."""
    members = _members(data)
    if not members:
        return flipped(data, random)
    inner = [name for name in members if members[name]]
    name = random.choice(inner or list(members))
    content = members[name]
    ways = _XML * 3 + _BYTES if content.lstrip().startswith(b"<") else _BYTES
    members[name] = random.choice(ways)(content, random)
    return _packed(members)


def rearranged(data: bytes, random: Random) -> bytes:
    """Members left out, exchanged, or under another's name."""
    members = _members(data)
    if len(members) < 2:
        return flipped(data, random)
    one, other = random.sample(list(members), 2)
    match random.randrange(3):
        case 0:
            del members[one]
        case 1:
            members[one], members[other] = members[other], members[one]
        case _:
            members[one] = members[other]
    return _packed(members)


def _members(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            infos = [info for info in package.infolist() if info.file_size < LARGEST]
            return {info.filename: package.read(info) for info in infos[:500]}
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, RuntimeError):
        return {}
    except (NotImplementedError, struct.error, OverflowError):
        return {}


def _packed(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in members.items():
            # A time of its own, so that the same seed gives the same bytes.
            info = zipfile.ZipInfo(name, (2015, 9, 1, 8, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(info, content[:LARGEST])
    return made.getvalue()


_PACKAGE: tuple[Mutation, ...] = (repacked, repacked, repacked, rearranged)


# --- OLE containers ---------------------------------------------------------------------------


def in_stream(data: bytes, random: Random) -> bytes:
    """Bytes of one stream changed, the container left whole."""
    streams = _streams(data)
    if not streams:
        return extreme(data, random)
    places = random.choice(streams)
    content = b"".join(data[start:end] for start, end in places)
    ways = (extreme, extreme, flipped, blanked)
    changed = random.choice(ways)(content, random).ljust(len(content), b"\0")
    made, at = bytearray(data), 0
    for start, end in places:
        made[start:end] = changed[at : at + end - start]
        at += end - start
    return bytes(made)


def _streams(data: bytes) -> list[list[tuple[int, int]]]:
    """Where the sectors of each stream stand that is not in the small one ([MS-CFB] 2.3)."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            found = []
            for path in ole.listdir():
                entry = ole.direntries[ole._find(path)]
                if entry.size >= ole.minisectorcutoff:
                    found.append(_sectors(ole.fat, entry.isectStart, ole.sectorsize, len(data)))
            return [places for places in found if places]
    except Exception:
        return []  # what was changed before is no container any more


def _sectors(table: Sequence[int], sector: int, size: int, end: int) -> list[tuple[int, int]]:
    places: list[tuple[int, int]] = []
    while sector < len(table) and len(places) < len(table):
        start = (sector + 1) * size
        places.append((min(start, end), min(start + size, end)))
        sector = table[sector]
    return places


def exchanged(data: bytes, random: Random) -> bytes:
    """Two sectors in each other's place."""
    count = len(data) // 512 - 1
    if count < 2:
        return data
    one, other = (512 * (1 + random.randrange(count)) for _ in range(2))
    made = bytearray(data)
    made[one : one + 512], made[other : other + 512] = (
        data[other : other + 512],
        data[one : one + 512],
    )
    return bytes(made)


def misled(data: bytes, random: Random) -> bytes:
    """Entries of the sector table or the directory that point elsewhere: gaps, ends, circles."""
    if len(data) < 1536:
        return data
    made, count = bytearray(data), len(data) // 512
    (table,) = struct.unpack_from("<I", data, 0x4C)
    (directory,) = struct.unpack_from("<I", data, 0x30)
    for _ in range(random.choice((1, 4))):
        base = (random.choice((table, directory)) + 1) * 512
        at = base + 4 * random.randrange(128)
        if at + 4 <= len(made):
            target = random.choice((random.randrange(count), 0xFFFFFFFE, 0xFFFFFFFF, 0))
            struct.pack_into("<I", made, at, target)
    return bytes(made)


_CONTAINER: tuple[Mutation, ...] = (in_stream, in_stream, in_stream, exchanged, misled)


# --- PDF, RTF, text ---------------------------------------------------------------------------


def reobjected(data: bytes, random: Random) -> bytes:
    """Objects of a PDF that have another's content, or none."""
    found = list(_OBJECTS.finditer(data))
    if len(found) < 2:
        return flipped(data, random)
    one, other = random.sample(found, 2)
    body = random.choice((other.group(2), b" null ", one.group(2) * 2))
    return data[: one.start(2)] + body + data[one.end(2) :]


def rereferenced(data: bytes, random: Random) -> bytes:
    """References that point to another object: to themselves and in circles, often enough."""
    found = list(_REFERENCES.finditer(data))
    for one in sorted(random.sample(found, min(len(found), 4)), key=lambda m: -m.start()):
        data = data[: one.start()] + random.choice(found).group() + data[one.end() :]
    return data


def renumbered(data: bytes, random: Random) -> bytes:
    """Numbers in text set to extremes."""
    found = list(_NUMBERS.finditer(data[: 1 << 20]))
    for one in sorted(random.sample(found, min(len(found), 6)), key=lambda m: -m.start()):
        data = data[: one.start()] + random.choice(_WORDS[:7]) + data[one.end() :]
    return data


_PDF: tuple[Mutation, ...] = (reobjected, rereferenced, renumbered)


def recontrolled(data: bytes, random: Random) -> bytes:
    """Words, groups and texts of an RTF moved, doubled or left out."""
    return b"".join(_shuffled(_CONTROLS.findall(data), random))


def regrouped(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data) + 1)
    return (
        data[:at]
        + random.choice((b"{", b"}", b"{\\*")) * random.choice((1, 300, 20_000))
        + data[at:]
    )


_RTF: tuple[Mutation, ...] = (recontrolled, regrouped, renumbered)


def interspersed(data: bytes, random: Random) -> bytes:
    """What parsers of plain text trip over, many times in one place."""
    what = random.choice((b"\0", b",", b'"', b"\r", b"\t", b"#", b"*", b"|", b"\xff\xfe", b"\x80"))
    at = random.randrange(len(data) + 1)
    return data[:at] + what * random.choice((1, 100, 50_000)) + data[at:]


_TEXT: tuple[Mutation, ...] = (interspersed, renumbered)
