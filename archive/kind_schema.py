"""The schema of a kind.toml, as data: every key, its type and its closed list of values."""

from __future__ import annotations

from dataclasses import dataclass

UNITS = ("county", "cluster", "school", "group", "teacher")
CUSTODY = ("county", "school")
IDENTITY = ("unit", "subject", "period", "author", "grade", "test")
PERIODS = ("month", "term", "school_year", "calendar_year", "test", "activity", "none")
RETENTION = ("Y", "D30", "D10")
ANCHORS = (
    "month_end",
    "term_start",
    "term_end",
    "school_year_end",
    "calendar_year_end",
    "test",
    "event",
)
PER = ("subject", "grade", "group", "teacher")
FIELD_TYPES = ("text", "unit", "subject", "date", "period", "person", "number", "grade", "test")
GIVEN_BY = ("score_table", "title", "table")

#: Shelves on which the page of forms lays the kinds out, in its order, and their names.
FAMILIES = {
    "plan": "计划与方案",
    "report": "报告与总结",
    "test": "质检",
    "record": "活动记录",
    "teacher": "教师成长",
    "topic": "课题与课程",
    "assessment": "督导与考核",
    "official": "公文与简报",
    "other": "其他",
}
#: How the archive may reckon an item of an evaluation form (archive.prefill.evaluation).
RECKONED = ("on_time", "present", "each", "by_subject", "by_test")

#: Chinese for the types, used in messages.
TYPE_NAMES = {
    "text": "文字",
    "texts": "文字列表",
    "patterns": "正则表达式列表",
    "flag": "true 或 false",
    "number": "整数",
    "table": "表",
    "tables": "表的列表",
    "span": "期限（如 14d、3wd）",
}


@dataclass(frozen=True, slots=True)
class Key:
    """One key: its `type` (a key of TYPE_NAMES), the closed list of its values, its table."""

    type: str
    choices: tuple[str, ...] = ()
    required: bool = False
    table: str = ""


SCHEMA: dict[str, dict[str, Key]] = {
    "": {
        "id": Key("text", required=True),
        "family": Key("text", tuple(FAMILIES)),
        "name": Key("text", required=True),
        "also": Key("texts"),
        "unit": Key("text", UNITS),
        "to": Key("text", UNITS),
        "custody": Key("text", CUSTODY),
        "identity": Key("texts", IDENTITY),
        "period": Key("text", PERIODS),
        "retention": Key("text", RETENTION),
        "note": Key("text"),
        "due": Key("table", table="due"),
        "recognise": Key("table", table="recognise"),
        "field": Key("tables", table="field"),
        "section": Key("tables", table="section"),
        "form": Key("tables", table="form"),
        "item": Key("tables", table="item"),
    },
    "due": {
        "anchor": Key("text", ANCHORS, required=True),
        "offset": Key("span"),
        "grace": Key("span"),
        "per": Key("texts", PER),
    },
    "recognise": {
        "titles": Key("patterns"),
        "names": Key("patterns"),
        "headings": Key("patterns"),
        "words": Key("patterns"),
        "not": Key("patterns"),
        "needs": Key("patterns"),
    },
    "field": {
        "key": Key("text", required=True),
        "also": Key("texts"),
        "type": Key("text", FIELD_TYPES),
        "source": Key("text"),
        "required": Key("flag"),
        "width": Key("number"),
    },
    "section": {
        "name": Key("text", required=True),
        "also": Key("texts"),
        "required": Key("flag"),
        "hint": Key("text"),
        "source": Key("text"),
        "rows": Key("table", table="rows"),
        "given_by": Key("texts", GIVEN_BY),
        "match": Key("patterns"),
        "cues": Key("patterns"),
        "proposed": Key("flag"),
    },
    "form": {
        "id": Key("text"),
        "name": Key("text", required=True),
        "version": Key("text"),
        "proposed": Key("flag"),
        "each": Key("text", UNITS),
        "fields": Key("tables", table="field"),
        "texts": Key("texts"),
        "rows": Key("tables", table="rows"),
        "without": Key("texts"),
    },
    "item": {
        "group": Key("text", required=True),
        "text": Key("text", required=True),
        "way": Key("text"),
        "weight": Key("number", required=True),
        "by": Key("text", RECKONED),
        "kinds": Key("texts"),
    },
    "rows": {
        "name": Key("text", required=True),
        "columns": Key("texts", required=True),
        "blank": Key("number"),
        "source": Key("text"),
    },
}
