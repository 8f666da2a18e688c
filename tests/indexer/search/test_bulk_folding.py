"""Many texts folded and cut at once are what each is alone."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.bulk import folded_with_map, normal_all, streams
from indexer.engines import Entry
from indexer.engines.records import record, records
from indexer.engines.tantivy_documents import _ENTRIES, documents
from indexer.folding import _mapped, fold, is_mark
from indexer.tokens import BORDER, LONGEST_WORD, normal, pair_stream, unit_stream

#: Both scripts, widths, signs that grow, vanish or compose, white space, marks of our own.
ODD = "学習Ｋk１a㎡①…ﬁİß\u0301か\u3099\u200b\ufe0f　 \n\t\x00\x1f\x85\u2028"
ODD += "\u2423\ud800\u1100\u1161😀𠮷,"
texts = st.lists(st.text(st.sampled_from(ODD) | st.characters(), max_size=12), max_size=6)


@given(texts)
@example(["ab", " cd", "校 本 ", "", "k 12"])
@settings(deadline=None)  # the first example loads numpy
def test_folded_together_each_is_as_alone(found: list[str]) -> None:
    assert normal_all(found) == [normal(text) for text in found]


@given(st.text(st.sampled_from(ODD) | st.characters(), max_size=40))
@settings(deadline=None)
def test_a_map_made_by_arrays_is_the_one_made_without(text: str) -> None:
    folded = folded_with_map(text)
    assert folded is not None or any(is_mark(character) for character in text)
    if folded is not None:
        assert folded.text == fold(text)
        for i in range(len(folded.text)):
            assert folded.original(i, i + 1) == _mapped(text).original(i, i + 1)


@given(texts)
@example(["", "校", "2014年度k12", "a" * (LONGEST_WORD + 1), f"题{BORDER}文k{BORDER}k"])
@settings(deadline=None)
def test_cut_together_each_is_as_alone(found: list[str]) -> None:
    squeezed = [text if BORDER in text else normal(text) for text in found]
    for text, (pairs, units) in zip(squeezed, streams(squeezed), strict=True):
        assert pairs.split(" ") == pair_stream(text).rstrip(" ").split(" ")
        assert sorted(units.split(" ")) == sorted(unit_stream(text).split(" "))


def test_records_made_together_are_those_made_alone() -> None:
    made = [
        Entry("a", "教研計劃 K12", "一、目標\n二、安排", "目標：……\n安排 e\u0301cole"),
        Entry("b", "", "", ""),
        Entry(
            "c", "㈠总结", "", "２０１４ 年度", {"school": ["一中"]}, labels={"school": ["壹中"]}
        ),
    ]
    assert records(made) == [record(entry) for entry in made]


def test_every_entry_is_a_document_whatever_the_portions() -> None:
    put = [Entry(f"r{n}", "题", "", "字" * (60_000 if n == 3 else 5)) for n in range(_ENTRIES + 9)]
    assert [entry_id for entry_id, _ in documents(iter(put))] == [entry.id for entry in put]
