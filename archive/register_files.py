"""A register file as plain data: JSON, TOML, or XLSX with one sheet for each key.

This module only reads; `archive.register_import` checks what was read and makes a Register.
"""

from __future__ import annotations

import json
import re
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

#: A county of 400 schools and 10,000 teachers is below 2 MB; more than this is some other file.
MAX_BYTES = 20_000_000
MAX_UNPACKED = 200_000_000
MAX_ROWS = 100_000

Rows = list[list[str]]

#: Chinese sheet and column names for those who fill in tables.
CHINESE_KEYS: dict[str, str] = {
    "县": "county",
    "县区": "county",
    "县名": "county",
    "启用日期": "valid_from",
    "生效日期": "valid_from",
    "默认学段": "stage",
    "片区": "clusters",
    "学校": "schools",
    "全称": "official_names",
    "学校全称": "official_names",
    "别名": "aliases",
    "学段": "stages",
    "部": "departments",
    "隶属": "departments",
    "学科": "subjects",
    "学段学科": "subjects_by_stage",
    "学校学科": "subjects_by_school",
    "教研组": "groups",
    "教师": "teachers",
    "学期": "terms",
    "校历": "terms",
    "来源": "source",
    "备注": "note",
}
CHINESE_COLUMNS: dict[str, str] = {
    "序号": "no",
    "编号": "no",
    "名称": "name",
    "片区": "name",
    "姓名": "name",
    "教研组": "name",
    "类型": "type",
    "中心校": "centre",
    "研修中心校": "centre",
    "成员校": "members",
    "联片研修校": "members",
    "学校": "school",
    "学科": "subjects",
    "职务": "roles",
    "角色": "roles",
    "学年": "school_year",
    "学期": "term",
    "开始": "start",
    "开学": "start",
    "开始日期": "start",
    "结束": "end",
    "放假": "end",
    "结束日期": "end",
    "节假日": "holidays",
    "调休上班": "workdays",
    "考试": "tests",
}
LIST_COLUMNS = frozenset({"members", "subjects", "roles", "holidays", "workdays"})


class RegisterFileError(Exception):
    """The file cannot be read at all; `place` and `message` are Chinese."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(f"{place}: {message}")
        self.place = place
        self.message = message


def read_register_file(path: Path) -> dict[str, Any]:
    """The keys and values of a register file. RegisterFileError when it cannot be read."""
    readers: dict[str, Callable[[Path], Any]] = {
        ".json": _read_json,
        ".toml": _read_toml,
        ".xlsx": _read_xlsx,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise RegisterFileError(path.name, "登记表只能是 .json、.toml 或 .xlsx 文件")
    try:
        if path.stat().st_size > MAX_BYTES:
            raise RegisterFileError(path.name, "文件过大，不像是登记表")
        data = reader(path)
    except OSError as error:
        raise RegisterFileError(path.name, f"文件打不开：{error.strerror or error}") from error
    if not isinstance(data, dict):
        raise RegisterFileError(path.name, "登记表应当是一组“键: 值”")
    return data


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8-sig"), object_pairs_hook=_no_key_twice)
    except json.JSONDecodeError as error:
        place = f"{path.name} 第 {error.lineno} 行第 {error.colno} 列"
        raise RegisterFileError(place, "JSON 格式有误") from error
    except UnicodeDecodeError as error:
        raise RegisterFileError(path.name, "文件不是 UTF-8 编码") from error
    except RecursionError as error:
        raise RegisterFileError(path.name, "JSON 嵌套过深") from error


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        seen: set[str] = set()
        twice = [key for key, _ in pairs if key in seen or seen.add(key)]  # type: ignore[func-returns-value]
        raise RegisterFileError("、".join(dict.fromkeys(twice)), "同一处出现了两次")
    return data


def _read_toml(path: Path) -> Any:
    try:
        return _plain(tomllib.loads(path.read_text("utf-8-sig")))
    except tomllib.TOMLDecodeError as error:
        raise RegisterFileError(path.name, f"TOML 格式有误：{error}") from error
    except UnicodeDecodeError as error:
        raise RegisterFileError(path.name, "文件不是 UTF-8 编码") from error
    except RecursionError as error:
        raise RegisterFileError(path.name, "TOML 嵌套过深") from error


def _plain(value: Any) -> Any:
    """TOML has dates of its own; the register has them as text."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


