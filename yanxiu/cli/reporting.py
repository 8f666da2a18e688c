"""matrix, accounts: who has handed in what, and what became of every file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from yanxiu.cli.options import Verbs, json_option, wanted_suffix
from yanxiu.cli.output import emit
from yanxiu.opening import home_of, open_archive


def register(verbs: Verbs) -> None:
    matrix = verbs.add_parser(
        "matrix", help="报送一览：谁交了、谁没交",
        examples=(
            "yanxiu matrix --month 2014-10 --kind 阶段报告",
            "yanxiu matrix --term 2014-2015-1 --xlsx 报送一览.xlsx",
            "yanxiu matrix --month 2014-10 --strict    （有缺报或不全时退出码为 1）",
        ),
    )  # fmt: skip
    when = matrix.add_mutually_exclusive_group(required=True)
    when.add_argument("--month", metavar="2014-10", help="一个月")
    when.add_argument("--term", metavar="2014-2015-1", help="一个学期")
    when.add_argument("--year", metavar="2014-2015", help="一个学年")
    matrix.add_argument("--kind", metavar="文种", help="只看一个文种，如 阶段报告")
    matrix.add_argument("--xlsx", type=Path, metavar="文件", help="另存为 Excel 表格")
    matrix.add_argument("--strict", action="store_true", help="有缺报或不全时退出码为 1")
    json_option(matrix)
    matrix.set_defaults(run=run_matrix)
    accounts = verbs.add_parser("accounts", help="收件账目：每个文件夹的每份文件都有下落")
    json_option(accounts)
    accounts.set_defaults(run=run_accounts)


def run_matrix(args: argparse.Namespace) -> int:
    if args.xlsx:
        wanted_suffix("--xlsx", args.xlsx, ".xlsx")
    house = open_archive(home_of(args.home))
    from archive.matrix import matrix

    kind = kind_id(house, args.kind)
    table = matrix(house, args.month or args.term or args.year, kind)
    if args.xlsx:
        from archive.matrix_xlsx import to_xlsx

        args.xlsx.write_bytes(to_xlsx(house, table))
    if args.json:
        emit(as_json(house, table))
    else:
        _print(house, table)
    return 1 if args.strict and (table.total.missing or table.total.incomplete) else 0


def kind_id(house: Any, given: str | None) -> str | None:
    """A kind by its id or its Chinese name. Raises ArchiveError('kind_unknown')."""
    if not given:
        return None
    from archive.named_filters import kind_named

    return kind_named(house.kinds, given).id


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
    heads = column_heads(house, table)
    print(f"报送一览　{table.period.label}")
    print("学校\t" + "\t".join(heads))
    for unit_id in table.rows:
        marks = [(table.cell(unit_id, c) or _NONE).mark for c in table.columns]
        print(register_.units[unit_id].name + "\t" + "\t".join(marks))
    total = table.total
    print(f"应报 {total.due}，已交 {total.handed}（迟报 {total.late}，不全 {total.incomplete}），"
          f"缺报 {total.missing}，待核 {total.review}，未到期 {total.not_yet}")  # fmt: skip


def column_heads(house: Any, table: Any) -> list[str]:
    """What tells the columns of a matrix apart: the kind where there are several, the period
    where it is not the table's own."""
    several_kinds = len({c.kind_id for c in table.columns}) > 1
    heads = []
    for column in table.columns:
        kind = house.kinds[column.kind_id]
        name = kind.also[0] if kind.also else kind.name
        own = column.period
        when = f"{own.start.month}月" if own.type == "month" else own.label
        parts = [
            name if several_kinds or not column.subject else "",
            column.subject or "",
            when if own != table.period else "",
        ]
        heads.append("·".join(part for part in parts if part))
    return heads


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
