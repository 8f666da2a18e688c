"""review: what waits for a person."""

from __future__ import annotations

import argparse
from typing import Any

from yanxiu.cli.options import Verbs, actor, json_option
from yanxiu.cli.output import emit, note
from yanxiu.errors import UsageError
from yanxiu.opening import home_of, open_archive


def register(verbs: Verbs) -> None:
    review = verbs.add_parser("review", help="待核件：列出、确认、更正")
    json_option(review)
    acts = review.add_subparsers(dest="act", required=True, metavar="动作", title="动作")
    listing = acts.add_parser("list", help="列出待核件")
    listing.set_defaults(run=run_list)
    accept = acts.add_parser("accept", help="按系统的判定归档")
    accept.add_argument("ids", nargs="+", metavar="编号")
    accept.set_defaults(run=run_accept)
    correct = acts.add_parser(
        "correct", help="更正后归档，如 correct 编号 kind=qa_report school=孙镇初中"
    )
    correct.add_argument("id", metavar="编号")
    correct.add_argument("changes", nargs="+", metavar="字段=值")
    correct.add_argument("--reason", default="", metavar="理由")
    correct.set_defaults(run=run_correct)
    for parser in (listing, accept, correct):
        json_option(parser)


def run_list(args: argparse.Namespace) -> int:
    house = open_archive(home_of(args.home))
    from archive.models import Record

    for record in Record.objects.filter(status=Record.REVIEW).order_by("received"):
        line = _line(house, record)
        if args.json:
            emit(line)
        else:
            print(f"{line['id']}  {line['kind_name'] or '文种未定'}  {line['file']}"
                  f"　{'；'.join(line['reasons'])}")  # fmt: skip
    return 0


def run_accept(args: argparse.Namespace) -> int:
    house = open_archive(home_of(args.home))
    from archive import review

    for record_id in args.ids:
        _say(args, house, review.accept(house, record_id, actor=actor()), "已归档")
    _make_visible(house, args.ids)
    return 0


def run_correct(args: argparse.Namespace) -> int:
    house = open_archive(home_of(args.home))
    from archive import review

    changes = dict(_change(text) for text in args.changes)
    record = review.correct(house, args.id, changes, actor=actor(), reason=args.reason)
    _say(args, house, record, "已更正")
    _make_visible(house, [args.id])
    return 0


def _change(text: str) -> tuple[str, Any]:
    key, sign, value = text.partition("=")
    if not sign:
        raise UsageError("usage", f"「{text}」不是 字段=值 的写法", "如 school=孙镇初中")
    if key == "subject":
        key = "subjects"
    return key, [v for v in value.split(",") if v] if key == "subjects" else value


def _make_visible(house: Any, ids: list[str]) -> None:
    from archive.outbox import wait

    wait(house, ids)


def _say(args: argparse.Namespace, house: Any, record: Any, done: str) -> None:
    line = _line(house, record)
    if args.json:
        emit(line)
    else:
        note(f"{done}：{line['file']}　{line['kind_name']}　{line['school'] or ''}")


def _line(house: Any, record: Any) -> dict[str, Any]:
    from archive.deposit import load_object
    from archive.report import paper_facts

    paper, _ = load_object(house.store, record.id)
    return {
        "id": record.id, "status": record.status, "file": paper["versions"][-1]["name"],
        **paper_facts(house, paper),
    }  # fmt: skip
