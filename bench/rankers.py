"""Search engines to measure: ours, and what one would build in their place, behind one face.

Every peer gets the text folded as ours does it, so that scripts, widths and cases find each other
in all of them: what is compared is the cutting into terms and the ranking.
"""

from __future__ import annotations

import re
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import tantivy

from indexer.engines import Entry, QueryError, Search, open_engine
from indexer.tokens import CJK, WORD_CHARACTER, normal, pair_stream, pairs

_UNITS = re.compile(f"{WORD_CHARACTER}+|[{CJK}]+")
_IDEOGRAPH = re.compile(f"[{CJK}]")


class Ranker(ABC):
    """An index in a folder of its own. `words` and `phrase` give ids, the best first."""

    name: str

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)

    @abstractmethod
    def add(self, entries: Iterable[Entry]) -> None:
        """Index and commit."""

    @abstractmethod
    def finish(self) -> None:
        """Nothing more will be added: merge, give locks back, be ready to be asked."""

    @abstractmethod
    def words(self, text: str, limit: int = 10) -> list[str]:
        """The answer to a question in words."""

    @abstractmethod
    def phrase(self, text: str, limit: int = 10) -> list[str]:
        """The documents that hold the text as it stands."""

    def close(self) -> None:  # noqa: B027 (most have nothing to close)
        """Asked no more."""

    def bytes(self, without: str = "") -> int:
        """On disk; `without` leaves out files of that suffix."""
        files = (p for p in self.folder.rglob("*") if p.is_file())
        return sum(p.stat().st_size for p in files if not without or p.suffix != without)


class Ours(Ranker):
    """One of the engines of the house."""

    def __init__(self, folder: Path, name: str = "tantivy") -> None:
        super().__init__(folder)
        self.name, self.place = f"ours, {name}", folder / "index"
        self.engine_name = name
        self.engine = open_engine(name, self.place, writable=True)

    def add(self, entries: Iterable[Entry]) -> None:
        self.engine.apply(entries)

    def finish(self) -> None:
        self.engine.close()
        self.engine = open_engine(self.engine_name, self.place)

    def words(self, text: str, limit: int = 10) -> list[str]:
        """Nothing for what is no question of the language."""
        try:
            found = self.engine.search(Search(text, limit=limit, snippets=False))
        except QueryError:
            return []
        return [hit.id for hit in found.hits]

    def phrase(self, text: str, limit: int = 10) -> list[str]:
        return self.words(f'"{text}"', limit)

    def close(self) -> None:
        self.engine.close()


class RawTantivy(Ranker):
    """tantivy's BM25 over one field of bigrams."""

    name = "raw tantivy, bigrams"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        builder.add_text_field("text", tokenizer_name="blank")
        builder.add_text_field("shown", stored=True, tokenizer_name="raw", index_option="basic")
        self.schema = builder.build()
        self.index = tantivy.Index(self.schema, path=str(folder))
        blank = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self.index.register_tokenizer("blank", blank)
        self.writer = self.index.writer(64_000_000, 1)
        self.searcher = self.index.searcher()

    def stream(self, text: str) -> str:
        return pair_stream(normal(text))

    def terms(self, text: str) -> list[str]:
        return pairs(normal(text))

    def add(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            text = self.stream(whole(entry))
            self.writer.add_document(tantivy.Document(id=entry.id, text=text, shown=entry.body))
        self.writer.commit()

    def finish(self) -> None:
        self.writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def words(self, text: str, limit: int = 10) -> list[str]:
        terms = [tantivy.Query.term_query(self.schema, "text", t) for t in self.terms(text)]
        return self._ids(
            tantivy.Query.boolean_query([(tantivy.Occur.Should, t) for t in terms]), limit
        )

    def phrase(self, text: str, limit: int = 10) -> list[str]:
        terms: list[str | tuple[int, str]] = list(self.terms(text))
        if len(terms) < 2:
            return self.words(text, limit)
        return self._ids(tantivy.Query.phrase_query(self.schema, "text", terms), limit)

    def _ids(self, query: tantivy.Query, limit: int) -> list[str]:
        hits = self.searcher.search(query, limit).hits
        return [str(self.searcher.doc(address)["id"][0]) for _, address in hits]


class Words(RawTantivy):
    """BM25 over words, as Lucene's analyser for Chinese has them: cut by a dictionary."""

    name = "Lucene-like words"

    def stream(self, text: str) -> str:
        return " ".join(self.terms(text))

    def terms(self, text: str) -> list[str]:
        import rjieba

        return [word for word in rjieba.cut(normal(text)) if _UNITS.search(word)]


class Fts5(Ranker):
    """SQLite FTS5 (its BM25) over the Chinese bigrams and the Latin words; the text in a table."""

    name = "SQLite FTS5, bigrams"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.base = sqlite3.connect(folder / "fts5.sqlite")
        self.base.execute("PRAGMA journal_mode = WAL")
        self.base.execute("CREATE TABLE shown (n INTEGER PRIMARY KEY, id TEXT, body TEXT)")
        self.base.execute(
            "CREATE VIRTUAL TABLE found USING fts5"
            "(text, content='', tokenize='unicode61 remove_diacritics 0')"
        )
        self.count = 0

    def add(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self.count += 1
            text = " ".join(units(normal(whole(entry))))
            self.base.execute("INSERT INTO found (rowid, text) VALUES (?, ?)", (self.count, text))
            self.base.execute(
                "INSERT INTO shown VALUES (?, ?, ?)", (self.count, entry.id, entry.body)
            )
        self.base.commit()

    def finish(self) -> None:
        self.base.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def words(self, text: str, limit: int = 10) -> list[str]:
        distinct = dict.fromkeys(units(normal(text)))
        return self._ids(" OR ".join(f'"{unit}"' for unit in distinct), limit)

    def phrase(self, text: str, limit: int = 10) -> list[str]:
        return self._ids('"' + " ".join(units(normal(text))) + '"', limit)

    def _ids(self, match: str, limit: int) -> list[str]:
        if not match.strip('"'):
            return []
        found = "SELECT rowid FROM found WHERE found MATCH ? ORDER BY rank LIMIT ?"
        numbers = [row[0] for row in self.base.execute(found, (match, limit))]
        shown = "SELECT id FROM shown WHERE n = ?"
        return [self.base.execute(shown, (n,)).fetchone()[0] for n in numbers]

    def close(self) -> None:
        self.base.close()


def whole(entry: Entry) -> str:
    """All its text; headings that stand in the body too count once, as they do with ours."""
    missing = [line for line in entry.headings.splitlines() if line not in entry.body]
    return "\n".join([entry.title, *missing, entry.body])


def units(squeezed: str) -> list[str]:
    """In order: the bigrams of each Chinese run (a lone character as it is), Latin words whole."""
    found: list[str] = []
    for run in _UNITS.findall(squeezed):
        if len(run) > 1 and _IDEOGRAPH.match(run):
            found += [a + b for a, b in pairwise(run)]
        else:
            found.append(run)
    return found
