"""Where the words of a question stand in an original text, and the stretches worth showing."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TypeVar

from indexer.borders import beginning, closes, ending, opens
from indexer.engines import Snippet
from indexer.folding import Folded, fold_with_map
from indexer.query import Node, Phrase, Wildcard, Words, leaves
from indexer.tokens import SPACE, WORD_CHARACTER, WORD_MARK, near_units

#: Characters of a snippet, and snippets of a hit.
WIDTH = 80
COUNT = 3
#: What stands where a sentence is cut, and the characters of a snippet that are left between two.
CUT = "…"
_SHOWN = WIDTH - 2 * len(CUT)
#: Context before the first mark of a snippet, and how much more if a clause begins there.
_LEAD = 20
_MORE = 10
#: The first line of a text is its title; it is looked for in so many characters.
_HEAD = 400
#: A snippet is looked for in these stretches of a text, in turn: until a whole match is found in
#: the first two, the third only where nothing at all was found. They overlap by
#: the length of the longest question.
_STRETCHES = ((0, 10_000), (9_600, 40_000), (39_600, 400_000))
#: Occurrences of one needle that are looked at for snippets, and marked on a page.
_FOUND = 40
_MARKED = 2_000

_IS_WORD = re.compile(WORD_CHARACTER)
_WORD = re.compile(f"{WORD_CHARACTER}+")
_BLANK = re.compile(r"\s")

#: Headings of one text that are looked for.
_HEADINGS = 500
#: A title is looked for at so many places of the body at most (a word may recur without end).
_OCCURRENCES = 32
#: What may stand before a title on its line.
_NUMBER = re.compile(r"[\s第〇一二三四五六七八九十百零\d章节篇部分条（(）)、．.：:①-⑳⑴-⒇]{0,12}")

Span = tuple[int, int]
Named = TypeVar("Named", str, int)


@dataclass(frozen=True, slots=True)
class Pattern:
    """Something to find in a folded text. `begins` and `ends`: a match there must begin or end a
    Latin word or number (2月 is not in 12月); `words`: it must be one, whole.

    Looked up after the match: the set of Chinese characters costs 1.5 ms in a regular expression.
    """

    regex: re.Pattern[str]
    begins: bool = False
    ends: bool = False
    words: bool = False

    def spans(self, text: str, limit: int) -> list[Span]:
        return list(islice(self._all(text), limit))

    def _all(self, text: str) -> Iterator[Span]:
        if self.words:
            for word in _WORD.finditer(text):
                if self.regex.fullmatch(word.group()):
                    yield word.span()
            return
        for match in self.regex.finditer(text):
            if self.begins and match.start() and _IS_WORD.match(text, match.start() - 1):
                continue
            if self.ends and _IS_WORD.match(text, match.end()):
                continue
            yield match.span()


@dataclass(frozen=True, slots=True)
class Needle:
    """What to look for, in any of the forms of `whole`; `near` stands in where none of them is."""

    whole: tuple[Pattern, ...]
    near: tuple[Pattern, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A place in the folded text; `rank` is the needle's number (whole) or a part's (near)."""

    start: int
    end: int
    rank: int
    weight: float


def pattern(squeezed: str, *, whole_words: bool = False) -> Pattern:
    """A squeezed text as it may stand in a folded one: white space that does not count may be
    anywhere. `whole_words`: a Latin letter or digit at either end begins or ends its word."""
    out: list[str] = []
    before = SPACE
    for character in squeezed:
        if character == SPACE:
            out.append(r"\s+")
        elif before == SPACE or (_IS_WORD.match(before) and _IS_WORD.match(character)):
            out.append(re.escape(character))
        else:
            out.append(r"\s*" + re.escape(character))
        before = character
    begins = whole_words and _IS_WORD.match(squeezed) is not None
    ends = whole_words and _IS_WORD.match(squeezed, len(squeezed) - 1) is not None
    return Pattern(re.compile("".join(out)), begins, ends)


def wildcard(text: str) -> Pattern:
    """A whole Latin word or number of a folded text, * any number of its characters."""
    inner = ".*".join(re.escape(part) for part in text.split("*"))
    return Pattern(re.compile(inner), words=True)


def _unit(unit: str) -> Pattern:
    if len(unit) > 1 and unit.startswith(WORD_MARK):
        return pattern(unit[1:], whole_words=True)
    return pattern(unit)


@lru_cache(maxsize=256)
def needles(question: Node) -> tuple[Needle, ...]:
    """The needles of a question, in its order, each once."""
    found: list[Needle] = []
    for leaf in leaves(question):
        if isinstance(leaf, Phrase):
            found.append(Needle((pattern(leaf.text),)))
        elif isinstance(leaf, Wildcard):
            found.append(Needle((wildcard(leaf.pattern),)))
        elif isinstance(leaf, Words):
            found += [_run(choice, leaf.strict) for choice in leaf.choices()]
    return tuple(dict.fromkeys(found))


