"""search, show, get, history: what the archive holds."""

from __future__ import annotations

import argparse
import difflib
import json
import sys
import time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yanxiu.cli.options import Verbs, json_option
from yanxiu.cli.output import as_value, emit
from yanxiu.errors import CannotError, UsageError
from yanxiu.opening import home_of, is_archive, open_archive

if TYPE_CHECKING:
    from archive.kinds import Kind
    from archive.named_filters import Names
    from indexer.engines import Search

#: Option -> facet of the index.
FILTERS = {
    "kind": "kind", "school": "school", "subject": "subject", "year": "school_year",
    "term": "term", "month": "month", "author": "author", "cluster": "cluster",
    "status": "status", "grade": "grade", "completeness": "completeness",
}  # fmt: skip
MEANINGS = {
    "kind": "文种，如 阶段报告", "school": "学校", "subject": "学科", "year": "学年，如 2014-2015",
    "term": "学期，如 2014-2015-1", "month": "月份，如 2014-10", "author": "作者",
    "cluster": "片区", "status": "已归档 或 待核", "grade": "年级", "completeness": "齐全 或 不全",
}  # fmt: skip
FACET_NAMES = {
    "kind": "文种", "school": "学校", "subject": "学科", "school_year": "学年", "term": "学期",
    "month": "月份", "author": "作者", "cluster": "片区", "status": "状态", "grade": "年级",
    "completeness": "完整性", "section": "章节",
}  # fmt: skip
SORTS = ("relevance", "date", "-date", "school", "received")
#: Keys of a question of `search --batch` -> what their values are.
KEYS: dict[str, tuple[type, str]] = {
    "q": (str, "文字"), "filters": (dict, "一组 筛选项: 值"), "limit": (int, "不小于 0 的整数"),
    "offset": (int, "不小于 0 的整数"), "from": (str, "日期"), "to": (str, "日期"),
    "sort": (str, "、".join(SORTS)), "facets": (bool, "true 或 false"),
    "synonyms": (bool, "true 或 false"),
}  # fmt: skip


def register(verbs: Verbs) -> None:
    search = verbs.add_parser("search", help="全文检索", examples=(
        "yanxiu search 质检 分析 --subject 数学 --year 2014-2015",
        "yanxiu search '\"集体备课\" OR 听评课' --school 孙镇初中 --kind 阶段报告",
        "yanxiu search --kind stage_report --month 2014-10 --completeness 不全 --sort date",
        "yanxiu search 听评课 --year 2014-2015 --export 听评课.xlsx",
        "yanxiu search --batch < 查询.jsonl        （每行如 {\"q\": \"质检\", \"limit\": 5}）",
    ))  # fmt: skip
    search.add_argument("query", nargs="*", metavar="检索词")
    search.add_argument("--batch", action="store_true", help="从标准输入逐行读 JSON 查询")
    for option, meaning in MEANINGS.items():
        search.add_argument(f"--{option}", action="append", metavar="值", help=meaning)
    search.add_argument("--from", dest="date_from", default="", metavar="日期", help="不早于")
    search.add_argument("--to", dest="date_to", default="", metavar="日期", help="不晚于")
    search.add_argument(
        "--sort", default="relevance", choices=SORTS, metavar="次序",
        help="relevance 相关度（默认）、date 日期新的在前、-date 旧的在前、"
             "school 学校、received 最近收到的在前",
    )  # fmt: skip
    search.add_argument("--limit", type=int, default=20, metavar="件数", help="最多列出，默认 20")
    search.add_argument("--offset", type=int, default=0, metavar="件数", help="跳过前面的")
    search.add_argument(
        "--export", type=Path, metavar="文件",
        help="把全部结果（不只一页）存成 .xlsx 或 .csv 清单，最多 5,000 份",
    )  # fmt: skip
    search.add_argument("--force", action="store_true", help="覆盖已有的清单文件")
    search.add_argument("--facets", action="store_true", help="同时给出分类计数")
    search.add_argument("--synonyms", action="store_true", help="同义词也找，如 校本研修、校本教研")
    json_option(search)
    search.set_defaults(run=run_search)
    for name, text, run in (
        ("show", "显示一件的全部信息", run_show),
        ("history", "显示一件的经过", run_history),
    ):
        parser = verbs.add_parser(name, help=text)
        parser.add_argument("id", metavar="编号")
        json_option(parser)
        parser.set_defaults(run=run)
    get = verbs.add_parser("get", help="取出一件的原文件")
    get.add_argument("id", metavar="编号[@版次]")
    get.add_argument("-o", "--output", required=True, type=Path, metavar="文件")
    get.add_argument("--force", action="store_true", help="覆盖已有的文件")
    json_option(get)
    get.set_defaults(run=run_get)


