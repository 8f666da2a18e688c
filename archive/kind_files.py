"""Reads kind files: `folder/<id>/kind.toml`, checked against the schema, all faults at once."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive.kind_schema import SCHEMA, TYPE_NAMES, Key
from archive.kinds import (
    Due,
    FieldSpec,
    FormText,
    Item,
    Kind,
    KindError,
    KindFault,
    Recognise,
    RowsSpec,
    SectionSpec,
)
from archive.toml_lines import Lines, key_lines, line_of

#: The kinds that come with the program.
BUILTIN = Path(__file__).resolve().parent.parent / "templates" / "kinds"
#: A kind file is a page or two; anything larger is not one.
MAX_BYTES = 256 * 1024
_ID = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")
_SPAN = re.compile(r"-?\d{1,3}(?:d|wd)\Z")
_TOML_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)\s*$")

KeyPath = tuple[str, ...]
Fault = tuple[KeyPath, str]
Data = dict[str, Any]


def load_kinds(*folders: Path) -> dict[str, Kind]:
    """All kinds under `folders` by id, in order of id; a later folder replaces or adds by id.

    A folder that is absent counts as empty. Raises KindError with every fault of every file.
    """
    kinds: dict[str, Kind] = {}
    faults: list[KindFault] = []
    for folder in folders:
        for file in sorted(folder.glob("*/kind.toml")):
            kind, found = _read(file, patterns=folder != BUILTIN)
            faults += found
            if kind is not None:
                kinds[kind.id] = kind
    faults += _same_names(kinds)
    if faults:
        raise KindError(tuple(faults))
    return dict(sorted(kinds.items()))


def check_kinds(folder: Path) -> list[KindFault]:
    """Every fault of every file below a folder, by file and line."""
    return [fault for file in sorted(folder.glob("*/kind.toml")) for fault in _read(file)[1]]


def _read(file: Path, *, patterns: bool = True) -> tuple[Kind | None, list[KindFault]]:
    """One file: its kind, or its faults. `patterns`: whether regular expressions are tried; those
    of our own kinds are by the tests, since a thousand of them cost a tenth of a second."""
    try:
        if file.stat().st_size > MAX_BYTES:
            return None, [KindFault(str(file), 0, "文件过大，不是文种定义")]
        text = file.read_text(encoding="utf-8-sig")
        data = tomllib.loads(text)
    except UnicodeDecodeError:
        return None, [KindFault(str(file), 0, "文件不是 UTF-8 编码，请另存为 UTF-8")]
    except OSError:
        return None, [KindFault(str(file), 0, "文件打不开，请检查读取权限")]
    except tomllib.TOMLDecodeError as error:
        return None, [_syntax_fault(file, error, text)]
    found = list(_faults(data, file.parent.name, patterns))
    if not found:
        return _kind(data, file.parent), []
    lines = key_lines(text)
    faults = [KindFault(str(file), line_of(lines, path), message) for path, message in found]
    return None, sorted(faults, key=lambda f: f.line)


def _syntax_fault(file: Path, error: tomllib.TOMLDecodeError, text: str) -> KindFault:
    place = _TOML_PLACE.search(str(error))
    line = int(place.group(1)) if place and place.group(1) else text.count("\n") + 1
    return KindFault(str(file), line, f"TOML 写法有误：{_TOML_PLACE.sub('', str(error))}")


def _faults(data: Data, folder: str, patterns: bool) -> Iterator[Fault]:
    yield from _table_faults(data, "", (), patterns)
    yield from _id_faults(data.get("id"), folder)
    for table, key in (("field", "key"), ("section", "name"), ("form", "id"), ("form", "name")):
        yield from _doubles(data.get(table), table, key)
    yield from _form_id_faults(data.get("form"))
    due = data.get("due")
    if isinstance(due, dict) and "subject" in _list(due.get("per")):
        identity = data.get("identity")
        if isinstance(identity, list) and identity and "subject" not in identity:
            yield ("due", "per"), "按学科催交（per 含 subject），identity 也须含 subject"


def _table_faults(data: Data, table: str, path: KeyPath, patterns: bool) -> Iterator[Fault]:
    """Unknown keys, missing keys and wrong values of one table and those inside it."""
    schema = SCHEMA[table]
    for name, value in data.items():
        if name not in schema:
            yield (*path, name), _unknown(name, schema)
        else:
            yield from _value_faults(value, schema[name], (*path, name), patterns)
    for name, key in schema.items():
        if key.required and name not in data:
            yield path, f"缺少必填的键 {name}"


def _unknown(name: str, schema: dict[str, Key]) -> str:
    near = difflib.get_close_matches(name, schema, n=1, cutoff=0.5)
    if near:
        return f"不认识的键 {name}，是不是 {near[0]}？"
    return f"不认识的键 {name}，这里可用：{'、'.join(schema)}"


def _value_faults(value: Any, key: Key, path: KeyPath, patterns: bool) -> Iterator[Fault]:
    name = path[-1]
    if not _type_fits(value, key.type):
        yield path, f"{name} 应为{TYPE_NAMES[key.type]}"
    elif key.type == "table":
        yield from _table_faults(value, key.table, path, patterns)
    elif key.type == "tables":
        for n, part in enumerate(value):
            yield from _table_faults(part, key.table, (*path, str(n)), patterns)
    elif key.type == "patterns":
        for pattern in value if patterns else ():
            yield from _pattern_faults(pattern, path)
    elif key.type == "number" and not 0 <= value <= 1000:
        yield path, f"{name} 应在 0 与 1000 之间"
    else:
        yield from _choice_faults(value, key, path)


def _type_fits(value: Any, kind: str) -> bool:
    match kind:
        case "text":
            return isinstance(value, str)
        case "texts" | "patterns":
            return isinstance(value, list) and all(isinstance(v, str) for v in value)
        case "flag":
            return isinstance(value, bool)
        case "number":
            return isinstance(value, int) and not isinstance(value, bool)
        case "table":
            return isinstance(value, dict)
        case "tables":
            return isinstance(value, list) and all(isinstance(v, dict) for v in value)
        case _:
            return isinstance(value, str) and bool(_SPAN.match(value))


def _pattern_faults(pattern: str, path: KeyPath) -> Iterator[Fault]:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        yield path, f"正则表达式写错了：{pattern}（{error.msg}）"
        return
    if compiled.match("") and compiled.fullmatch(""):
        yield path, f"正则表达式 {pattern!r} 连空文字也匹配，会认错所有文件"


def _choice_faults(value: Any, key: Key, path: KeyPath) -> Iterator[Fault]:
    values = value if isinstance(value, list) else [value]
    if key.required and (not values or not all(str(v).strip() for v in values)):
        yield path, f"{path[-1]} 不能为空"
    for one in values if key.choices else ():
        if one not in key.choices:
            near = difflib.get_close_matches(one, key.choices, n=1, cutoff=0.5)
            hint = f"是不是 {near[0]}？" if near else ""
            yield path, f"{path[-1]} 不能是 {one}，{hint}只能取：{'、'.join(key.choices)}"


def _id_faults(value: Any, folder: str) -> Iterator[Fault]:
    if not isinstance(value, str):
        return
    if not _ID.match(value):
        yield ("id",), f"id {value!r} 只能用小写字母、数字和下划线，以字母开头"
    if value != folder:
        yield ("id",), f"id 是 {value}，与所在文件夹名 {folder} 不一致"


def _form_id_faults(forms: Any) -> Iterator[Fault]:
    """The id of a form is part of a file's name."""
    for n, form in enumerate(_list(forms)):
        name = form.get("id", "") if isinstance(form, dict) else ""
        if isinstance(name, str) and name and not _ID.match(name):
            yield ("form", str(n), "id"), f"id {name!r} 只能用小写字母、数字和下划线，以字母开头"