# -- XLSX


def _read_xlsx(path: Path) -> dict[str, Any]:
    from python_calamine import CalamineError, CalamineWorkbook

    _check_unpacked(path)
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        sheets = {name: _rows(workbook, name) for name in workbook.sheet_names}
    except CalamineError as error:
        raise RegisterFileError(path.name, "工作簿打不开，可能已损坏或加密") from error
    data: dict[str, Any] = {}
    for name, rows in sheets.items():
        key = CHINESE_KEYS.get(name.strip(), name.strip())
        if rows:
            data.update(_sheet(key, rows))
    return data


def _check_unpacked(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(item.file_size for item in archive.infolist())
    except zipfile.BadZipFile as error:
        raise RegisterFileError(path.name, "工作簿打不开，可能已损坏或加密") from error
    if size > MAX_UNPACKED:
        raise RegisterFileError(path.name, "工作簿展开后过大")


def _rows(workbook: Any, name: str) -> Rows:
    rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=True, nrows=MAX_ROWS)
    texts: Iterator[list[str]] = ([_cell(value) for value in row] for row in rows)
    return [row for row in texts if any(row)]


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _sheet(key: str, rows: Rows) -> dict[str, Any]:
    """What one sheet says: usually one key, a sheet of settings says several."""
    if key in ("clusters", "teachers", "terms"):
        return {key: _table(rows)}
    if key == "groups":
        return {key: _groups(_table(rows))}
    if key in ("schools", "subjects"):
        return {key: _column(key, rows)}
    if key in ("official_names", "stages", "departments"):
        return {key: {row[0]: row[1] for row in _pairs(rows)}}
    if key in ("aliases", "subjects_by_stage", "subjects_by_school"):
        return {key: {row[0]: _split("、".join(row[1:])) for row in _pairs(rows)}}
    if len(rows) == 1 and len([cell for cell in rows[0] if cell]) == 1:
        return {key: rows[0][0]}
    return {CHINESE_KEYS.get(row[0], row[0]): row[1] for row in rows if len(row) > 1 and row[0]}


def _table(rows: Rows) -> list[dict[str, Any]]:
    """Rows under a row of column names, as dictionaries; empty cells are left out."""
    columns = [CHINESE_COLUMNS.get(cell, cell) for cell in rows[0]]
    return [_record(columns, row) for row in rows[1:]]


def _record(columns: list[str], row: list[str]) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for column, cell in zip(columns, row, strict=False):
        if not cell or not column:
            continue
        if column in LIST_COLUMNS:
            record[column] = record.get(column, []) + _split(cell)
        elif column == "tests":
            record[column] = [_test(item) for item in _split(cell)]
        else:
            record[column] = cell
    return record


def _test(text: str) -> dict[str, str]:
    """期中 2014-11-12 or 2014-11-12期中."""
    found = re.search(r"\d{4}-\d{1,2}-\d{1,2}", text)
    day = found[0] if found else ""
    return {"name": text.replace(day, "").strip(" :：()（）"), "date": day}


def _groups(records: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        groups.setdefault(record.pop("school", ""), []).append(record)
    return groups


def _column(key: str, rows: Rows) -> list[str]:
    cells = [cell for row in rows for cell in _split("、".join(row))]
    titles = {key, *(name for name, known in CHINESE_KEYS.items() if known == key), "名称"}
    return cells[1:] if cells and cells[0] in titles else cells


def _pairs(rows: Rows) -> Rows:
    """Rows of a name and its value; a first row of titles is dropped."""
    titles = {"school", "name", "key", "学校", "简称", "名称", "学段", "学校简称"}
    body = rows[1:] if rows[0][0] in titles else rows
    return [row for row in body if len(row) > 1 and row[0] and row[1]]


def _split(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[、，,;；\n]+", text) if part.strip()]
