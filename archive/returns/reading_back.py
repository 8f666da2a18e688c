"""`read_back`: the values of a returned form, by its printed words, each with its evidence."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from archive.forms import Paper, spec_of
from archive.returns.aligning import Aligned, align
from archive.returns.layout import FormLine, Layout, Slot, layout_of
from archive.returns.lines import Line, clean, lines_of, plain, short
from archive.returns.listing import read_rows
from archive.returns.matching import Found
from archive.returns.ordering import in_order
from archive.returns.values import Answer, Return, Rows
from generator import Stamp
from indexer.reading import Reading

NOT_FOUND = "纸上没有找到这一栏"
#: A text recognised from a picture, and one whose lines a layout broke, are not the writer's own.
_RECOGNISED, _LAID_OUT = 0.7, 0.85
_PAGES = ("pdf", "ofd")
_SPACES = "由版面文件读出，空格和换行未必是原文的"
_UNSEEN = "图片上没有认出字，可能是空的，也可能是手写的"
_BESIDE = "页眉页脚里有别的字，可能是这一栏的"
_REST = "标题后面写了字，分不清是哪一栏的"
_NUMBERED = re.compile(r"表单编号|^[\s—\-–\d]*$")


def read_back(reading: Reading, paper: Paper, issued: Stamp | None = None) -> Return:
    """Every field, section and list of the form `paper` as `reading` has it. `issued` is what the
    copy says it is: its number, and the version of the form whose words to expect.

    Raises FormError or ReadError where the form's own template cannot be printed or read.
    """
    layout, lines = layout_of(paper), lines_of(reading)
    aligned = align(layout, lines)
    found = [*_beside_labels(layout, aligned, lines), *_between_labels(layout, aligned, lines)]
    spec = spec_of(paper)
    names = [f.key for f in spec.fields] + [s.name for s in spec.sections]
    printed = {slot.name for line in layout.lines for slot in line.slots if not slot.rows}
    general = _general_doubts(paper, issued)
    answers = (_answer(name, found, general) for name in names if name in printed)
    lists = {rows: read_rows(rows, layout, aligned, lines) for rows in _lists(layout)}
    read = Return(
        paper.id,
        issued.form_no if issued else "",
        tuple(answers),
        tuple(
            _in_order(lists[rows.name], rows.columns)
            for rows in spec.all_lists
            if rows.name in lists
        ),
    )
    return _of_format(read, reading)


def _in_order(rows: Rows, columns: Sequence[str]) -> Rows:
    """The columns as the list declares them; a printed running number is no value."""
    places = {name: at for at, name in reversed(list(enumerate(rows.columns)))}
    lines = tuple(
        tuple(
            row[places[name]] if name in places else Answer(name, None, doubts=(NOT_FOUND,))
            for name in columns
        )
        for row in rows.rows
    )
    return replace(rows, columns=tuple(columns), rows=lines)


def _lists(layout: Layout) -> list[str]:
    return list(dict.fromkeys(line.rows for line in layout.lines if line.rows))


def _general_doubts(paper: Paper, issued: Stamp | None) -> tuple[str, ...]:
    if issued is None or issued.version in ("", paper.version):
        return ()
    return (f"填的是第 {issued.version} 版表样，现用的是第 {paper.version} 版",)


# --- values in lines with printed words ---------------------------------------------


def _beside_labels(layout: Layout, aligned: Aligned, lines: Sequence[Line]) -> Iterator[Found]:
    for number, line in enumerate(layout.lines):
        if not line.is_anchor or not line.slots:
            continue
        match = aligned.matches.get(number)
        if match is None:
            doubt = f"没有找到印好的“{short(line.words)}”"
            yield from (Found(slot, "", "", "", doubt=doubt) for slot in line.slots)
        elif number in aligned.unsure:
            doubt = f"“{short(line.words)}”在文中出现几次，分不清是哪一处"
            for found in match.found:
                yield replace(found, text="", doubt=doubt)
        else:
            below = _below(number, layout, aligned, lines) if len(match.found) == 1 else ""
            yield from (replace(f, doubt=f.doubt or below) for f in match.found)


def _below(number: int, layout: Layout, aligned: Aligned, lines: Sequence[Line]) -> str:
    """Words in a row put in below that of a value: they may go on with it."""
    at = aligned.at[number]
    following = min((n for n in aligned.at if n > number), default=len(layout.lines))
    if lines[at].row is None or any(line.slots for line in layout.lines[number + 1 : following]):
        return ""
    for line in lines[at + 1 : aligned.at.get(following, len(lines))]:
        if line.block == lines[at].block and not line.is_blank:
            return f"下面表样没有的一行里还写着“{short(clean(line.text))}”"
    return ""


# --- values between printed lines -----------------------------------------------------


@dataclass(frozen=True)
class _Stretch:
    """The lines of the form between two printed ones, and what is returned there. `doubt`: why
    its ends are not certain."""

    form: tuple[FormLine, ...]
    lines: tuple[Line, ...]
    head: Line | None
    label: str
    rest: str
    doubt: str


def _between_labels(layout: Layout, aligned: Aligned, lines: Sequence[Line]) -> Iterator[Found]:
    for stretch in _stretches(layout, aligned, lines):
        yield from _of_stretch(stretch)


def _stretches(layout: Layout, aligned: Aligned, lines: Sequence[Line]) -> Iterator[_Stretch]:
    ends = [-1, *sorted(aligned.at), len(layout.lines)]
    for start, stop in itertools.pairwise(ends):
        between = layout.lines[start + 1 : stop]
        if not any(line.slots and not line.is_anchor for line in between):
            continue
        at = aligned.at.get(start, -1)
        until = aligned.at.get(stop, len(lines))
        match = aligned.matches.get(start)
        yield _Stretch(
            tuple(line for line in between if not line.is_anchor),
            tuple(lines[at + 1 : until]),
            lines[at] if at >= 0 else None,
            layout.lines[start].words if start >= 0 else "",
            match.rest if match else "",
            _doubt_of(layout, aligned, start, stop),
        )


def _doubt_of(layout: Layout, aligned: Aligned, start: int, stop: int) -> str:
    lost = [line.words for line in layout.lines[start + 1 : stop] if line.is_anchor]
    if lost:
        return f"没有找到印好的“{short(lost[0])}”，分不清从哪里到哪里"
    for edge in (start, stop):
        if edge in aligned.unsure:
            words = short(layout.lines[edge].words)
            return f"“{words}”在文中出现几次，分不清从哪里到哪里"
    return ""


def _of_stretch(stretch: _Stretch) -> Iterator[Found]:
    """The values of a stretch: rows of slots take the rows of their table, the rest is text."""
    texts = [line for line in stretch.form if not line.rows and line.row is None and line.slots]
    rows = [line for line in stretch.form if not line.rows and line.row is not None]
    rows = rows if any(line.slots for line in rows) else []
    listed = any(line.rows for line in stretch.form)
    table = _own_rows(stretch) if listed or rows else []
    free = [line for line in stretch.lines if line not in table]
    if rows:
        own = table[len(table) - len(rows) :] if listed else table
        yield from _of_rows(rows, own, stretch)
        if not texts and any(not line.is_blank for line in free):
            free = []
    yield from _of_texts(texts, free, stretch)


def _own_rows(stretch: _Stretch) -> list[Line]:
    """The returned rows that go on in the table of the printed line above."""
    head = stretch.head
    if head is None or head.row is None:
        own = next((line.block for line in stretch.lines if line.row is not None), None)
    else:
        own = head.block
    return [line for line in stretch.lines if line.row is not None and line.block == own]


def _of_rows(rows: Sequence[FormLine], own: Sequence[Line], stretch: _Stretch) -> Iterator[Found]:
    written = [line for line in own if not line.is_blank]
    if len(own) != len(rows) and len(rows) > 1:
        doubt = stretch.doubt or "表里增减了行，分不清哪一行是哪一栏"
        for row in rows:
            yield from (Found(slot, "", stretch.label, "", doubt=doubt) for slot in row.slots)
        return
    for number, row in enumerate(rows):
        mine = [own[number]] if len(rows) > 1 else list(written or own[:1])
        yield from _of_row(row, mine, stretch)


def _of_row(row: FormLine, mine: Sequence[Line], stretch: _Stretch) -> Iterator[Found]:
    for index, pattern in enumerate(row.cells):
        for slot in pattern.slots:
            cells = [
                (line, line.cells[index]) for line in mine if len(line.cells) == len(row.cells)
            ]
            doubt = stretch.doubt
            if len(cells) < len(mine) or len(pattern.slots) > 1:
                doubt = doubt or "格子与表样不一样，分不清哪一格是它的"
            text = "\n".join(clean(cell.text) for _, cell in cells if clean(cell.text))
            place = cells[0][0].where(cells[0][1]) if cells else ""
            yield Found(slot, text, stretch.label, place, doubt=doubt)


def _of_texts(
    texts: Sequence[FormLine], free: Sequence[Line], stretch: _Stretch
) -> Iterator[Found]:
    """The text slots of a stretch. One takes all that is written there; of several each line
    must be one's and no other's."""
    written = [line for line in free if not line.is_blank]
    if len(texts) == 1 and len(texts[0].slots) == 1 and not texts[0].cells[0].around:
        pieces = [stretch.rest, *(_text_of(line) for line in written)]
        text = "\n".join(piece for piece in pieces if piece)
        place = written[0].place if written else ""
        yield Found(texts[0].slots[0], text, stretch.label, place, doubt=stretch.doubt)
    elif texts:
        yield from in_order(
            texts, written, stretch.label, stretch.doubt or _REST * bool(stretch.rest)
        )


def _text_of(line: Line) -> str:
    """A line as text: cells of a table that people put into a text are parted by tabs."""
    return clean("\t".join(cell.text for cell in line.cells))


# --- one answer a name ------------------------------------------------------------------


def _answer(name: str, found: Sequence[Found], general: tuple[str, ...]) -> Answer:
    """What the places of a value say together."""
    own = [f for f in found if f.slot == Slot(name)]
    certain = [f for f in own if not f.doubt]
    if not certain:
        if not own:
            return Answer(name, None, doubts=(NOT_FOUND, *general), confidence=0.0)
        first = own[0]
        doubts = tuple(dict.fromkeys(f.doubt for f in own))
        return Answer(name, None, first.label, first.place, 0.0, (*doubts, *general))
    written = [f for f in certain if clean(f.text)] or certain
    first = written[0]
    others = [f for f in written[1:] if plain(f.text) != plain(first.text)]
    doubts = tuple(
        f"{first.place}写的是“{short(clean(first.text))}”，{f.place}写的是“{short(clean(f.text))}”"
        for f in others
    )
    value = clean(first.text)
    return Answer(
        name, value, first.label, first.place, first.confidence, (*doubts, *general), bool(doubts)
    )


# --- what the format cannot tell --------------------------------------------------------


def _of_format(read: Return, reading: Reading) -> Return:
    """Less sure where lines were broken by a layout or letters seen by a machine."""
    if "recognised" in reading.metadata or reading.scanned:
        return _weakened(read, reading, _RECOGNISED, "由图片识别，请核对")
    if reading.format in _PAGES:
        return _weakened(read, reading, _LAID_OUT, _SPACES, broken=True)
    return read


def _beside(reading: Reading) -> bool:
    """Whether head or foot lines hold more than number and page: it may be of the text."""
    edges = [b.text for b in reading.blocks if b.kind in ("header", "footer")]
    return any(not _NUMBERED.search(text) for text in edges)


def _weakened(
    read: Return, reading: Reading, most: float, doubt: str, *, broken: bool = False
) -> Return:
    lost = _BESIDE if broken and _beside(reading) else "" if broken else _UNSEEN

    def weaker(answer: Answer) -> Answer:
        if answer.value is None or (not answer.value and not lost):
            return answer
        if not answer.value:
            return replace(answer, value=None, confidence=0.0, doubts=(*answer.doubts, lost))
        confidence = min(answer.confidence, most)
        return replace(answer, confidence=confidence, doubts=(*answer.doubts, doubt))

    return replace(
        read,
        answers=tuple(weaker(a) for a in read.answers),
        lists=tuple(
            replace(
                rows,
                rows=tuple(tuple(weaker(c) for c in row) for row in rows.rows),
                doubts=(*rows.doubts, doubt),
            )
            for rows in read.lists
        ),
    )
