"""Whether a quoted phrase finds exactly the texts it stands in, and whether its hits show it.

The truth is straightforward: a text holds a phrase if the normal form of its title, of one of its
headings or of its body contains the phrase's. Phrases are drawn from the texts by chance, across
line breaks and inside Latin words and numbers, and asked for as they stand, in the other script,
in full or half width, in the other case.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from bench import Values, work
from bench.corpus import lines
from bench.rankers import Fts5, Ours, Ranker, RawTantivy, Words
from indexer.engines import Entry, Hit, Search
from indexer.folding import fold
from indexer.query import runs_of
from indexer.tokens import SPACE, WORD_MARK, near_units, normal

#: Lengths in characters of the normal form.
LENGTHS = {"1": (1, 1), "2": (2, 2), "3": (3, 3), "4-8": (4, 8)}
#: More than there are texts, so that an answer is complete.
ALL = 1_000
#: What the query language itself reads as an end of the phrase.
_QUOTES = re.compile('["“”„‟＂「」『』〝〞]')
_LATIN = re.compile(r"[A-Za-z0-9]{2,}")


@dataclass(slots=True)
class Tally:
    """Of all answers of a kind: what should be there and is, and what hits show."""

    asked: int = 0
    wanted: int = 0
    found: int = 0
    right: int = 0
    shown: int = 0
    heading_only: int = 0
    marks: int = 0
    true_marks: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, text: str, truth: set[str], found: Sequence[str]) -> None:
        self.asked += 1
        self.wanted += len(truth)
        self.found += len(set(found))
        self.right += len(truth & set(found))
        if truth != set(found):
            self.wrong.append(text)

    def show(self, hit: Hit, pieces: Sequence[str]) -> None:
        marked = list(marks(hit))
        self.shown += bool(marked)
        self.marks += len(marked)
        self.true_marks += sum(is_true(mark, pieces) for mark in marked)


def measure(folder: Path, per_length: int, every: int, whoosh: bool) -> Values:
    """`per_length` phrases of each length, and every so many-th sample question in words."""
    entries = broken(lines(folder / "docs.jsonl"))
    texts = {e.id: [normal(part) for part in parts(e)] for e in entries}
    phrases = {name: list(drawn(entries, *ends, per_length)) for name, ends in LENGTHS.items()}
    questions = [q["text"] for q in lines(folder / "queries.jsonl")[::every]]
    with work() as place:
        ours = [Ours(place / name, name) for name in ("tantivy", *["whoosh"] * whoosh)]
        peers = [RawTantivy(place / "raw"), Words(place / "words"), Fts5(place / "fts5")]
        for ranker in (*ours, *peers):
            ranker.add(entries)
            ranker.finish()
        tallies = {
            r.name: {name: tally(r, asked, texts) for name, asked in phrases.items()}
            for r in (*ours, *peers)
        }
        worded = {r.name: words_shown(r, questions) for r in ours}
    return values(len(entries), tallies, worded)


def values(
    documents: int, tallies: Mapping[str, Mapping[str, Tally]], worded: Mapping[str, Tally]
) -> Values:
    """The figures are those of the first engine."""
    first = next(iter(worded))
    own = list(tallies[first].values())
    shown = [*own, worded[first]]
    return {
        "documents": documents,
        "phrases": sum(t.asked for t in own),
        "questions": worded[first].asked,
        "recall": min(_percent(t.right, t.wanted) for t in own),
        "precision": min(_percent(t.right, t.found) for t in own),
        "highlighted": min(_percent(t.shown, t.found) for t in shown),
        "highlighted_in_text": min(_percent(t.shown, t.found - t.heading_only) for t in shown),
        "true_marks": min(_percent(t.true_marks, t.marks) for t in shown),
        "wrong": [text for t in own for text in t.wrong][:20],
        "lengths": table(tallies, worded),
    }


def table(tallies: Mapping[str, Mapping[str, Tally]], worded: Mapping[str, Tally]) -> Values:
    """Peers highlight nothing; questions in words have no truth of their own here."""
    rows: list[list[str | float]] = []
    for name, lengths in tallies.items():
        for length, t in lengths.items():
            shown = _percent(t.shown, t.found) if name in worded else ""
            found = [_percent(t.right, t.wanted), _percent(t.right, t.found)]
            rows.append([f"{name}, {length}", *found, shown])
    rows += [
        [f"{name}, questions in words", "", "", _percent(t.shown, t.found)]
        for name, t in worded.items()
    ]
    columns = ["ranker, characters", "recall %", "precision %", "hits highlighted %"]
    return {"columns": columns, "rows": rows}


def _percent(part: int, of: int) -> float:
    """Rounded down: 100 is all."""
    return int(1e4 * part / of) / 100 if of else 100.0


# --- the texts -----------------------------------------------------------------


def broken(docs: Iterable[Mapping[str, str]]) -> list[Entry]:
    """The paragraphs as papers: lines broken anywhere, a heading in the body, one in ten also with
    a heading that stands nowhere else (a number that Word makes, a sheet's name)."""
    draw = random.Random(8)
    entries = []
    for number, doc in enumerate(docs):
        text = "".join(
            c + (draw.choice(("\n", "\n　　")) if draw.random() < 0.05 else "") for c in doc["text"]
        )
        heading = re.split(r"[，。\n]", doc["text"])[0][:20]
        headings = [heading] if number % 10 else [heading, f"第{number}表 Sheet{number}"]
        entries.append(Entry(doc["id"], doc["title"], "\n".join(headings), f"{heading}\n{text}"))
    return entries


def parts(entry: Entry) -> list[str]:
    return [entry.title, *entry.headings.splitlines(), entry.body]


# --- the phrases ---------------------------------------------------------------


def drawn(entries: Sequence[Entry], shortest: int, longest: int, count: int) -> Iterator[str]:
    """Phrases as a reader would type them; a third begins inside a Latin word or number."""
    draw = random.Random(f"{shortest}-{longest}")
    changes: tuple[Callable[[str], str], ...] = (lambda text: text, *CHANGES)
    made = 0
    while made < count:
        text = normal(draw.choice(parts(draw.choice(entries))))
        length = draw.randint(shortest, longest)
        inside = [place for m in _LATIN.finditer(text) for place in range(m.start(), m.end())]
        start = draw.choice(inside) if made % 3 == 0 and inside else draw.randrange(len(text))
        piece = text[start : start + length]
        phrase = changes[made % len(changes)](piece.replace(SPACE, " "))
        if len(piece) == length and normal(phrase) == piece and not _QUOTES.search(phrase):
            made += 1
            yield phrase


def _other_script(text: str) -> str:
    return "".join(other_forms().get(c, c) for c in text)


def _full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


#: What a reader may type in place of a text. Each keeps the normal form.
CHANGES: tuple[Callable[[str], str], ...] = (_other_script, _full_width, str.upper)


@cache
def other_forms() -> dict[str, str]:
    """A Traditional (or variant) form for each Chinese character that has one."""
    found: dict[str, str] = {}
    for code in range(0x4E00, 0xA000):
        folded = fold(chr(code))
        if folded != chr(code) and len(folded) == 1:
            found.setdefault(folded, chr(code))
    return found


# --- the answers ---------------------------------------------------------------


def tally(ranker: Ranker, asked: Iterable[str], texts: Mapping[str, Sequence[str]]) -> Tally:
    made = Tally()
    for phrase in asked:
        wanted = normal(phrase)
        truth = {name for name, held in texts.items() if any(wanted in text for text in held)}
        if isinstance(ranker, Ours):
            hits = ranker.engine.search(Search(f'"{phrase}"', limit=ALL)).hits
            made.add(phrase, truth, [hit.id for hit in hits])
            for hit in hits:
                made.show(hit, [wanted])
                made.heading_only += not any(wanted in texts[hit.id][i] for i in (0, -1))
        else:
            made.add(phrase, truth, ranker.phrase(phrase, ALL))
    return made


def words_shown(ranker: Ours, questions: Iterable[str]) -> Tally:
    """What the hits of questions in words show; a mark is true if words or bigrams make it up."""
    made = Tally()
    for question in questions:
        runs = [run for word in question.split() for run in runs_of(normal(word))]
        pieces = [*runs, *(unit.lstrip(WORD_MARK) for run in runs for unit in near_units(run))]
        hits = ranker.engine.search(Search(question, limit=20)).hits
        made.add(question, set(), [hit.id for hit in hits])
        for hit in hits:
            made.show(hit, pieces)
    return made


def marks(hit: Hit) -> Iterator[str]:
    for start, end in hit.title_marks:
        yield hit.title[start:end]
    for snippet in hit.snippets:
        for start, end in snippet.marks:
            yield snippet.text[start:end]


def is_true(mark: str, pieces: Sequence[str]) -> bool:
    """Nothing is marked but what was asked for. Half a character cannot be: c is in ℃."""
    text = normal(mark)
    return covered(text, pieces) or (len(mark) == 1 and any(piece in text for piece in pieces))


def covered(text: str, pieces: Sequence[str]) -> bool:
    """Whether occurrences of the pieces, which may overlap, make up the whole text."""
    free = [True] * len(text)
    for piece in pieces:
        at = text.find(piece)
        while at >= 0:
            free[at : at + len(piece)] = [False] * len(piece)
            at = text.find(piece, at + 1)
    return bool(text) and not any(free)
