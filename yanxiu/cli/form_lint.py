"""forms lint: what is wrong with a template, all at once."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yanxiu.cli.options import Verbs, json_option, wanted_suffix
from yanxiu.cli.output import emit
from yanxiu.errors import CannotError, UsageError
from yanxiu.opening import home_of

if TYPE_CHECKING:
    from archive.forms import Paper
    from generator.lint.remarks import Remark


def register(acts: Verbs) -> None:
    lint = acts.add_parser(
        "lint", help="检查表单模板",
        examples=(
            "yanxiu forms lint form.docx",
            "yanxiu forms lint 阶段报告.docx --form stage_report --annotate 批注.docx",
        ),
        description="一次找出模板里的全部错误和提醒，并指出位置和改法。有错误时退出码为 1；"
        "只有提醒时为 0。是哪份表的模板，看编号、所在文件夹、标题和文件名，也可用 --form 指明。",
    )  # fmt: skip
    lint.add_argument("file", type=Path, metavar="文件", help="模板（.docx）")
    lint.add_argument("--form", metavar="表单", help="是哪份表的模板，如 stage_report 或 阶段报告")
    lint.add_argument("--annotate", type=Path, metavar="文件", help="另存一份，在各处加上批注")
    json_option(lint)
    lint.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 without faults, 1 with some."""
    from archive.forms import spec_of
    from generator.lint.comments import annotate
    from generator.lint.examining import examine, template_bytes

    wanted_suffix("文件", args.file, ".docx")
    if args.annotate:
        wanted_suffix("--annotate", args.annotate, ".docx")
        if args.annotate.absolute() == args.file.absolute():
            raise UsageError("output", "--annotate 不能写回原文件", "请另起一个文件名")
    data = template_bytes(args.file)
    paper = _paper(args, data)
    remarks = examine(args.file, spec_of(paper))
    if args.annotate:
        args.annotate.parent.mkdir(parents=True, exist_ok=True)
        args.annotate.write_bytes(annotate(data, remarks))
    faults = [remark for remark in remarks if remark.stops]
    warnings = [remark for remark in remarks if not remark.stops]
    if args.json:
        emit(_as_json(args, paper, faults, warnings))
    else:
        _print(args, paper, faults, warnings)
    return 1 if faults else 0


def _paper(args: argparse.Namespace, data: bytes) -> Paper:
    """Which form the file is for; kinds are those of the archive, if one is named and there.

    Raises UsageError form_unknown for a name that is none, which_form where nothing tells.
    """
    from archive.forms import Paper
    from archive.kind_files import BUILTIN, load_kinds
    from archive.which_form import paper_of

    try:
        own = home_of(args.home) / "kinds"
    except CannotError:
        own = BUILTIN
    kinds = load_kinds(*dict.fromkeys((BUILTIN, own))).values()
    forms = [Paper(kind, text, args.file) for kind in kinds for text in kind.papers]
    paper = paper_of(args.file, data, forms, args.form or "")
    if paper:
        return paper
    if args.form:
        raise UsageError("form_unknown", f"没有“{args.form}”这份表", "请用 yanxiu forms list 查看")
    raise UsageError("which_form", f"看不出 {args.file.name} 是哪份表的模板", "请用 --form 指明")


def _as_json(
    args: argparse.Namespace, paper: Paper, faults: list[Remark], warnings: list[Remark]
) -> dict[str, Any]:
    return {
        "file": str(args.file),
        "form": paper.id,
        "name": paper.name,
        "usable": not faults,
        "faults": [fault.to_json() for fault in faults],
        "warnings": [warning.to_json() for warning in warnings],
        "annotated": str(args.annotate) if args.annotate else None,
    }


def _print(
    args: argparse.Namespace, paper: Paper, faults: list[Remark], warnings: list[Remark]
) -> None:
    print(f"{args.file.name}（{paper.name}）：", end="")
    print(f"{len(faults)} 处错误" if faults else "没有错误", end="")
    print(f"，{len(warnings)} 处提醒" if warnings else "")
    for head, remarks in (("错误", faults), ("提醒", warnings)):
        for remark in remarks:
            print(f"  {head} {remark.place}：{remark.message}")
            meant = f"；建议写成 {remark.suggestion}" if remark.suggestion else ""
            print(f"       办法：{remark.remedy}{meant}")
    if args.annotate:
        print(f"批注副本：{args.annotate}")
