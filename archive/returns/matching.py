"""Whether a line of a returned paper is that line of the form, and what stands in its slots.

Three ways, the surest first: the same cells (printed words where they belong); the printed words
in their order with cells added, merged or left out; the text of the line as a whole (a row that a
converter made a paragraph, or the other way round).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from archive.returns.layout import COUNTY_NAME, FormLine, Pattern, Slot
from archive.returns.lines import Cell, Line, clean, even, plain, short

#: What a match of each way counts for, for each cell with printed words.
_SAME, _ALTERED, _ORDERED, _WHOLE = 4, 3, 2, 1
#: Printed words at other places in a row than where the form has them: so many ways are looked at.
_WAYS = 40
#: The name of a county ends with one of these.
_COUNTY_ENDS = "县区市旗"
#: What parts a label from a value behind it in one cell.
_PARTED = re.compile(r"\s*[:：]\s*|\s*\n\s*|[ \t\u3000\xa0]+")


@dataclass(frozen=True, slots=True)
class Found:
    """What stands in a slot. `doubt`: why it may not be what was meant, "" for none."""

    slot: Slot
    text: str
    label: str
    place: str
    confidence: float = 1.0
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """`cells` are the returned cells of the form's cells, by index, where they are known; `rest`
    is text behind a heading on its own line."""

    weight: int
    found: tuple[Found, ...] = ()
    cells: tuple[tuple[int, Cell], ...] = ()
    rest: str = ""

    def cell(self, index: int) -> Cell | None:
        return next((cell for number, cell in self.cells if number == index), None)


def match(form: FormLine, line: Line) -> Match | None:
    """The surest match of the two, None where they have nothing in common."""
    if (form.row is None) != (line.row is None):
        return _whole(form, line)
    if len(form.cells) == len(line.cells):
        same = _same(form, line)
        if same is not None:
            return same
    if form.row is None:
        return None
    return _ordered(form, line) or (_whole(form, line) if len(line.cells) == 1 else None)


# --- the same cells -------------------------------------------------------------------


def _same(form: FormLine, line: Line) -> Match | None:
    tokens = [_token(p, c) for p, c in zip(form.cells, line.cells, strict=True)]
    printed = [t for p, t in zip(form.cells, tokens, strict=True) if p.words]
    right = sum(t.fits for t in printed)
    if right * 2 < len(printed) or not right:
        return None
    if len(form.cells) == 1 and form.row is None and tokens[0].rest and not form.slots:
        # A heading with its text on the same line.
        return Match(_WHOLE, rest=tokens[0].rest)
    found = tuple(_of_cells(form, line, tokens))
    weight = (_SAME if right == len(printed) else _ALTERED) * right
    if any(t.rest for t in printed):
        weight -= 1
    return Match(weight, found, tuple(enumerate(line.cells)))


@dataclass(frozen=True, slots=True)
class Token:
    """A cell of the form beside one returned: `fits`, the words behind a label, slots' texts."""

    fits: bool
    rest: str = ""
    texts: tuple[tuple[Slot, str], ...] = ()
    doubt: str = ""


def _token(pattern: Pattern, cell: Cell) -> Token:
    if not pattern.words:
        if len(pattern.slots) == 1:
            return Token(False, texts=((pattern.slots[0], cell.text),))
        doubt = "几栏写在同一格里，分不开" if pattern.slots else ""
        return Token(False, texts=tuple((s, "") for s in pattern.slots), doubt=doubt)
    if pattern.is_label:
        if plain(cell.text) == pattern.words:
            return Token(True)
        rest = _behind(pattern, cell.text)
        return Token(rest is not None, rest or "")
    return within(pattern.pieces, cell.text)


def _behind(pattern: Pattern, text: str) -> str | None:
    """The text behind a label in its own cell, None where the cell does not begin with it."""
    words = "".join(piece for piece in pattern.pieces if isinstance(piece, str))
    begun = _printed(words.rstrip(" :：")).search(even(text))
    if begun is None or text[: begun.start()].strip():
        return None
    rest = text[begun.end() :]
    parted = _PARTED.match(rest)
    if parted:
        return rest[parted.end() :].strip()
    return None


def within(pieces: Sequence[str | Slot], text: str) -> Token:
    """Slots and printed words in one cell: 学校：＿＿ 学科：＿＿. Where the words occur oftener
    than printed, the first and the last way to find them must give the same."""
    slots = tuple(piece for piece in pieces if isinstance(piece, Slot))
    spans = _spans(pieces, even(text))
    solid = tuple(piece for piece in pieces if isinstance(piece, Slot) or piece.strip())
    if spans is None and len(solid) < len(pieces):
        return within(solid, text)  # the gap at an end went with the blank beside it
    if spans is None:
        return Token(False, texts=tuple((slot, "") for slot in slots))
    first, last = (_texts(pieces, text, way) for way in spans)
    if slots and slots[0].name == COUNTY_NAME and _adjoining(pieces[:2]):
        return _behind_county(slots, first)
    doubt = ""
    if [clean(value) for value in first] != [clean(value) for value in last]:
        doubt = "同样的字出现几次，分不清从哪里到哪里"
    elif _adjoining(pieces) and any(clean(value) for value in first):
        doubt = "几栏写在同一格里，分不开"
    return Token(True, texts=tuple(zip(slots, first, strict=True)), doubt=doubt)


