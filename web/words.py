"""The Chinese words of the pages: names for ids and codes, dates, sizes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from archive import house
from archive.models import Arrival
from archive.register import Register
from archive.words import FIELD as FIELD
from archive.words import SOURCE as SOURCE
from archive.words import STATUS as STATUS
from archive.words import event as event
from indexer.errors import READ_ERRORS

#: The register of the request in hand: one look at the catalogue a page, not one a name.
_register: ContextVar[Register | None] = ContextVar("register", default=None)

#: Arrival.outcome.
OUTCOME = {
    "filed": "已归档",
    "review": "待核",
    "duplicate": "重复件",
    "quarantined": "已隔离",
    "ignored": "按规则略过",
    "unpacked": "已解包",
}
#: Arrival.state while it is under way.
STATE = {
    "staged": "已收，正在读取",
    "decided": "已读，正在归档",
    "committed": "已归档，正在编入检索",
}
SECTION = {
    "present": ("ok", "✓", "有"),
    "empty": ("part", "▲", "空"),
    "missing": ("bad", "✕", "缺"),
}
TERM = {"1": "第一学期", "2": "第二学期"}
FACET = {
    "kind": "文种",
    "school": "学校",
    "cluster": "片区",
    "subject": "学科",
    "school_year": "学年",
    "term": "学期",
    "month": "月份",
    "author": "作者",
    "completeness": "完整性",
    "status": "状态",
    "grade": "年级",
    "section": "章节",
}
#: What is offered while one types: facets, and these.
OFFERED = {**FACET, "phrase": "常用语", "title": "材料"}
ROLE = {"county": "县教研室", "school": "学校"}


def forget() -> None:
    """A new request begins: the next name is looked up in the register then in force."""
    _register.set(None)


def register() -> Register:
    """The register in force. Raises ArchiveError('no_register')."""
    known = _register.get()
    if known is None:
        known = house.current().register
        _register.set(known)
    return known


def unit(unit_id: str | None) -> str:
    """The short name of a unit; the id itself where the register does not know it."""
    if not unit_id:
        return ""
    found = register().units.get(unit_id)
    return found.name if found else unit_id


def kind(kind_id: str | None) -> str:
    if not kind_id:
        return "文种未定"
    if kind_id == "unrelated":
        return "无关材料"
    found = house.current().kinds.get(kind_id)
    return found.name if found else kind_id


def units(ids: Sequence[str]) -> str:
    return "、".join(unit(i) for i in ids)


def facet_value(facet: str, value: str) -> str:
    """A value of an index facet (archive.entries) in words."""
    named: dict[str, Callable[[str], str]] = {
        "term": term,
        "month": month,
        "school_year": lambda v: f"{v}学年",
    }
    return named.get(facet, str)(value)


def term(value: str) -> str:
    """2014-2015学年第一学期 from 2014-2015-1."""
    year, _, number = value.rpartition("-")
    return f"{year}学年{TERM[number]}" if number in TERM else value


def day(value: date | datetime | str | None) -> str:
    """2014-10-31, for tables."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return value.isoformat() if isinstance(value, date) else (value or "")


def long_day(value: date | datetime | str | None) -> str:
    """2014年10月31日, for text."""
    iso = day(value)
    parts = iso.split("-")
    if len(parts) != 3 or not all(p.isdigit() for p in parts):
        return iso
    return f"{int(parts[0])}年{int(parts[1])}月{int(parts[2])}日"


def today() -> date:
    """The county's day."""
    return timezone.localdate()


def minute(value: datetime | None) -> str:
    """2014-10-31 09:05 in the county's zone."""
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else ""


def month(value: str) -> str:
    """2014年10月 from 2014-10."""
    year, dash, number = value.partition("-")
    if not dash or not (year + number).isdigit() or len(number) > 2:
        return value
    return f"{year}年{int(number)}月"


def size(octets: int) -> str:
    """1,234 字节, 12.3 KB, 4.5 MB."""
    if octets < 1024:
        return f"{octets} 字节"
    if octets < 1024 * 1024:
        return f"{octets / 1024:.1f} KB"
    return f"{octets / 1024 / 1024:.1f} MB"


def count(number: int) -> str:
    return f"{number:,}"


def percent(share: float) -> str:
    return f"{share * 100:.0f}%"


def section(finding: dict[str, Any]) -> tuple[str, str, str]:
    """(style, sign, word) of a section's finding; what is only recommended is no fault."""
    style, sign, word = SECTION[finding["state"]]
    if finding["state"] != "present" and not finding["required"]:
        return "none", "○", word
    return style, sign, word


def arrival_state(state: str) -> str:
    """How far an arrival under way has come."""
    return STATE.get(state, "正在处理")


def said(error: dict[str, Any]) -> tuple[str, str]:
    """(sentence, remedy) of an error kept with an arrival or a record."""
    known = READ_ERRORS.get(
        error.get("code", ""), ("未能处理这个文件", "请重新提交，仍不行请告诉管理员")
    )
    return error.get("message") or known[0], error.get("remedy") or known[1]


def file_name(arrival: Arrival) -> str:
    """The file's own name, of the member where it came in a bundle."""
    return (arrival.member or arrival.path).replace("\\", "/").rstrip("/").rpartition("/")[2]


FILTERS: dict[str, Callable[..., Any]] = {
    "unit": unit,
    "units": units,
    "kind": kind,
    "day": day,
    "long_day": long_day,
    "minute": minute,
    "month": month,
    "size": size,
    "count": count,
    "percent": percent,
}