def _doubles(tables: Any, table: str, key: str) -> Iterator[Fault]:
    """Two fields, sections or forms under one name (a form without an id is form.docx)."""
    seen: set[str] = set()
    for n, part in enumerate(_list(tables)):
        none = "" if key == "id" else None
        name = part.get(key, none) if isinstance(part, dict) else None
        if isinstance(name, str) and name in seen:
            yield (table, str(n), key), f"{key} “{name}”重复出现"
        if isinstance(name, str):
            seen.add(name)


def _same_names(kinds: dict[str, Kind]) -> Iterator[KindFault]:
    """Two kinds under one canonical name could not be told apart on any page."""
    owners: dict[str, Kind] = {}
    for kind in kinds.values():
        other = owners.setdefault(kind.name, kind)
        if other is not kind:
            file = Path(kind.folder) / "kind.toml"
            line = line_of(_lines(file), ("name",))
            yield KindFault(str(file), line, f"名称“{kind.name}”已是文种 {other.id} 的名称")


def _lines(file: Path) -> Lines:
    return key_lines(file.read_text(encoding="utf-8-sig"))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _kind(data: Data, folder: Path) -> Kind:
    due = data.get("due")
    plain = ("unit", "to", "custody", "period", "retention", "note", "family")
    return Kind(
        id=data["id"],
        name=data["name"],
        also=tuple(data.get("also", ())),
        identity=tuple(data.get("identity", ())),
        due=Due(**_frozen(due)) if due else None,
        recognise=_recognise(data.get("recognise", {})),
        fields=tuple(FieldSpec(**_frozen(f)) for f in data.get("field", ())),
        sections=tuple(_section(s) for s in data.get("section", ())),
        forms=tuple(_form(f) for f in data.get("form", ())),
        items=tuple(Item(**_frozen(i)) for i in data.get("item", ())),
        folder=str(folder),
        **{key: data[key] for key in plain if key in data},
    )


def _frozen(data: Data) -> Data:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}


def _recognise(data: Data) -> Recognise:
    return Recognise(**{"not_" if k == "not" else k: v for k, v in _frozen(data).items()})


def _section(data: Data) -> SectionSpec:
    values = _frozen(data)
    rows = values.pop("rows", None)
    return SectionSpec(**values, rows=_rows(rows) if rows else None)


def _rows(data: Data) -> RowsSpec:
    return RowsSpec(**{"blank": 0, **_frozen(data)})


def _form(data: Data) -> FormText:
    values = _frozen(data)
    fields = tuple(FieldSpec(**_frozen(f)) for f in values.pop("fields", ()))
    rows = tuple(_rows(r) for r in values.pop("rows", ()))
    return FormText(**values, fields=fields, rows=rows)
