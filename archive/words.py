"""What the catalogue's codes are called where people read them: pages and command line alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: Record.status.
STATUS = {"filed": "已归档", "review": "待核"}
#: Arrival.source.
SOURCE = {"folder": "收件箱", "add": "命令行收件", "upload": "网页上传"}
#: Fields of a record.
FIELD = {
    "kind": "文种",
    "school": "学校",
    "unit": "单位",
    "subject": "学科",
    "subjects": "学科",
    "covers": "涉及学校",
    "school_year": "学年",
    "term": "学期",
    "month": "月份",
    "period": "时段",
    "grade": "年级",
    "test": "考试",
    "author": "作者",
    "title": "标题",
    "date": "日期",
    "status": "状态",
}
_EVENT = {
    "received": "收到，自动归档",
    "version": "收到新版本",
    "duplicate": "收到重复件",
    "quarantined": "隔离",
    "accepted": "确认归档",
    "corrected": "更正",
    "recognised": "识别扫描件的文字，重新判定",
    "relinked": "改挂",
    "merged": "合并",
    "split": "拆分",
}


def event(kind: str, data: Mapping[str, Any]) -> str:
    """What happened, of an event's type and data. An unknown type stands as it is."""
    if kind == "received" and data.get("status") == "review":
        return "收到，转入待核"
    if kind == "recognised" and "error" in data:
        return "扫描件的文字没有认出来"
    return _EVENT.get(kind, kind)


#: Kind.unit (or FormText.each): whom a form is for.
WHO = {
    "county": "县教研室",
    "cluster": "片区",
    "school": "学校",
    "group": "教研组",
    "teacher": "教师",
}
#: Kind.period: how often it is filled in.
OFTEN = {
    "month": "每月",
    "term": "每学期",
    "school_year": "每学年",
    "calendar_year": "每年",
    "test": "每次考试",
    "activity": "每次活动",
    "none": "需要时",
}
