"""The reading of a scanned file with the text of its recognised pages in place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from indexer import readers, scans
from indexer.errors import ReadError
from indexer.ocr.pages import Page
from indexer.readers.flow import joined_pages, without_running_heads
from indexer.reading import Block, Reading

#: Below this confidence a page is to be compared with its original. Made pages whose characters
#: are all right have 0.97 and more; at 0.95 about one in twenty is wrong, at 0.9 one in ten.
DOUBTFUL = 0.95

_FAILED = {
    "timeout": "识别文字用时过长，已停止",
    "too_large": "图片过大，没有识别",
}


def assemble(reading: Reading, pages: Mapping[int, Page | ReadError]) -> Reading:
    """`reading` with the text of `pages`, by number, where it belongs.

    Pages that failed, and those that are not given, stay in `scanned`. `metadata["recognised"]`
    names the engine. Raises ReadError("empty") only where the reading held nothing before.
    """
    done = {n: p for n, p in pages.items() if n in reading.scanned and isinstance(p, Page)}
    failed = {n: e for n, e in pages.items() if n in reading.scanned and isinstance(e, ReadError)}
    waiting = [number for number in reading.scanned if number not in done]
    blocks = _set_in(reading.blocks, done)
    left_out = (
        *scans.notes([number for number in waiting if number not in failed]),
        *_failures(failed),
        *_doubts(done, blocks),
        *scans.without_notes(reading.left_out),
    )
    codes = [*reading.codes, *(code for page in done.values() for code in page.codes)]
    engines = dict.fromkeys(page.engine for page in done.values() if page.engine)
    return readers.finish(
        replace(
            reading,
            status="partial" if left_out else "complete",
            blocks=tuple(_joined(blocks, waiting, _count(reading))),
            left_out=left_out,
            scanned=tuple(waiting),
            codes=tuple(dict.fromkeys(codes)),
            metadata=reading.metadata | ({"recognised": "、".join(engines)} if engines else {}),
        )
    )


def _set_in(blocks: Sequence[Block], done: Mapping[int, Page]) -> list[Block]:
    """The blocks with those of recognised pages before whatever stands on a later page. What the
    file itself told of such a page gives way, unless it is more than was recognised."""
    ordered: list[Block] = []
    rest = sorted(done)
    for number, group in groupby(blocks, key=lambda block: block.page):
        given = list(group)
        while rest and number is not None and rest[0] < number:
            ordered += done[rest.pop(0)].blocks
        if rest and rest[0] == number:
            page = done[rest.pop(0)]
            told = sum(len("".join(block.text.split())) for block in given)
            ordered += page.blocks if page.length >= told else given
        else:
            ordered += given
    return [*ordered, *(block for number in rest for block in done[number].blocks)]


def _count(reading: Reading) -> int:
    pages = reading.metadata.get("pages", "")
    return int(pages) if pages.isdigit() else max(reading.scanned, default=1)


def _joined(blocks: Sequence[Block], waiting: Sequence[int], pages: int) -> Iterator[Block]:
    """Paragraphs torn by the end of a page joined, but not across a page that still waits."""
    runs = groupby(blocks, key=lambda block: sum(number < (block.page or 0) for number in waiting))
    whole = [block for _, run in runs for block in joined_pages(list(run))]
    return iter(without_running_heads(whole, pages))


def _failures(failed: Mapping[int, ReadError]) -> Iterator[str]:
    by_reason: dict[str, list[int]] = {}
    for number, error in sorted(failed.items()):
        by_reason.setdefault(_FAILED.get(error.code, "图片打不开，没有识别"), []).append(number)
    for reason, numbers in by_reason.items():
        yield f"第 {scans.spans(numbers)} 页{reason}"


def _doubts(done: Mapping[int, Page], blocks: Sequence[Block]) -> Iterator[str]:
    """Which pages are to be looked at by a person."""
    if done and not any(block.text.strip() for block in blocks):
        yield "图片里没有认出文字"
        return
    unclear = [n for n, page in done.items() if page.length and page.confidence < DOUBTFUL]
    if unclear:
        yield f"第 {scans.spans(unclear)} 页识别不清，请对照原件"