def _behind_county(slots: Sequence[Slot], texts: Sequence[str]) -> Token:
    """蒲城县2014年度…: what stands behind the county's name, where its end is plain to see."""
    ends = [at for at, sign in enumerate(texts[0]) if sign in _COUNTY_ENDS]
    values, doubt = list(texts), ""
    if len(ends) == 1:
        values[:2] = texts[0][: ends[0] + 1], texts[0][ends[0] + 1 :]
    elif clean(texts[0]):
        doubt = "写在县名后面，分不清从哪里起"
    return Token(True, texts=tuple(zip(slots, values, strict=True)), doubt=doubt)


def _adjoining(pieces: Sequence[str | Slot]) -> bool:
    pairs = itertools.pairwise(pieces)
    return any(isinstance(a, Slot) and isinstance(b, Slot) for a, b in pairs)


_Span = tuple[int, int]


def _spans(pieces: Sequence[str | Slot], text: str) -> tuple[list[_Span], list[_Span]] | None:
    """Where the printed words of a cell stand: found from its start on, and from its end."""
    words = [piece for piece in pieces if isinstance(piece, str)]
    places = [[m.span() for m in _printed(word).finditer(text)] for word in words]
    if places and isinstance(pieces[0], str):
        places[0] = [span for span in places[0] if not text[: span[0]].strip()]
    if places and isinstance(pieces[-1], str):
        places[-1] = [span for span in places[-1] if not text[span[1] :].strip()]
    first: list[_Span] = []
    for found in places:
        after = first[-1][1] if first else 0
        span = next((one for one in found if one[0] >= after), None)
        if span is None:
            return None
        first.append(span)
    last: list[_Span] = []
    for found in reversed(places):
        before = last[-1][0] if last else len(text)
        last.append(next(one for one in reversed(found) if one[1] <= before))
    return first, last[::-1]


def _texts(pieces: Sequence[str | Slot], text: str, spans: Sequence[_Span]) -> list[str]:
    """What stands at each slot; of several beside each other the first has it all."""
    values: list[str] = []
    at, left = 0, list(spans)
    for number, piece in enumerate(pieces):
        if isinstance(piece, str):
            at = left.pop(0)[1]
        elif number and isinstance(pieces[number - 1], Slot):
            values.append("")
        else:
            values.append(text[at : left[0][0] if left else len(text)])
    return values


@lru_cache(maxsize=4096)
def _printed(words: str) -> re.Pattern[str]:
    """Printed words with any white space between their characters; white space alone is a gap
    between two values (a tab is one of its own)."""
    letters = [re.escape(c) for c in even(words) if not c.isspace()]
    if not letters:
        return re.compile("\t" if "\t" in words else r"\s+")
    return re.compile(r"\s*".join(letters))


def _of_cells(form: FormLine, line: Line, tokens: Sequence[Token]) -> Iterator[Found]:
    label, label_fits, behind, used = "", True, "", False
    for pattern, cell, token in zip(form.cells, line.cells, tokens, strict=True):
        if pattern.is_label:
            label, label_fits, behind, used = _shown(cell, token), token.fits, token.rest, False
            continue
        for slot, text in token.texts:
            found = Found(slot, text, label, line.where(cell), doubt=token.doubt)
            if pattern.words and not token.fits:
                found = replace(found, text="", doubt="这一格里印好的字改过了，认不出填了什么")
            elif not pattern.words and behind and not used:
                found, used = _both(found, behind), True
            if not label_fits and not found.doubt:
                found = replace(found, doubt=f"标签被改成“{short(label)}”")
            elif pattern.words:
                found = replace(found, label=pattern.words)
            yield found


def _shown(cell: Cell, token: Token) -> str:
    text = " ".join(cell.text.split())
    if token.rest:
        text = cell.text[: len(cell.text.rstrip()) - len(token.rest)]
    return _squeezed(text)


def _squeezed(label: str) -> str:
    return "".join(label.split()).rstrip(":：") or label.strip()


def _both(found: Found, behind: str) -> Found:
    """A value behind its label in one cell beside the cell meant for it."""
    if not clean(found.text):
        return replace(found, text=behind, confidence=0.95)
    if plain(found.text) == plain(behind):
        return found
    return replace(found, doubt=f"标签后面写着“{short(behind)}”，格里写着“{short(found.text)}”")


