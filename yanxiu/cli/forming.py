"""forms: the press."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from yanxiu.cli import form_lint, returning
from yanxiu.cli.options import Verbs, actor, json_option, wanted_suffix
from yanxiu.cli.output import Progress, emit, note
from yanxiu.cli.taking import unit_id
from yanxiu.errors import UsageError
from yanxiu.opening import home_of, open_archive

if TYPE_CHECKING:
    from archive.house import House
    from archive.press import Copy


def register(verbs: Verbs) -> None:
    forms = verbs.add_parser("forms", help="表单：列出、空白表、预填表、检查模板")
    json_option(forms)
    acts = forms.add_subparsers(dest="act", required=True, metavar="动作", title="动作")
    listing = acts.add_parser("list", help="列出全部表单：谁填、多久一次、是否本县确认")
    listing.set_defaults(run=run_list)
    blank = acts.add_parser(
        "blank", help="空白表",
        examples=("yanxiu forms blank stage_report -o 空白表.docx",
                  "yanxiu forms blank --all -o 空白表"),
    )  # fmt: skip
    blank.add_argument("kind", metavar="表单", nargs="?")
    blank.add_argument("--all", action="store_true", help="全部表单，放进 -o 的文件夹")
    blank.add_argument("-o", "--output", type=Path, required=True, metavar="文件|文件夹")
    blank.set_defaults(run=run_blank)
    make = acts.add_parser(
        "make", help="预填表，每校每学科一份",
        examples=(
            "yanxiu forms make stage_report --month 2014-10 --all-schools --by cluster -o 表",
            "yanxiu forms make school_plan --term 2014-2015-1 --school 孙镇初中 -o 表",
            "yanxiu forms make stage_report --month 2014-10 --all-schools --into-folders",
        ),
        description="按月报的文种，给出学期或学年时一月一份；按学期报的，给出月份时按它所在的学期。",
    )  # fmt: skip
    _make_options(make)
    make.set_defaults(run=run_make)
    for parser in (listing, blank, make):
        json_option(parser)
    returning.register(acts)
    form_lint.register(acts)


def _make_options(make: argparse.ArgumentParser) -> None:
    make.add_argument("kind", metavar="表单")
    when = make.add_mutually_exclusive_group(required=True)
    when.add_argument("--month", metavar="2014-10", help="一个月")
    when.add_argument("--term", metavar="2014-2015-1", help="一个学期")
    when.add_argument("--year", metavar="2014-2015", help="一个学年")
    who = make.add_mutually_exclusive_group(required=True)
    who.add_argument("--all-schools", action="store_true", help="全部学校（片区、县的表也用它）")
    who.add_argument("--school", action="append", metavar="学校", help="一所（可重复）")
    make.add_argument("--subject", action="append", metavar="学科", help="只要这个学科（可重复）")
    make.add_argument("--mode", choices=("prefilled", "blank"), default="prefilled",
                      help="prefilled 预填（默认），blank 只印编号，各栏留空")  # fmt: skip
    make.add_argument("--by", choices=("cluster",), help="按片区分文件夹")
    make.add_argument("--zip", action="store_true", help="每个片区一个压缩包")
    make.add_argument("--into-folders", action="store_true", help="放进各校收件夹里的“待填”")
    make.add_argument("-o", "--output", type=Path, metavar="文件夹",
                      help="表和发表清单放在哪里（有 --into-folders 时可以不写）")  # fmt: skip


def run_list(args: argparse.Namespace) -> int:
    house = open_archive(home_of(args.home))
    from archive.kind_schema import FAMILIES
    from archive.press import forms
    from archive.words import OFTEN, WHO

    shelves = list(FAMILIES)
    for form in sorted(forms(house), key=lambda form: shelves.index(form.kind.family)):
        who, often = WHO[form.each], OFTEN[form.kind.period]
        if args.json:
            emit({"kind": form.id, "name": form.name, "document": form.kind.id,
                  "who": who, "often": often, "proposed": form.proposed,
                  "own": form.own})  # fmt: skip
        else:
            print(f"{form.id}\t{form.name}\t{who}\t{often}\t{form.standing}")
    return 0


def run_blank(args: argparse.Namespace) -> int:
    if args.all == bool(args.kind):
        raise UsageError("usage", "要么写一种表单，要么用 --all", "yanxiu forms list 列出全部表单")
    into_folder = args.all or args.output.is_dir()
    if not into_folder:
        wanted_suffix("-o", args.output, ".docx")
    house = open_archive(home_of(args.home))
    from archive.press import blank_of, form_named, forms

    for form in forms(house) if args.all else [form_named(house, args.kind)]:
        name, data = blank_of(house, form)
        target = args.output / name if into_folder else args.output
        _write(target, data)
        emit({"file": str(target)}) if args.json else print(target)
    return 0


def run_make(args: argparse.Namespace) -> int:
    if args.output is None and not args.into_folders:
        raise UsageError("usage", "没有写表放在哪里", "请用 -o 文件夹，或 --into-folders")
    house = open_archive(home_of(args.home))
    made: list[tuple[Copy, str]] = []
    progress = Progress("已制表")
    for copy, line in _placed(args, house) if args.into_folders else _made(args, house):
        made.append((copy, _listed(args, line)))
        if args.json:
            emit(line)
        progress(len(made))
    progress.end()
    if args.output is not None:
        _keep_list(args, house, made)
        note(f"共制表 {len(made)} 份：{args.output}")
    return 0


def _made(args: argparse.Namespace, house: House) -> Iterator[tuple[Copy, dict[str, str]]]:
    """Into -o: a file each, or a zip a cluster."""
    from archive.press import copies

    found = copies(
        house, args.kind, _period(args), schools=_schools(args, house), subjects=args.subject,
        mode=args.mode, actor=actor(),
    )  # fmt: skip
    yield from _zipped(args, found) if args.zip else _filed(args, found)


def _filed(
    args: argparse.Namespace, found: Iterable[Copy]
) -> Iterator[tuple[Copy, dict[str, str]]]:
    for copy in found:
        target = args.output / (copy.name if args.by == "cluster" else copy.file)
        _write(target, copy.data)
        yield copy, {"file": str(target), "number": copy.row["number"]}


def _zipped(
    args: argparse.Namespace, found: Iterable[Copy]
) -> Iterator[tuple[Copy, dict[str, str]]]:
    from archive.press import by_folder, packed

    for folder, copies in by_folder(found).items():
        target = args.output / f"{folder}.zip"
        _write(target, packed((copy.file, copy.data) for copy in copies))
        for copy in copies:
            yield copy, {"file": str(target), "member": copy.file, "number": copy.row["number"]}


def _placed(args: argparse.Namespace, house: House) -> Iterator[tuple[Copy, dict[str, str]]]:
    """Into the schools' own folders, and into -o where it is given."""
    from archive.batch import issues
    from archive.named_filters import subject_named
    from archive.press import form_named, printed
    from watch.placing import STATUSES, place
    from yanxiu.serving import inboxes_of
    from yanxiu.settings import CONFIG

    paper = form_named(house, args.kind)
    subjects = [subject_named(house.register, name) for name in args.subject or ()]
    batch = issues(house.register, paper, _period(args), _schools(args, house), subjects)
    counts: Counter[str] = Counter()
    boxes = inboxes_of(house, CONFIG)
    for placed in place(house, boxes, printed(house, paper, batch, args.mode), actor=actor()):
        copy = placed.copy
        counts[STATUSES[placed.status]] += 1
        if placed.place:
            copy.row["place"] = placed.place
        line = {"file": placed.place, "status": placed.status, "number": copy.row["number"]}
        if args.output is not None:
            target = args.output / (copy.name if args.by == "cluster" else copy.file)
            _write(target, copy.data)
            line["written"] = str(target)
        yield copy, line
    note("待填夹：" + "，".join(f"{words} {n} 份" for words, n in counts.items()))


def _listed(args: argparse.Namespace, line: dict[str, str]) -> str:
    """The file of a copy as the list beside it names it."""
    written = line.get("written") or line["file"]
    if args.output is None:
        return written
    name = Path(written).relative_to(args.output).as_posix()
    return f"{name}/{line['member']}" if "member" in line else name


def _keep_list(args: argparse.Namespace, house: House, made: list[tuple[Copy, str]]) -> None:
    from archive.issued_list import FILE, issued_list

    _write(args.output / FILE, issued_list(house, made))


def _period(args: argparse.Namespace) -> str:
    return str(args.month or args.term or args.year)


def _schools(args: argparse.Namespace, house: House) -> list[str] | None:
    if args.all_schools:
        return None
    return [unit_id(house.register, name) for name in args.school]


def _write(target: Path, data: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
