"""Laws of the outline, over generated documents and over any text at all."""

from __future__ import annotations

import time
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from made_outlines import Made, documents

from indexer.folding import fold, load_table
from indexer.outline import Recovered, recover
from indexer.reading import Block

_TRADITIONAL = {new: old for old, new in load_table().items() if new not in load_table()}
_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def _bare(text: str) -> str:
    return "".join(text.split())


def _found(recovered: Recovered) -> list[tuple[int, str, str]]:
    return [(item.level, _bare(item.title), _bare(item.body)) for item in recovered.outline]


def _true(made: Made) -> list[tuple[int, str, str]]:
    return [(level, _bare(title), _bare(body)) for level, title, body in made.outline]


@settings(max_examples=80, deadline=None)
@given(documents(ranked=True))
def test_the_outline_of_a_paper_is_its_tree_of_headings(made: Made) -> None:
    assert _found(recover(made.blocks)) == _true(made)


@settings(max_examples=80, deadline=None)
@given(documents())
def test_levels_go_by_first_appearance_whatever_the_order_of_the_numbers(made: Made) -> None:
    assert _found(recover(made.blocks)) == _true(made)


@settings(max_examples=40, deadline=None)
@given(documents(ranked=True), st.booleans())
def test_script_and_width_make_no_difference(made: Made, traditional: bool) -> None:
    table = str.maketrans(_TRADITIONAL) if traditional else _HALF
    blocks = [replace(block, text=block.text.translate(table)) for block in made.blocks]
    found = [(level, fold(title), fold(body)) for level, title, body in _found(recover(blocks))]
    assert found == [(level, fold(title), fold(body)) for level, title, body in _true(made)]


@settings(max_examples=60, deadline=None)
@given(documents())
def test_what_was_recovered_is_recovered_again(made: Made) -> None:
    first = recover(made.blocks)
    assert recover(first.blocks) == first


_ALPHABET = "一二三、（）(1.２①lA第章节目标措施年级：:。，； \t\n\u3000教学反思重点表20"
_TEXTS = st.one_of(
    st.text(_ALPHABET, max_size=40),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
)


@st.composite
def _blocks(draw: st.DrawFn) -> Block:
    text = draw(_TEXTS)
    kind = draw(st.sampled_from(("paragraph", "paragraph", "heading", "note", "header", "table")))
    if kind == "table":
        rows = draw(st.lists(st.lists(_TEXTS, min_size=2, max_size=2).map(tuple), max_size=3))
        return Block("table", "\n".join("\t".join(row) for row in rows), rows=tuple(rows))
    if kind == "heading":
        text = text.replace("\n", " ")
    return Block(
        kind,
        text,
        level=draw(st.integers(0, 9)) if kind == "heading" else 0,
        bold=draw(st.booleans()),
        centred=draw(st.booleans()),
        lead=draw(st.integers(0, len(text))),
        size=draw(st.sampled_from((0.0, 10.5, 22.0))),
        by="style" if kind == "heading" else "",
    )


def _unmarked(block: Block) -> Block:
    """The block without what recovery says of it."""
    kind = "paragraph" if block.kind == "heading" else block.kind
    return replace(block, kind=kind, level=0, by="", place="")


@settings(max_examples=100, deadline=None)
@given(st.lists(_blocks(), max_size=10))
def test_no_text_fails_or_is_changed(blocks: list[Block]) -> None:
    recovered = recover(blocks)
    assert [_unmarked(block) for block in recovered.blocks] == [_unmarked(b) for b in blocks]
    order = [item.block for item in recovered.outline]
    assert order == sorted(order)
    assert all(item.title and item.level >= 0 for item in recovered.outline if item.by != "cell")
    again = recover(recovered.blocks)
    assert [(i.level, i.title, i.body) for i in again.outline] == [
        (i.level, i.title, i.body) for i in recovered.outline
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(_ALPHABET, max_size=30), min_size=1, max_size=12))
def test_the_outermost_sections_divide_the_text(texts: list[str]) -> None:
    """No line is lost or told twice: what stands in one outermost section stands in no other."""
    blocks = [Block("paragraph", f"{text}#{n}") for n, text in enumerate(texts)]
    bodies = [item.body for item in recover(blocks).outline if item.level == 1]
    for n in range(len(texts)):
        assert sum(body.count(f"#{n}\n") + body.endswith(f"#{n}") for body in bodies) <= 1


def _seconds(blocks: list[Block]) -> float:
    started = time.process_time()
    recover(blocks)
    return time.process_time() - started


def test_the_time_grows_with_the_length_only() -> None:
    """Ten times the blocks take less than twenty times as long."""
    lines = [
        "一、目标",
        "各校要认真制定计划，每周活动一次。",
        "（一）做法",
        "1、听课。2、评课。",
        "2015年9月",
    ]
    few = [Block("paragraph", line) for line in lines * 100]
    recover(few)
    assert _seconds(few * 10) < 20 * max(_seconds(few), 0.01)


def test_a_paragraph_of_any_length_takes_little_time() -> None:
    for piece in ("一 ", ". ", "（1）", "：", "。1、", "…", "教 学 ", "\n", "一、甲\n"):
        block = Block("paragraph", piece * (40_000 // len(piece)), lead=3, bold=True)
        assert _seconds([block, block]) < 4
