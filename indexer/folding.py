"""Folding: one form for texts that differ only in script, width, case or encoding.

NFKC, lower case and Traditional -> Simplified, character by character and without context
(`indexer/data/t2s.txt`, from OpenCC): folding a piece of a text gives that piece of the folded
text. Invisible characters fall away. `fold_with_map` also leads every folded offset back.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_TABLE_FILE = Path(__file__).parent / "data" / "t2s.txt"

#: What only a renderer sees: soft hyphen, zero-width and bidi marks, variation selectors.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]"
)
#: A base with the marks that follow it composes as a whole (e + U+0301 -> é); so do kana marks
#: and conjoining Hangul.
_CLUSTER = re.compile(
    "[\u1100-\u115f][\u1160-\u11ff]+"
    "|[^\u0300-\u036f\u3099\u309a][\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a]+"
)
#: No cluster is without one of these; to look for them is ten times faster.
_MARK = re.compile(
    "[\u0300-\u036f\u1160-\u11ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a]"
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2423]")


#: From so many characters on arrays fold a text sooner (420: 10 instead of 32 µs; 10,000: 0.08
#: instead of 0.75 ms).
_BY_ARRAYS = 100
#: What does so, or says None to leave a text to us: registered by `indexer.bulk`, whose numpy a
#: command that only asks does not load.
_by_arrays: list[Callable[[str], Folded | None]] = []


def use_arrays(fold: Callable[[str], Folded | None]) -> None:
    """From now on longer texts are folded with their map by `fold`, unless it gives None."""
    _by_arrays[:] = [fold]


def load_table(path: Path = _TABLE_FILE) -> dict[str, str]:
    """Traditional -> Simplified, about 4,100 characters."""
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    old, new = lines[0], lines[1]
    return dict(zip(old, new, strict=True))


def _fold_piece(piece: str, simple: dict[str, str]) -> str:
    """Fold one character or cluster, again and again until it stays the same."""
    for _ in range(4):
        folded = unicodedata.normalize("NFKC", piece)
        folded = "".join(simple.get(c, c) for c in folded.lower())
        if folded == piece:
            break
        piece = folded
    piece = _INVISIBLE.sub("", piece)
    piece = _CONTROL.sub(" ", piece)
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in piece)


class _FoldTable(dict[int, str]):
    """For str.translate: each character is folded once and remembered."""

    def __init__(self) -> None:
        super().__init__()
        self.simple = load_table()
        #: The characters met so far that fold to nothing.
        self.vanishing: set[str] = set()

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_piece(chr(code), self.simple)
        if not folded:
            self.vanishing.add(chr(code))
        return folded


@lru_cache(maxsize=1)
def _fold_table() -> _FoldTable:
    return _FoldTable()


def _pieces(text: str) -> Iterator[tuple[int, str, str]]:
    """(offset, original, folded) of stretches: clusters, and the plain text between them."""
    table = _fold_table()
    at = 0
    for cluster in _CLUSTER.finditer(text):
        if cluster.start() > at:
            plain = text[at : cluster.start()]
            yield at, plain, plain.translate(table)
        at = cluster.end()
        yield cluster.start(), cluster.group(), _fold_piece(cluster.group(), table.simple)
    if at < len(text):
        yield at, text[at:], text[at:].translate(table)


def is_mark(character: str) -> bool:
    """Whether it may compose with what stands before it, so that the two fold as one."""
    return _MARK.match(character) is not None


def _has_cluster(text: str) -> bool:
    return _MARK.search(text) is not None and _CLUSTER.search(text) is not None


def fold(text: str) -> str:
    """The folded text. White space stays (as it was, or a space); see `indexer.tokens.squeeze`."""
    if text.isascii():
        return _CONTROL.sub(" ", text.lower())
    if not _has_cluster(text):
        return text.translate(_fold_table())
    return "".join(folded for _, _, folded in _pieces(text))


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text with its way back. Where `starts` is empty, offsets are the same in both;
    else character i of `text` comes from original[starts[i]:ends[i]]."""

    text: str
    starts: Sequence[int] = ()
    ends: Sequence[int] = ()

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The original (start, end) that text[start:end] came from; start < end."""
        if not self.starts:
            return start, end
        return self.starts[start], self.ends[end - 1]

    def at(self, offset: int) -> int:
        """The first folded offset whose character comes from `offset` of the original or later."""
        if not self.starts:
            return offset
        return bisect_right(self.ends, offset)


def fold_with_map(text: str) -> Folded:
    """As `fold`, with a map from each folded offset to the original one (O(len(text)))."""
    if text.isascii():
        return Folded(fold(text))
    by_arrays = _by_arrays[0](text) if _by_arrays and len(text) >= _BY_ARRAYS else None
    if by_arrays is not None:
        return by_arrays
    if not _has_cluster(text):
        folded = text.translate(_fold_table())
        # Without a vanishing character every lengthening one shows in the length.
        if len(folded) == len(text) and not any(c in text for c in _fold_table().vanishing):
            return Folded(folded)
    return _mapped(text)


def _mapped(text: str) -> Folded:
    table = _fold_table()
    starts: list[int] = []
    ends: list[int] = []
    out: list[str] = []
    for offset, original, result in _pieces(text):
        out.append(result)
        if _CLUSTER.fullmatch(original):
            starts += [offset] * len(result)
            ends += [offset + len(original)] * len(result)
            continue
        for i, character in enumerate(original, offset):
            width = len(table[ord(character)])
            starts += [i] * width
            ends += [i + 1] * width
    return Folded("".join(out), tuple(starts), tuple(ends))
