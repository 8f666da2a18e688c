"""matrix, accounts: who has handed in what, and what became of every file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from yanxiu.cli.options import Verbs, json_option
from yanxiu.cli.output import emit
from yanxiu.errors import UsageError
from yanxiu.opening import home_of, open_archive


def register(verbs: Verbs) -> None:
    matrix = verbs.add_parser("matrix", help="报送一览：谁交了、谁没交")
    when = matrix.add_mutually_exclusive_group(required=True)
    when.add_argument("--month", metavar="2014-10")
    when.add_argument("--term", metavar="2014-2015-1")
    when.add_argument("--year", metavar="2014-2015")
    matrix.add_argument("--kind", metavar="文种")
    matrix.add_argument("--xlsx", type=Path, metavar="文件", help="另存为 Excel 表格")
    matrix.add_argument("--strict", action="store_true", help="有缺报或不全时退出码为 1")
    json_option(matrix)
    matrix.set_defaults(run=run_matrix)
    accounts = verbs.add_parser("accounts", help="收件账目：每个文件夹的每份文件都有下落")
    json_option(accounts)
    accounts.set_defaults(run=run_accounts)


def run_matrix(args: argparse.Namespace) -> int:
    house = open_archive(home_of(args.home))
    from archive.matrix import matrix, to_xlsx

    kind = kind_id(house, args.kind)
    table = matrix(house, args.month or args.term or args.year, kind)
    if args.xlsx:
        args.xlsx.write_bytes(to_xlsx(house, table))
    if args.json:
        emit(as_json(house, table))
    else:
        _print(house, table)
    return 1 if args.strict and (table.total.missing or table.total.incomplete) else 0


def kind_id(house: Any, given: str | None) -> str | None:
    """A kind by its id or its Chinese name. Raises UsageError('kind_unknown')."""
    if not given:
        return None
    for kind in house.kinds.values():
        if given in (kind.id, kind.name, *kind.also):
            return str(kind.id)
    raise UsageError(
        "kind_unknown", f"没有「{given}」这个文种", "用 yanxiu forms list 或网页查看文种"
    )


def as_json(house: Any, table: Any) -> dict[str, Any]:
    """{"period", "rows": [{"school", "cluster", "cells": […], counts}], "total"}."""
    from dataclasses import asdict

    register_ = house.register
    rows = []
    for unit_id in table.rows:
        cluster = register_.cluster_of(unit_id, table.period.end)
        cells = [
            {
                "kind": column.kind_id,
                "subject": column.subject,
                "period": column.period.label,
                "state": cell.state,
                "name": cell.name,
                "due": cell.item.due.isoformat(),
                "records": list(cell.records),
                "in_review": list(cell.in_review),
            }
            for column in table.columns
            if (cell := table.cell(unit_id, column)) is not None
        ]
        rows.append({
            "school": register_.units[unit_id].name,
            "cluster": cluster.name if cluster else None,
            "cells": cells,
            "counts": asdict(table.by_unit[unit_id]),
        })  # fmt: skip
    return {"period": table.period.to_json(), "rows": rows, "total": asdict(table.total)}


def _print(house: Any, table: Any) -> None:
    register_ = house.register
    heads = [c.subject or house.kinds[c.kind_id].name for c in table.columns]
    print(f"报送一览　{table.period.label}")
    print("学校\t" + "\t".join(heads))
    for unit_id in table.rows:
        marks = [(table.cell(unit_id, c) or _NONE).mark for c in table.columns]
        print(register_.units[unit_id].name + "\t" + "\t".join(marks))
    total = table.total
    print(f"应报 {total.due}，已交 {total.handed}（迟报 {total.late}，不全 {total.incomplete}），"
          f"缺报 {total.missing}，待核 {total.review}，未到期 {total.not_yet}")  # fmt: skip


class _NONE:
    mark = ""


def run_accounts(args: argparse.Namespace) -> int:
    house = open_archive(home_of(args.home))
    from archive.accounting import by_folder
    from yanxiu.serving import inboxes_of, scanned
    from yanxiu.settings import CONFIG

    rows = by_folder(scanned(inboxes_of(house, CONFIG)))
    for row in rows:
        line = {"folder": row.name, "seen": row.seen, "filed": row.filed, "review": row.review,
                "duplicate": row.duplicate, "quarantined": row.quarantined,
                "ignored": row.ignored, "pending": row.pending}  # fmt: skip
        if args.json:
            emit(line)
        else:
            print(f"{row.name}：共 {row.seen} = 归档 {row.filed} + 待核 {row.review} + 重复 "
                  f"{row.duplicate} + 隔离 {row.quarantined} + 忽略 {row.ignored} + 在办 "
                  f"{row.pending}")  # fmt: skip
    return 0