def run_search(args: argparse.Namespace) -> int:
    home = home_of(args.home)
    engine, names = open_index(home), LazyNames(home)
    if args.batch:
        for line in sys.stdin:
            if line.strip():
                emit(answer_line(engine, names, line))
        return 0
    filters = {k: getattr(args, k) for k in FILTERS if getattr(args, k)}
    asked = {
        "q": " ".join(args.query), "filters": filters, "limit": args.limit, "offset": args.offset,
        "from": args.date_from, "to": args.date_to, "sort": args.sort, "facets": args.facets,
        "synonyms": args.synonyms,
    }  # fmt: skip
    if args.export:
        return _export(args, engine, question(names, asked))
    answer = ask(engine, names, asked)
    meant = "" if answer["whole"] else _meant(engine, question(names, asked))
    if meant:
        answer["meant"] = meant
    if args.json:
        emit(answer)
    else:
        _print(answer)
    return 0


def _meant(engine: Any, asked: Search) -> str:
    """您是不是要找: the question put right, "" where nothing better is known."""
    from indexer.slips import corrected
    from indexer.suggesting import Suggester

    if not asked.text:
        return ""
    return corrected(engine, asked, [name.text for name in Suggester().names(engine, None)])


def open_index(home: Path) -> Any:
    """The engine for reading; no catalogue is opened, so that a search starts at once."""
    from archive import index_folder
    from indexer.engines import open_engine
    from yanxiu import config

    if not is_archive(home):
        raise CannotError("not_an_archive", f"{home} 还不是档案库", "请检查 --home")
    folder = index_folder.serving(home)
    settings = config.load(home)
    if not folder.exists():
        open_engine(settings.search.engine, folder, writable=True).close()
    return open_engine(settings.search.engine, folder)


class LazyNames:
    """The names of kinds and register, read from the archive's folders when one is asked for."""

    def __init__(self, home: Path) -> None:
        self.home = home

    @cached_property
    def _kinds(self) -> dict[str, Kind]:
        from archive.kind_files import BUILTIN, load_kinds

        return load_kinds(BUILTIN, self.home / "kinds")

    @cached_property
    def _names(self) -> Names:
        from archive.named_filters import Names
        from archive.register_stored import stored_register

        return Names(self._kinds, stored_register(self.home))

    @cached_property
    def synonyms(self) -> tuple[tuple[str, ...], ...]:
        from archive.synonyms import groups

        return groups(self._kinds.values())

    def resolve(self, facet: str, values: list[str]) -> list[str]:
        return self._names.resolve(facet, values)


def answer_line(engine: Any, names: LazyNames, line: str) -> dict[str, Any]:
    """The answer to one line of `search --batch`; errors are answers too."""
    try:
        asked = json.loads(line)
    except ValueError as error:
        return {"error": {"code": "usage", "message": f"不是有效的 JSON：{error}",
                          "remedy": _LINE}}  # fmt: skip
    try:
        if not isinstance(asked, dict):
            raise UsageError("usage", "每行应是一个 JSON 对象", _LINE)
        return ask(engine, names, asked)
    except Exception as error:
        return {"error": as_value(error)}


_LINE = '例如 {"q": "质检分析", "limit": 10}'


def check_question(asked: dict[str, Any]) -> None:
    """Raises UsageError('usage') naming the key that is not known, or whose value is not right."""
    for key, value in asked.items():
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, n=1, cutoff=0.3)
            hint = "q" if key in ("query", "text") else near[0] if near else ""
            raise UsageError(
                "usage", f"没有「{key}」这一项" + (f"，是否想写「{hint}」？" if hint else ""),
                "可用：" + "、".join(KEYS),
            )  # fmt: skip
        shape, meaning = KEYS[key]
        right = value is None or (isinstance(value, shape) and type(value) in (shape, bool))
        if shape is int and value is not None:
            right = type(value) is int and value >= 0
        if not right or (key == "sort" and value not in (None, "", *SORTS)):
            raise UsageError("usage", f"「{key}」应当是{meaning}，现为 {value!r}", _LINE)


