"""add, check, read: files in."""

from __future__ import annotations

import argparse
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yanxiu.cli.options import Verbs, actor, json_option
from yanxiu.cli.output import Progress, emit, note
from yanxiu.opening import home_of, is_archive, open_archive

if TYPE_CHECKING:
    from indexer.errors import ReadError

#: Arrivals whose lines are made at a time.
LINES = 200
STATUS = {
    "filed": "已归档", "review": "待核", "duplicate": "重复", "quarantined": "隔离",
    "ignored": "忽略", "unpacked": "已拆包",
}  # fmt: skip
#: What `check` says: nothing was stored.
JUDGED = {**STATUS, "filed": "可归档", "review": "须待核", "quarantined": "须隔离"}


def register(verbs: Verbs) -> None:
    add = verbs.add_parser(
        "add", help="收入文件或文件夹（原件不动），可检索后返回",
        examples=(
            "yanxiu add 十月份材料/ 总结.docx",
            "yanxiu add 打包.zip --sender 孙镇初中",
            "yanxiu add 十月份材料/ --json > 结果.jsonl",
        ),
    )  # fmt: skip
    check = verbs.add_parser("check", help="读取、判定并检查，不收存")
    read = verbs.add_parser("read", help="读取文件，给出正文和结构")
    for parser, run in ((add, run_add), (check, run_check), (read, run_read)):
        parser.add_argument("paths", nargs="+", metavar="路径", type=Path)
        json_option(parser)
        parser.add_argument("--quick", action="store_true", help="不等扫描件和照片的文字识别")
        parser.set_defaults(run=run)
    add.add_argument("--sender", metavar="单位", help="报送单位（学校简称）")


def run_add(args: argparse.Namespace) -> int:
    house = open_archive(home_of(args.home))
    from archive import intake
    from archive.ingest import Ingest
    from archive.models import Arrival
    from archive.report import arrival_line
    from watch.names import ignored_by_name

    found = intake.find(args.paths, ignored_by_name)
    sender = unit_id(house.register, args.sender)
    progress = Progress("已处理")
    steps: Counter[str] = Counter()

    def count(step: str, arrival: Arrival) -> None:
        steps[step] += 1
        progress(sum(n for s, n in steps.items() if s != "read"))

    with (
        house.pool() as pool,
        Ingest(house, pool, ignored=ignored_by_name, progress=count) as ingest,
    ):
        ingest.recover()
        ids = intake.add(ingest, found, actor=actor(), sender=sender)
        if house.settings.recognise and not args.quick:
            intake.recognise(ingest, ids, Recognising())
    progress.end()
    counts: Counter[str] = Counter()
    for start in range(0, len(ids), LINES):
        rows = Arrival.objects.in_bulk(ids[start : start + LINES])
        for arrival_id in ids[start : start + LINES]:
            say(args, arrival_line(house, rows[arrival_id]), counts)
    for one in found:
        if one.ignored:
            say(args, ignored_line(house.kinds, house.register, one.label), counts)
    said = "，".join(f"{STATUS.get(s, s)} {n}" for s, n in counts.most_common())
    note(f"共 {said}" if said else "没有文件")
    return 1 if counts["quarantined"] else 0


class Recognising:
    """Tells of scans whose text is being recognised: seconds a page."""

    def __init__(self) -> None:
        self._line = Progress("正在识别扫描件的文字")

    def __call__(self, done: int, total: int, page: int, pages: int) -> None:
        if page < pages:
            self._line.what = f"正在识别扫描件的文字（第 {page + 1}/{pages} 页）"
        self._line(done, total)


def say(args: argparse.Namespace, line: dict[str, Any], counts: Counter[str]) -> None:
    """Print the line of one file and count it."""
    counts[line["status"]] += 1
    emit(line) if args.json else print(in_words(line))


def unit_id(register: Any, name: str | None) -> str:
    """The id of a school named on the command line. Raises ArchiveError('school_unknown')."""
    if not name:
        return ""
    from archive.named_filters import school_named

    return school_named(register, name).id


def ignored_line(kinds: Any, register: Any, label: str) -> dict[str, Any]:
    from archive.facts import facts_of

    empty = facts_of(None, kinds, register)
    return {"file": label, "member": None, "status": "ignored", "id": None, **empty,
            "duplicate_of": None, "new_version_of": None}  # fmt: skip


