"""The receipt says what happened to which file and what comes next, and runs nothing."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from watch.clearing import Reason
from watch.folders import Inbox, scan
from watch.receipts import (
    STATUSES,
    Lack,
    Member,
    Receipt,
    next_steps,
    render_receipt,
    write_receipt,
)

RECEIVED = datetime(2014, 10, 31, 16, 30, tzinfo=UTC)
FILED = Receipt(
    "语文10月阶段报告.doc",
    "filed",
    RECEIVED,
    kind_name="学科校本研修工作阶段报告",
    school="蒲城县城关镇第三初级中学附属小学",
    subjects=("语文",),
    period="2014年10月",
    author="王小明",
    number="019a3c2e",
    version=2,
    lacks=(
        Lack("下阶段安排", "写明下个月的活动"),
        Lack("取得成效", empty=True),
        Lack("附件清单", required=False),
    ),
)


def text_of(page: str) -> str:
    body = re.sub(r"<style>.*?</style>|<title>.*?</title>", "", page, flags=re.S)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))


def test_it_says_what_the_file_was_taken_for() -> None:
    text = text_of(render_receipt(FILED))
    for words in (
        "语文10月阶段报告.doc", "2014年11月01日 00:30 收到", "✓ 已归档", "学科校本研修工作阶段报告",
        "蒲城县城关镇第三初级中学附属小学", "语文", "2014年10月", "王小明", "019a3c2e（第 2 版）",
    ):  # fmt: skip
        assert words in text


def test_it_says_what_is_missing_and_how_to_write_it() -> None:
    text = text_of(render_receipt(FILED))
    assert "还缺 2 项" in text
    assert "下阶段安排 ▲ 没有找到 写明下个月的活动" in text
    assert "取得成效 ▲ 有标题无内容" in text
    assert "附件清单 ○ 没有找到（建议）" in text
    assert "补齐" in text


def test_a_complete_file_needs_nothing_more() -> None:
    complete = Receipt("计划.docx", "filed", RECEIVED)
    assert "应有的内容齐全" in text_of(render_receipt(complete))
    assert next_steps(complete) == ["不需要再做什么。"]


def test_a_blank_form_gets_one_instruction() -> None:
    blank = replace(FILED, status="review", blank=True, lacks=(), reasons=("这是一份空白表",))
    assert next_steps(blank) == ["请填写后重新提交。"]
    text = text_of(render_receipt(blank))
    assert "不计入已报" in text
    assert "归档" not in text


def test_advice_alone_is_no_demand() -> None:
    advised = Receipt("x", "filed", RECEIVED, lacks=(Lack("附件清单", required=False),))
    assert "不影响归档" in "".join(next_steps(advised))
    assert "内容不全" not in render_receipt(advised)


def test_an_error_comes_with_its_remedy() -> None:
    error = Reason("encrypted", "文件设有打开密码，无法读取", "请去掉密码后另存一份，重新提交")
    text = text_of(render_receipt(Receipt("x.doc", "quarantined", RECEIVED, error=error)))
    assert "✕ 隔离" in text
    assert error.message + "。" in text
    assert error.remedy + "。" in text
    assert "未能认定" not in text


def test_a_review_says_why_and_that_nobody_need_send_it_again() -> None:
    text = text_of(render_receipt(Receipt("x", "review", RECEIVED, reasons=("没有写明学校",))))
    assert "没有写明学校。" in text
    assert "不需要重新提交" in text
    assert "学校 未能认定" in text


def test_a_duplicate_names_the_original() -> None:
    text = text_of(render_receipt(Receipt("x", "duplicate", RECEIVED, same_as="019a1111")))
    assert "原件 019a1111" in text


def test_a_bundle_lists_its_members() -> None:
    members = (
        Member("语文/报告.doc", "filed", "阶段报告", "019a", 2),
        Member("坏.doc", "quarantined", message="文件已损坏"),
    )
    text = text_of(render_receipt(Receipt("十月.zip", "unpacked", RECEIVED, members=members)))
    assert "压缩包内的文件（2 个）" in text
    assert "语文/报告.doc ✓ 已归档 阶段报告 ▲ 缺 2 项 019a" in text
    assert "坏.doc ✕ 隔离 文件已损坏。" in text
    assert "单独重新提交" in text


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_has_a_page(status: str) -> None:
    assert STATUSES[status][1] in render_receipt(Receipt("x", status, RECEIVED))


def test_nothing_a_sender_writes_becomes_code() -> None:
    evil = "<script>alert(1)</script>{{ 7*7 }}"
    page = render_receipt(
        Receipt(
            evil, "review", RECEIVED, kind_name=evil, title=evil, author=evil, reasons=(evil,),
            lacks=(Lack(evil, evil),), members=(Member(evil, "review", evil, evil, 1, evil),),
            error=Reason("x", evil, evil), office=evil,
        )
    )  # fmt: skip
    assert "<script" not in page
    assert "49" not in page


def test_the_page_stands_alone() -> None:
    page = render_receipt(FILED)
    assert not re.search(r"\b(src|href)=|url\(|@import|https?:", page)


def test_it_is_written_beside_the_others_and_replaced(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, "收件")
    path = write_receipt(inbox, "三中/报告.doc", Receipt("报告.doc", "review", RECEIVED))
    assert path == tmp_path / "回执" / "三中" / "报告.doc.回执.html"
    write_receipt(inbox, "三中/报告.doc", Receipt("报告.doc", "filed", RECEIVED))
    assert "已归档" in path.read_text(encoding="utf-8")
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    assert list(scan(inbox)) == []


def test_a_name_that_is_no_text_gets_a_receipt(tmp_path: Path) -> None:
    raw = "报告.doc".encode("gb18030").decode("utf-8", "surrogateescape")
    assert "\ufffd" in render_receipt(Receipt(raw, "filed", RECEIVED))


def test_a_long_name_gets_a_receipt(tmp_path: Path) -> None:
    name = "长" * 80 + ".docx"
    path = write_receipt(Inbox(tmp_path, "收件"), name, Receipt(name, "filed", RECEIVED))
    assert name in path.read_text(encoding="utf-8")
