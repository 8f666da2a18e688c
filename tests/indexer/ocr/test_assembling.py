"""Recognised pages set into a reading, on values."""

from __future__ import annotations

from indexer import ocr, scans
from indexer.errors import ReadError
from indexer.ocr.pages import Page
from indexer.reading import Block, Reading

LONG = "四月份语文组以读写结合为主题开展研修并两次集体备课由主备人分别说课然后大家"


def block(text: str, page: int, kind: str = "paragraph") -> Block:
    return Block(kind, text, page=page)  # type: ignore[arg-type]


def recognised(*texts: str, number: int, confidence: float = 0.99) -> Page:
    return Page(tuple(block(t, number) for t in texts), (), confidence, 4.0, "rapidocr")


def scan(count: int, *blocks: Block, left_out: tuple[str, ...] = ()) -> Reading:
    pages = tuple(range(1, count + 1))
    pages = tuple(n for n in pages if n not in {b.page for b in blocks})
    notes = (*scans.notes(pages), *left_out)
    metadata = {"pages": str(count)}
    return Reading("pdf", "partial", blocks, (), {}, metadata, notes, pages)


def test_a_scan_becomes_a_complete_reading() -> None:
    page = recognised("阶段报告", "一、工作开展情况", "听课十二节。", number=1)
    done = ocr.assemble(scan(1), {1: page})
    assert (done.status, done.scanned, done.left_out) == ("complete", (), ())
    assert done.metadata["recognised"] == "rapidocr"
    assert [item.title for item in done.outline] == ["阶段报告", "工作开展情况"]


def test_paragraphs_torn_by_the_end_of_a_page_are_joined() -> None:
    pages = {1: recognised(LONG, number=1), 2: recognised("一起议课直到放学。", number=2)}
    done = ocr.assemble(scan(2), pages)
    assert [b.text for b in done.blocks] == [LONG + "一起议课直到放学。"]


def test_nothing_is_joined_across_a_page_that_waits() -> None:
    pages = {1: recognised(LONG, number=1), 3: recognised("一起议课直到放学。", number=3)}
    done = ocr.assemble(scan(3), pages)
    assert [b.page for b in done.blocks] == [1, 3]
    assert (done.scanned, done.left_out) == ((2,), ("第 2 页是图片，文字待识别",))


def test_page_numbers_fall_away_and_running_heads_are_kept_once() -> None:
    pages = {
        n: recognised("兴镇初中教研室", f"第{n}页的第一段文字。", f"- {n} -", number=n)
        for n in (1, 2, 3)
    }
    done = ocr.assemble(scan(3), pages)
    assert [b.text for b in done.blocks if b.kind == "header"] == ["兴镇初中教研室"]
    assert not any(b.text.startswith("-") for b in done.blocks)


def test_what_was_printed_over_a_scan_gives_way_to_what_is_recognised() -> None:
    reading = Reading(
        "pdf", "partial", (block("No. 17", 1), block("后一页的文字。", 2)),
        left_out=scans.notes([1]), scanned=(1,),
    )  # fmt: skip
    done = ocr.assemble(reading, {1: recognised("No. 17 评估表的全文在此。", number=1)})
    assert [b.text for b in done.blocks] == ["No. 17 评估表的全文在此。", "后一页的文字。"]
    kept = ocr.assemble(reading, {1: recognised(number=1, confidence=0.0)})
    assert [b.text for b in kept.blocks] == ["No. 17", "后一页的文字。"]


def test_doubtful_pages_are_named_together() -> None:
    pages = {n: recognised("看不大清的字。", number=n, confidence=0.8) for n in (1, 2, 4)}
    pages[3] = recognised("清楚的字。", number=3)
    done = ocr.assemble(scan(4), pages)
    assert done.left_out == ("第 1—2、4 页识别不清，请对照原件",)
    assert done.status == "partial"


def test_failed_pages_stay_and_say_why() -> None:
    pages = {1: recognised("第一页。", number=1), 2: ReadError("timeout"), 3: ReadError("corrupt")}
    done = ocr.assemble(scan(3), pages)
    assert done.scanned == (2, 3)
    assert done.left_out == (
        "第 2 页识别文字用时过长，已停止",
        "第 3 页图片打不开，没有识别",
    )


def test_other_notes_are_kept() -> None:
    done = ocr.assemble(scan(1, left_out=("附件“a.doc”没有读",)), {1: recognised("字。", number=1)})
    assert done.left_out == ("附件“a.doc”没有读",)


def test_notes_of_readers_that_only_tell_of_a_picture_go_too() -> None:
    reading = Reading("ofd", "partial", (), left_out=("第 1 页是图片，没有文字",), scanned=(1,))
    assert ocr.assemble(reading, {1: recognised("字。", number=1)}).left_out == ()


def test_a_photograph_without_writing_is_a_partial_reading() -> None:
    reading = Reading("jpg", "partial", (), left_out=scans.notes([1]), scanned=(1,))
    done = ocr.assemble(reading, {1: Page((), (), 0.0, 1.0, "rapidocr")})
    assert (done.status, done.blocks, done.scanned) == ("partial", (), ())
    assert done.left_out == ("图片里没有认出文字",)


def test_codes_are_kept_once() -> None:
    reading = Reading(
        "jpg", "partial", (), left_out=scans.notes([1]), scanned=(1,), codes=("表单-1",)
    )
    page = Page((block("字。", 1),), ("表单-1", "表单-2"), 0.99, 1.0, "rapidocr")
    assert ocr.assemble(reading, {1: page}).codes == ("表单-1", "表单-2")


def test_a_page_crosses_a_process_border() -> None:
    table = Block("table", "甲\t乙", rows=(("甲", "乙"),), merged=((0, 1),), page=2)
    page = Page((table,), ("表单-1",), 0.97, 3.2, "rapidocr")
    assert Page.from_json(page.to_json()) == page
