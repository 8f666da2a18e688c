"""init, verify, rebuild, backup, restore: the archive as a whole."""

from __future__ import annotations

import argparse
from pathlib import Path

from yanxiu.cli.options import Verbs, actor, json_option
from yanxiu.cli.output import Progress, emit, note
from yanxiu.opening import home_of, is_archive, open_archive


def register(verbs: Verbs) -> None:
    init = verbs.add_parser("init", help="建立档案库，或更新单位名册")
    init.add_argument("--org", required=True, type=Path, metavar="名册文件")
    verify = verbs.add_parser("verify", help="逐字节核对档案库")
    rebuild = verbs.add_parser("rebuild", help="由档案库重建目录和索引")
    backup = verbs.add_parser("backup", help="备份（可在运行中进行）")
    backup.add_argument("target", type=Path, metavar="备份文件.zip")
    restore = verbs.add_parser("restore", help="恢复到一个空文件夹（--home）")
    restore.add_argument("source", type=Path, metavar="备份文件.zip")
    runs = ((init, run_init), (verify, run_verify), (rebuild, run_rebuild),
            (backup, run_backup), (restore, run_restore))  # fmt: skip
    for parser, run in runs:
        json_option(parser)
        parser.set_defaults(run=run)


def run_init(args: argparse.Namespace) -> int:
    from yanxiu.errors import CannotError

    if not args.org.is_file():
        raise CannotError("path_missing", f"找不到名册文件 {args.org}", "请检查 --org 的路径")
    home = home_of(args.home)
    if not is_archive(home):
        from archive.register_import import load_register

        load_register(args.org)  # a register that cannot be taken leaves no archive behind
    house = open_archive(home, create=True)
    from archive.registering import import_register

    register_, changes = import_register(house, args.org, actor=actor())
    for warning in register_.warnings:
        note(f"提示：{warning}")
    if args.json:
        emit({"home": str(house.home), "schools": len(register_.schools()), "changes": changes,
              "warnings": list(register_.warnings)})  # fmt: skip
    else:
        print("\n".join(changes) or "名册没有变化")
        print(f"档案库：{house.home}（{len(register_.schools())} 所学校）")
    return 0


def run_verify(args: argparse.Namespace) -> int:
    house = open_archive(home_of(args.home))
    progress = Progress("已核对")
    house.store.recover()  # what a kill left half done is no damage
    objects = 0

    def counted(count: int, _: str) -> None:
        nonlocal objects
        objects = count
        progress(count)

    faults = list(house.store.verify(counted))
    progress.end()
    for fault in faults:
        if args.json:
            emit({"object": fault.object_id, "path": fault.path, "expected": fault.expected,
                  "found": fault.found, "message": fault.message})  # fmt: skip
        else:
            print(f"{fault.object_id}  {fault.path}  {fault.message}")
    if args.json and not faults:
        emit({"ok": True, "objects": objects})
    found = f"发现 {len(faults)} 处问题，请从备份恢复所列文件" if faults else "档案库完好"
    note(f"{found}（共核对 {objects} 个对象）")
    return 1 if faults else 0


def run_rebuild(args: argparse.Namespace) -> int:
    house = open_archive(home_of(args.home))
    return _rebuild(house, args)


def _rebuild(house: object, args: argparse.Namespace) -> int:
    from archive.rebuild import rebuild

    shown: dict[str, Progress] = {}
    done = rebuild(
        house,  # type: ignore[arg-type]
        lambda step, n, total: shown.setdefault(step, Progress(f"重建{step}"))(n, total),
    )
    if args.json:
        emit({"records": done.records, "events": done.events, "unreadable": done.unreadable,
              "damaged": list(done.damaged)})  # fmt: skip
    else:
        print(f"重建完成：{done.records} 件，{done.events} 条经过")
    for object_id in done.damaged:
        note(f"已损坏，没有恢复：{object_id}（请运行 yanxiu verify，从备份恢复所列文件）")
    return 1 if done.damaged else 0


def run_backup(args: argparse.Namespace) -> int:
    house = open_archive(home_of(args.home))
    from archive.backup import backup

    target = backup(house, args.target, Progress("已备份文件"))
    size = target.stat().st_size
    if args.json:
        emit({"backup": str(target), "bytes": size})
    else:
        print(f"备份完成：{target}（{size / 1e6:.1f} MB）")
    return 0


def run_restore(args: argparse.Namespace) -> int:
    home = home_of(args.home)
    from archive.restore import unpack_backup

    unpack_backup(args.source, home, Progress("已恢复文件"))
    house = open_archive(home)
    return _rebuild(house, args)
