"""Which files are versions of one record."""

from __future__ import annotations

from dataclasses import replace

from filing_papers import county, paper

from archive.filing import Clues, Filing, identity_key, propose
from archive.kind_files import BUILTIN, load_kinds

KINDS = load_kinds(BUILTIN)
COUNTY = county()
BODY = "本月全组听课四节，集体备课两次，课后评议，学生进步明显。"


def filed(*lines: str) -> Filing:
    return propose(paper(*lines), Clues("1.docx"), KINDS, COUNTY)


def key(filing: Filing) -> str | None:
    return identity_key(filing, KINDS[filing.kind or ""])


def test_the_same_report_sent_again_has_the_same_key() -> None:
    first = filed("孙镇初中语文组2014年10月阶段报告", BODY, "2014年10月30日")
    again = filed("语文组10月阶段报告", "孙镇初级中学", BODY, "补充一条。", "2014年11月2日")
    assert key(first) == key(again) is not None


def test_another_month_subject_or_school_is_another_record() -> None:
    titles = (
        "孙镇初中语文组2014年10月阶段报告",
        "孙镇初中语文组2014年11月阶段报告",
        "孙镇初中数学组2014年10月阶段报告",
        "高阳初中语文组2014年10月阶段报告",
    )
    assert len({key(filed(title, BODY)) for title in titles}) == 4


def test_no_key_where_a_value_is_unknown_or_every_file_is_a_record() -> None:
    assert key(filed("孙镇初中2014年10月阶段报告", BODY)) is None
    assert key(filed("《背影》教学反思", "孙镇初中  王淑霞", "学生很投入。")) is None


def test_a_key_is_of_the_filing_s_own_kind_only() -> None:
    filing = filed("孙镇初中语文组2014年10月阶段报告", BODY)
    assert identity_key(filing, KINDS["group_plan"]) is None


def test_tests_are_told_apart_by_term_and_monthly_ones_by_month() -> None:
    lines = ("孙镇初中八年级数学期中质量分析", "分析人：李雪", BODY)
    autumn, spring = filed(*lines, "2014年11月20日"), filed(*lines, "2015年5月4日")
    assert None not in (key(autumn), key(spring))
    assert key(autumn) != key(spring)
    monthly = ("孙镇初中八年级数学月考质量分析", "分析人：李雪", BODY)
    assert key(filed(*monthly, "2014年10月10日")) != key(filed(*monthly, "2014年12月10日"))


def test_the_order_of_subjects_does_not_matter() -> None:
    filing = filed("孙镇初中理化组2014年10月阶段报告", BODY)
    assert len(filing.subjects) == 2
    assert key(filing) == key(replace(filing, subjects=filing.subjects[::-1]))
