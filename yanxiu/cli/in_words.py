"""A record and what happened to it, in words for the person at the screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from archive.words import FIELD, SOURCE, STATUS
from archive.words import event as event_word

NAMES = {
    **FIELD, "kind_name": "文种", "missing": "缺少", "empty": "空着", "missing_fields": "未填",
    "missing_recommended": "建议补上", "reasons": "待核原因", "confidence": "把握", "error": "错误",
}  # fmt: skip
#: What of a record's facts people are told, in order.
TOLD = (
    "title", "status", "kind_name", "unit", "school", "subjects", "covers", "period",
    "school_year", "term", "month", "grade", "test", "author", "date", "missing", "empty",
    "missing_fields", "missing_recommended", "reasons", "confidence", "error",
)  # fmt: skip


def record_words(facts: Mapping[str, Any], called: Mapping[str, str]) -> Iterator[str]:
    """The lines of `yanxiu show`: what is known, the versions, and what each fact rests on.
    `called`: id of a kind or unit -> its name."""
    yield f"编号　{facts['id']}"
    for key in TOLD:
        text = _value(key, facts.get(key))
        if text:
            yield f"{NAMES[key]}　{text}"
    for version in facts["versions"]:
        when = local_time(version["received"])
        yield f"第 {version['n']} 版　{version['name']}　{version['size']} 字节　{when} 收到"
    for one in facts["near"]:
        yield f"近似件　{one['id']}　{one.get('title', '')}"
    for key, found in facts["evidence"].items():
        for one in found:
            name = NAMES.get(key, key)
            value = called.get(one["value"], one["value"])
            yield f"依据·{name}　{value}　「{one['words']}」　{one['place']}"
    yield f"经过 {facts['events']} 条，见 yanxiu history {facts['id']}"


def event_words(event: Mapping[str, Any]) -> str:
    """One line of `yanxiu history`."""
    data = event["data"]
    parts = [local_time(event["at"]), event["actor"] or "系统", event_word(event["type"], data)]
    parts += [f"第 {data['version']} 版"] if data.get("version") else []
    arrival = data.get("arrival")
    if isinstance(arrival, Mapping):
        source = SOURCE.get(arrival.get("source", ""), "")
        parts.append("".join([source, "：" if source else "", str(arrival.get("path", ""))]))
    elif data.get("name"):
        parts.append(str(data["name"]))
    before = data.get("before") or {}
    for key, now in (data.get("after") or {}).items():
        was = _value(key, before.get(key)) or "无"
        parts.append(f"{NAMES.get(key, key)}：{was} → {_value(key, now) or '无'}")
    parts += [f"理由：{data['reason']}"] if data.get("reason") else []
    return "　".join(part for part in parts if part)


def _value(key: str, value: Any) -> str:
    if value in (None, "", [], {}):
        return ""
    if key == "status":
        return STATUS.get(str(value), str(value))
    if key == "term":
        return {1: "第一学期", 2: "第二学期"}.get(value, str(value))
    if key == "period" and isinstance(value, Mapping):
        return str(value["label"])
    if key == "error" and isinstance(value, Mapping):
        return f"{value['message']}；{value['remedy']}"
    if key == "confidence":
        return f"{value:.0%}"
    if isinstance(value, list | tuple):
        return "、".join(str(part) for part in value if part)
    return str(value)


def local_time(instant: str) -> str:
    """An instant as the county's clocks showed it: 2014-10-31 16:05."""
    from yanxiu.settings import CONFIG

    zone = ZoneInfo(CONFIG.county.timezone)
    return datetime.fromisoformat(instant).astimezone(zone).strftime("%Y-%m-%d %H:%M")