def _run(forms: Sequence[str], strict: bool) -> Needle:
    """The run as it was written, `forms[0]`, or one of its synonyms."""
    units = [] if strict else near_units(forms[0])
    near = tuple(_unit(unit) for unit in units) if len(units) > 1 else ()
    return Needle(tuple(pattern(form, whole_words=True) for form in forms), near)


def places(text: str, asked: Sequence[Needle], limit: int) -> list[Found]:
    """Where the needles stand in a folded text, at most `limit` places each; sorted."""
    found: list[Found] = []
    for rank, needle in enumerate(asked):
        whole = [span for form in needle.whole for span in form.spans(text, limit)]
        found += [Found(start, end, rank * 1000, 3.0 + end - start) for start, end in whole]
        if whole:
            continue
        for part, near in enumerate(needle.near, 1):
            found += [Found(*span, rank * 1000 + part, 1.0) for span in near.spans(text, limit)]
    return sorted(found, key=lambda f: (f.start, -f.end))


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Sorted spans; those that overlap or touch become one."""
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return tuple(out)


def marks(text: str, question: Node) -> tuple[Span, ...]:
    """(start, end) offsets into the original `text` of all that the question names."""
    asked = needles(question)
    if not asked or not text:
        return ()
    folded = fold_with_map(text)
    return merged(folded.original(f.start, f.end) for f in places(folded.text, asked, _MARKED))


def snippets(
    body: str,
    headings: str | Sequence[tuple[int, str]],
    question: Node,
    pages: Sequence[tuple[int, int]] = (),
    title: str = "",
) -> tuple[Snippet, ...]:
    """Up to three stretches of `body` that show most of the question, in reading order; the
    beginning, unmarked, where the body shows nothing of it. `headings`: the titles as lines, or
    (offset, title) of each; `pages`: (offset, number) of each. What stands in `title` at the head
    of the body is quoted only where nothing else is: a hit shows its title already."""
    if not body.strip():
        return ()
    asked = needles(question)
    shown = _best(body, asked, _title_at(body, title)) if asked else []
    if not shown:
        begins = len(body) - len(body.lstrip())
        return (_cut(body, begins, ending(body, begins + 1, begins + _SHOWN), ()),)
    if isinstance(headings, str):
        headings = headed(body, headings, max(end for _, end, _ in shown))
    return tuple(
        _cut(
            body, start, end, spans,
            heading=_last_before(headings, spans[0][0] if spans else start) or "",
            page=_last_before(pages, spans[0][0] if spans else start) or 0,
        )
        for start, end, spans in shown
    )  # fmt: skip


def _title_at(body: str, title: str) -> Span:
    """Where the title stands at the head of the body, perhaps on two lines or with blanks in it;
    (0, 0) where it does not."""
    if not title:
        return 0, 0
    head = body[:_HEAD]
    at = head.find(title)
    if at >= 0:
        return at, at + len(title)
    squeezed = "".join(title.split())
    at = "".join(head.split()).find(squeezed) if squeezed else -1
    if at < 0:
        return 0, 0
    kept = (place for place, character in enumerate(head) if not character.isspace())
    places_of = list(islice(kept, at, at + len(squeezed)))
    return places_of[0], places_of[-1] + 1


def headline(headings: Iterable[str], question: Node) -> Snippet | None:
    """The first heading that shows something of the question: some stand nowhere in the text, but
    put together or completed."""
    for heading in islice(headings, _HEADINGS):
        spans = marks(heading, question)
        if spans:
            return Snippet(heading, spans)
    return None


def _best(body: str, asked: Sequence[Needle], title: Span) -> list[tuple[int, int, list[Span]]]:
    """(start, end, marks) of the stretches to show, from the first part of the body that holds
    a run whole, else from the first that holds anything; what lies in the title counts last."""
    everything: list[Found] = []
    best: list[Found] = []
    marked: list[Found] = []
    for low, high in _STRETCHES:
        if low and low + 400 >= len(body):
            break
        folded = fold_with_map(body[low:high])
        found = _to_original(places(folded.text, asked, _FOUND), folded, low)
        everything = everything or found
        beside = found
        if found and found[0].start < title[1]:
            beside = [f for f in found if f.start >= title[1] or f.end <= title[0]]
        whole = any(place.rank % 1000 == 0 for place in beside)
        if whole or not best:
            best, marked = beside, found
        if whole or (everything and high >= 40_000):
            break
    if not best:
        best = marked = everything
    return [
        (start, end, [(f.start, f.end) for f in marked if start <= f.start and f.end <= end])
        for start, end in sorted(_windows(body, best))
    ]


def _to_original(found: list[Found], folded: Folded, shift: int) -> list[Found]:
    moved = []
    for place in found:
        start, end = folded.original(place.start, place.end)
        moved.append(Found(start + shift, end + shift, place.rank, place.weight))
    return moved


def _windows(body: str, found: list[Found]) -> list[Span]:
    """The best windows by what they show that no better one does; none overlap."""
    chosen: list[Span] = []
    seen: set[int] = set()
    while len(chosen) < COUNT:
        best, best_worth = None, 0.0
        for i, first in enumerate(found):
            if any(start < first.start + WIDTH and first.start < end for start, end in chosen):
                continue
            worth = _worth(found, i, seen)
            if worth > best_worth:
                best, best_worth = i, worth
        if best is None:
            break
        window = _window(body, found, best, chosen)
        chosen.append(window)
        seen |= {f.rank for f in found if window[0] <= f.start and f.end <= window[1]}
    return chosen


def _worth(found: list[Found], first: int, seen: set[int]) -> float:
    """New needles count full, known ones a tenth; marks beyond the window not at all."""
    end = found[first].start + _SHOWN - _LEAD
    here: dict[int, float] = {}
    for place in islice(found, first, first + 60):
        if place.start >= end:
            break
        here[place.rank] = place.weight
    return sum(weight if rank not in seen else weight / 10 for rank, weight in here.items())


def _window(body: str, found: list[Found], best: int, chosen: list[Span]) -> Span:
    """The stretch around a place: what it was chosen for is in it, and nothing found is cut."""
    first = found[best]
    low = max((end for _, end in chosen if end <= first.start), default=0)
    high = min((start for start, _ in chosen if start >= first.end), default=len(body))
    # What begins in a window that has the usual lead: nothing further can be shown.
    near: list[Found] = []
    for place in islice(found, best, best + 60):
        if place.start >= first.start + _SHOWN:
            break
        near.append(place)
    wanted = max([f.end for f in near if f.start < first.start + _SHOWN - _LEAD])
    back = min(max(low, wanted - _SHOWN), first.start)
    usual = max(back, first.start - _LEAD)
    start = beginning(body, low, max(back, usual - _MORE), first.start, usual)
    for place in found[max(0, best - 8) : best]:
        if place.start < start < place.end <= first.start:
            start = place.end
    most = min(high, max(start + _SHOWN, first.end))
    least = first.end
    for place in near:
        if place.end <= most:
            if place.end > least:
                least = place.end
        elif place.start < most:
            most = max(least, place.start)
    return start, ending(body, least, most)


def _cut(
    body: str, start: int, end: int, spans: Iterable[Span], heading: str = "", page: int = 0
) -> Snippet:
    """The stretch without white space at its edges, line breaks shown as blanks; CUT where it
    begins or ends inside a sentence."""
    text = body[start:end]
    start += len(text) - len(text.lstrip())
    text = _BLANK.sub(" ", text.strip())
    before = "" if opens(body, start) else CUT
    after = "" if closes(body, start + len(text)) else CUT
    shift = start - len(before)
    inside = [
        (max(s, start) - shift, min(e, start + len(text)) - shift)
        for s, e in spans
        if e > start and s < start + len(text)
    ]
    return Snippet(f"{before}{text}{after}", merged(inside), heading, page)


def headed(body: str, headings: str, end: int) -> list[tuple[int, str]]:
    """(offset, title) of the headings that stand as lines of the body before `end`, in order."""
    found: list[tuple[int, str]] = []
    at = 0
    for title in headings.splitlines()[:_HEADINGS]:
        title = title.strip()
        place = _line_of(body, title, at, end) if title else -1
        if place >= 0:
            found.append((place, title))
            at = place + len(title)
    return found


def _line_of(body: str, title: str, at: int, end: int) -> int:
    """Where a line begins with `title`, its number aside (一、 (2) 第三章); -1 where none does."""
    place = body.find(title, at, end)
    for _ in range(_OCCURRENCES):
        if place < 0 or _NUMBER.fullmatch(body, body.rfind("\n", 0, place) + 1, place):
            return place
        place = body.find(title, place + 1, end)
    return -1


def _last_before(places: Sequence[tuple[int, Named]], offset: int) -> Named | None:
    """What the last of the (offset, value) up to `offset` says."""
    index = bisect_right(places, offset, key=lambda item: item[0]) - 1
    return places[index][1] if index >= 0 else None