def ask(engine: Any, names: LazyNames, asked: dict[str, Any]) -> dict[str, Any]:
    """{"total", "hits": [{"id", "file", "score", "snippet", …}], "facets", "ms"} of a query."""
    started = time.perf_counter()
    answer = engine.search(question(names, asked))
    found = {
        "total": answer.total,
        "whole": answer.whole,
        "hits": [_hit(hit) for hit in answer.hits],
        "ms": round((time.perf_counter() - started) * 1000, 2),
    }
    if answer.added:
        found["added"] = {word: list(others) for word, others in answer.added}
    if asked.get("facets"):
        found["facets"] = {k: [list(pair) for pair in v] for k, v in answer.facets.items()}
    return found


def question(names: LazyNames, asked: dict[str, Any]) -> Search:
    """What a question of `ask` asks the index. Raises UsageError, ArchiveError."""
    from indexer.engines import FACETS, Search

    check_question(asked)
    return Search(
        text=asked.get("q") or "",
        filters=_filters(names, asked.get("filters") or {}),
        date_from=str(asked.get("from") or ""),
        date_to=str(asked.get("to") or ""),
        sort=str(asked.get("sort") or "relevance"),
        offset=int(asked.get("offset") or 0),
        limit=20 if asked.get("limit") is None else int(asked["limit"]),
        facets=FACETS if asked.get("facets") else (),
        synonyms=names.synonyms if asked.get("synonyms") else (),
    )


def _export(args: argparse.Namespace, engine: Any, asked: Search) -> int:
    """The whole answer as a list in a file; .csv or .xlsx by its name."""
    from archive.result_list import COLUMNS, MOST, csv_lines, cut_note, row
    from archive.results import results

    suffix = args.export.suffix.lower()
    if suffix not in (".xlsx", ".csv"):
        raise UsageError("usage", f"不能存成 {args.export.name}", "文件名以 .xlsx 或 .csv 结尾")
    found = results(engine, asked, MOST)
    rows = (row(hit) for hit in found.hits)
    note = cut_note(found.total, found.listed)
    if suffix == ".xlsx":
        from archive.result_xlsx import to_xlsx

        data = to_xlsx(rows, asked.text or "全部材料", note)
    else:
        data = b"".join(csv_lines([COLUMNS, *rows, *([(note,)] if note else [])]))
    _write(args.export, data, overwrite=args.force)
    if args.json:
        emit({"file": str(args.export), "total": found.total, "listed": found.listed})
    else:
        print(f"{args.export}：" + (note or f"列出 {found.listed} 份"))
    return 0


def _filters(names: LazyNames, given: dict[str, Any]) -> dict[str, list[str]]:
    filters: dict[str, list[str]] = {}
    for key, value in given.items():
        if key not in FILTERS and key not in FILTERS.values():
            near = difflib.get_close_matches(key, FILTERS, n=1, cutoff=0.5)
            hint = f"，是否想写「{near[0]}」？" if near else ""
            raise UsageError(
                "filter_unknown", f"没有「{key}」这个筛选项{hint}", "可用：" + "、".join(FILTERS)
            )
        values = [v for v in (value if isinstance(value, list) else [value]) if v is not None]
        if not all(isinstance(v, str | int) for v in values):
            raise UsageError("usage", f"筛选项「{key}」的值应当是文字或一列文字", _LINE)
        facet = FILTERS.get(key, key)
        if values:
            filters[facet] = names.resolve(facet, [str(v) for v in values])
    return filters


def _hit(hit: Any) -> dict[str, Any]:
    return {
        "id": hit.id,
        "file": hit.extra.get("file", ""),
        "score": round(hit.score, 4),
        "title": hit.title,
        "snippet": hit.snippets[0].text if hit.snippets else "",
        "marks": [list(m) for m in hit.snippets[0].marks] if hit.snippets else [],
        "heading": hit.snippets[0].heading if hit.snippets else "",
        "page": hit.snippets[0].page if hit.snippets else 0,
        "date": hit.date,
        **{k: list(v) for k, v in hit.values.items()},
        "kind": hit.extra.get("kind", ""),
    }


