"""search, show, get, history: what the archive holds."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from yanxiu.cli.options import Verbs, json_option
from yanxiu.cli.output import emit
from yanxiu.errors import CannotError, UsageError
from yanxiu.opening import home_of, is_archive, open_archive

#: Option -> facet of the index.
FILTERS = {
    "kind": "kind", "school": "school", "subject": "subject", "year": "school_year",
    "term": "term", "month": "month", "author": "author", "cluster": "cluster",
    "status": "status", "grade": "grade", "completeness": "completeness",
}  # fmt: skip


def register(verbs: Verbs) -> None:
    search = verbs.add_parser("search", help="全文检索")
    search.add_argument("query", nargs="*", metavar="检索词")
    search.add_argument("--batch", action="store_true", help="从标准输入逐行读 JSON 查询")
    for option in FILTERS:
        search.add_argument(f"--{option}", action="append", metavar="值")
    search.add_argument("--from", dest="date_from", default="", metavar="日期")
    search.add_argument("--to", dest="date_to", default="", metavar="日期")
    search.add_argument(
        "--sort", default="relevance", choices=("relevance", "date", "-date", "school")
    )
    search.add_argument("--limit", type=int, default=20)
    search.add_argument("--offset", type=int, default=0)
    search.add_argument("--facets", action="store_true", help="同时给出分类计数")
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
    json_option(get)
    get.set_defaults(run=run_get)


def run_search(args: argparse.Namespace) -> int:
    engine = open_index(home_of(args.home))
    names = _kind_names(home_of(args.home))
    if args.batch:
        for line in sys.stdin:
            if line.strip():
                emit(answer_line(engine, names, line))
        return 0
    filters = {k: getattr(args, k) for k in FILTERS if getattr(args, k)}
    asked = {
        "q": " ".join(args.query), "filters": filters, "limit": args.limit, "offset": args.offset,
        "from": args.date_from, "to": args.date_to, "sort": args.sort, "facets": args.facets,
    }  # fmt: skip
    answer = ask(engine, names, asked)
    if args.json:
        emit(answer)
    else:
        _print(answer)
    return 0


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


def _kind_names(home: Path) -> dict[str, str]:
    """kind id -> Chinese name, only when somebody asks by id."""
    return _KindNames(home)


class _KindNames(dict[str, str]):
    def __init__(self, home: Path) -> None:
        super().__init__()
        self.home = home

    def __missing__(self, key: str) -> str:
        from archive.kind_files import BUILTIN, load_kinds

        for kind in load_kinds(BUILTIN, self.home / "kinds").values():
            self[kind.id] = kind.name
        return self.get(key, key) if key in self else self.setdefault(key, key)


def answer_line(engine: Any, names: dict[str, str], line: str) -> dict[str, Any]:
    """The answer to one line of `search --batch`; errors are answers too."""
    try:
        asked = json.loads(line)
        if not isinstance(asked, dict):
            raise UsageError(
                "usage", "每行应是一个 JSON 对象", '例如 {"q": "质检分析", "limit": 10}'
            )
        return ask(engine, names, asked)
    except ValueError as error:
        return {"error": {"code": "usage", "message": f"不是有效的 JSON：{error}", "remedy": ""}}
    except Exception as error:
        from yanxiu.cli.output import parts_of

        code, message, remedy = parts_of(error)
        return {"error": {"code": code, "message": message, "remedy": remedy}}


def ask(engine: Any, names: dict[str, str], asked: dict[str, Any]) -> dict[str, Any]:
    """{"total", "hits": [{"id", "file", "score", "snippet", …}], "facets", "ms"} of a query."""
    from indexer.engines import FACETS, Search

    started = time.perf_counter()
    answer = engine.search(
        Search(
            text=str(asked.get("q") or ""),
            filters=_filters(names, asked.get("filters") or {}),
            date_from=str(asked.get("from") or ""),
            date_to=str(asked.get("to") or ""),
            sort=str(asked.get("sort") or "relevance"),
            offset=int(asked.get("offset") or 0),
            limit=20 if asked.get("limit") is None else int(asked["limit"]),
            facets=FACETS if asked.get("facets") else (),
        )
    )
    found = {
        "total": answer.total,
        "hits": [_hit(hit) for hit in answer.hits],
        "ms": round((time.perf_counter() - started) * 1000, 2),
    }
    if asked.get("facets"):
        found["facets"] = {k: [list(pair) for pair in v] for k, v in answer.facets.items()}
    return found


def _filters(names: dict[str, str], given: dict[str, Any]) -> dict[str, list[str]]:
    filters: dict[str, list[str]] = {}
    for key, value in given.items():
        if key not in FILTERS and key not in FILTERS.values():
            raise UsageError(
                "filter_unknown", f"没有「{key}」这个筛选项", "可用：" + "、".join(FILTERS)
            )
        values = [str(v) for v in (value if isinstance(value, list) else [value])]
        facet = FILTERS.get(key, key)
        filters[facet] = [names[v] for v in values] if facet == "kind" else values
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
        "date": hit.date,
        **{k: list(v) for k, v in hit.values.items()},
        "kind": hit.extra.get("kind", ""),
    }


def _print(answer: dict[str, Any]) -> None:
    print(f"共 {answer['total']} 件，{answer['ms']} 毫秒")
    for hit in answer["hits"]:
        print(f"{hit['id']}  {hit['title']}  {'、'.join(hit.get('school', []))} {hit['date']}")
        if hit["snippet"]:
            print("    " + _marked(hit["snippet"], hit["marks"]).replace("\n", " "))
    for facet, values in answer.get("facets", {}).items():
        print(f"{facet}: " + "，".join(f"{v} {n}" for v, n in values[:12]))


def _marked(text: str, marks: list[list[int]]) -> str:
    before, after = ("\x1b[1;31m", "\x1b[0m") if sys.stdout.isatty() else ("【", "】")
    for start, end in reversed(marks):
        text = text[:start] + before + text[start:end] + after + text[end:]
    return text


def run_show(args: argparse.Namespace) -> int:
    house, paper, events = _object(args)
    from archive.report import paper_facts

    facts = paper_facts(house, paper)
    facts = {"id": paper["id"], "status": paper["status"], **facts,
             "versions": paper["versions"], "events": len(events)}  # fmt: skip
    for version in facts["versions"]:
        version.pop("sketch", None)
        version.pop("bands", None)
    if args.json:
        emit(facts)
        return 0
    for key, value in facts.items():
        if value not in (None, [], {}, "") and key != "evidence":
            print(f"{key}: {json.dumps(value, ensure_ascii=False)}")
    for key, found in facts["evidence"].items():
        for one in found:
            print(f"依据 {key}: {one['value']}　「{one['words']}」　{one['place']}")
    return 0


def run_history(args: argparse.Namespace) -> int:
    _, _, events = _object(args)
    for event in events:
        if args.json:
            emit(event)
        else:
            detail = json.dumps(event["data"], ensure_ascii=False)
            print(f"{event['at']}  {event['actor']}  {event['type']}  {detail}")
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
    if n and not n.isdigit():
        raise UsageError("usage", f"版次「{n}」不是数字", "写作 编号@2")
    house, paper, _ = _object(args)
    wanted = int(n) if n else paper["versions"][-1]["n"]
    for version in paper["versions"]:
        if version["n"] == wanted:
            from archive.durable import StoreError
            from archive.paper import OBJECT
            from archive.staging import hash_file

            shutil.copyfile(house.store.path(OBJECT + args.id, version["logical"]), args.output)
            if hash_file(args.output) != version["sha256"]:
                raise StoreError("store_damaged", version["logical"])
            return 0
    raise CannotError("version_unknown", f"该件没有第 {wanted} 版", "请用 yanxiu show 查看版次")
