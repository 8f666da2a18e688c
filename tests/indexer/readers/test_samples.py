"""Every real sample through the pool: a reading or a code, in time; and the papers' sections."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.errors import ReadError
from indexer.pool import ReaderPool
from indexer.reading import Reading

#: Sections of the filing samples under the names that teachers gave them.
_NAMES = {
    "工作开展情况": "工作开展|工作開展|走过的路|活动情况|活动概况|本月工作",
    "取得成效": "成效|变化|收获",
    "存在问题": "问题|难题|不足",
    "下阶段安排": "下一?阶段|下階段|打算",
    "教学现状分析": "现状|情况分析",
    "研修内容": "研修内容|研修重点",
    "月研修任务": "月研修任务|分月安排|行事历",
    "学校教学状况": "教学状况|现状",
    "研修组织机构": "组织机构",
    "学科及参与教师名单": "教师名单",
    "目标与任务": "目标",
    "考试基本情况": "基本情况|总体情况|成绩|概况",
    "试卷分析": "试卷分析|试题",
    "存在问题与原因": "问题",
    "改进措施": "改进|措施",
    "教学内容": "教学内容|课题",
    "反思内容": "反思|得|失|成功",
    "改进设想": "改进|设想",
}
#: Given in running text or by the title, not under a heading of their own.
_IN_PROSE = {
    ("1.doc", "*"),
    ("化学 4月.doc", "*"),
    ("体育课反思.docx", "教学内容"),
}


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    with ReaderPool(2) as made:
        yield made


def papers(samples: Path) -> list[tuple[str, list[str]]]:
    lines = (samples / "filing" / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    readable = ("docx", "doc", "xlsx", "pptx")
    return [
        (row["file"], row["present"])
        for row in rows
        if row["present"] and row["true_format"] in readable
    ]


def test_sections_of_the_papers_are_seen(pool: ReaderPool, samples: Path) -> None:
    missing = []
    for name, sections in papers(samples):
        reading = pool.read(samples / "filing" / "files" / name)
        titles = " ".join(item.title for item in reading.outline)
        for section in sections:
            prose = (name, section) in _IN_PROSE or (name, "*") in _IN_PROSE
            if not prose and not re.search(_NAMES[section], titles):
                missing.append((name, section))
    assert missing == []


def test_every_paper_has_its_title(pool: ReaderPool, samples: Path) -> None:
    untitled = [
        name
        for name, _ in papers(samples)
        if not pool.read(samples / "filing" / "files" / name).title
    ]
    assert untitled == []


def test_every_foreign_file_ends_in_a_reading_or_a_code(pool: ReaderPool, samples: Path) -> None:
    files = sorted(path for path in (samples / "files").rglob("*") if path.is_file())
    orders = [(path, pool.submit(path)) for path in files]
    codes: dict[str, str] = {}
    readings: dict[str, Reading] = {}
    for path, order in orders:
        try:
            readings[path.name] = order.result()
        except ReadError as error:
            codes[path.name] = error.code
    assert len(readings) + len(codes) == len(files)
    assert not [name for name, code in codes.items() if code in ("timeout", "too_large")]
    assert codes["bug53475-password-is-pass.docx"] == "encrypted"
    assert "innertable.doc" in readings
    suffixes = (".docx", ".docm", ".pdf")
    unread = {name for name, code in codes.items() if name.endswith(suffixes) and code == "corrupt"}
    assert {name for name in unread if not name.startswith("clusterfuzz")} == set()