def _print(answer: dict[str, Any]) -> None:
    part = answer["total"] - answer["whole"]
    told = f"（{part} 件只有部分字词相符）" if part else ""
    print(f"共 {answer['total']} 件{told}，{answer['ms']} 毫秒")
    if "meant" in answer:
        print(f"您是不是要找：{answer['meant']}")
    for word, others in answer.get("added", {}).items():
        print(f"也找了同义词：{word} → {'、'.join(others)}")
    for hit in answer["hits"]:
        print(f"{hit['id']}  {hit['title']}  {'、'.join(hit.get('school', []))} {hit['date']}")
        if hit["snippet"]:
            page = f"第 {hit['page']} 页" if hit["page"] else ""
            place = " · ".join(n for n in (hit["heading"], page) if n and n != hit["title"])
            text = _marked(hit["snippet"], hit["marks"]).replace("\n", " ")
            print("    " + (f"〔{place}〕" if place else "") + text)
    for facet, values in answer.get("facets", {}).items():
        if values:
            told = "，".join(f"{value} {count}" for value, count in values[:12])
            print(f"{FACET_NAMES.get(facet, facet)}：{told}")


def _marked(text: str, marks: list[list[int]]) -> str:
    before, after = ("\x1b[1;31m", "\x1b[0m") if sys.stdout.isatty() else ("【", "】")
    for start, end in reversed(marks):
        text = text[:start] + before + text[start:end] + after + text[end:]
    return text


def run_show(args: argparse.Namespace) -> int:
    house, paper, events = _object(args)
    from archive.report import paper_facts
    from yanxiu.cli.in_words import record_words

    facts = paper_facts(house, paper)
    facts = {"id": paper["id"], "status": paper["status"], **facts,
             "returned": _returned(house, paper["versions"][-1]["sha256"]),
             "versions": paper["versions"], "events": len(events)}  # fmt: skip
    for version in facts["versions"]:
        version.pop("sketch", None)
        version.pop("bands", None)
    if args.json:
        emit(facts)
    else:
        called = {one.id: one.name for one in (*house.kinds.values(),
                                               *house.register.units.values())}  # fmt: skip
        print("\n".join(record_words(facts, called)))
    return 0


def _returned(house: Any, sha256: str) -> dict[str, Any] | None:
    """What was read back from a form of the house's own; None for any other paper."""
    from archive.issued import form_of
    from archive.returns import facts

    reading = house.reading(sha256)
    form = form_of(house, reading) if reading else None
    return facts(form) if form else None


def run_history(args: argparse.Namespace) -> int:
    _, _, events = _object(args)
    from yanxiu.cli.in_words import event_words

    for event in events:
        if args.json:
            emit(event)
        else:
            print(event_words(event))
    return 0


def _object(args: argparse.Namespace) -> tuple[Any, Any, list[Any]]:
    house = open_archive(home_of(args.home))
    from archive.deposit import load_object
    from archive.errors import unknown_record
    from archive.paper import OBJECT

    if not house.store.exists(OBJECT + args.id):
        raise unknown_record(args.id)
    paper, events = load_object(house.store, args.id)
    return house, paper, events


def run_get(args: argparse.Namespace) -> int:
    args.id, _, n = args.id.partition("@")
    if n and not n.isdecimal():
        raise UsageError("usage", f"版次「{n}」不是数字", "写作 编号@2")
    house, paper, _ = _object(args)
    wanted = int(n) if n else paper["versions"][-1]["n"]
    version = next((v for v in paper["versions"] if v["n"] == wanted), None)
    if version is None:
        raise CannotError("version_unknown", f"该件没有第 {wanted} 版", "请用 yanxiu show 查看版次")
    from archive.paper import OBJECT

    data = house.store.read(OBJECT + args.id, version["logical"])
    _write(args.output, data, overwrite=args.force)
    if args.json:
        emit({"file": str(args.output), "id": args.id, "version": wanted, "bytes": len(data)})
    else:
        print(f"{args.output}（{version['name']}，第 {wanted} 版，{len(data)} 字节）")
    return 0


def _write(target: Path, data: bytes, *, overwrite: bool) -> None:
    """Raises CannotError('exists') rather than write over somebody's other file."""
    if target.is_dir():
        raise CannotError("is_folder", f"{target} 是一个文件夹", "请写出文件名")
    if target.is_file() and target.stat().st_size and not overwrite:
        if target.read_bytes() == data:
            return
        raise CannotError("exists", f"{target} 已经存在，内容不同", "请换一个文件名，或加 --force")
    target.write_bytes(data)
