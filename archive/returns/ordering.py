"""Values that follow each other without a printed word between them, as in a red-headed paper:
number, addressee, text. Each returned line must fit one of them and no other.

A line fits a slot by what is printed around the value (a colon, a tab) and by its look; the order
of the slots is that of the form. A slot is certain when every line that could be its own could be
nobody else's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archive.returns.layout import FormLine
from archive.returns.lines import Line, clean
from archive.returns.matching import Found, within

#: Half a point: what formats round sizes by.
_SIZE = 0.6
#: What a colon follows where more is to come: no address ends so.
_INTRODUCES = re.compile("[如以]下|下列|下面|[。；！？;!?](?![：:]?\\s*$)")
_UNCLEAR = "几栏之间没有印好的字，分不清哪些是它的"


def in_order(
    texts: Sequence[FormLine], written: Sequence[Line], label: str, doubt: str
) -> Iterator[Found]:
    """The values of the slots of `texts`, paragraphs of the form without printed words."""
    fits = _feasible(texts, written, looks=True) or _feasible(texts, written, looks=False)
    for number, form in enumerate(texts):
        own = [line for line, fit in zip(written, fits, strict=False) if number in fit]
        shared = any(number in fit and len(fit) > 1 for fit in fits) or (written and not fits)
        unclear = doubt or (_UNCLEAR if shared else "")
        yield from _of_line(form, own, label, unclear)


def _of_line(form: FormLine, own: Sequence[Line], label: str, doubt: str) -> Iterator[Found]:
    place = own[0].place if own else ""
    if not form.cells[0].around and len(form.slots) == 1:
        text = "\n".join(clean(line.text) for line in own)
        yield Found(form.slots[0], text, label, place, doubt=doubt)
        return
    token = within(form.cells[0].pieces, own[0].text if own else "")
    for slot, text in token.texts:
        yield Found(slot, text if own else "", label, place, doubt=doubt or token.doubt * bool(own))


def _feasible(texts: Sequence[FormLine], written: Sequence[Line], *, looks: bool) -> list[set[int]]:
    """For each line the slots it can be of in any whole arrangement; [] where there is none."""
    fitting = [{s for s, form in enumerate(texts) if _fits(form, line, looks)} for line in written]
    _address(texts, written, fitting)
    ahead = _reached(texts, fitting)
    last = len(texts) - 1
    mirrored = [{last - s for s in fit} for fit in fitting[::-1]]
    behind = _reached(texts[::-1], mirrored)[::-1]
    found = [a & {last - s for s in b} for a, b in zip(ahead, behind, strict=True)]
    return found if all(found) else []


def _address(texts: Sequence[FormLine], written: Sequence[Line], fitting: list[set[int]]) -> None:
    """A first line that is an addressee (各初级中学：) and introduces nothing is no text."""
    named = [s for s, form in enumerate(texts) if form.words == "" and _ends_in_colon(form)]
    for slot in named:
        first = next((n for n, fit in enumerate(fitting) if slot in fit), None)
        if first is not None and not _INTRODUCES.search(written[first].text):
            fitting[first] = {s for s in fitting[first] if s <= slot}


def _ends_in_colon(form: FormLine) -> bool:
    last = form.cells[0].pieces[-1]
    return len(form.slots) == 1 and isinstance(last, str) and last.strip() in (":", "：")


def _reached(texts: Sequence[FormLine], fitting: Sequence[set[int]]) -> list[set[int]]:
    """For each line the slots it can be of with all lines before it in order."""
    found: list[set[int]] = []
    for fit in fitting:
        before = found[-1] if found else None
        found.append(
            {
                s for s in fit
                if before is None or any(t < s or (t == s and _many(texts[s])) for t in before)
            }
        )  # fmt: skip
    return found


def _many(form: FormLine) -> bool:
    """Whether several paragraphs may be its value: a text, not a field."""
    return len(form.slots) == 1 and form.slots[0].many and not form.cells[0].around


def _fits(form: FormLine, line: Line, looks: bool) -> bool:
    if looks and not _alike(form.look, line.look):
        return False
    return not form.cells[0].around or within(form.cells[0].pieces, line.text).fits


def _alike(one: tuple[bool, float], other: tuple[bool, float]) -> bool:
    if one[0] != other[0]:
        return False
    return not (one[1] and other[1]) or abs(one[1] - other[1]) < _SIZE