def in_words(line: dict[str, Any], statuses: dict[str, str] = STATUS) -> str:
    """One arrival for people."""
    name = line["file"] + (f" ▸ {line['member']}" if line["member"] else "")
    status = statuses.get(line["status"], line["status"])
    if line["error"] and not line["kind"]:
        return f"{status}　{name}　{line['error']['message']}；{line['error']['remedy']}"
    facts = [line["kind_name"], line["school"], line["subject"], period_words(line), line["author"]]
    text = f"{status}　{name}　{' · '.join(f for f in facts if f)}".rstrip("　")
    for key, label in (("missing", "缺"), ("empty", "空"), ("missing_fields", "未填")):
        if line[key]:
            text += f"　{label}：{'、'.join(line[key])}"
    if line["status"] == "review" and line["reasons"]:
        text += f"　待核原因：{'；'.join(line['reasons'])}"
    return text


def period_words(line: dict[str, Any]) -> str:
    if line["period"]:
        return str(line["period"]["label"])
    return line["month"] or line["school_year"] or ""


def run_check(args: argparse.Namespace) -> int:
    from archive import checking
    from watch.names import ignored_by_name

    kinds, register = register_for_check(args)
    findings, files = 0, 0
    for line in checking.check_paths(
        args.paths, kinds, register, ignored_by_name, quick=args.quick
    ):
        files += 1
        findings += bool(
            line["missing"] or line["empty"] or line["missing_fields"] or line["error"]
        )
        emit(line) if args.json else print(in_words(line, JUDGED))
    if not files:
        note("没有文件")
    return 1 if findings else 0


def register_for_check(args: argparse.Namespace) -> tuple[Any, Any]:
    """Kinds and register of --home, else ours and the sample county's."""
    from yanxiu import config

    config.load(None)  # a slip in the environment is told here as everywhere
    home = home_of(args.home) if args.home or os.environ.get("YANXIU_HOME") else None
    if home and is_archive(home):
        house = open_archive(home)
        return house.kinds, house.register
    from archive.kind_files import BUILTIN, load_kinds
    from archive.register_import import load_register
    from yanxiu.demo import COUNTY

    return load_kinds(BUILTIN), load_register(COUNTY)


def run_read(args: argparse.Namespace) -> int:
    failed = 0
    for line in readings(args.paths, args.quick):
        failed += line["status"] == "error"
        if args.json:
            emit(line)
        else:
            print(f"—— {line['file']}（{line['format'] or '不能读取'}）")
            print(line["text"] if line["status"] != "error" else line["error"]["message"])
    return 1 if failed else 0


def readings(paths: list[Path], quick: bool = False) -> Iterator[dict[str, Any]]:
    """The lines of `yanxiu read`: each file read in a child process; `quick`: scans are left
    unrecognised."""
    from archive.checking import files_of
    from indexer.errors import ReadError
    from indexer.pool import ReaderPool

    with ReaderPool(workers=1) as pool:
        for label, file in files_of(paths):
            base: dict[str, Any] = {"file": label, "format": None, "status": "error",
                    "error": None, "text": "",
                    "outline": [], "tables": [], "fields": {}, "metadata": {}}  # fmt: skip
            try:
                reading = pool.read(file, file.name)
                if reading.scanned and not quick:
                    reading = pool.recognise(file, reading)
            except ReadError as error:
                yield {**base, "error": _why_not(error, file)}
                continue
            yield {
                **base,
                "format": reading.format,
                "status": reading.status,
                "text": reading.text,
                "outline": [
                    {"level": o.level, "title": o.title, "place": o.place} for o in reading.outline
                ],
                "tables": [b.rows for b in reading.blocks if b.kind == "table"],
                "fields": reading.fields,
                "metadata": reading.metadata,
                "left_out": list(reading.left_out),
            }


def _why_not(error: ReadError, file: Path) -> dict[str, Any]:
    """The error of a file; a bundle is no fault of its sender."""
    from indexer import sniff
    from indexer.bundles import is_bundle

    told = error.to_json()
    if error.code == "unsupported" and is_bundle(file, sniff.detect(file, file.name)):
        told["message"] = "这是压缩包，read 只读单个文件"
        told["remedy"] = "请解压后读取其中的文件，或用 yanxiu check 逐件检查"
    return told
