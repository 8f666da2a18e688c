"""The forms that come with the house, and invented values that fill them as a school would."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from archive.kind_files import load_kinds
from archive.kinds import Kind
from generator import Form, FormSpec, compile_form

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
SHIPPED = ("school_plan", "stage_report", "qa_report")
LONG_NAME = "蒲城县城关镇第三初级中学附属小学"

KNOWN: dict[str, dict[str, Any]] = {
    "school_plan": {
        "县名": "蒲城县",
        "学校": LONG_NAME,
        "学期": "2014-2015学年第一学期",
        "负责人": "陈志强",
        "日期": "2014-09-05",
    },
    "stage_report": {
        "县名": "蒲城县",
        "学校": LONG_NAME,
        "学科": "语文",
        "报告时间": "2014年10月",
        "填报人": "张晓燕",
    },
    "qa_report": {
        "县名": "蒲城县",
        "学校": LONG_NAME,
        "学科": "数学",
        "年级": "八年级",
        "考试名称": "2014年秋期中质量检测",
        "任课教师": "欧阳建华",
        "日期": "2014-11-12",
    },
}

_LINES = "1．组织集体备课四次，听评课六节。\n2．开展专题讲座一次。\n3．整理资料，按时上报。"
_TEXT = "学校现有教学班十八个，专任教师六十四人，研修制度健全，过程资料积累不足，青年教师占比较高。"

WRITTEN: dict[str, dict[str, Any]] = {
    "school_plan": {
        "学校教学状况": _TEXT + _TEXT,
        "机构": [("组长", "陈志强", "全面负责"), ("副组长", "刘芳", "日常工作与资料审核")],
        "研修组织机构": "办公室设在教导处。",
        "教师": [(f"教师{n}", "语文", "教师", "读写结合课例研究") for n in range(1, 8)],
        "目标与任务": _LINES,
        "指导思想": _TEXT,
        "研修重点": _LINES,
        "研修措施": _LINES,
        "安排": [(f"{month}月", "同课异构，片区听评课", "刘芳") for month in (9, 10, 11, 12, 1)],
        "保障措施": _TEXT,
    },
    "stage_report": {
        "活动": [
            ("10月9日", "集体备课", "《岳阳楼记》单元整体教学设计", "张晓燕", 12),
            ("10月16日", "听课评课", "同课异构：《故乡》", "李建国、王敏", 15),
            ("10月23日", "专题讲座", "作文分层指导的课堂策略", "赵淑芳", 26),
        ],
        "工作开展情况": _TEXT,
        "取得成效": _LINES,
        "存在问题": _TEXT,
        "下阶段安排": _LINES,
        "附件清单": "1．集体备课记录4份；2．活动图片8张。",
    },
    "qa_report": {
        "成绩": [
            (f"八（{n}）班", 48 + n, 76.5 + n, "82.1%", "31.5%", "4.2%", 118, 23, "欧阳建华")
            for n in range(1, 5)
        ],
        "考试基本情况": "应考203人，实考201人，年级平均分79.0分，及格率82.6%，优秀率32.0%。",
        "试卷分析": _TEXT,
        "存在问题与原因": _LINES,
        "改进措施": _LINES,
        "答题情况分项分析": _TEXT,
    },
}


@lru_cache
def kind_of(kind_id: str) -> Kind:
    return load_kinds(TEMPLATES / "kinds")[kind_id]


def shipped(kind_id: str) -> Form:
    kind = kind_of(kind_id)
    spec = FormSpec.of(kind.id, kind.name, "1", kind.fields, kind.sections)
    return compile_form(TEMPLATES / "kinds" / kind_id / "form.docx", spec)


def values(kind_id: str, mode: str) -> dict[str, Any]:
    """What is handed over in each of the three ways."""
    if mode == "blank":
        return {"县名": "蒲城县"}
    return KNOWN[kind_id] if mode == "prefilled" else {**KNOWN[kind_id], **WRITTEN[kind_id]}
