"""forms: the press."""

from __future__ import annotations

import argparse
from pathlib import Path

from yanxiu.cli import form_lint
from yanxiu.cli.options import Verbs, actor, json_option, wanted_suffix
from yanxiu.cli.output import Progress, emit, note
from yanxiu.cli.taking import unit_id
from yanxiu.opening import home_of, open_archive


def register(verbs: Verbs) -> None:
    forms = verbs.add_parser("forms", help="表单：列出、空白表、预填表、检查模板")
    json_option(forms)
    acts = forms.add_subparsers(dest="act", required=True, metavar="动作", title="动作")
    listing = acts.add_parser("list", help="列出有表单的文种")
    listing.set_defaults(run=run_list)
    blank = acts.add_parser("blank", help="空白表")
    blank.add_argument("kind", metavar="文种")
    blank.add_argument("-o", "--output", type=Path, required=True, metavar="文件")
    blank.set_defaults(run=run_blank)
    make = acts.add_parser(
        "make", help="预填表，每校每学科一份",
        examples=(
            "yanxiu forms make stage_report --month 2014-10 --all-schools --by cluster -o 表",
            "yanxiu forms make 学校计划 --term 2014-2015-1 --school 孙镇初中 -o 表",
        ),
        description="按月报的文种，给出学期或学年时一月一份；按学期报的，给出月份时按它所在的学期。",
    )  # fmt: skip
    make.add_argument("kind", metavar="文种")
    when = make.add_mutually_exclusive_group(required=True)
    when.add_argument("--month", metavar="2014-10", help="一个月")
    when.add_argument("--term", metavar="2014-2015-1", help="一个学期")
    when.add_argument("--year", metavar="2014-2015", help="一个学年")
    who = make.add_mutually_exclusive_group(required=True)
    who.add_argument("--all-schools", action="store_true", help="全部学校")
    who.add_argument("--school", action="append", metavar="学校", help="一所（可重复）")
    make.add_argument("--subject", action="append", metavar="学科", help="只要这个学科（可重复）")
    make.add_argument("--by", choices=("cluster",), help="按片区分文件夹")
    make.add_argument("-o", "--output", type=Path, required=True, metavar="文件夹")
    make.set_defaults(run=run_make)
    for parser in (listing, blank, make):
        json_option(parser)
    form_lint.register(acts)


def run_list(args: argparse.Namespace) -> int:
    house = open_archive(home_of(args.home))
    from archive.press import forms

    for form in forms(house):
        if args.json:
            emit({"kind": form.id, "name": form.name, "proposed": form.proposed})
        else:
            print(f"{form.id}\t{form.name}{'（建议）' if form.proposed else ''}")
    return 0


def run_blank(args: argparse.Namespace) -> int:
    wanted_suffix("-o", args.output, ".docx")
    house = open_archive(home_of(args.home))
    from archive.press import blank

    _, data = blank(house, args.kind)
    args.output.parent.mkdir(parents=True, exist_ok=True)
    args.output.write_bytes(data)
    _say(args, args.output)
    return 0


def run_make(args: argparse.Namespace) -> int:
    house = open_archive(home_of(args.home))
    from archive.press import make

    schools = None
    if not args.all_schools:
        schools = [unit_id(house.register, name) for name in args.school]
    period = args.month or args.term or args.year
    progress, count = Progress("已制表"), 0
    made = make(
        house,
        args.kind,
        period,
        schools=schools,
        subjects=args.subject,
        actor=actor(),
    )
    for count, (name, data) in enumerate(made, 1):
        target = args.output / (name if args.by == "cluster" else Path(name).name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        if args.json:
            emit({"file": str(target)})
        progress(count)
    progress.end()
    note(f"共制表 {count} 份：{args.output}")
    return 0


def _say(args: argparse.Namespace, path: Path) -> None:
    emit({"file": str(path)}) if args.json else print(path)