# --- the printed words in their order -----------------------------------------------


def _ordered(form: FormLine, line: Line) -> Match | None:
    """Cells were added, merged or removed: labels are found in their order, values between."""
    labels = [n for n, cell in enumerate(form.cells) if cell.words]
    if any(form.cells[n].slots for n in labels):
        return None
    ways = list(islice(_ways(form, line, labels), _WAYS + 1))
    if not ways:
        return None
    readings = {tuple(_between(form, line, labels, way)) for way in ways[:_WAYS]}
    first = next(iter(readings))
    if len(readings) > 1 or len(ways) > _WAYS:
        doubt = "同样的标签在一行里出现几次，分不清"
        first = tuple(replace(found, text="", doubt=doubt) for found in first)
    cells = tuple((n, line.cells[at]) for n, at in zip(labels, ways[0], strict=True))
    return Match(_ORDERED * len(labels), first, cells)


def _ways(form: FormLine, line: Line, labels: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """For each label the index of its cell, every way it can be; exact ones only where any is."""
    fits = []
    for n in labels:
        pattern = form.cells[n]
        exact = [i for i, cell in enumerate(line.cells) if plain(cell.text) == pattern.words]
        loose = [i for i, c in enumerate(line.cells) if _behind(pattern, c.text) is not None]
        fits.append(exact or loose)
        if not fits[-1]:
            return
    yield from _rising(fits, -1, ())


def _rising(
    fits: Sequence[Sequence[int]], last: int, taken: tuple[int, ...]
) -> Iterator[tuple[int, ...]]:
    if len(taken) == len(fits):
        yield taken
        return
    for at in fits[len(taken)]:
        if at > last:
            yield from _rising(fits, at, (*taken, at))


def _between(
    form: FormLine, line: Line, labels: Sequence[int], way: Sequence[int]
) -> Iterator[Found]:
    """The values of the cells that stand between the labels."""
    edges = [(-1, -1), *zip(labels, way, strict=True), (len(form.cells), len(line.cells))]
    for (label, at), (following, until) in itertools.pairwise(edges):
        patterns = form.cells[label + 1 : following]
        if not any(pattern.slots for pattern in patterns):
            continue
        cells = line.cells[at + 1 : until]
        words = line.cells[at].text if at >= 0 else ""
        behind = _behind(form.cells[label], words) if at >= 0 else None
        shown = _squeezed(words[: len(words.rstrip()) - len(behind or "")])
        home = line.where(line.cells[max(at, 0)])
        yield from _values(patterns, cells, shown, behind or "", line, home)


def _values(
    patterns: Sequence[Pattern],
    cells: Sequence[Cell],
    label: str,
    behind: str,
    line: Line,
    home: str,
) -> Iterator[Found]:
    slots = [slot for pattern in patterns for slot in pattern.slots]
    if len(patterns) == len(cells) and len(slots) == len(patterns):
        for number, (slot, cell) in enumerate(zip(slots, cells, strict=True)):
            found = Found(slot, cell.text, label, line.where(cell), 0.97)
            yield _both(found, behind) if behind and not number else found
        return
    written = [cell for cell in cells if clean(cell.text)]
    if len(slots) == 1 and len(written) <= 1:
        text = written[0].text if written else ""
        place = line.where(written[0] if written else cells[0]) if cells else home
        found = Found(slots[0], text, label, place, 0.95)
        yield _both(found, behind) if behind else found
        return
    doubt = f"“{label}”旁边的格子与表样不一样，分不清哪一格是它的"
    for slot in slots:
        yield Found(slot, "", label, home, doubt=doubt)


# --- the line as a whole --------------------------------------------------------------


def _whole(form: FormLine, line: Line) -> Match | None:
    """The words of a row as one text, in a paragraph; those of a paragraph in a row of cells."""
    pieces: list[str | Slot] = []
    for cell in form.cells:
        pieces += cell.pieces
    text = " ".join(cell.text for cell in line.cells)
    if not form.slots:
        same = plain(text) == plain("".join(p for p in pieces if isinstance(p, str)))
        return Match(_WHOLE) if same and form.words else None
    token = within(tuple(pieces), text)
    if not token.fits:
        return None
    labels = _labels(pieces)
    return Match(
        _WHOLE,
        tuple(
            Found(slot, value, label, line.place, 0.95, token.doubt)
            for (slot, value), label in zip(token.texts, labels, strict=True)
        ),
    )


def _labels(pieces: Sequence[str | Slot]) -> list[str]:
    """The printed words before each slot."""
    labels, last = [], ""
    for piece in pieces:
        if isinstance(piece, Slot):
            labels.append(_squeezed(last))
        else:
            last = piece
    return labels
